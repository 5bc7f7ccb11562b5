"""Drawing lots so that they can be drawn again: an order that belongs to a seed, and how many fall to whom. Pure.

The order is that of SHA-256 over seed and identifier. To a stranger it is as good as shuffled, yet it depends on
nothing else: not on where rows lie on the disk, not on the version of the database. Whoever knows the seed can draw
the same people again, with any tool. `actions.drawing` lets the database take the first of this order; PostgreSQL's
TABLESAMPLE would give about so many, taken page by page, and others after every rewrite of the table.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping


class TooSmall(ValueError):
    """The sample is smaller than what every stratum is to have at least; `needed` would do."""

    def __init__(self, needed: int) -> None:
        super().__init__(str(needed))
        self.needed = needed


def order_key(seed: int, row: uuid.UUID) -> bytes:
    """Where a row stands in the order of a seed: the lowest come first."""
    return hashlib.sha256(f"{seed}:{row}".encode()).digest()


def allocate(populations: Mapping[int, int], size: int, minimum: int = 0) -> dict[int, int]:
    """How many to draw from each stratum: in proportion, but at least `minimum` of each, or all where there are fewer.

    What proportion leaves over by rounding goes to the largest remainders; of equal ones to the lower key.

    Args:
        populations: how many there are in each stratum, by its key.
        size: how many to draw in all; of fewer people everybody is drawn.
        minimum: of every stratum, at least.

    Raises:
        TooSmall: the minimum of all strata is more than `size`.
    """
    floors = {key: min(there, minimum) for key, there in populations.items()}
    wanted = min(size, sum(populations.values()))
    if (needed := sum(floors.values())) > wanted:
        raise TooSmall(needed)
    fixed: dict[int, int] = {}
    while True:
        open_ones = {key: there for key, there in populations.items() if key not in fixed}
        left, whole = wanted - sum(fixed.values()), sum(open_ones.values())
        short = {key: floors[key] for key, there in open_ones.items() if there * left < floors[key] * whole}
        if not short:
            return fixed | _proportional(open_ones, left, whole)
        fixed |= short


def _proportional(populations: Mapping[int, int], size: int, whole: int) -> dict[int, int]:
    """Whole numbers in proportion, by the largest remainder."""
    if not whole:
        return dict.fromkeys(populations, 0)
    shares = {key: divmod(there * size, whole) for key, there in populations.items()}
    left = size - sum(part for part, _ in shares.values())
    first = sorted(shares, key=lambda key: (-shares[key][1], key))[:left]
    return {key: part + (key in first) for key, (part, _) in shares.items()}
