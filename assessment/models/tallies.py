"""Tallies: ladders of tables, each rung counted for itself and every rung equal to the raw count.

Nobody adjusts a tally. `actions.refresh` counts a unit's day again and folds months, quarters and years from days.
There is no row that everybody writes: each is of one unit (docs/performance.md §3, §9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessment.enums import Grain
from evaluations.enums import Origin, RatingChannel
from organizations.enums import Topic
from organizations.models import ServiceItem, Unit, Window


def refers(to: Any) -> models.ForeignKey[Any, Any]:
    """A reference to a table that never loses a row; no lock on that row when it is counted again."""
    return models.ForeignKey(to, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+")


class Tally(models.Model):
    """What one unit had in one period, which is named by its first day."""

    begins = models.DateField(_("起始日"))
    unit = refers(Unit)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return " ".join(str(part) for part in self.pk)


class RatingTally(Tally):
    """Ratings of one origin, by level.

    n1 to n5 are the ratings that count, left_out those that count nowhere (taken out by an `Exclusion`, or a test):
    received = n1 + … + n5 + left_out. Of those that count, negative are 差评 received, invalid those of them whose
    case was declared void, invalid1 and invalid2 how many of these are of level 1 and 2.
    """

    origin = models.CharField(_("来源"), max_length=10, choices=Origin)
    n1 = models.IntegerField(_("非常不满意"))
    n2 = models.IntegerField(_("不满意"))
    n3 = models.IntegerField(_("基本满意"))
    n4 = models.IntegerField(_("满意"))
    n5 = models.IntegerField(_("非常满意"))
    negative = models.IntegerField(_("差评"))
    invalid = models.IntegerField(_("认定无效"))
    invalid1 = models.IntegerField()
    invalid2 = models.IntegerField()
    with_text = models.IntegerField(_("有文字"))
    left_out = models.IntegerField(_("不计入统计"))

    class Meta:
        abstract = True


class UnitTally(RatingTally):
    channel = models.CharField(_("渠道"), max_length=12, choices=RatingChannel)
    pk = models.CompositePrimaryKey("begins", "unit_id", "channel", "origin")

    class Meta:
        abstract = True


class UnitDay(UnitTally):
    """Ratings of a unit's day, by channel and origin."""


class UnitMonth(UnitTally):
    """Folded from days."""


class UnitQuarter(UnitTally):
    """Folded from months."""


class UnitYear(UnitTally):
    """Folded from quarters."""


class ServiceTally(Tally):
    """办件服务 given in the period, whenever reported; and how many of them somebody has rated, whenever."""

    services = models.IntegerField(_("办件服务"))
    rated = models.IntegerField(_("已评"))
    pk = models.CompositePrimaryKey("begins", "unit_id")

    class Meta:
        abstract = True


class ServiceDay(ServiceTally):
    """Services of a unit's day."""


class ServiceMonth(ServiceTally):
    """Folded from days."""


class ServiceQuarter(ServiceTally):
    """Folded from months."""


class ServiceYear(ServiceTally):
    """Folded from quarters."""


class ItemTally(RatingTally):
    item = refers(ServiceItem)

    class Meta:
        abstract = True


class ItemDay(ItemTally):
    """Ratings of a unit's day that name an item. Kept because months are folded from it (docs/decisions.md D41)."""

    pk = models.CompositePrimaryKey("unit_id", "begins", "item_id", "origin")


class ItemMonth(ItemTally):
    """Folded from days."""

    pk = models.CompositePrimaryKey("begins", "unit_id", "item_id", "origin")


class ItemYear(ItemTally):
    """Folded from months."""

    pk = models.CompositePrimaryKey("begins", "unit_id", "item_id", "origin")


class WindowTally(RatingTally):
    window = refers(Window)

    class Meta:
        abstract = True


class WindowDay(WindowTally):
    """Ratings of a unit's day that name a window."""

    pk = models.CompositePrimaryKey("unit_id", "begins", "window_id", "origin")


class WindowMonth(WindowTally):
    """Folded from days."""

    pk = models.CompositePrimaryKey("begins", "unit_id", "window_id", "origin")


class TopicTally(RatingTally):
    topic = models.CharField(_("改革专题"), max_length=20, choices=Topic)

    class Meta:
        abstract = True


class TopicDay(TopicTally):
    """Ratings of a unit's day about a reform topic."""

    pk = models.CompositePrimaryKey("unit_id", "begins", "topic", "origin")


class TopicMonth(TopicTally):
    """Folded from days."""

    pk = models.CompositePrimaryKey("begins", "unit_id", "topic", "origin")


@dataclass(frozen=True)
class Rung:
    """One table of a ladder."""

    grain: Grain
    model: type[Tally]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def keys(self) -> list[str]:
        """The columns that name a row; begins and unit_id come first."""
        return [str(field.column) for field in self.model._meta.pk_fields]

    @property
    def measures(self) -> list[str]:
        """The columns that are counted, in the order of the table."""
        columns = [str(field.column) for field in self.model._meta.concrete_fields]
        return [column for column in columns if column not in self.keys]


def ladder(**rungs: type[Tally]) -> tuple[Rung, ...]:
    return tuple(Rung(Grain(grain), model) for grain, model in rungs.items())


UNITS = ladder(day=UnitDay, month=UnitMonth, quarter=UnitQuarter, year=UnitYear)
SERVICES = ladder(day=ServiceDay, month=ServiceMonth, quarter=ServiceQuarter, year=ServiceYear)
ITEMS = ladder(day=ItemDay, month=ItemMonth, year=ItemYear)
WINDOWS = ladder(day=WindowDay, month=WindowMonth)
TOPICS = ladder(day=TopicDay, month=TopicMonth)
RATING_LADDERS = (UNITS, ITEMS, WINDOWS, TOPICS)
LADDERS = (*RATING_LADDERS, SERVICES)
