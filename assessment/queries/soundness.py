"""数据核对 before scores are shown: what has not come in, what is not decided, where days are missing, what differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from appeals.enums import OPEN_STAGES
from appeals.models import Appeal
from assessment.enums import Check, Found
from assessment.models import SourceTotal
from assessment.periods import Period
from evaluations.enums import MOVING_STATES, BatchState, LeftOutcome
from evaluations.models import Batch, LeftRow
from evaluations.queries import day_start
from organizations.queries import working_calendar

SHOWN = 50
UNFINISHED = (*MOVING_STATES, BatchState.PREVIEW, BatchState.PAUSED)
# A source that reported on so many of the working days of a quarter is missed on the others.
USUAL = 0.8
BY_DAY = """
SELECT source, (moment AT TIME ZONE %(zone)s)::date AS day, count(*) FROM (
    SELECT source, {moment} AS moment FROM {table} WHERE id >= %(lowest)s AND id < %(highest)s
) AS made GROUP BY source, day
"""
RATINGS = BY_DAY.format(moment="rated_at", table="evaluations_evaluation")
SERVICES = BY_DAY.format(moment="served_at", table="evaluations_service")
PENDING = """
SELECT (SELECT count(*) FROM evaluations_changedday WHERE day >= %(since)s AND day < %(after)s) + (
    SELECT count(*) FROM rectification_changedcase JOIN evaluations_evaluation AS rating USING (case_id)
    WHERE (rating.rated_at AT TIME ZONE %(zone)s)::date >= %(since)s
        AND (rating.rated_at AT TIME ZONE %(zone)s)::date < %(after)s
)
"""
Days = dict[str, dict[date, int]]


@dataclass(frozen=True)
class Finding:
    """What one check found. detail: lists of words and numbers, for people; the first `SHOWN` of them."""

    check: Check
    found: Found
    count: int = 0
    detail: tuple[list[Any], ...] = ()


def findings(period: Period) -> list[Finding]:
    """Every check of a quarter, in the order of the page. Reads raw rows; changes nothing."""
    ratings, services = _by_day(RATINGS, period), _by_day(SERVICES, period)
    return [
        _tallies(period),
        _imports(),
        _left(period, Check.QUARANTINE, LeftOutcome.QUARANTINED),
        _left(period, Check.HELD, LeftOutcome.HELD),
        _appeals(period),
        _gaps(period, ratings),
        _reconciled(period, ratings, services),
    ]


def _told(check: Check, rows: list[list[Any]], worst: Found, count: int | None = None) -> Finding:
    number = len(rows) if count is None else count
    return Finding(check, worst if number else Found.GOOD, number, tuple(rows[:SHOWN]))


def _tallies(period: Period) -> Finding:
    """Changes of days of the quarter that are not counted yet; today's, which always wait a moment, are none of it."""
    values: dict[str, Any] = {"since": period.begins, "after": period.after, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(PENDING, values)
        return _told(Check.TALLIES, [], Found.BAD, int(cursor.fetchone()[0]))


def _imports() -> Finding:
    begun = Batch.objects.filter(dry_run=False, stage__in=UNFINISHED).order_by("pk")
    return _told(Check.IMPORTS, [[one.pk, one.source, one.name] for one in begun], Found.BAD)


def _left(period: Period, check: Check, outcome: LeftOutcome) -> Finding:
    """Rows of batches that came in since the quarter began; a row tells its own day only when it is taken in."""
    waiting = LeftRow.objects.filter(outcome=outcome, settled_at=None, batch__created_at__date__gte=period.begins)
    by_batch: dict[tuple[int, str], int] = defaultdict(int)
    for batch, name in waiting.order_by("batch").values_list("batch", "batch__name"):
        by_batch[batch, name] += 1
    rows: list[list[Any]] = [[batch, name, count] for (batch, name), count in by_batch.items()]
    return _told(check, rows, Found.NOTE, sum(by_batch.values()))


def _appeals(period: Period) -> Finding:
    open_ones = Appeal.objects.filter(stage__in=OPEN_STAGES, case__received_at__date__lt=period.after).order_by("pk")
    return _told(Check.APPEALS, [[number] for number in open_ones.values_list("number", flat=True)], Found.BAD)


def _gaps(period: Period, ratings: Days) -> Finding:
    calendar = working_calendar(period.begins, period.after)
    every = [day for day in _days(period) if calendar.is_working(day)]
    rows: list[list[Any]] = []
    for source, days in sorted(ratings.items()):
        missing = [day for day in every if day not in days]
        if len(missing) <= (1 - USUAL) * len(every):
            rows += [[source, day.isoformat()] for day in missing]
    return _told(Check.GAPS, rows, Found.NOTE)


def _days(period: Period) -> Iterator[date]:
    day = period.begins
    while day < period.after:
        yield day
        day += timedelta(days=1)


def _reconciled(period: Period, ratings: Days, services: Days) -> Finding:
    """What sources say they have sent beside what is here; each number of theirs that differs is a row."""
    rows: list[list[Any]] = []
    for said in SourceTotal.objects.filter(quarter=period.begins).order_by("source"):
        for name, number, found in (("ratings", said.ratings, ratings), ("services", said.services, services)):
            here = sum(found.get(said.source, {}).values())
            if number is not None and number != here:
                rows.append([said.source, name, number, here])
    return _told(Check.RECONCILED, rows, Found.BAD)


def _by_day(statement: str, period: Period) -> Days:
    found: Days = defaultdict(dict)
    values = {
        "zone": settings.TIME_ZONE,
        "lowest": str(day_start(period.begins)),
        "highest": str(day_start(period.after)),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for source, day, count in cursor.fetchall():
            found[source][day] = count
    return found
