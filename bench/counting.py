"""The numbers of the dashboards by bare statements: from the one tally table that has them, and from the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

import bench.ready  # noqa: F401 - makes Django ready
from assessment.actions.counting import MEASURES
from assessment.models import SERVICES, UNITS, Rung
from assessment.periods import Period
from evaluations.keys import FIRST_RATING
from evaluations.queries import day_start
from rectification.enums import VOID_STATES

SUMS = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
COUNTS = ", ".join(f"count(*) FILTER (WHERE {what}) AS {name}" for name, what in MEASURES.items())
NONE = ", 0" * (len(MEASURES) - 2)
# What a page calls valid: those that count, without the void ones.
VALID = "n1 + n2 + n3 + n4 + n5 - invalid"
RATED = """(
    SELECT made.unit_id, made.item_id, made.channel, made.origin, made.level, made.negative,
        (made.rated_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
        made.origin <> 'test' AND gone.id IS NULL AS counts,
        made.text <> '' AS with_text,
        made.negative AND coalesce(about.state = ANY(%(void)s), false) AS invalid
    FROM evaluations_evaluation AS made
    LEFT JOIN evaluations_exclusion AS gone ON gone.evaluation_id = made.id
    LEFT JOIN rectification_case AS about ON about.id = made.case_id
    WHERE made.id >= %(low)s AND made.id < %(high)s
) AS rated"""
SERVED = f"""(
    SELECT made.unit_id, rating.origin NOT IN ('default', 'test') AND gone.id IS NULL AS rated
    FROM evaluations_service AS made
    LEFT JOIN evaluations_servicekey AS key ON key.project_number = made.project_number AND key.source = made.source
        AND key.service_number = made.service_number AND key.assess_number = {FIRST_RATING}
    LEFT JOIN evaluations_evaluation AS rating ON rating.id = key.row
    LEFT JOIN evaluations_exclusion AS gone ON gone.evaluation_id = rating.id
    WHERE made.id >= %(low)s AND made.id < %(high)s
) AS served"""
# The unit at the top of each: who reads the whole city sees one row for it.
HEADS = (
    "JOIN (SELECT id, split_part(path, '/', 2)::bigint AS head FROM organizations_unit) AS unit ON unit.id = unit_id"
)


@dataclass(frozen=True)
class Statement:
    """One statement and its values."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> list[tuple[Any, ...]]:
        """Asks the database."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, self.values)
            return list(cursor.fetchall())


@dataclass(frozen=True)
class Place:
    """Where numbers come from: two tables of tallies, or the rows themselves.

    ratings, services: what stands behind FROM. numbers, given: the columns that are added up or counted. month: the
    first day of a month.
    """

    ratings: str
    services: str
    where: str
    numbers: str
    given: str
    month: str
    values: Mapping[str, Any]

    def overall(self) -> Statement:
        """Ratings by origin; services."""
        return self._both("origin", "''", "", "GROUP BY origin", "HAVING count(*) > 0")

    def heads(self) -> Statement:
        """The same by the unit at the top."""
        return self._both("head, origin", "head, ''", HEADS, "GROUP BY head, origin", "GROUP BY head")

    def channels(self) -> Statement:
        """Ratings by channel and origin."""
        return self._asks("channel, origin", "", "GROUP BY channel, origin")

    def ranks(self, origin: str, least: int) -> Statement:
        """Units with their rank by valid ratings of an origin."""
        rank = f"CASE WHEN {VALID} >= {least} THEN rank() OVER (ORDER BY {VALID} DESC) END"
        names = ", ".join(MEASURES)
        inner = self._asks("unit_id", "origin = %(origin)s", "GROUP BY unit_id", origin=origin)
        text = f"SELECT unit_id, {rank}, {names} FROM ({inner.text}) AS found ORDER BY {VALID} DESC, unit_id"
        return Statement(text, inner.values)

    def items(self, origin: str, limit: int) -> Statement:
        """The items with most ratings of an origin."""
        inner = self._asks("item_id", "origin = %(origin)s AND item_id IS NOT NULL", "GROUP BY item_id", origin=origin)
        text = f"SELECT * FROM ({inner.text}) AS found ORDER BY n1 + n2 + n3 + n4 + n5 DESC, item_id LIMIT {limit}"
        return Statement(text, inner.values)

    def months(self, origin: str, year: int) -> Statement:
        """Valid ratings of an origin by month, beside those of the year of comparison."""
        inner = self._asks(f"{self.month} AS month", "origin = %(origin)s", "GROUP BY 1", origin=origin)
        text = (
            f"SELECT found.month, {VALID}, kept.active FROM ({inner.text}) AS found LEFT JOIN assessment_baseline AS"
            " kept ON kept.year = %(compared)s AND kept.month = extract(month FROM found.month) ORDER BY 1"
        )
        return Statement(text, {**inner.values, "compared": year})

    def _asks(self, by: str, only: str, group: str, **values: Any) -> Statement:
        where = " AND ".join(part for part in (self.where, only) if part)
        condition = f"WHERE {where}" if where else ""
        text = f"SELECT {by}, {self.numbers} FROM {self.ratings} {condition} {group}"
        return Statement(text, {**self.values, **values})

    def _both(self, by: str, served_by: str, join: str, group: str, served_group: str) -> Statement:
        where = f"WHERE {self.where}" if self.where else ""
        return Statement(
            f"SELECT {by}, {self.numbers} FROM {self.ratings} {join} {where} {group} UNION ALL"
            f" SELECT {served_by}, {self.given}{NONE} FROM {self.services} {join} {where} {served_group}",
            self.values,
        )


def tallies(period: Period, rungs: tuple[Rung, ...] = UNITS, *, months: bool = False) -> Place:
    """The one table of tallies whose periods are of this length.

    Args:
        rungs: of units, or of items.
        months: the months of the period from the table of months.
    """
    grain = "month" if months else period.grain
    first, after = period.begins, period.after
    return Place(
        ratings=_table(rungs, grain),
        services=_table(SERVICES, grain),
        where="begins >= %(first)s AND begins < %(after)s" if months else "begins = %(first)s",
        numbers=SUMS,
        given="sum(services), sum(rated)",
        month="begins",
        values={"first": first, "after": after},
    )


def _table(rungs: tuple[Rung, ...], grain: str) -> str:
    [table] = [rung.table for rung in rungs if rung.grain == grain]
    return table


def raw(period: Period) -> Place:
    """The rows of the period."""
    return Place(
        ratings=RATED,
        services=SERVED,
        where="",
        numbers=COUNTS,
        given="count(*), count(*) FILTER (WHERE rated)",
        month="date_trunc('month', day)::date",
        values={
            "low": str(day_start(period.begins)),
            "high": str(day_start(period.after)),
            "void": list(VOID_STATES),
        },
    )
