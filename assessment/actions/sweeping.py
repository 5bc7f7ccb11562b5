"""The schedule of quarters: whatever is due is done, one step after the other, however often it was interrupted; and
what became known after a freeze goes to the correction log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from assessment.actions.closing import (
    check_quarter,
    freeze_quarter,
    open_objections,
    open_quarter,
    preview_quarter,
)
from assessment.enums import Found, Grain, QuarterState, SchemeKind, SchemeState
from assessment.models import Correction, Quarter, Scheme
from assessment.periods import Period, period_of
from assessment.queries.rebuild import compare
from common.actors import SYSTEM
from common.failpoints import failpoint
from organizations.actions.core import Refused

ALONE = "SELECT pg_try_advisory_lock(hashtext('close quarters'))"
FREE = "SELECT pg_advisory_unlock(hashtext('close quarters'))"
AGAIN = timedelta(hours=1)
CORRECTED = 4
log = logging.getLogger(__name__)


def close_quarters(*, at: datetime) -> int:
    """Takes every quarter that is due as far as it can go. Each step is a transaction of its own.

    Returns:
        How many steps were taken; 0 where another sweep is at it.
    """
    if not settings.CLOSE_QUARTERS or not _alone(ALONE):
        return 0
    try:
        return sum(1 for period in _due(at) for _step in _steps(period, at))
    finally:
        _alone(FREE)


def _alone(statement: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return bool(cursor.fetchone()[0])


def _due(at: datetime) -> Iterator[Period]:
    """The quarters that are over for so many days (QUARTER_PREVIEW_DAYS), have a scheme, and are not frozen."""
    first = Scheme.objects.filter(state=SchemeState.ADOPTED).order_by("valid_from").first()
    if first is None:
        return
    frozen = set(Quarter.objects.filter(frozen_at__isnull=False).values_list("begins", flat=True))
    period = period_of(first.valid_from, Grain.QUARTER)
    today = timezone.localdate(at)
    while period.after + timedelta(days=settings.QUARTER_PREVIEW_DAYS) <= today:
        if period.begins not in frozen:
            yield period
        period = period_of(period.after, Grain.QUARTER)


def _steps(period: Period, at: datetime) -> Iterator[str]:
    try:
        quarter = open_quarter(period, by=SYSTEM, at=at)
        while (step := next_step(quarter, at)) is not None:
            quarter = step(quarter, by=SYSTEM, at=at)
            yield quarter.state
            failpoint("quarter_between_steps")
    except Refused as refusal:
        log.info("quarter %s waits: %s", period.name, refusal)


def next_step(quarter: Quarter, at: datetime) -> Callable[..., Quarter] | None:
    """What the schedule does next with a quarter; None while it waits for time or for people."""
    if quarter.state == QuarterState.OPEN:
        return check_quarter
    if quarter.state == QuarterState.CHECKED:
        return _unless_stuck(quarter, at, preview_quarter)
    if quarter.state == QuarterState.PREVIEWED:
        return open_objections
    if quarter.frozen or quarter.objections_until is None or at < quarter.objections_until:
        return None
    if quarter.objections.filter(answered_at=None).exists():
        return None
    if quarter.checked_at is None or quarter.checked_at < quarter.objections_until:
        return check_quarter
    return _unless_stuck(quarter, at, freeze_quarter)


def _unless_stuck(quarter: Quarter, at: datetime, step: Callable[..., Quarter]) -> Callable[..., Quarter] | None:
    """The step, if the checks allow it; otherwise they are made again from time to time."""
    if quarter.confirmed_at is not None or not quarter.checks.filter(found=Found.BAD).exists():
        return step
    return check_quarter if quarter.checked_at is None or at - quarter.checked_at >= AGAIN else None


def correct_quarters(*, at: datetime) -> int:
    """Compares the last frozen quarters with what is known now, and notes every score that would rest on other facts,
    stand elsewhere or come to another total.

    The quarter stays as it is. The same difference is noted once.

    Returns:
        How many differences are new.
    """
    return sum(_correct(quarter, at) for quarter in Quarter.objects.filter(frozen_at__isnull=False)[:CORRECTED])


@transaction.atomic
def _correct(quarter: Quarter, at: datetime) -> int:
    found = [
        Correction(
            quarter=quarter,
            kind=one.row.kind,
            subject=one.row.subject,
            name=one.row.name,
            before=one.row.total,
            after=one.now.total,
            differences=one.differences,
            fingerprint=one.now.fingerprint,
            at=at,
        )
        for kind in SchemeKind
        for one in compare(quarter, kind, at=at, raw=False)
    ]
    known = set(quarter.corrections.values_list("kind", "subject", "fingerprint"))
    new = [one for one in found if (one.kind, one.subject, one.fingerprint) not in known]
    Correction.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)
