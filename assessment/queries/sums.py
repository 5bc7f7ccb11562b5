"""Sums of tallies in plain SQL. The ORM takes longer to word these eleven sums than the database to answer them."""

# ruff: noqa: S608 - names of our own tables and columns; every value is a parameter
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from assessment.figures import MEASURES, Counts
from assessment.models import Rung
from organizations.models import Unit

Units = QuerySet[Unit] | None
SUMS = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
COUNTED = "sum(n1 + n2 + n3 + n4 + n5)"
VALID = "sum(n1 + n2 + n3 + n4 + n5 - invalid)"


@dataclass(frozen=True)
class Rows:
    """Some rows of a table of tallies.

    table, where: names and conditions of ours. values: for the places in `where`, in their order. named: what a name
    stands for that is no column.
    """

    table: str
    where: str
    values: tuple[Any, ...]
    named: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rung: Rung, where: str, *values: Any, units: Units = None) -> Rows:
        """The rows of a table that fulfil a condition, of some units or of all."""
        rows = cls(rung.table, where, values)
        if units is None:
            return rows
        text, params = units.order_by().values("pk").query.sql_with_params()
        return replace(rows, where=f"{where} AND unit_id IN ({text})", values=(*values, *params))

    def also(self, condition: str, *values: Any) -> Rows:
        """Those that fulfil another condition too."""
        return replace(self, where=f"{self.where} AND {condition}", values=(*self.values, *values))

    def beside(self, table: str, condition: str, **named: str) -> Rows:
        """Each with its row of another table, and names for what that adds."""
        return replace(self, table=f"{self.table} JOIN {table} ON {condition}", named={**self.named, **named})

    def asked(self, columns: str, rest: str = "") -> list[tuple[Any, ...]]:
        """The answer to SELECT columns FROM these rows, with whatever follows."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {self.table} WHERE {self.where} {rest}", self.values)
            return list(cursor.fetchall())

    def counted(
        self, *by: str, order: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[tuple[tuple[Any, ...], Counts]]:
        """The sums of the rows by some columns: their values, and what was counted."""
        names = ", ".join(by)
        told = ", ".join(f"{self.named[name]} AS {name}" if name in self.named else name for name in by)
        rest = f"GROUP BY {names}" + (f" ORDER BY {', '.join(order)}" if order else "")
        rest += f" LIMIT {limit:d}" if limit is not None else ""
        for row in self.asked(f"{told}, {SUMS}", rest):
            yield row[: len(by)], Counts._make(row[len(by) :])
