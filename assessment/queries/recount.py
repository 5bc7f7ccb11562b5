"""A period counted from the rows themselves, as they were known at a moment: what was received, excluded or declared
void later is as if it had not happened. Tallies are of now; a frozen quarter is of its own moment.
"""

# ruff: noqa: S608 - names of our own tables; every value is a parameter
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from assessment.figures import MEASURES, Counts, Figures
from assessment.periods import Period
from evaluations.enums import SAID
from evaluations.keys import FIRST_RATING
from evaluations.queries import day_start
from rectification.enums import VOIDS, Action

GONE = """EXISTS (
    SELECT FROM evaluations_exclusion WHERE evaluation_id = {rating}.id AND at <= %(at)s
)"""
INSIDE = "(%(units)s::bigint[] IS NULL OR {row}.unit_id = ANY(%(units)s::bigint[]))"
WHAT = {
    **{f"n{level}": f"NOT gone AND level = {level}" for level in range(1, 6)},
    "negative": "NOT gone AND negative",
    "invalid": "NOT gone AND negative AND void",
    "invalid1": "NOT gone AND negative AND void AND level = 1",
    "invalid2": "NOT gone AND negative AND void AND level = 2",
    "with_text": "NOT gone AND with_text",
    "left_out": "gone",
}
VOID_CASES = """
WITH void_case AS (
    SELECT case_id FROM (
        SELECT DISTINCT ON (case_id) case_id, action FROM rectification_caseevent
        WHERE action = ANY(%(turns)s) AND at <= %(at)s ORDER BY case_id, id DESC
    ) AS last WHERE action = ANY(%(voids)s)
)
"""
# Joins, not conditions: one that is asked of each row is asked once more for every measure.
RATINGS = f"""
{VOID_CASES}
SELECT unit_id, origin, {", ".join(f"count(*) FILTER (WHERE {WHAT[name]}) AS {name}" for name in MEASURES)}
FROM (
    SELECT rating.unit_id, rating.origin, rating.level, rating.negative, rating.text <> '' AS with_text,
        rating.origin = 'test' OR taken.evaluation_id IS NOT NULL AS gone,
        void_case.case_id IS NOT NULL AS void
    FROM evaluations_evaluation AS rating
    LEFT JOIN evaluations_exclusion AS taken ON taken.evaluation_id = rating.id AND taken.at <= %(at)s
    LEFT JOIN void_case ON void_case.case_id = rating.case_id
    WHERE rating.id >= %(lowest)s AND rating.id < %(highest)s AND rating.received_at <= %(at)s
        AND {INSIDE.format(row="rating")}
) AS known
GROUP BY unit_id, origin
"""
SAYS = f"""
    rating.assess_number = {FIRST_RATING} AND rating.origin NOT IN ('default', 'test')
    AND rating.received_at <= %(at)s AND NOT {GONE.format(rating="rating")}
"""
# Nearly every service is rated in the period it was given in: those are met by one join of two ranges. Only the others
# are looked for by their key, one by one; OFFSET keeps the planner from hashing the keys of all years for them.
SERVICES = f"""
WITH near AS MATERIALIZED (
    SELECT rating.project_number, rating.source, rating.service_number
    FROM evaluations_evaluation AS rating
    WHERE rating.id >= %(lowest)s AND rating.id < %(highest)s AND rating.project_number <> ''
        AND {SAYS} AND {INSIDE.format(row="rating")}
)
SELECT service.unit_id, count(*), count(*) FILTER (WHERE near.project_number IS NOT NULL OR EXISTS (
    SELECT FROM evaluations_servicekey AS key JOIN evaluations_evaluation AS rating ON rating.id = key.row
    WHERE key.project_number = service.project_number AND key.source = service.source
        AND key.service_number = service.service_number AND key.assess_number = {FIRST_RATING} AND {SAYS}
    OFFSET 0
))
FROM evaluations_service AS service
LEFT JOIN near ON near.project_number = service.project_number AND near.source = service.source
    AND near.service_number = service.service_number
WHERE service.id >= %(lowest)s AND service.id < %(highest)s AND service.received_at <= %(at)s
    AND {INSIDE.format(row="service")}
GROUP BY service.unit_id
"""
ITEMS = f"""
{VOID_CASES}
SELECT DISTINCT rating.item_id
FROM evaluations_evaluation AS rating
WHERE rating.id >= %(lowest)s AND rating.id < %(highest)s AND rating.received_at <= %(at)s
    AND rating.item_id IS NOT NULL AND rating.origin = ANY(%(said)s)
    AND NOT {GONE.format(rating="rating")}
    AND NOT (
        rating.negative AND rating.case_id IS NOT NULL AND rating.case_id IN (SELECT case_id FROM void_case)
    )
"""


def _values(period: Period, at: datetime, units: Collection[int] | None = None) -> dict[str, Any]:
    return {
        "at": at,
        "lowest": str(day_start(period.begins)),
        "highest": str(day_start(period.after)),
        "voids": [str(action) for action in VOIDS],
        "turns": [*(str(action) for action in VOIDS), str(Action.RESTORE)],
        "units": None if units is None else sorted(units),
        "said": [str(origin) for origin in SAID],
    }


def rated_items_at(period: Period, *, at: datetime) -> set[int]:
    """The items with at least one valid rating that people gave themselves, from raw rows.

    Args:
        at: as they were known then.
    """
    with connection.cursor() as cursor:
        cursor.execute(ITEMS, _values(period, at))
        return {item for (item,) in cursor.fetchall()}


def recount(period: Period, *, at: datetime, units: Collection[int] | None = None) -> dict[int, Figures]:
    """The figures of each unit that has any, without the units below it, from raw rows: two statements.

    Args:
        at: as they were known then.
        units: only these; None is everybody.
    """
    values = _values(period, at, units)
    origins: dict[int, dict[str, Counts]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(RATINGS, values)
        for unit_id, origin, *counts in cursor.fetchall():
            origins[unit_id][origin] = Counts._make(counts)
        cursor.execute(SERVICES, values)
        served = {unit_id: (given, rated) for unit_id, given, rated in cursor.fetchall()}
    return {unit_id: Figures(*served.get(unit_id, (0, 0)), origins.get(unit_id, {})) for unit_id in {*origins, *served}}
