"""Intervals against published figures, against exact sums, and as rules that hold for every sample."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.intervals import Share, clopper_pearson, weighted_share, wilson
from evaluations.specials import incomplete_beta

# R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I:
# methods 3 (Wilson's score) and 5 (Clopper-Pearson).
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
samples = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(("hits", "n", "score", "exact"), NEWCOMBE)
def test_published_figures(hits: int, n: int, score: tuple[float, float], exact: tuple[float, float]) -> None:
    for found, published in ((wilson(hits, n), score), (clopper_pearson(hits, n), exact)):
        assert (round(found.low, 4), round(found.high, 4)) == published


def test_the_rule_of_three() -> None:
    """Nobody of n: the exact upper end is 1 - (α/2)^(1/n)."""
    for n in (1, 20, 3000):
        assert clopper_pearson(0, n).high == pytest.approx(1 - 0.025 ** (1 / n), rel=1e-12)
        assert clopper_pearson(n, n).low == pytest.approx(0.025 ** (1 / n), rel=1e-12)


def at_least(hits: int, n: int, p: Fraction) -> Fraction:
    return sum((comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(hits, n + 1)), Fraction(0))


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(1, n), st.just(n))), st.fractions(0, 1))
@settings(max_examples=120, deadline=None)
def test_the_beta_function_is_the_binomial_tail(sample: tuple[int, int], p: Fraction) -> None:
    hits, n = sample
    p = p.limit_denominator(1000)
    exact = float(at_least(hits, n, p))
    assert incomplete_beta(float(p), hits, n - hits + 1) == pytest.approx(exact, rel=1e-10, abs=1e-14)


@given(samples, st.sampled_from([0.8, 0.9, 0.95, 0.99]))
@settings(max_examples=150, deadline=None)
def test_exact_ends_are_where_the_tail_is_reached(sample: tuple[int, int], confidence: float) -> None:
    hits, n = sample
    found, tail = clopper_pearson(hits, n, confidence), (1 - confidence) / 2
    if hits:
        assert incomplete_beta(found.low, hits, n - hits + 1) == pytest.approx(tail, rel=1e-9)
    if hits < n:
        assert 1 - incomplete_beta(found.high, hits + 1, n - hits) == pytest.approx(tail, rel=1e-9)


@given(samples)
@settings(max_examples=200, deadline=None)
def test_intervals_hold_their_share_mirror_and_shrink(sample: tuple[int, int]) -> None:
    hits, n = sample
    for method in (wilson, clopper_pearson):
        here, mirrored, more = method(hits, n), method(n - hits, n), method(hits * 4, n * 4)
        assert 0 <= here.low <= hits / n <= here.high <= 1
        assert here.low == pytest.approx(1 - mirrored.high, abs=1e-9)
        assert more.high - more.low < here.high - here.low
        wider = method(hits, n, 0.99)
        assert wider.low <= here.low
        assert here.high <= wider.high


@pytest.mark.parametrize(("n", "p"), [(10, 0.05), (30, 0.5), (60, 0.98)])
def test_the_exact_interval_covers_at_least_as_often_as_it_says(n: int, p: float) -> None:
    chances = {k: comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)}
    covered = sum(c for k, c in chances.items() if clopper_pearson(k, n).low <= p <= clopper_pearson(k, n).high)
    assert covered >= 0.95


def test_the_citys_own_size() -> None:
    """177 of 29.09 million: a share that rounds to 100 % still has two different ends."""
    good = clopper_pearson(29_090_000 - 177, 29_090_000)
    assert 0.999992 < good.low < 1 - 177 / 29_090_000 < good.high < 0.999996


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (3, 2), (-1, 5), (1, -1)])
def test_no_interval_without_a_share(hits: int, n: int) -> None:
    for method in (wilson, clopper_pearson):
        with pytest.raises(ValueError, match="no share"):
            method(hits, n)


def test_of_nothing_there_is_no_share() -> None:
    nothing = Share(0, 0)
    assert (nothing.value, nothing.wilson, nothing.exact) == (None, None, None)


def test_strata_count_by_their_people() -> None:
    """A small unit drawn as often as a large one does not weigh as much."""
    found = weighted_share([(900, Share(50, 50)), (100, Share(0, 50))])
    assert found is not None
    assert found.value == pytest.approx(0.9)
    assert found.effective == pytest.approx(1 / (0.81 / 50 + 0.01 / 50))
    assert found.interval.low < 0.9 < found.interval.high


@given(st.lists(st.tuples(st.integers(1, 10_000), samples), min_size=1, max_size=8))
@settings(max_examples=150, deadline=None)
def test_an_uneven_sample_is_never_worth_more_than_its_people(rows: list[tuple[int, tuple[int, int]]]) -> None:
    found = weighted_share([(size, Share(*sample)) for size, sample in rows])
    assert found is not None
    assert 0 < found.effective <= sum(n for _size, (_hits, n) in rows) + 1e-6
    assert found.interval.low - 1e-12 <= found.value <= found.interval.high + 1e-12


def test_strata_that_said_nothing_are_left_out() -> None:
    assert weighted_share([(500, Share(0, 0)), (10, Share(1, 1))]) == weighted_share([(10, Share(1, 1))])
    assert weighted_share([(500, Share(0, 0))]) is None
