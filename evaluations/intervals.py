"""How sure a share is: Wilson's interval, the exact one of Clopper and Pearson, and the worth of a weighted sample.

Pure. The formulas are those of E. B. Wilson (1927), C. J. Clopper and E. S. Pearson (1934) and L. Kish (1965); the
first two are compared in R. G. Newcombe, Statistics in Medicine 17 (1998), whose figures the tests hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist

from evaluations.specials import beta_density, incomplete_beta, root

CONFIDENCE = 0.95


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
    near = wilson(hits, n, confidence)
    low = 0.0 if hits == 0 else _share_at(hits, n - hits + 1, (1 - confidence) / 2, near.low)
    high = 1.0 if hits == n else _share_at(hits + 1, n - hits, (1 + confidence) / 2, near.high)
    return Interval(low, high)


def _share_at(a: int, b: int, value: float, near: float) -> float:
    """The share at which the incomplete beta function comes to a value."""
    guess = min(max(near, 1e-12), 1 - 1e-12)
    return root(lambda p: incomplete_beta(p, a, b) - value, lambda p: beta_density(p, a, b), guess, 0.0, 1.0)


def _check(hits: float, n: float) -> None:
    if not (n > 0 and 0 <= hits <= n):
        raise ValueError(f"no share: {hits} of {n}")


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
