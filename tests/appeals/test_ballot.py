"""Lots, quorum and what votes come to, with no database."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appeals.ballot import Drawn, TooFew, check_seats, complete, draw, may_settle, next_deputy, quorum, settle
from appeals.enums import UPHELD, Vote

U, P, R, N = Vote.UPHOLD, Vote.PARTLY, Vote.REJECT, Vote.UNPROVEN
VOTES = st.lists(st.sampled_from(Vote), min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("votes", "ruling"),
    [
        ([U, U, U], U),
        ([U, U, R], U),
        ([U, P, R], P),
        ([P, P, U], P),
        ([U, R, R], R),
        ([U, R, N], N),
        ([U, P, R, N], N),
        ([U, U, R, R], R),
        ([R, R, N], R),
        ([N, N, R], N),
        ([R, N], N),
        ([U, U, P, P, R], P),
        ([U, U, U, R, R], U),
    ],
)
def test_what_votes_come_to(votes: list[Vote], ruling: Vote) -> None:
    assert settle(votes) == ruling


@given(VOTES)
def test_nothing_is_upheld_without_more_than_half(votes: list[Vote]) -> None:
    ruling, counted = settle(votes), Counter(votes)
    upheld = counted[U] + counted[P]
    assert (ruling in UPHELD) == (upheld * 2 > len(votes))
    assert (ruling == U) == (counted[U] * 2 > len(votes))


@given(VOTES, st.randoms())
def test_the_order_of_votes_means_nothing(votes: list[Vote], dice) -> None:
    mixed = list(votes)
    dice.shuffle(mixed)
    assert settle(mixed) == settle(votes)


@given(VOTES)
def test_one_more_for_the_appellant_never_harms_them(votes: list[Vote]) -> None:
    if settle(votes) in UPHELD:
        assert settle([*votes, U]) in UPHELD


def test_bad_faith_is_found_by_two_at_least() -> None:
    assert settle([U], upheld_min=2) == N
    assert settle([U, P, R], upheld_min=2) == P


def test_nobody_voted() -> None:
    with pytest.raises(ValueError, match="no vote"):
        settle([])


@pytest.mark.parametrize("seats", [-3, 0, 1, 2, 4, 6])
def test_a_panel_is_odd_and_three_at_least(seats: int) -> None:
    with pytest.raises(ValueError, match="odd number"):
        check_seats(seats)


@given(st.sets(st.integers(1, 10_000), min_size=3, max_size=60), st.text(min_size=1, max_size=20), st.integers(0, 5))
def test_a_draw_can_be_drawn_again_from_any_order(pool: set[int], seed: str, deputies: int) -> None:
    drawn = draw(pool, seats=3, deputies=deputies, seed=seed)
    assert draw(sorted(pool, reverse=True), seats=3, deputies=deputies, seed=seed) == drawn
    chosen = [*drawn.members, *drawn.deputies]
    assert len(set(chosen)) == len(chosen) == min(3 + deputies, len(pool))
    assert set(chosen) <= pool


def test_the_lot_is_told_in_one_line_of_any_language() -> None:
    order = sorted([11, 12, 13, 14, 15], key=lambda n: hashlib.sha256(f"a seed:{n}".encode()).hexdigest())
    assert draw([15, 14, 13, 12, 11], seats=3, deputies=1, seed="a seed") == Drawn(tuple(order[:3]), (order[3],))


def test_lots_fall_evenly() -> None:
    """Over 3,000 seeds each of ten people sits about as often: within five standard deviations of 900."""
    draws = (draw(range(10), seats=3, deputies=0, seed=str(n)) for n in range(3000))
    fallen = Counter(person for drawn in draws for person in drawn.members)
    assert all(abs(times - 900) < 126 for times in fallen.values())
    assert len(fallen) == 10


def test_too_few_to_draw_from() -> None:
    with pytest.raises(TooFew) as few:
        draw([1, 2], seats=3, deputies=0, seed="x")
    assert few.value.there == 2


def test_deputies_step_in_by_turn() -> None:
    assert next_deputy((4, 5, 6), barred=()) == 4
    assert next_deputy((4, 5, 6), barred={4, 6}) == 5
    assert next_deputy((4,), barred={4}) is None


@pytest.mark.parametrize(("seats", "enough"), [(3, 2), (5, 3), (7, 4)])
def test_quorum_is_more_than_half_of_the_seats(seats: int, enough: int) -> None:
    assert quorum(seats) == enough


def test_when_a_ruling_can_be_given() -> None:
    sitting = {1, 2, 3}
    assert not may_settle({}, sitting, seats=3, time_is_up=True)
    assert not may_settle({1: U, 2: U}, sitting, seats=3, time_is_up=False)
    assert may_settle({1: U, 2: U}, sitting, seats=3, time_is_up=True)
    assert not may_settle({1: U}, sitting, seats=3, time_is_up=True)
    assert may_settle({1: U, 2: U, 3: R}, sitting, seats=3, time_is_up=False)
    # Who has left the panel is neither waited for nor counted.
    assert may_settle({1: U, 2: R}, {1, 2}, seats=3, time_is_up=False)
    assert not may_settle({1: U, 9: R}, sitting, seats=3, time_is_up=True)
    assert not complete({}, ())
