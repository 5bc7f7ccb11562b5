"""How likely chance alone makes so many: exact tails, each against a base that is itself only known so well. Pure.

A base of few days says little, so every tail here is a predictive one: what is not known of the base widens it. The
beta-binomial and the gamma-Poisson law are in Johnson, Kemp, Kotz, Univariate Discrete Distributions (2005), 6.2, 5.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, exp, factorial, isfinite, lgamma, log, log1p

# As much as a base of so many ratings is the rest of the city worth, where a place has none of its own.
PRIOR_RATINGS = 8.0
_SMALLEST = 1e-300


@dataclass(frozen=True, slots=True)
class Tail:
    """What was expected, and the chance of at least as many as were seen."""

    expected: float
    chance: float

    @property
    def one_in(self) -> int:
        """The chance as one of so many."""
        return round(1 / max(self.chance, 1e-12))


@dataclass(frozen=True, slots=True)
class Seen:
    """So many hits of so many."""

    hits: float
    total: float

    def __add__(self, other: Seen) -> Seen:
        return Seen(self.hits + other.hits, self.total + other.total)

    def __sub__(self, other: Seen) -> Seen:
        return Seen(max(0.0, self.hits - other.hits), max(0.0, self.total - other.total))

    @property
    def share(self) -> float:
        """Between 0 and 1 and never either: half a hit of one more (Krichevsky and Trofimov)."""
        return (min(self.hits, self.total) + 0.5) / (self.total + 1)


def share_tail(now: Seen, own: Seen, city: Seen, *, spread: float = 0.0, prior: float = PRIOR_RATINGS) -> Tail:
    """The chance that a share is as high as now, where it comes about as it did before (beta-binomial).

    Args:
        now: today at the place; whole numbers.
        own: of the same place before.
        city: of all others, before and today: what is believed of a place without a past.
        spread: by how much days of one place differ beyond chance: the correlation within a day, from `spread_of`.
        prior: how many ratings of its own outweigh what is believed of it.
    """
    hits, total = int(now.hits), int(now.total)
    a = min(own.hits, own.total) + prior * city.share
    b = max(0.0, own.total - own.hits) + prior * (1 - city.share)
    # Days that differ among themselves leave no base better known than one of 1/spread ratings.
    known = min(a + b, 1 / spread - 1) if spread > 0 else a + b
    a, b = a / (a + b) * known, b / (a + b) * known
    return Tail(total * a / (a + b), _beta_binomial(hits, total, a, b))


def count_tail(seen: int, exposure: float, own: Seen, city: Seen, *, spread: float = 0.0, prior: float = 2.0) -> Tail:
    """The chance of at least so many events where so many units of exposure had so many before (gamma-Poisson).

    Args:
        seen: events today.
        exposure: of today, e.g. 1 day, or how many were to be expected at the pace of the hour.
        own, city: events (hits) of an exposure (total) before, at the place and elsewhere.
        spread: variance of a day's mean, relative to its square.
        prior: in units of exposure.
    """
    rate = (city.hits + 0.5) / (city.total + 1)
    shape, scale = own.hits + prior * rate, own.total + prior
    if spread > 0 and shape > 1 / spread:
        shape, scale = 1 / spread, scale / shape / spread
    mean = exposure * shape / scale
    return Tail(mean, _gamma_poisson(seen, shape, exposure / scale))


def series_tail(count: int, own: Seen, city: Seen, *, others: int, prior: float = 50.0) -> Tail:
    """The chance that the longest of some series is so long, where each next one follows with the usual share.

    A series of c has c - 1 repetitions; the share of repetitions among all is known from before.

    Args:
        count: of the longest series.
        own, city: repetitions (hits) of ratings (total), at the place and elsewhere.
        others: how many series there are at the place, of which this is the longest.
    """
    repeat = (own.hits + prior * city.share) / (own.total + prior)
    chance = min(1.0, max(1, others) * repeat ** (count - 1))
    return Tail(1 / (1 - min(repeat, 0.99)), max(chance, _SMALLEST))


def silence_tail(mean: float) -> Tail:
    """The chance that nothing comes where so many were to be expected (Poisson)."""
    return Tail(mean, exp(-min(mean, 600.0)))


def fisher(sum_of_logs: float, taken: int, asked: int) -> float:
    """The chance of so small a product of chances, where the smallest so many of those asked were taken.

    Fisher's method (1932) for those taken, times the number of ways to take them: an upper bound.

    Args:
        sum_of_logs: of the chances taken, with the sign turned.
        taken: how many.
        asked: of how many.
    """
    tail = exp(-sum_of_logs) * sum(sum_of_logs**k / factorial(k) for k in range(taken))
    return max(min(1.0, tail * comb(max(asked, taken), taken)), _SMALLEST)


def spread_of(excess: float, size: float) -> float:
    """The correlation within a day that makes shares differ by so much more than chance would.

    Args:
        excess: mean of the squared standardised differences (1 where there is only chance).
        size: mean number of ratings of these days.
    """
    return min(0.2, max(0.0, (excess - 1) / (size - 1))) if size > 1 and isfinite(excess) else 0.0


def limit_of(*, false_a_day: float, looked: int, most: float) -> float:
    """How small a chance must be: so many false findings a day are taken for each signal (Bonferroni).

    Args:
        false_a_day: expected, by chance alone, of one signal in the whole city.
        looked: how many places are looked at.
        most: however few places there are, no larger chance is a finding.
    """
    return min(most, false_a_day / max(1, looked))


def _beta_binomial(hits: int, total: int, a: float, b: float) -> float:
    if hits <= 0:
        return 1.0
    if a <= 0 or b <= 0:
        return 1.0
    whole = lgamma(a + b) - lgamma(a) - lgamma(b) - lgamma(total + a + b) + lgamma(total + 1)
    terms = (
        exp(whole - lgamma(k + 1) - lgamma(total - k + 1) + lgamma(k + a) + lgamma(total - k + b))
        for k in range(hits, total + 1)
    )
    return max(min(1.0, sum(terms)), _SMALLEST)


def _gamma_poisson(seen: int, shape: float, ratio: float) -> float:
    if seen <= 0:
        return 1.0
    if shape <= 0 or ratio <= 0:
        return _SMALLEST
    up, down = log(ratio) - log1p(ratio), -log1p(ratio)
    term = exp(lgamma(seen + shape) - lgamma(seen + 1) - lgamma(shape) + shape * down + seen * up)
    whole, k = 0.0, seen
    while term > whole * 1e-12 or k < shape * ratio:
        whole += term
        term *= (k + shape) / (k + 1) * exp(up)
        k += 1
        if k > seen + 100_000:
            break
    return max(min(1.0, whole), _SMALLEST)
