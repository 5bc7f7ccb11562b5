"""The search of one day for doubtful ratings: statements over the whole day, never a rating at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from assessment.likelihood import limit_of
from assessment.queries.suspicions.day import COUNTED, Hours, counted_places, lay_out
from assessment.queries.suspicions.judging import TOGETHER, judge, together
from assessment.queries.suspicions.people import busy_devices, series
from assessment.queries.suspicions.places import Places, places_of
from assessment.queries.suspicions.sameness import shared_values
from assessment.queries.suspicions.silence import HOLE_DAYS, contrary_calls, holes, no_negatives
from assessment.suspicions import SILENCES, Suspicion

__all__ = ["COUNTED", "HOLE_DAYS", "Hours", "counted_places", "lay_out", "places_of", "rows_of", "search"]

ROWS_MOST = 2000


def search(
    cursor: Any, day: date, places: Places, *, like_it: list[date], until_hour: int, wanted: dict[str, float]
) -> list[Suspicion]:
    """Everything that speaks on a day that has been laid out and counted.

    Args:
        like_it: days before it of the same kind.
        until_hour: hours of the day from this one on are not over yet.
        wanted: setting INTEGRITY.
    """
    limit = limit_of(false_a_day=wanted["false_a_day"], looked=len(places.rows), most=wanted["chance"])
    found = [*judge(places), *shared_values(cursor, day), *busy_devices(cursor, places), *series(cursor, day)]
    speaking = [one for one in found if one.speaks(limit)]
    speaking += _several(found, speaking, wanted["chance_together"])
    quiet = [*contrary_calls(cursor, day), *no_negatives(cursor, day)]
    quiet += holes(cursor, day, like_it, until_hour=until_hour)
    return [*speaking, *(one for one in quiet if one.speaks(wanted["chance_silence"]))]


def _several(found: Iterable[Suspicion], speaking: Iterable[Suspicion], limit: float) -> list[Suspicion]:
    """Places where no signal speaks by itself, and several do together."""
    heard = {(one.unit, one.window) for one in speaking}
    weak: dict[tuple[int, int], list[Suspicion]] = defaultdict(list)
    for one in found:
        if (one.unit, one.window) not in heard:
            weak[one.unit, one.window].append(one)
    added = (together(some, asked=len(TOGETHER)) for some in weak.values())
    return [one for one in added if one and one.speaks(limit)]


def rows_of(cursor: Any, one: Suspicion) -> tuple[list[str], int, int]:
    """The ratings a suspicion is about, and how many of them are above level 2 and how many not.

    Of a place with more than 2,000 the first ones; the counts are of all.
    """
    if one.signal in SILENCES and not one.rows:
        return [], 0, 0
    condition, values = one.where
    if one.rows:
        cursor.execute(
            "SELECT id::text, level FROM evaluations_evaluation WHERE id = ANY(%s::uuid[]) ORDER BY id",
            [list(one.rows)],
        )
    else:
        cursor.execute(f"SELECT id::text, level FROM looked WHERE {condition} ORDER BY id", values)  # noqa: S608 - our own
    rows = cursor.fetchall()
    bad = sum(level <= 2 for _id, level in rows)
    return [pk for pk, _level in rows[:ROWS_MOST]], len(rows) - bad, bad
