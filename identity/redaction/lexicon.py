"""The everyday words (`words.txt`), and what each costs in a reading."""

from __future__ import annotations

from functools import cache
from pathlib import Path

# Of these, `persons.txt` has characters in a row rather than words.
_CHARACTERS = ("first", "second", "only")


@cache
def words() -> dict[str, float]:
    """Every word with its cost: the natural logarithm of one in so many."""
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines if not line.startswith("#")]
    return {word: float(cost) for cost, *row in rows for word in row}


@cache
def longest_words() -> dict[str, int]:
    """How long the longest word is that begins with two characters."""
    longest: dict[str, int] = {}
    for word in words():
        longest[word[:2]] = max(len(word), longest.get(word[:2], 0))
    return longest


@cache
def alike() -> frozenset[str]:
    """Everyday words that are names as well, and seldom the words where offices are spoken of (`alike.txt`)."""
    return frozenset((Path(__file__).parent / "alike.txt").read_text(encoding="utf-8").partition("\n\n")[2].split())


@cache
def persons(which: str) -> dict[str, float]:
    """What stands in names of persons, and how rare it is: see the head of `persons.txt`.

    which: first, second or only (given characters), word (a given name).
    """
    lines = (Path(__file__).parent / "persons.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines if line.startswith(f"{which} ")]
    return {word: float(value) for _, value, *row in rows for word in (row[0] if which in _CHARACTERS else row)}
