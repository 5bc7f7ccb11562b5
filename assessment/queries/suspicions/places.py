"""What a day's places had, beside their own base and that of all others: a row for each place, none for a rating."""

# ruff: noqa: S608 - names of our own tables and columns; every value is a parameter
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessment.enums import FindingState
from assessment.likelihood import Seen, spread_of

_NAMES = "services usual older n1 n2 n3 n4 n5 marked repeats again gaps gap_expected off matched early late"
COLUMNS = tuple(_NAMES.split())
# Shares that are compared: of what, so many. A share's hits never exceed its whole.
SHARES: Mapping[str, tuple[str, str]] = {
    "level5": ("n5", "usual"),
    "level4": ("n4", "usual"),
    "bad": ("n1 + n2", "usual"),
    "participation": ("least(usual - older, services)", "services"),
    "repeats": ("repeats", "marked"),
    "again": ("again", "marked"),
    "early": ("early", "matched"),
    "late": ("late", "usual"),
}
# What is believed of a share, or of events a day, where nothing is known yet; as much as so many ratings or days.
BELIEVED: Mapping[str, float] = {
    "level5": 0.9,
    "level4": 0.1,
    "bad": 0.01,
    "participation": 0.4,
    "repeats": 0.05,
    "again": 0.05,
    "early": 0.02,
    "late": 0.05,
    "gaps_before": 1.0,
    "off_before": 0.02,
}
BELIEF = 20.0
# Events that are counted, and of what: days, or short intervals that were to be expected.
EVENTS = {"off_before": "days", "gaps_before": "gap_expected_before"}
HITS = ", ".join(
    f"sum({hits}) FILTER (WHERE {whole} > 0) AS {name}_hits, sum({whole}) AS {name}_whole"
    for name, (hits, whole) in SHARES.items()
)
# Days that a person has found to be brushed are no base of anything.
BASE = """
base AS MATERIALIZED (
    SELECT base.*, counted.working FROM assessment_placeday AS base
    JOIN assessment_countedday AS counted USING (day)
    WHERE base.day >= %(since)s AND base.day < %(day)s AND NOT EXISTS (
        SELECT FROM assessment_finding AS found WHERE found.day = base.day AND found.unit_id = base.unit_id
            AND coalesce(found.window_id, 0) = base.window_id AND found.state = %(confirmed)s
    )
), own AS MATERIALIZED (
    SELECT unit_id, window_id, count(*) AS days, {hits}, sum(gaps) AS gaps, sum(gap_expected) AS gap_expected,
        sum(off) AS off, sum(usual) FILTER (WHERE working = %(working)s) AS alike,
        count(*) FILTER (WHERE working = %(working)s) AS alike_days, sum(services) AS services_before,
        sum(usual) AS usual_before
    FROM base GROUP BY unit_id, window_id
)"""
PLACES = f"""
WITH {BASE.format(hits=HITS)}
SELECT place.unit_id, place.window_id, {", ".join(f"place.{name}" for name in COLUMNS)},
    {", ".join(f"{hits} AS {name}_now, {whole} AS {name}_of" for name, (hits, whole) in SHARES.items())},
    {", ".join(f"coalesce(own.{name}_{part}, 0) AS {name}_{part}" for name in SHARES for part in ("hits", "whole"))},
    coalesce(own.days, 0) AS days, coalesce(own.gaps, 0) AS gaps_before,
    coalesce(own.gap_expected, 0) AS gap_expected_before, coalesce(own.off, 0) AS off_before,
    coalesce(own.alike, 0) AS alike, coalesce(own.alike_days, 0) AS alike_days,
    coalesce(own.services_before, 0) AS services_before, coalesce(own.usual_before, 0) AS usual_before,
    sum(place.services) OVER (PARTITION BY place.unit_id) AS unit_services,
    sum(coalesce(own.services_before, 0)) OVER (PARTITION BY place.unit_id) AS unit_services_before,
    max(coalesce(own.days, 0)) OVER (PARTITION BY place.unit_id) AS unit_days
FROM assessment_placeday AS place LEFT JOIN own USING (unit_id, window_id)
WHERE place.day = %(day)s AND place.ratings > 0
"""
# By how much the days of one place differ beyond chance. One day counts at most 9, so that no attack widens a base.
SPREADS = f"""
WITH {BASE.format(hits=HITS)}, judged AS (
    SELECT {{parts}} FROM base JOIN own USING (unit_id, window_id) WHERE own.days >= 10
) SELECT {{means}} FROM judged
"""
_PART = """
    CASE WHEN {whole} >= 3 AND own.{name}_whole * {share} * (1 - {share}) > 0
        AND {whole} * {share} * (1 - {share}) >= 0.3
    THEN least(9, ({hits} - {whole} * {share}) ^ 2 / ({whole} * {share} * (1 - {share}))) END AS {name}_off,
    CASE WHEN {whole} >= 3 AND {whole} * {share} * (1 - {share}) >= 0.3 THEN {whole} END AS {name}_size"""


@dataclass(frozen=True)
class PlaceRow:
    """A place's day and its base, by the names of the statement."""

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def place(self) -> tuple[int, int]:
        return self.values["unit_id"], self.values["window_id"]

    def now(self, share: str) -> Seen:
        return Seen(self.values[f"{share}_now"], self.values[f"{share}_of"])

    def own(self, share: str) -> Seen:
        return Seen(float(self.values[f"{share}_hits"] or 0), float(self.values[f"{share}_whole"] or 0))


@dataclass(frozen=True)
class Places:
    """All places of a day with what the rest of the city is compared by.

    spreads: of each share, the correlation within a day.
    """

    rows: list[PlaceRow]
    spreads: Mapping[str, float]

    def city(self, share: str, row: PlaceRow) -> Seen:
        """Of all other places, before and today, with what is believed beforehand."""
        return self._shares[share] - row.own(share) - row.now(share) + Seen(BELIEVED[share] * BELIEF, BELIEF)

    @cached_property
    def _shares(self) -> dict[str, Seen]:
        return {name: sum((row.own(name) + row.now(name) for row in self.rows), Seen(0, 0)) for name in SHARES}

    def events(self, name: str) -> Seen:
        """Events of all places before, of their exposure (`EVENTS`), with what is believed beforehand."""
        return self._events[name] + Seen(BELIEVED[name] * BELIEF, BELIEF)

    @cached_property
    def _events(self) -> dict[str, Seen]:
        return {
            name: Seen(float(sum(row[name] for row in self.rows)), float(sum(row[exposure] for row in self.rows)))
            for name, exposure in EVENTS.items()
        }


def places_of(cursor: Any, day: date, *, working: bool, days: int) -> Places:
    """The places of a day that has been counted.

    Args:
        days: how many days before it are its base.
    """
    asked = {
        "day": day,
        "since": day - timedelta(days=days),
        "working": working,
        "confirmed": FindingState.CONFIRMED,
    }
    cursor.execute(PLACES, asked)
    names = [column.name for column in cursor.description]
    rows = [PlaceRow(dict(zip(names, map(_plain, row), strict=True))) for row in cursor.fetchall()]
    cursor.execute(_spreads_statement(), asked)
    found = cursor.fetchone()
    pairs = dict(zip(SHARES, zip(found[::2], found[1::2], strict=True), strict=True))
    return Places(rows, {name: spread_of(float(off), float(size)) for name, (off, size) in pairs.items() if off})


def _plain(value: Any) -> Any:
    """A sum of whole numbers comes as a decimal."""
    return float(value) if isinstance(value, Decimal) else value


def _spreads_statement() -> str:
    parts = ", ".join(_parts())
    means = ", ".join(f"avg({name}_off), avg({name}_size)" for name in SHARES)
    return SPREADS.format(parts=parts, means=means)


def _parts() -> Iterator[str]:
    for name, (hits, whole) in SHARES.items():
        # A column of the day, and the share of the place before.
        here = {"hits": _of_base(hits), "whole": _of_base(whole)}
        yield _PART.format(name=name, share=f"(own.{name}_hits / nullif(own.{name}_whole, 0)::float)", **here)


def _of_base(expression: str) -> str:
    return " ".join(
        f"base.{word}" if word in COLUMNS else word
        for word in expression.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split()
    ).join("()")
