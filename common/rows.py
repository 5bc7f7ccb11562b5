"""Cells of files that somebody opens in a spreadsheet."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def safe_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula (ASVS 1.2; docs on imports)."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text
