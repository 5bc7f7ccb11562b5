"""Counting units' days from the rows themselves, many days in one statement, and putting the counts in their place."""

# ruff: noqa: S608 - names of our own tables; every value is a parameter
from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings

from assessment.models import ITEMS, RATING_LADDERS, SERVICES, TOPICS, UNITS, WINDOWS, Rung
from evaluations.keys import FIRST_RATING, THE_SERVICE
from evaluations.queries import day_start


class Day(NamedTuple):
    """A day of a unit."""

    unit_id: int
    day: date


# The days to count, each with the range of identifiers that are its own (docs/performance.md §9: index (unit, id)).
ASKED = """
asked AS (
    SELECT * FROM unnest(%(units)s::bigint[], %(days)s::date[], %(lows)s::uuid[], %(highs)s::uuid[])
        AS asked (unit_id, begins, low, high)
)"""
# One index range per day, whatever the planner thinks of ranges: OFFSET keeps it from hashing by unit alone, which
# reads a year of a unit for each of its days. The outer bounds leave months aside when the statement is planned.
OF_EACH_DAY = """
    asked CROSS JOIN LATERAL (
        SELECT * FROM {table} AS made
        WHERE made.unit_id = asked.unit_id AND made.id >= asked.low AND made.id < asked.high
        AND made.id >= %(lowest)s AND made.id < %(highest)s
        OFFSET 0
    ) AS made"""
RATINGS_OF_EACH_DAY = OF_EACH_DAY.format(table="evaluations_evaluation")
SERVICES_OF_EACH_DAY = OF_EACH_DAY.format(table="evaluations_service")
RATED = f"""
rated AS (
    SELECT asked.unit_id, asked.begins, made.channel, made.origin, made.item_id, made.window_id, made.topic, made.level,
        made.origin <> 'test' AND gone.id IS NULL AS counts,
        made.text <> '' AS with_text,
        made.negative,
        made.negative AND EXISTS (
            SELECT FROM rectification_case WHERE id = made.case_id AND state = ANY(%(void)s)
        ) AS invalid
    FROM {RATINGS_OF_EACH_DAY}
    LEFT JOIN evaluations_exclusion AS gone ON gone.evaluation_id = made.id
)"""
# What each measure of a RatingTally counts.
MEASURES = {
    **{f"n{level}": f"counts AND level = {level}" for level in range(1, 6)},
    "negative": "counts AND negative",
    "invalid": "counts AND invalid",
    "invalid1": "counts AND invalid AND level = 1",
    "invalid2": "counts AND invalid AND level = 2",
    "with_text": "counts AND with_text",
    "left_out": "NOT counts",
}
# Which groups of one pass over the ratings belong to which ladder: GROUPING sets a bit for each column left out.
SPLITS = ("channel", "item_id", "window_id", "topic")
SPLIT_OF = {UNITS: "channel", ITEMS: "item_id", WINDOWS: "window_id", TOPICS: "topic"}
COUNTED = """
counted AS MATERIALIZED (
    SELECT unit_id, begins, origin, {splits}, GROUPING({splits}) AS split, {measures}
    FROM rated
    GROUP BY GROUPING SETS ({sets})
)"""
PUT = """
kept_{table} AS MATERIALIZED (
    SELECT kept.* FROM {periods} AS period CROSS JOIN LATERAL (
        SELECT {keys}, {measures} FROM {table} AS kept
        WHERE kept.begins = period.begins AND kept.unit_id = period.unit_id OFFSET 0
    ) AS kept
), put_{table} AS (
    INSERT INTO {table} ({keys}, {measures})
    SELECT {keys}, {measures} FROM {source} EXCEPT SELECT * FROM kept_{table} ORDER BY {keys}
    ON CONFLICT ({keys}) DO UPDATE SET {settings}
), cleared_{table} AS (
    DELETE FROM {table} AS kept USING (
        SELECT {keys} FROM kept_{table} EXCEPT SELECT {keys} FROM {source}
    ) AS vanished
    WHERE {same}
)"""
# Each service with the rating it has, if any; a default rating is silence, a test or an excluded one is none.
SERVED = f"""
each_served AS MATERIALIZED (
    SELECT asked.unit_id, asked.begins, rating.id AS rating_id,
        rating.origin NOT IN ('default', 'test') AND gone.id IS NULL AS rated
    FROM {SERVICES_OF_EACH_DAY}
    LEFT JOIN evaluations_servicekey AS key ON key.project_number = made.project_number AND key.source = made.source
        AND key.service_number = made.service_number AND key.assess_number = {FIRST_RATING}
    LEFT JOIN evaluations_evaluation AS rating ON rating.id = key.row
    LEFT JOIN evaluations_exclusion AS gone ON gone.evaluation_id = rating.id
), served AS MATERIALIZED (
    SELECT unit_id, begins, count(*) AS services, count(*) FILTER (WHERE rated) AS rated
    FROM each_served GROUP BY unit_id, begins
)"""
# A rating changes the figures of its own day and of the day on which its service was given. Most have been met above.
# Those of the days are gathered first: beside the ranges of each day what was met is hashed anew for every one of them.
EACH_RATED = f"""
each_rated AS MATERIALIZED (
    SELECT made.id, made.project_number, made.source, made.service_number FROM {RATINGS_OF_EACH_DAY}
    WHERE made.project_number <> ''
)"""
ELSEWHEN = f"""
SELECT DISTINCT service.unit_id, (service.served_at AT TIME ZONE %(zone)s)::date
FROM (SELECT * FROM each_rated WHERE NOT EXISTS (SELECT FROM each_served WHERE rating_id = each_rated.id)) AS made
JOIN evaluations_servicekey AS key ON key.project_number = made.project_number AND key.source = made.source
    AND key.service_number = made.service_number AND key.assess_number = {THE_SERVICE}
JOIN evaluations_service AS service ON service.id = key.row
"""


def put(rung: Rung, *, source: str, periods: str) -> str:
    """The parts of a statement that make a table say what was counted: new, changed and vanished rows, no others.

    Args:
        source: a part of the statement with the rows to be, in the columns of the table.
        periods: a part with the (unit_id, begins) that were counted.
    """
    return PUT.format(
        table=rung.table,
        source=source,
        periods=periods,
        keys=", ".join(rung.keys),
        measures=", ".join(rung.measures),
        settings=", ".join(f"{name} = EXCLUDED.{name}" for name in rung.measures),
        same=" AND ".join(f"kept.{name} = vanished.{name}" for name in rung.keys),
    )


@cache
def _count_ratings() -> str:
    splits = ", ".join(SPLITS)
    measures = ", ".join(f"count(*) FILTER (WHERE {what}) AS {name}" for name, what in MEASURES.items())
    sets = ", ".join(f"(unit_id, begins, origin, {split})" for split in SPLITS)
    parts = [ASKED, RATED, COUNTED.format(splits=splits, measures=measures, sets=sets)]
    for ladder in RATING_LADDERS:
        name, day = SPLIT_OF[ladder], ladder[0]
        mark = 15 ^ (8 >> SPLITS.index(name))
        named = f"{name} <> ''" if name in ("channel", "topic") else f"{name} IS NOT NULL"
        source = f"of_{name}"
        parts.append(f"{source} AS (SELECT * FROM counted WHERE split = {mark} AND {named})")
        parts.append(put(day, source=source, periods="asked"))
    return f"WITH {', '.join(parts)} SELECT"


@cache
def _count_services() -> str:
    parts = ", ".join((ASKED, SERVED, EACH_RATED, put(SERVICES[0], source="served", periods="asked")))
    return f"WITH {parts} {ELSEWHEN}"


def count_ratings(cursor: Any, days: Collection[Day], *, void: Collection[str]) -> None:
    """Counts the ratings of these days and puts the counts into every table of days.

    Args:
        void: the states of a case that is no valid 差评.
    """
    cursor.execute(_count_ratings(), {**asked(days), "void": list(void)})


def count_services(cursor: Any, days: Collection[Day]) -> set[Day]:
    """Counts the services of these days, and how many of them somebody has rated.

    Returns:
        Other days, on which services were given that were rated on these days: their counts may have changed too.
    """
    cursor.execute(_count_services(), {**asked(days), "zone": settings.TIME_ZONE})
    return {Day(*row) for row in cursor.fetchall()} - set(days)


def asked(days: Collection[Day]) -> dict[str, Any]:
    """The parameters of `ASKED`."""
    starts = {day: day_start(day) for entry in days for day in (entry.day, entry.day + timedelta(days=1))}
    ordered = sorted(days)
    return {
        "units": [entry.unit_id for entry in ordered],
        "days": [entry.day for entry in ordered],
        "lows": [str(starts[entry.day]) for entry in ordered],
        "highs": [str(starts[entry.day + timedelta(days=1)]) for entry in ordered],
        "lowest": str(min(starts.values())),
        "highest": str(max(starts.values())),
    }
