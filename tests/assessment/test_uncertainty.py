"""Intervals, comparisons and funnels against published figures, exact sums, and as rules for every count."""

from __future__ import annotations

from fractions import Fraction
from math import comb, inf

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assessment.uncertainty import (
    UNKNOWN,
    Change,
    Count,
    funnel_of_rate,
    funnel_of_share,
    poisson_interval,
    rate,
    rate_ratio,
    ratio_of_ratios,
    share_difference,
)
from evaluations.specials import incomplete_beta_above, incomplete_gamma, incomplete_gamma_above

# Garwood 1936, as tabulated by Ulm (Am. J. Epidemiology 131, 1990) and in Pearson and Hartley, table 40.
GARWOOD = [
    (0, 0.95, 0.000, 3.689),
    (1, 0.95, 0.0253, 5.572),
    (2, 0.95, 0.242, 7.225),
    (5, 0.95, 1.623, 11.668),
    (10, 0.95, 4.795, 18.390),
    (20, 0.95, 12.217, 30.888),
    (50, 0.95, 37.111, 65.919),
    (0, 0.99, 0.000, 5.298),
    (10, 0.99, 3.717, 21.398),
]


@pytest.mark.parametrize(("count", "confidence", "low", "high"), GARWOOD)
def test_published_poisson_intervals(count: int, confidence: float, low: float, high: float) -> None:
    found = poisson_interval(count, confidence)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


def test_published_rate_and_ratio() -> None:
    """The two examples in the manual of R's poisson.test: cells that divide abnormally, and breast cancer."""
    one = rate(137, 24.19893, per=1)
    assert one.value == pytest.approx(5.661407, abs=1e-6)
    assert one.interval is not None
    assert (one.interval.low, one.interval.high) == (
        pytest.approx(4.753125, abs=1e-6),
        pytest.approx(6.692709, abs=1e-6),
    )
    two = rate_ratio(11, 800, 21, 3011)
    assert two.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (two.interval.low, two.interval.high) == (
        pytest.approx(0.8584264, abs=1e-7),
        pytest.approx(4.277266, abs=1e-6),
    )
    assert two.change == Change.NO_EVIDENCE


def test_fishers_tea() -> None:
    """Three of four cups right: one-sided 17/70."""
    assert share_difference(3, 4, 1, 4).p == pytest.approx(2 * 17 / 70, rel=1e-12)


@given(st.integers(0, 100_000), st.sampled_from([0.8, 0.95, 0.998]))
@settings(max_examples=150, deadline=None)
def test_poisson_ends_are_where_the_tail_is_reached(count: int, confidence: float) -> None:
    found, tail = poisson_interval(count, confidence), (1 - confidence) / 2
    assert found.low <= count <= found.high
    assert incomplete_gamma_above(count + 1, found.high) == pytest.approx(tail, rel=1e-9)
    if count:
        assert incomplete_gamma(count, found.low) == pytest.approx(tail, rel=1e-9)


@given(st.integers(0, 300), st.integers(1, 10**8), st.integers(0, 300), st.integers(1, 10**8))
@example(1, 1, 0, 99_999_102)
@settings(max_examples=200, deadline=None)
def test_test_and_interval_agree_and_mirror(count: int, exposure: int, count2: int, exposure2: int) -> None:
    one, other = rate_ratio(count, exposure, count2, exposure2), rate_ratio(count2, exposure2, count, exposure)
    assume(abs(one.p - 0.05) > 1e-9)
    assert (one.p < 0.05) == (not one.interval.low <= 1 <= one.interval.high)
    assert one.p == pytest.approx(other.p, rel=1e-9, abs=1e-30)
    turned = {Change.MORE: Change.LESS, Change.LESS: Change.MORE}
    assert other.change == turned.get(one.change, one.change)
    if one.interval.low:
        assert other.interval.high == pytest.approx(1 / one.interval.low, rel=1e-9)


def hypergeometric(hits: int, n: int, drawn: int, n2: int) -> Fraction:
    return Fraction(comb(n, hits) * comb(n2, drawn - hits), comb(n + n2, drawn))


@given(st.integers(1, 90), st.integers(1, 90), st.data())
@settings(max_examples=150, deadline=None)
def test_shares_are_compared_by_exact_sums(n: int, n2: int, data: st.DataObject) -> None:
    hits, hits2 = data.draw(st.integers(0, n)), data.draw(st.integers(0, n2))
    drawn = hits + hits2
    chances = {k: hypergeometric(k, n, drawn, n2) for k in range(max(0, drawn - n2), min(n, drawn) + 1)}
    below = sum(chance for k, chance in chances.items() if k <= hits)
    above = sum(chance for k, chance in chances.items() if k >= hits)
    assert share_difference(hits, n, hits2, n2).p == pytest.approx(float(min(1, 2 * min(below, above))), rel=1e-9)


def four(*numbers: float) -> tuple[Count, Count, Count, Count]:
    """after, before, after2, before2 of counts and exposures in turn."""
    one, two, three, four = (Count(int(a), b) for a, b in zip(numbers[::2], numbers[1::2], strict=True))
    return one, two, three, four


def test_published_odds_beside_odds() -> None:
    """Fisher's convicted twins as the manual of R's fisher.test has them; with exposures scipy's nchypergeom_fisher."""
    twins = four(2, 1, 10, 1, 15, 1, 3, 1)
    for confidence, low, high in ((0.95, 0.003325764, 0.363182271), (0.99, 0.001386333, 0.578851645)):
        found = ratio_of_ratios(*twins, confidence=confidence)
        assert (found.interval.low, found.interval.high) == (
            pytest.approx(low, abs=2e-5),
            pytest.approx(high, abs=2e-5),
        )
    assert ratio_of_ratios(*four(3, 1, 1, 1, 1, 1, 3, 1)).p == pytest.approx(2 * 17 / 70, rel=1e-9)
    told = [
        ((4, 41_000, 19, 38_000, 22, 180_000, 25, 171_000), 0.02611904346758, 0.05102519728537, 0.86882524149260),
        ((0, 5_000, 7, 5_200, 9, 20_000, 8, 21_000), 0.03626088603053, 0.0, 0.88209071380224),
        ((30, 100_000, 10, 90_000, 12, 50_000, 14, 52_000), 0.06702056515906, 0.93641681500967, 9.90038129768150),
    ]
    for numbers, p, low, high in told:
        found = ratio_of_ratios(*four(*numbers))
        assert (found.p, found.interval.low, found.interval.high) == (
            pytest.approx(p, rel=1e-10),
            pytest.approx(low, rel=1e-10),
            pytest.approx(high, rel=1e-10),
        )


@given(*[st.integers(0, 40)] * 4, *[st.integers(1, 10**6)] * 4)
@settings(max_examples=150, deadline=None)
def test_odds_are_compared_by_exact_sums(a: int, b: int, c: int, d: int, e: int, f: int, g: int, h: int) -> None:
    found, odds = ratio_of_ratios(*four(a, e, b, f, c, g, d, h)), Fraction(e * h, f * g)
    n, n2, drawn = a + b, c + d, a + c
    weights = {k: comb(n, k) * comb(n2, drawn - k) * odds**k for k in range(max(0, drawn - n2), min(n, drawn) + 1)}
    whole = sum(weights.values())
    below = sum(weight for k, weight in weights.items() if k <= a) / whole
    above = sum(weight for k, weight in weights.items() if k >= a) / whole
    assert found.p == pytest.approx(float(min(1, 2 * min(below, above))), rel=1e-8)
    assume(abs(found.p - 0.05) > 1e-9)
    assert (found.p < 0.05) == (not found.interval.low <= 1 <= found.interval.high)
    mirror = ratio_of_ratios(*four(c, g, d, h, a, e, b, f))
    assert mirror.p == pytest.approx(found.p, rel=1e-8)
    if found.interval.low:
        assert mirror.interval.high == pytest.approx(1 / found.interval.low, rel=1e-6)


def test_without_others_nothing_is_compared() -> None:
    assert ratio_of_ratios(*four(1, 5, 2, 5, 1, 5, 2, 0)) == UNKNOWN
    none = ratio_of_ratios(*four(0, 5, 0, 5, 3, 5, 2, 5))
    assert (none.ratio, none.p, none.interval.low, none.interval.high) == (None, 1.0, 0.0, inf)
    assert ratio_of_ratios(*four(9, 5, 0, 5, 3, 5, 9, 5)).ratio == inf


def test_millions_are_compared_too() -> None:
    """Against the normal limit, which is exact enough there."""
    found = share_difference(14_003_000, 28_000_000, 14_000_000, 28_000_000)
    assert found.p == pytest.approx(0.4228, abs=2e-3)
    assert share_difference(14_020_000, 28_000_000, 14_000_000, 28_000_000).change == Change.MORE


def test_nothing_is_compared_with_nothing() -> None:
    assert rate(0, 0).value is None
    assert rate(0, 0).interval is None
    assert rate_ratio(3, 10, 0, 0) == UNKNOWN == share_difference(0, 0, 1, 2)
    assert rate_ratio(0, 10, 0, 20).change == Change.NO_EVIDENCE
    assert (rate_ratio(9, 10, 0, 20).ratio, rate_ratio(9, 10, 0, 20).change) == (inf, Change.MORE)
    assert share_difference(0, 20, 0, 9).ratio is None
    for wrong in (lambda: poisson_interval(-1), lambda: rate(1, -1)):
        with pytest.raises(ValueError, match="no "):
            wrong()


@given(st.integers(1, 4000), st.floats(0.001, 0.999), st.sampled_from([0.95, 0.998]))
@settings(max_examples=150, deadline=None)
def test_a_funnel_of_shares_lies_between_the_counts_at_its_tails(n: int, target: float, confidence: float) -> None:
    found = funnel_of_share(target, n, confidence)
    assert 0 <= found.low <= target <= found.high <= 1 or n * min(target, 1 - target) < 1
    for limit, tail in ((found.low, (1 - confidence) / 2), (found.high, (1 + confidence) / 2)):
        reached = next(k for k in range(n + 1) if k >= limit * n - 1e-9)
        chance = incomplete_beta_above(target, reached + 1, n - reached) if reached < n else 1.0
        assert chance >= tail - 1e-9
        if reached and limit > 0:
            assert incomplete_beta_above(target, reached, n - reached + 1) < tail + 1e-9


def test_funnels_narrow_and_the_outer_holds_the_inner() -> None:
    for funnel, target in ((funnel_of_share, 0.9), (funnel_of_rate, 6e-6)):
        widths = []
        for size in (10**3, 10**5, 10**7):
            inner, outer = funnel(target, size, 0.95), funnel(target, size, 0.998)
            assert outer.low <= inner.low <= inner.high <= outer.high
            widths.append(outer.high - outer.low)
        assert widths == sorted(widths, reverse=True)
    assert funnel_of_rate(0, 100, 0.95).high == 0
    assert funnel_of_share(1.0, 100, 0.95).low == 1


def test_a_funnel_of_rates_is_the_poisson_tail() -> None:
    """Mean 10: at most 3 has a chance of 0.0103, at most 4 of 0.0293; at most 16 of 0.9730, at most 17 of 0.9857."""
    found = funnel_of_rate(0.1, 100, 0.95)
    assert found.low * 100 == pytest.approx(4 - (0.0292527 - 0.025) / (0.0292527 - 0.0103361), abs=1e-4)
    assert found.high * 100 == pytest.approx(17 - (0.9857224 - 0.975) / (0.9857224 - 0.9729584), abs=1e-4)
