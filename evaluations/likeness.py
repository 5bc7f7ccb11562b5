"""Whether two texts may say the same: how many pairs of neighbouring characters they share. Pure.

It only suggests: what is merged, a person decides. Pairs need no dictionary, so they work in Chinese as elsewhere.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key")
ALIKE = 0.2


def pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and digits of a text, whatever its width, case and punctuation."""
    plain = [sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum()]
    return frozenset(a + b for a, b in itertools.pairwise(plain))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """From 0 (nothing in common) to 1 (the same pairs): Dice's coefficient."""
    whole = len(one) + len(other)
    return 2 * len(one & other) / whole if whole else 0.0


def most_like(text: str, others: Iterable[tuple[Key, str]], *, most: int = 5) -> list[tuple[Key, float]]:
    """The keys of the texts most like this one, best first; those with little in common are left out."""
    own = pairs(text)
    found = [(key, likeness(own, pairs(other))) for key, other in others]
    return sorted((pair for pair in found if pair[1] >= ALIKE), key=lambda pair: -pair[1])[:most]
