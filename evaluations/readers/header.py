"""The header of a table: names compared whatever their width, spaces and case."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from evaluations.enums import FaultCode
from evaluations.readers.results import ReadLimits, Unreadable

# A column by its name, or by any of several names.
Names = str | Collection[str]
UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2060\ufeff]+")


def normalised(name: str) -> str:
    """A column name for comparison: half width, without any space, case folded."""
    return UNSEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()


def any_of(names: Names) -> list[str]:
    """The names that may stand for a column, normalised."""
    return [normalised(name) for name in ([names] if isinstance(names, str) else names)]


def position(header: Sequence[str], names: Names) -> int | None:
    """Where the column with one of these names stands in a normalised header."""
    return next((header.index(name) for name in any_of(names) if name in header), None)


def missing(header: Sequence[str], required: Sequence[Names]) -> list[str]:
    """The required columns that a normalised header lacks, as the caller writes them."""
    lacking = [names for names in required if position(header, names) is None]
    return [names if isinstance(names, str) else "/".join(names) for names in lacking]


def checked(header: Sequence[str], required: Sequence[Names], limits: ReadLimits, *, line: int) -> tuple[str, ...]:
    """The normalised names of a header.

    Columns without a name are let be: nothing is read from them. More columns than required are no fault either.

    Raises:
        Unreadable: too many columns, one name twice, or a required column is missing.
    """
    if len(header) > limits.columns:
        raise Unreadable(FaultCode.COLUMNS_TOO_MANY, line=line, count=len(header), most=limits.columns)
    names = tuple(normalised(name) for name in header)
    seen: set[str] = set()
    for given, name in zip(header, names, strict=True):
        if name and name in seen:
            raise Unreadable(FaultCode.COLUMN_TWICE, line=line, column=given.strip(), name=given.strip())
        seen.add(name)
    if lacking := missing(names, required):
        raise Unreadable(FaultCode.COLUMN_MISSING, line=line, column=lacking[0], names="、".join(lacking))
    return names
