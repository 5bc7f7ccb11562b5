"""What the parsers of all kinds of rows share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from evaluations.enums import FaultCode, RowOutcome
from evaluations.faults import Fault
from evaluations.rows.results import Problem
from evaluations.rows.values import folded

Value = TypeVar("Value")
# Stands at the end of every row for the columns that a file does not have.
BLANK = [""]
MEMO_MAX, MEMO_CELL_MAX = 50_000, 200


def positions(columns: Sequence[str | None], fields: Sequence[str]) -> list[int]:
    """For each field its column in the file, or the place of `BLANK` after the last column.

    Raises:
        ValueError: two columns mean the same, or a name is no field.
    """
    named = [column for column in columns if column is not None]
    if len(set(named)) != len(named) or not set(named) <= set(fields):
        raise ValueError(f"columns named twice or unknown: {sorted(named)}")
    return [columns.index(field) if field in named else len(columns) for field in fields]


def misshapen(line: int, count: int, width: int) -> Problem:
    """A row with fewer or more cells than the header: which cell is which cannot be known."""
    code = FaultCode.ROW_SHORT if count < width else FaultCode.ROW_LONG
    return Problem(line, RowOutcome.REFUSED, (Fault("", code, {"count": count, "width": width}),))


def good(value: Value | Fault, faults: list[Fault], instead: Value) -> Value:
    """The value; a fault is noted, and `instead` stands for it until the row is refused at its end."""
    if isinstance(value, Fault):
        faults.append(value)
        return instead
    return value


def keep(memo: dict[str, Value], cell: str, value: Value) -> Value:
    """The value, kept for the rows to come; so many that a hostile file fills no memory."""
    if len(memo) < MEMO_MAX and len(cell) <= MEMO_CELL_MAX:
        memo[cell] = value
    return value


def remember(memo: dict[str, Value], cell: str, value: Value | Fault, faults: list[Fault], instead: Value) -> Value:
    """Like `good`, and keeps a good value for the rows to come."""
    return good(value, faults, instead) if isinstance(value, Fault) else keep(memo, cell, value)


def staff_of(staff: Mapping[str, int], value: str, doubts: list[Fault]) -> int | None:
    """Who served; an unknown number is a doubt, and nobody is put in their place."""
    code = folded(value)
    if code and code not in staff:
        doubts.append(Fault("staff_number", FaultCode.STAFF_UNKNOWN))
    return staff.get(code) if code else None
