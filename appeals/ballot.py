"""The rules of a panel: whom the lot falls on, when votes are enough, and what they come to. Pure.

Source: seed.txt (167 invalid ratings found by a panel), docs/domain.md §7.3: an odd number of at least three, votes
recorded one by one with reasons. The chair has one vote like everybody else, and no second one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from appeals.enums import UPHELD, Vote

SEATS_MIN = 3
# Of how many a panel may be; a panel of more finds no date.
SEATS = (3, 5, 7, 9, 11)
REASON_MIN = 20


class TooFew(ValueError):
    """Fewer people may sit than there are seats; `there` are."""

    def __init__(self, there: int) -> None:
        super().__init__(str(there))
        self.there = there


@dataclass(frozen=True)
class Drawn:
    """Whom the lot fell on: the panel, and the deputies in the order in which they step in."""

    members: tuple[int, ...]
    deputies: tuple[int, ...]


def check_seats(seats: int) -> None:
    """Raises:
    ValueError: not an odd number of at least `SEATS_MIN`, and one of `SEATS`.
    """
    if seats not in SEATS:
        raise ValueError(f"a panel has an odd number of seats, {SEATS_MIN} at least: {seats}")


def draw(candidates: Iterable[int], *, seats: int, deputies: int, seed: str) -> Drawn:
    """Draws a panel. Whoever knows the seed and the candidates can draw it again, with any tool.

    The order is that of SHA-256 over seed and number of the person, as in `evaluations.sampling`.

    Args:
        candidates: numbers of those who may sit, in any order, each once.
        seats: odd, at least `SEATS_MIN`.
        deputies: how many more; fewer where there are no more people.
        seed: random, and drawn before the candidates were looked at.

    Raises:
        TooFew: there are fewer candidates than seats.
    """
    check_seats(seats)
    return fill(candidates, vacant=seats, deputies=deputies, seed=seed)


def fill(candidates: Iterable[int], *, vacant: int, deputies: int, seed: str) -> Drawn:
    """Draws successors for seats that have become vacant, as `draw` draws a panel; a new draw has a new seed.

    Args:
        vacant: how many seats there are to fill, any number.

    Raises:
        TooFew: there are fewer candidates than vacant seats.
    """
    order = sorted(set(candidates), key=lambda person: hashlib.sha256(f"{seed}:{person}".encode()).digest())
    if len(order) < vacant:
        raise TooFew(len(order))
    return Drawn(tuple(order[:vacant]), tuple(order[vacant : vacant + deputies]))


def next_deputy(deputies: Iterable[int], barred: Collection[int]) -> int | None:
    """Who steps in for somebody who has left the panel: the first deputy who may still sit."""
    return next((person for person in deputies if person not in barred), None)


def quorum(seats: int) -> int:
    """How many votes decide: more than half of the seats, and never fewer than two of three."""
    return seats // 2 + 1


def complete(votes: Mapping[int, Vote], sitting: Collection[int]) -> bool:
    """Whether everybody who sits on the panel has voted."""
    return bool(sitting) and set(sitting) <= set(votes)


def may_settle(votes: Mapping[int, Vote], sitting: Collection[int], *, seats: int, time_is_up: bool) -> bool:
    """Whether a ruling can be given: all have voted, or time is up and there is a quorum.

    Args:
        votes: of those who still sit; what somebody said who has since left the panel does not count.
        sitting: who sits now.
        seats: that the panel was drawn with.
    """
    counted = [person for person in votes if person in sitting]
    if len(counted) < quorum(seats):
        return False
    return time_is_up or complete(votes, sitting)


def settle(votes: Iterable[Vote], *, upheld_min: int = 1) -> Vote:
    """What votes come to.

    Upheld (in whole or in part) only by more than half of the votes that were given: whoever contests a rating has to
    convince. It is upheld in whole only if those votes alone are more than half. Otherwise the more frequent of 不成立
    and 证据不足 stands, and of equally many the milder 证据不足.

    Args:
        upheld_min: how many must uphold it at least; two for W7 (恶意评价).

    Raises:
        ValueError: nobody has voted.
    """
    counted = Counter(votes)
    given = counted.total()
    if not given:
        raise ValueError("no vote, no ruling")
    upheld = sum(counted[vote] for vote in UPHELD)
    if upheld * 2 > given and upheld >= upheld_min:
        return Vote.UPHOLD if counted[Vote.UPHOLD] * 2 > given else Vote.PARTLY
    return Vote.REJECT if counted[Vote.REJECT] > counted[Vote.UNPROVEN] else Vote.UNPROVEN
