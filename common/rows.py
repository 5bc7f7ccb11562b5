"""Cells of files that somebody opens in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula (ASVS 1.2; docs on imports)."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


@dataclass(frozen=True)
class Table:
    """What a file is made of: its headings, how many rows there are, and the rows, read as they are written."""

    heads: list[str]
    count: int
    rows: Iterator[list[object]]
