"""How sure a share is: Wilson's interval, the exact one of Clopper and Pearson, and the worth of a weighted sample.

Pure. The formulas are those of E. B. Wilson (1927), C. J. Clopper and E. S. Pearson (1934) and L. Kish (1965); the
first two are compared in R. G. Newcombe, Statistics in Medicine 17 (1998), whose figures the tests hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import exp, fsum, lgamma, log, log1p, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
_TINY, _NEAR, _STEPS = 1e-300, 1e-15, 100_000


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a share lies with a given confidence; both ends within [0, 1]."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. Of nothing there is no share: then every figure is None, never 0 and never 100 %."""

    hits: int
    n: int

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def wilson(self) -> Interval | None:
        return wilson(self.hits, self.n) if self.n else None

    @property
    def exact(self) -> Interval | None:
        return clopper_pearson(self.hits, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class Weighted:
    """A share over strata that were not sampled alike, with the interval its effective size allows."""

    value: float
    interval: Interval
    effective: float


def wilson(hits: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval, without continuity correction.

    Args:
        hits: how many of `n`; both may be fractions, where `n` is an effective size.
        confidence: between 0 and 1.

    Raises:
        ValueError: n is not positive, or hits lie outside [0, n].
    """
    _check(hits, n)
    z2 = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    middle = (hits + z2 / 2) / (n + z2)
    half = sqrt(z2) / (n + z2) * sqrt(max(0.0, hits * (n - hits) / n + z2 / 4))
    # At the ends the formula gives 0 and 1 but for rounding.
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return Interval(low, 1.0 if hits == n else min(1.0, middle + half))


def clopper_pearson(hits: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """The exact interval: each end is the share at which so many hits, or as few, would be too unlikely.

    Args:
        hits: how many of `n`.
        confidence: at least this, whatever the true share is.

    Raises:
        ValueError: n is not positive, or hits lie outside [0, n].
    """
    _check(hits, n)
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else _bisect(lambda p: incomplete_beta(p, hits, n - hits + 1) >= tail)
    high = 1.0 if hits == n else _bisect(lambda p: incomplete_beta(p, hits + 1, n - hits) >= 1 - tail)
    return Interval(low, high)


def _check(hits: float, n: float) -> None:
    if not (n > 0 and 0 <= hits <= n):
        raise ValueError(f"no share: {hits} of {n}")


def _bisect(reached: Callable[[float], bool]) -> float:
    """The lowest p in [0, 1] from which on something is true."""
    low, high = 0.0, 1.0
    while high - low > _NEAR * max(high, _TINY):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b), by its continued fraction (DLMF 8.17.22).

    For whole a ≤ n it is the chance of at least a hits in n = a + b - 1 trials of chance x.

    Args:
        x: within [0, 1].
        a, b: positive.
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    front = a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)
    return min(1.0, exp(front) / a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's way through the continued fraction."""
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + term * d)
            c = _away(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _NEAR:
            return value
    raise ArithmeticError(f"no value for I_{x}({a}, {b})")


def _away(value: float) -> float:
    """A number that can be divided by."""
    return value if abs(value) > _TINY else _TINY


def weighted_share(strata: Iterable[tuple[int, Share]]) -> Weighted | None:
    """The share in a population of which every stratum was sampled with another density.

    Each stratum counts as much as there are people in it. The interval is Wilson's for the effective size of Kish,
    (Σw)² / Σw²: it is never shorter for a sample that was drawn unevenly, and stands also where everybody agreed.

    Args:
        strata: how many there are, and what the sample of them said. Strata of which nobody answered say nothing and
            are left out, so the result speaks for the others.

    Returns:
        None where nobody answered at all.
    """
    heard = [(size, share) for size, share in strata if share.n and size]
    whole = sum(size for size, _ in heard)
    if not whole:
        return None
    value = fsum(size / whole * share.hits / share.n for size, share in heard)
    effective = 1 / fsum((size / whole) ** 2 / share.n for size, share in heard)
    value = min(1.0, max(0.0, value))
    return Weighted(value, wilson(value * effective, effective), effective)


def percent_words(value: float | None) -> str:
    """A share in per cent with two places, or as many more as it takes not to say 0 or 100 of what is neither.

    Of nothing: a dash.
    """
    if value is None:
        return "—"
    for places in range(2, 9):
        text = f"{value * 100:.{places}f}"
        if value in (0.0, 1.0) or float(text) not in (0.0, 100.0):
            return f"{text}%"
    return f"{text}%"


def interval_words(found: Interval | None) -> str:
    """Both ends of an interval in per cent."""
    return f"{percent_words(found.low)} – {percent_words(found.high)}" if found else "—"
