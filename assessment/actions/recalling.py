"""回看: what a past day knew of ratings, where counting it from rows takes longer than anybody waits for a page."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assessment.enums import Grain
from assessment.models import PastState
from assessment.periods import Period, period_of
from assessment.queries.past import months_known
from assessment.queries.recount import rated_items_at, recount
from assessment.scoring.record import kept_figures
from organizations.calendar import end_of

KEPT = timedelta(days=90)


def ask_past(period: Period, day: date, *, at: datetime) -> int:
    """Leaves the months of a period to the clock, to be counted as they were known at the end of a day.

    Args:
        day: one that is over.
        at: now.

    Returns:
        How many months there are to count; asked again while they wait, none is added.
    """
    months = months_known(period, day)
    for month in months:
        PastState.objects.update_or_create(begins=month.begins, day=day, defaults={"asked_at": at})
    return len(months)


@transaction.atomic
def count_past(*, at: datetime) -> PastState | None:
    """Counts one month that somebody has asked for, the one that has waited longest; forgets what is old.

    A day is over for good QUARTER_SETTLE_MINUTES after its end: a transaction that tells a time before it has ended
    by then (D164).

    Args:
        at: now.

    Returns:
        What was counted; None if nothing waits.
    """
    PastState.objects.filter(asked_at__lt=at - KEPT).delete()
    settled = timezone.localdate(at - timedelta(minutes=settings.QUARTER_SETTLE_MINUTES))
    waiting = PastState.objects.filter(counted_at=None, day__lt=settled)
    row = waiting.order_by("asked_at", "pk").select_for_update(skip_locked=True).first()
    if row is None:
        return None
    month, moment = period_of(row.begins, Grain.MONTH), end_of(row.day)
    found = recount(month, at=moment)
    row.figures = {str(pk): kept_figures(figures) for pk, figures in found.items()}
    row.items, row.counted_at = sorted(rated_items_at(month, at=moment)), at
    row.save(update_fields=["figures", "items", "counted_at"])
    return row
