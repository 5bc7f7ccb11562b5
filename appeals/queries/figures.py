"""How many were filed, and how often whom the panel upheld."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from appeals.enums import UPHELD, Stage
from appeals.models import AppealQuerySet, Ruling
from rectification.queries import Share


def rulings_in_force() -> QuerySet[Ruling]:
    """The rulings that hold: of an appeal that was reviewed, that of the review."""
    return Ruling.objects.exclude(appeal__review__stage=Stage.RULED)


@dataclass(frozen=True)
class Figure:
    """How a unit or a ground fares: how many were filed, and of how many rulings how many upheld."""

    key: str
    name: str
    filed: int
    upheld: Share

    @property
    def alarm(self) -> bool:
        """Whether so many are upheld that somebody should look (settings APPEAL_ALARM_SHARE, APPEAL_ALARM_MIN)."""
        enough = self.upheld.whole >= settings.APPEAL_ALARM_MIN
        return enough and self.upheld.part * 100 > settings.APPEAL_ALARM_SHARE * self.upheld.whole


def figures_by_unit(appeals: AppealQuerySet) -> list[Figure]:
    """Each unit with its appeals. An appeal that was reviewed counts once, with what the review came to.

    Args:
        appeals: those to count, as `visible_to` gave them.
    """
    return _figures(appeals, "unit__code", "unit__name")


def figures_by_ground(appeals: AppealQuerySet) -> list[Figure]:
    """Each ground with its appeals, counted as in `figures_by_unit`."""
    return _figures(appeals, "ground__code", "ground__name")


def _figures(appeals: AppealQuerySet, key: str, name: str) -> list[Figure]:
    first = appeals.filed().filter(round=1).annotate(outcome=Coalesce("review__ruling__outcome", "ruling__outcome"))
    rows = (
        first.order_by()
        .values(group=F(key), label=F(name))
        .annotate(filed=Count("pk"), ruled=Count("outcome"), upheld=Count("pk", filter=Q(outcome__in=UPHELD)))
        .order_by("group")
    )
    return [Figure(r["group"], r["label"], r["filed"], Share(r["upheld"], r["ruled"])) for r in rows]
