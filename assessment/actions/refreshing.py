"""The sweep that keeps tallies true: it claims what has changed and counts it again, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from assessment.actions.counting import Day, count_ratings, count_services
from assessment.actions.folding import fold
from assessment.models import RATING_LADDERS, SERVICES, AsOf, DayToLook
from common.failpoints import failpoint
from rectification.enums import VOID_STATES

ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('assessment tallies'))"
CLAIM_DAYS = """
DELETE FROM evaluations_changedday WHERE id IN (
    SELECT id FROM evaluations_changedday ORDER BY day DESC LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING unit_id, day
"""
CLAIM_CASES = """
DELETE FROM rectification_changedcase WHERE id IN (
    SELECT id FROM rectification_changedcase ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
) RETURNING case_id
"""
DAYS_OF_CASES = """
SELECT DISTINCT unit_id, (rated_at AT TIME ZONE %(zone)s)::date FROM evaluations_evaluation
WHERE case_id = ANY(%(cases)s)
"""


@dataclass(frozen=True)
class Refreshed:
    """What one sweep did.

    changes: how many change rows it claimed.
    days: how many days of units it counted again.
    complete: nothing was left to claim.
    busy: another sweep was at it, so this one did nothing.
    """

    changes: int = 0
    days: int = 0
    complete: bool = False
    busy: bool = False


@transaction.atomic
def refresh(*, at: datetime, limit: int = 3000) -> Refreshed:
    """Counts the days again whose rows have changed, and folds what is above them. Doing it twice moves nothing.

    The newest days come first: behind a year that was just imported, today's figures do not wait.

    Why nothing is lost or counted from an old picture, at READ COMMITTED: a writer commits its row together with its
    change row. Every statement here sees all that was committed when it began. A change row that is claimed was
    therefore committed before counting begins, and so was its row. A row that is committed later brings a change row
    that this sweep has not claimed and the next one will. Only one sweep runs at a time, from its first statement to
    its commit, so no older count overwrites a newer one. Whatever ends the sweep before its commit gives the claimed
    rows back.

    Args:
        at: now.
        limit: how many change rows to claim of each kind.
    """
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return Refreshed(busy=True)
        days, changes, complete = _claim(cursor, limit)
        failpoint("tallies_claimed")
        if days:
            count_ratings(cursor, days, void=VOID_STATES)
            others = count_services(cursor, days)
            if others:
                count_services(cursor, others)
            failpoint("tallies_counted")
            for ladder in RATING_LADDERS:
                fold(cursor, ladder, days)
            fold(cursor, SERVICES, days | others)
            DayToLook.objects.bulk_create([DayToLook(day=day) for day in sorted({entry.day for entry in days})])
    if complete:
        AsOf.objects.update_or_create(id=1, defaults={"at": at})
    failpoint("tallies_before_commit")
    return Refreshed(changes=changes, days=len(days), complete=complete)


def _claim(cursor: Any, limit: int) -> tuple[set[Day], int, bool]:
    """Takes change rows away; the days they stand for, how many rows they were, and whether none was left."""
    cursor.execute(CLAIM_DAYS, {"limit": limit})
    claimed = cursor.fetchall()
    days = {Day(*row) for row in claimed}
    cursor.execute(CLAIM_CASES, {"limit": limit})
    cases = [case_id for (case_id,) in cursor.fetchall()]
    if cases:
        cursor.execute(DAYS_OF_CASES, {"cases": cases, "zone": settings.TIME_ZONE})
        days |= {Day(*row) for row in cursor.fetchall()}
    return days, len(claimed) + len(cases), max(len(claimed), len(cases)) < limit
