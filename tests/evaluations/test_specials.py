"""The incomplete functions against sums of exact fractions and published values, also where they are huge or tiny."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.specials import (
    beta_density,
    incomplete_beta,
    incomplete_beta_above,
    incomplete_gamma,
    incomplete_gamma_above,
    poisson_density,
    root,
)

# Pearson and Hartley's χ² table: P(χ² with ν degrees > x) = Q(ν/2, x/2).
CHI_SQUARE = [
    (1, 3.841459, 0.05),
    (2, 5.991465, 0.05),
    (10, 18.307038, 0.05),
    (30, 13.786720, 0.995),
    (100, 135.806723, 0.01),
]
# Student's t: P(|T| > t) = I_{ν/(ν + t²)}(ν/2, ½).
STUDENT = [(1, 12.706205, 0.05), (5, 2.570582, 0.05), (30, 2.749996, 0.01), (120, 1.979930, 0.05)]


@pytest.mark.parametrize(("degrees", "value", "chance"), CHI_SQUARE)
def test_published_chi_square(degrees: int, value: float, chance: float) -> None:
    assert incomplete_gamma_above(degrees / 2, value / 2) == pytest.approx(chance, rel=1e-6)


@pytest.mark.parametrize(("degrees", "value", "chance"), STUDENT)
def test_published_student(degrees: int, value: float, chance: float) -> None:
    assert incomplete_beta(degrees / (degrees + value**2), degrees / 2, 0.5) == pytest.approx(chance, rel=1e-6)


def poisson_at_most(count: int, mean: Fraction) -> float:
    """The sum of exact fractions, times e^-mean."""
    total = sum((mean**k / factorial(k) for k in range(count + 1)), Fraction(0))
    return exp(-float(mean) + log(total.numerator) - log(total.denominator))


@given(st.integers(1, 120), st.fractions(Fraction(1, 60), 150, max_denominator=60))
@settings(max_examples=150, deadline=None)
def test_the_gamma_function_is_the_poisson_tail(count: int, mean: Fraction) -> None:
    exact = poisson_at_most(count - 1, mean)
    assert incomplete_gamma_above(count, float(mean)) == pytest.approx(exact, rel=1e-9, abs=1e-300)
    assert incomplete_gamma(count, float(mean)) == pytest.approx(1 - exact, abs=1e-11)


@given(st.integers(1, 5000), st.integers(0, 40), st.integers(1, 10**8))
@settings(max_examples=150, deadline=None)
def test_the_beta_function_is_the_binomial_tail_of_many(n: int, hits: int, odds: int) -> None:
    """Of n up to thousands, with a chance down to 10^-8: summed with whole numbers only."""
    hits = min(hits, n)
    share = Fraction(1, odds + 1)
    terms = sum(comb(n, k) * odds ** (n - k) for k in range(hits))
    exact = terms / (odds + 1) ** n  # at most hits - 1
    if hits:
        assert incomplete_beta(float(share), hits, n - hits + 1) == pytest.approx(1 - exact, abs=1e-12)
        assert incomplete_beta_above(float(share), hits, n - hits + 1) == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("n", [10**5, 10**6, 3 * 10**7])
@pytest.mark.parametrize("mean", [Fraction(1, 2), Fraction(6), Fraction(177)])
def test_rare_things_among_thirty_million(n: int, mean: Fraction) -> None:
    """The binomial tail in integers scaled by 10^150; lgamma alone would be wrong in the eighth digit here."""
    scale, count = 10**150, 177 if mean == 177 else 5
    share = mean / n
    term = scale
    # (1 - p)^n by squaring, in fixed point.
    base, power = scale - scale * share.numerator // share.denominator, n
    while power:
        if power & 1:
            term = term * base // scale
        base, power = base * base // scale, power >> 1
    total = term
    for k in range(1, count):
        term = term * (n - k + 1) * share.numerator // (k * (share.denominator - share.numerator))
        total += term
    exact = total / scale
    assert incomplete_beta_above(float(share), count, n - count + 1) == pytest.approx(exact, rel=1e-11)
    assert incomplete_beta(float(share), count, n - count + 1) == pytest.approx(1 - exact, abs=1e-12)


@pytest.mark.parametrize("a", [0.5, 3.0, 1e3, 1e6, 3e7])
def test_both_sides_make_one(a: float) -> None:
    for x in (a * 0.9, a, a + a**0.5, a * 1.1):
        assert incomplete_gamma(a, x) + incomplete_gamma_above(a, x) == pytest.approx(1, abs=1e-12)
    assert incomplete_beta(0.5, a, a) == pytest.approx(0.5, abs=1e-10)
    # DLMF 8.11.12: P(a, a) → ½ + 1/(3 √2πa).
    if a >= 1e3:
        assert incomplete_gamma(a, a) == pytest.approx(0.5 + 1 / (3 * (2 * 3.141592653589793 * a) ** 0.5), abs=1e-6)


def test_where_there_is_nothing() -> None:
    assert (incomplete_gamma(3, 0), incomplete_gamma_above(3, 0)) == (0.0, 1.0)
    assert (incomplete_beta(0, 3, 4), incomplete_beta(1, 3, 4)) == (0.0, 1.0)
    assert poisson_density(0, 2.5) == pytest.approx(exp(-2.5))


def test_densities_are_slopes() -> None:
    step = 1e-6
    slope = (incomplete_beta(0.3 + step, 4, 9) - incomplete_beta(0.3 - step, 4, 9)) / (2 * step)
    assert beta_density(0.3, 4, 9) == pytest.approx(slope, rel=1e-6)
    slope = (incomplete_gamma(7, 5 + step) - incomplete_gamma(7, 5 - step)) / (2 * step)
    assert poisson_density(6, 5) == pytest.approx(slope, rel=1e-6)


@given(st.floats(0.001, 1000), st.floats(0, 3000))
def test_a_root_is_found_from_anywhere(target: float, guess: float) -> None:
    assert root(lambda x: x**3 - target**3, lambda x: 3 * x * x, guess, 0.0) == pytest.approx(target, rel=1e-12)
