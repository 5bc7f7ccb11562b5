"""The everyday words (`words.txt`), and what each costs in a reading."""

from __future__ import annotations

from functools import cache
from pathlib import Path

LONGEST_WORD = 4


@cache
def words() -> dict[str, float]:
    """Every word with its cost: the natural logarithm of one in so many."""
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines if not line.startswith("#")]
    return {word: float(cost) for cost, *row in rows for word in row}
