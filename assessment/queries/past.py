"""A past day's ratings and services: as they were known at its end, counted from rows; what takes too long is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from assessment.figures import Figures
from assessment.models import PastState
from assessment.periods import Period, months_between
from assessment.queries.recount import rated_items_at, recount
from assessment.scoring.record import figures_of
from common.queries import patiently


@dataclass(frozen=True)
class Past:
    """What was known. figures: of each unit that had any. items: with a valid rating that people gave themselves."""

    figures: dict[int, Figures]
    items: set[int]


def past(period: Period, units: Collection[int], *, at: datetime) -> Past:
    """The figures of these units as they were known at the end of a day.

    Raises:
        TooLong: there are so many rows that no page can wait; `actions.ask_past` leaves it to the clock.
    """
    day = timezone.localdate(at)
    kept = list(past_states(period, day).exclude(counted_at=None))
    if kept and len(kept) == len(months_known(period, day)):
        return _together(kept, units)
    with patiently(settings.PATIENCE_SECONDS):
        return Past(recount(period, at=at, units=units), rated_items_at(period, at=at))


def _together(kept: Collection[PastState], units: Collection[int]) -> Past:
    found = {
        pk: Figures.sum([figures_of(one.figures[str(pk)]) for one in kept if str(pk) in one.figures]) for pk in units
    }
    return Past(found, {item for one in kept for item in one.items})


def past_states(period: Period, day: date) -> QuerySet[PastState]:
    """The months of a period whose state on that day somebody has asked for."""
    return PastState.objects.filter(begins__gte=period.begins, begins__lt=period.after, day=day)


def months_known(period: Period, day: date) -> list[Period]:
    """The months of a period that had begun by a day: of later ones nothing was known."""
    return [month for month in months_between(period.begins, period.last) if month.begins <= day]
