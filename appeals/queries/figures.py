"""How many were filed, and how often whom the panel upheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from appeals.enums import UPHELD, Stage
from appeals.models import Appeal, AppealQuerySet, Ruling
from rectification.models import CaseQuerySet
from rectification.queries import Share

NOTHING = Share(0, 0)


def rulings_in_force() -> QuerySet[Ruling]:
    """The rulings that hold: of an appeal that was reviewed, that of the review."""
    return Ruling.objects.exclude(appeal__review__stage=Stage.RULED)


@dataclass(frozen=True)
class Figure:
    """How a unit or a ground fares: how many were filed, and of how many rulings how many upheld.

    rejected: rulings that upheld nothing. days: from filing to ruling, on average; None without a ruling.
    contested: of how many of its cases how many a unit has contested; of a ground nothing.
    """

    key: str
    name: str
    filed: int
    upheld: Share
    rejected: int = 0
    days: float | None = None
    contested: Share = NOTHING

    @property
    def alarm(self) -> bool:
        """Whether so many are upheld that somebody should look (settings APPEAL_ALARM_SHARE, APPEAL_ALARM_MIN)."""
        enough = self.upheld.whole >= settings.APPEAL_ALARM_MIN
        return enough and self.upheld.part * 100 > settings.APPEAL_ALARM_SHARE * self.upheld.whole

    @property
    def contests_much(self) -> bool:
        """Whether a unit contests so many of its cases that somebody should look (APPEAL_FILED_SHARE)."""
        enough = self.contested.whole >= settings.APPEAL_ALARM_MIN
        return enough and self.contested.part * 100 > settings.APPEAL_FILED_SHARE * self.contested.whole


def figures_by_unit(appeals: AppealQuerySet, cases: CaseQuerySet | None = None) -> list[Figure]:
    """Each unit with its appeals. An appeal that was reviewed counts once, with what the review came to.

    Args:
        appeals: those to count, as `visible_to` gave them.
        cases: of the same sight and time, if it is asked how many of its cases a unit contests.
    """
    found = _figures(appeals, "unit__code", "unit__name")
    if cases is None:
        return found
    filed = Appeal.objects.filed().filter(case=OuterRef("pk"), unit=OuterRef("unit"))
    asked = cases.order_by().annotate(is_contested=Exists(filed)).values("unit__code")
    rows = asked.annotate(cases=Count("pk"), contested=Count("pk", filter=Q(is_contested=True)))
    shares = {row["unit__code"]: Share(row["contested"], row["cases"]) for row in rows}
    return [replace(figure, contested=shares.get(figure.key, NOTHING)) for figure in found]


def figures_by_ground(appeals: AppealQuerySet) -> list[Figure]:
    """Each ground with its appeals, counted as in `figures_by_unit`."""
    return _figures(appeals, "ground__code", "ground__name")


def first_rounds(appeals: AppealQuerySet) -> AppealQuerySet:
    """The appeals that the figures count, each once, with what they came to in the end as `outcome`."""
    first: AppealQuerySet = appeals.filed().filter(round=1)
    return first.annotate(outcome=Coalesce("review__ruling__outcome", "ruling__outcome"))


def _figures(appeals: AppealQuerySet, key: str, name: str) -> list[Figure]:
    first = first_rounds(appeals).annotate(span=F("ruling__at") - F("filed_at"))
    rows = first.order_by().values(group=F(key), label=F(name)).order_by("group")
    counted = rows.annotate(
        filed=Count("pk"),
        ruled=Count("outcome"),
        upheld=Count("pk", filter=Q(outcome__in=UPHELD)),
        mean=Avg("span"),
    )
    return [_figure(row) for row in counted]


def _figure(row: Mapping[str, Any]) -> Figure:
    days = None if row["mean"] is None else round(row["mean"] / timedelta(days=1), 1)
    upheld = Share(row["upheld"], row["ruled"])
    return Figure(row["group"], row["label"], row["filed"], upheld, row["ruled"] - row["upheld"], days)
