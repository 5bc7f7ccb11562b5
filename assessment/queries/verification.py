"""Whether every tally equals the raw count: counted here in another way than `actions.counting` does, on purpose.

Days are taken from the moments of the rows and not from their identifiers, and every grain is counted from the rows
themselves and not from the grain below it.
"""

# ruff: noqa: S608 - names of our own tables; every value is a parameter
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from assessment.enums import Grain
from assessment.models import LADDERS, SERVICES, Rung
from assessment.periods import Period, period_of
from common.ids import moment_of
from evaluations.keys import FIRST_RATING, THE_SERVICE
from evaluations.models import Evaluation, Service
from evaluations.queries import day_start
from rectification.enums import VOID_STATES

# Days whose change is noted and not yet counted: they may differ.
PENDING = f"""
changed AS (
    SELECT unit_id, day FROM evaluations_changedday
    UNION
    SELECT rating.unit_id, (rating.rated_at AT TIME ZONE %(zone)s)::date
    FROM rectification_changedcase JOIN evaluations_evaluation AS rating USING (case_id)
), pending AS MATERIALIZED (
    SELECT unit_id, day FROM changed
    UNION
    SELECT service.unit_id, (service.served_at AT TIME ZONE %(zone)s)::date
    FROM changed
    JOIN evaluations_evaluation AS rating ON rating.unit_id = changed.unit_id
        AND (rating.rated_at AT TIME ZONE %(zone)s)::date = changed.day
    JOIN evaluations_servicekey AS key ON key.project_number = rating.project_number AND key.source = rating.source
        AND key.service_number = rating.service_number AND key.assess_number = {THE_SERVICE}
    JOIN evaluations_service AS service ON service.id = key.row
)"""
RATINGS = """
every AS (
    SELECT date_trunc(%(grain)s, rating.rated_at AT TIME ZONE %(zone)s)::date AS begins, rating.*,
        rating.origin = 'test' OR EXISTS (
            SELECT FROM evaluations_exclusion WHERE evaluation_id = rating.id
        ) AS left_out,
        rectification_case.state = ANY(%(void)s) AS void
    FROM evaluations_evaluation AS rating LEFT JOIN rectification_case ON rectification_case.id = rating.case_id
    WHERE rating.id >= %(lowest)s AND rating.id < %(highest)s
), raw AS (
    SELECT {keys},
        sum((level = 1 AND NOT left_out)::integer) AS n1, sum((level = 2 AND NOT left_out)::integer) AS n2,
        sum((level = 3 AND NOT left_out)::integer) AS n3, sum((level = 4 AND NOT left_out)::integer) AS n4,
        sum((level = 5 AND NOT left_out)::integer) AS n5,
        sum((negative AND NOT left_out)::integer) AS negative,
        sum((negative AND coalesce(void, false) AND NOT left_out)::integer) AS invalid,
        sum((negative AND coalesce(void, false) AND NOT left_out AND level = 1)::integer) AS invalid1,
        sum((negative AND coalesce(void, false) AND NOT left_out AND level = 2)::integer) AS invalid2,
        sum((length(text) > 0 AND NOT left_out)::integer) AS with_text,
        count(*) - sum((NOT left_out)::integer) AS left_out
    FROM every WHERE {named} GROUP BY {keys}
)"""
SERVED = f"""
every AS (
    SELECT date_trunc(%(grain)s, service.served_at AT TIME ZONE %(zone)s)::date AS begins, service.unit_id,
        rating.id IS NOT NULL AND rating.origin <> ALL ('{{{{default,test}}}}') AND taken_out.id IS NULL AS rated
    FROM evaluations_service AS service
    LEFT JOIN evaluations_servicekey AS key ON key.project_number = service.project_number
        AND key.source = service.source AND key.service_number = service.service_number
        AND key.assess_number = {FIRST_RATING}
    LEFT JOIN evaluations_evaluation AS rating ON rating.id = key.row
    LEFT JOIN evaluations_exclusion AS taken_out ON taken_out.evaluation_id = rating.id
    WHERE service.id >= %(lowest)s AND service.id < %(highest)s
), raw AS (
    SELECT {{keys}}, count(*) AS services, sum(rated::integer) AS rated FROM every WHERE {{named}} GROUP BY {{keys}}
)"""
COMPARE = """
WITH {pending}, {raw}, kept AS (
    SELECT {keys}, {measures} FROM {table} WHERE begins >= %(first)s AND begins < %(after)s
), both_sides AS (
    SELECT {keys}, ARRAY[{raws}]::bigint[] AS counted, ARRAY[{kepts}]::bigint[] AS kept
    FROM raw FULL JOIN kept USING ({keys}) AS same
    WHERE NOT EXISTS (
        SELECT FROM pending
        WHERE pending.unit_id = same.unit_id AND date_trunc(%(grain)s, pending.day::timestamp)::date = same.begins
    )
)
SELECT (SELECT count(*) FROM both_sides), different.*
FROM (SELECT 1) AS one LEFT JOIN (
    SELECT * FROM both_sides WHERE counted IS DISTINCT FROM kept ORDER BY {keys} LIMIT 1
) AS different ON true
"""


@dataclass(frozen=True)
class Difference:
    """The first row of a table that does not say what the rows themselves say."""

    table: str
    key: dict[str, object]
    kept: dict[str, int | None]
    counted: dict[str, int | None]

    def __str__(self) -> str:
        key = ", ".join(f"{name}={value}" for name, value in self.key.items())
        wrong = [name for name in self.kept if self.kept[name] != self.counted[name]]
        words = ", ".join(f"{name} is {self.kept[name]}, counted {self.counted[name]}" for name in wrong)
        return f"{self.table} ({key}): {words}"


@dataclass(frozen=True)
class Verified:
    """How many tallies were compared, and the first that differs."""

    rows: int = 0
    difference: Difference | None = None


def verify_tallies(since: date | None = None, until: date | None = None) -> Verified:
    """Compares every tally of every grain with the raw count; stops at the first difference.

    Days that are still to be counted again, and the periods above them, are passed over: each comparison is one
    statement, so it sees the notes of changes, the rows and the tallies as they were at one moment.

    Args:
        since, until: the periods that hold these days and those between; all there are if not given.
    """
    found = _known_days()
    first, last = since or found[0], until or found[1]
    rows = 0
    for ladder in LADDERS:
        for rung in ladder:
            for period in _portions(rung.grain, first, last):
                compared, difference = _compare(rung, period, services=ladder is SERVICES)
                rows += compared
                if difference:
                    return Verified(rows, difference)
    return Verified(rows)


def pending_days() -> int:
    """How many notes of changes are waiting to be counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM evaluations_changedday) + (SELECT count(*) FROM rectification_changedcase)"
        )
        return int(cursor.fetchone()[0])


def _known_days() -> tuple[date, date]:
    """The first and last day of anything: a row, or a tally that should not be there."""
    days = [timezone.localdate()]
    for model in (Evaluation, Service):
        ids = model._default_manager.order_by("pk").values_list("pk", flat=True)
        days += [timezone.localdate(moment_of(pk)) for pk in (ids.first(), ids.last()) if pk]
    for rung in (rung for ladder in LADDERS for rung in ladder):
        kept = rung.model._default_manager.aggregate(first=Min("begins"), last=Max("begins"))
        days += [day for day in kept.values() if day]
    return min(days), max(days)


def _portions(grain: Grain, first: date, last: date) -> Iterator[Period]:
    """The range in parts no statement chokes on: a month of days, else one period each."""
    part = period_of(first, Grain.MONTH if grain == Grain.DAY else grain)
    while part.begins <= last:
        yield part
        part = Period(part.after, part.grain)


def _compare(rung: Rung, period: Period, *, services: bool) -> tuple[int, Difference | None]:
    keys, measures = rung.keys, rung.measures
    named = " AND ".join(f"{name} IS NOT NULL AND {name}::text <> ''" for name in keys)
    raw = (SERVED if services else RATINGS).format(keys=", ".join(keys), named=named)
    statement = COMPARE.format(
        pending=PENDING,
        raw=raw,
        table=rung.table,
        keys=", ".join(keys),
        measures=", ".join(measures),
        raws=", ".join(f"raw.{name}" for name in measures),
        kepts=", ".join(f"kept.{name}" for name in measures),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, _values(rung.grain, period))
        compared, *row = cursor.fetchone()
    if row[0] is None:
        return compared, None
    *key, counted, kept = row
    return compared, Difference(rung.table, _named(keys, key), _named(measures, kept), _named(measures, counted))


def _values(grain: Grain, period: Period) -> dict[str, Any]:
    return {
        "grain": str(grain),
        "zone": settings.TIME_ZONE,
        "void": list(VOID_STATES),
        "lowest": str(day_start(period.begins)),
        "highest": str(day_start(period.after)),
        "first": period.begins,
        "after": period.after,
    }


def _named(names: list[str], values: list[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))
