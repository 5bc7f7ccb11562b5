"""How far a number may be trusted: exact intervals, funnel limits, and whether two numbers differ at all. Pure.

Counts of rare things are Poisson, parts of a whole are binomial (`evaluations.intervals.clopper_pearson`). Sources:
F. Garwood, Biometrika 28 (1936); J. Przyborowski and H. Wilenski, Biometrika 31 (1940); R. A. Fisher, J. R. Statist.
Soc. 98 (1935); D. J. Spiegelhalter, Statistics in Medicine 24 (2005). What each of them says is in docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import exp, floor, inf, lgamma, log, sqrt
from statistics import NormalDist

from evaluations.intervals import CONFIDENCE, Interval, clopper_pearson
from evaluations.specials import (
    incomplete_beta,
    incomplete_beta_above,
    incomplete_gamma,
    incomplete_gamma_above,
    poisson_density,
    root,
)

PER = 100_000
FUNNEL = (0.95, 0.998)


def poisson_interval(count: int, confidence: float = CONFIDENCE) -> Interval:
    """Garwood's exact interval for the mean of a count: each end is where so many, or as few, would be too unlikely.

    Raises:
        ValueError: the count is negative.
    """
    if count < 0:
        raise ValueError(f"no count: {count}")
    tail = (1 - confidence) / 2
    low = _mean_at(count, tail) if count else 0.0
    return Interval(low, _mean_at(count + 1, 1 - tail))


def _mean_at(count: int, value: float) -> float:
    """The mean of which at least `count` comes with this chance."""
    z = NormalDist().inv_cdf(value)
    near = count * max(0.05, 1 - 1 / (9 * count) + z / (3 * sqrt(count))) ** 3  # Wilson and Hilferty (1931)
    return root(
        lambda mean: incomplete_gamma(count, mean) - value, lambda mean: poisson_density(count - 1, mean), near, 0.0
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """So many on so much exposure, told per 100,000. Of no exposure there is no rate: value and interval are None."""

    count: int
    exposure: float
    per: int
    value: float | None
    interval: Interval | None


def rate(count: int, exposure: float, per: int = PER, confidence: float = CONFIDENCE) -> Rate:
    """A rate with its exact interval.

    Args:
        count: of events; may be larger than the exposure.
        exposure: on what they could happen, e.g. ratings.
        per: in what it is told.

    Raises:
        ValueError: count or exposure is negative.
    """
    if exposure < 0:
        raise ValueError(f"no exposure: {exposure}")
    if not exposure:
        return Rate(count, exposure, per, None, None)
    found, times = poisson_interval(count, confidence), per / exposure
    return Rate(count, exposure, per, count * times, Interval(found.low * times, found.high * times))


class Change(StrEnum):
    """What can be said of two numbers. That nothing is shown does not show that nothing is there."""

    UNKNOWN = "unknown"
    NO_EVIDENCE = "no_evidence"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Compared:
    """The first of two numbers beside the second.

    ratio: first by second; inf where the second is 0, None where both are. interval: of the ratio. p: of the exact
    test on both sides, twice the smaller tail, so that it is below 1 - confidence just where the interval leaves out 1.
    """

    ratio: float | None
    interval: Interval
    p: float
    change: Change


def _judged(ratio: float | None, interval: Interval, p: float, confidence: float) -> Compared:
    differs = p < 1 - confidence
    more = ratio is not None and ratio > 1
    change = Change.NO_EVIDENCE if not differs else Change.MORE if more else Change.LESS
    return Compared(ratio, interval, p, change)


UNKNOWN = Compared(None, Interval(0.0, inf), 1.0, Change.UNKNOWN)


def rate_ratio(count: int, exposure: float, count2: int, exposure2: float, confidence: float = CONFIDENCE) -> Compared:
    """Two rates beside one another: given how many there are in all, the first count is binomial.

    Args:
        count, exposure: of the period or unit one asks about.
        count2, exposure2: of what it is compared with.

    Returns:
        The ratio of the rates with its exact conditional interval; unknown where there is no exposure.
    """
    if not (exposure > 0 and exposure2 > 0):
        return UNKNOWN
    n = count + count2
    if not n:
        return Compared(None, Interval(0.0, inf), 1.0, Change.NO_EVIDENCE)
    scale = exposure2 / exposure
    share = clopper_pearson(count, n, confidence)
    ratio = count * scale / count2 if count2 else inf
    interval = Interval(_odds(share.low) * scale, _odds(share.high) * scale)
    return _judged(ratio, interval, _binomial_test(count, n, exposure, exposure2), confidence)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def _binomial_test(hits: int, n: int, exposure: float, exposure2: float) -> float:
    """Twice the smaller tail of so many hits, at most 1; each falls on the first side by its share of the exposure."""
    share, rest = exposure / (exposure + exposure2), exposure2 / (exposure + exposure2)
    at_least = incomplete_beta(share, hits, n - hits + 1, rest) if hits else 1.0
    at_most = incomplete_beta_above(share, hits + 1, n - hits, rest) if hits < n else 1.0
    return min(1.0, 2 * min(at_least, at_most))


@dataclass(frozen=True, slots=True)
class Count:
    """So many on so much exposure."""

    count: int
    exposure: float


def ratio_of_ratios(
    after: Count, before: Count, after2: Count, before2: Count, confidence: float = CONFIDENCE
) -> Compared:
    """How one rate has changed beside how another has: (after ÷ before) ÷ (after2 ÷ before2).

    Given how many there are of each of the two and how many came after, the first count is Fisher's noncentral
    hypergeometric, P(k) ∝ C(n, k) C(n2, t - k) (ratio · odds)^k with the odds that the exposures alone make.

    Args:
        after, before: of what one asks about.
        after2, before2: of what it is compared with.

    Returns:
        The ratio of the ratios with its exact conditional interval; unknown where one of the four has no exposure.
    """
    if not all(one.exposure > 0 for one in (after, before, after2, before2)):
        return UNKNOWN
    odds = after.exposure / before.exposure * (before2.exposure / after2.exposure)
    chances = _Noncentral.of(after.count + before.count, after2.count + before2.count, after.count + after2.count, odds)
    over, under = after.count * before2.count, before.count * after2.count
    ratio = over / under / odds if under else inf if over else None
    p = min(1.0, 2 * min(chances.at_least(after.count, 1.0), chances.at_most(after.count, 1.0)))
    guess = (after.count + 0.5) * (before2.count + 0.5) / (before.count + 0.5) / (after2.count + 0.5) / odds
    tail = (1 - confidence) / 2
    low = chances.ratio_at(after.count, tail, guess) if after.count > chances.lowest else 0.0
    high = chances.ratio_at(after.count + 1, 1 - tail, guess) if after.count < chances.highest else inf
    return _judged(ratio, Interval(low, high), p, confidence)


@dataclass(frozen=True, slots=True)
class _Noncentral:
    """Fisher's noncentral hypergeometric distribution: logarithms of the chances at a ratio of 1, but for a factor."""

    lowest: int
    logs: tuple[float, ...]

    @classmethod
    def of(cls, n: int, n2: int, drawn: int, odds: float) -> _Noncentral:
        lowest, highest = max(0, drawn - n2), min(n, drawn)

        def weight(k: int) -> float:
            return k * log(odds) - sum(lgamma(part + 1) for part in (k, n - k, drawn - k, n2 - drawn + k))

        return cls(lowest, tuple(weight(k) for k in range(lowest, highest + 1)))

    @property
    def highest(self) -> int:
        return self.lowest + len(self.logs) - 1

    def _chances(self, ratio: float) -> list[float]:
        logs = [one + place * log(ratio) for place, one in enumerate(self.logs)]
        most = max(logs)
        parts = [exp(one - most) for one in logs]
        whole = sum(parts)
        return [part / whole for part in parts]

    def at_least(self, k: int, ratio: float) -> float:
        """The chance of k or more."""
        return min(1.0, sum(self._chances(ratio)[max(0, k - self.lowest) :]))

    def at_most(self, k: int, ratio: float) -> float:
        """The chance of k or fewer."""
        return min(1.0, sum(self._chances(ratio)[: max(0, k + 1 - self.lowest)]))

    def slope(self, k: int, ratio: float) -> float:
        """The derivative of that by the ratio."""
        chances = self._chances(ratio)
        mean = sum(place * chance for place, chance in enumerate(chances))
        place = max(0, k - self.lowest)
        return sum((at - mean) * chance for at, chance in enumerate(chances) if at >= place) / ratio

    def ratio_at(self, k: int, value: float, guess: float) -> float:
        """The ratio at which k or more have this chance."""
        return root(lambda ratio: self.at_least(k, ratio) - value, lambda ratio: self.slope(k, ratio), guess, 0.0)


def share_difference(hits: int, n: int, hits2: int, n2: int, confidence: float = CONFIDENCE) -> Compared:
    """Two shares beside one another, by Fisher's exact test: given how many hits there are in all.

    Returns:
        The ratio of the shares, and whether they differ; the interval tells nothing. Unknown where one is of nothing.
    """
    if not (n > 0 and n2 > 0):
        return UNKNOWN
    first, second = hits / n, hits2 / n2
    ratio = first / second if second else inf if first else None
    return _judged(ratio, Interval(0.0, inf), _fisher(hits, n, hits2, n2), confidence)


def _fisher(hits: int, n: int, hits2: int, n2: int) -> float:
    """Twice the smaller hypergeometric tail, at most 1."""
    drawn = hits + hits2
    lowest, highest = max(0, drawn - n2), min(n, drawn)
    if lowest == highest:
        return 1.0
    here = _hypergeometric(hits, n, drawn, n2)
    above = hits * (n + n2) > drawn * n
    tail = _tail(here, hits, highest if above else lowest, 1 if above else -1, n, drawn, n2)
    return min(1.0, 2 * min(tail, 1 - tail + here))  # the other tail is the rest, and this chance again


def rates_differ(count: int, exposure: float, count2: int, exposure2: float, level: float) -> bool:
    """Whether the p of `rate_ratio` is below a level, without the interval."""
    n = count + count2
    return bool(n) and _binomial_test(count, n, exposure, exposure2) < level


def shares_differ(hits: int, n: float, hits2: int, n2: float, level: float) -> bool:
    """Whether the p of `share_difference` is below a level.

    Where twice the chance of just these hits reaches it, both tails do, and none is summed.
    """
    first, second = int(n), int(n2)
    if 2 * _hypergeometric(hits, first, hits + hits2, second) >= level:
        return False
    return _fisher(hits, first, hits2, second) < level


def _hypergeometric(hits: int, n: int, drawn: int, n2: int) -> float:
    """The chance of so many hits among the first n, as three binomial densities of the same share (Loader)."""
    share = drawn / (n + n2)
    return _binomial(hits, n, share) * _binomial(drawn - hits, n2, share) / _binomial(drawn, n + n2, share)


def _binomial(hits: int, n: int, share: float) -> float:
    """The density of a binomial at so many hits: of Poisson densities, so that nothing is lost where n is large."""
    if hits == 0:
        return (1 - share) ** n
    if hits == n:
        return share**n
    rest = n - hits
    both = poisson_density(hits, n * share) * poisson_density(rest, n * (1 - share))
    return both / poisson_density(n, n)


def _tail(chance: float, hits: int, end: int, step: int, n: int, drawn: int, n2: int) -> float:
    """This chance and all further out on one side."""
    total = chance
    while hits != end and chance > total * 1e-17:
        if step > 0:
            chance *= (n - hits) * (drawn - hits) / ((hits + 1) * (n2 - drawn + hits + 1))
        else:
            chance *= hits * (n2 - drawn + hits) / ((n - hits + 1) * (drawn - hits + 1))
        hits += step
        total += chance
    return total


def funnel_of_share(target: float, n: int, confidence: float) -> Interval:
    """Between which shares a unit of size n lies by chance alone, if its true share is the target.

    Exact and interpolated between whole counts (Spiegelhalter 2005, A.1.1).

    Args:
        target: within [0, 1], e.g. the share of all units together.
        n: at least 1.
    """
    if target <= 0 or target >= 1:
        return Interval(target, target)

    def at_most(hits: int) -> float:
        return incomplete_beta_above(target, hits + 1, n - hits) if hits < n else 1.0

    spread = sqrt(n * target * (1 - target))
    ends = [_interpolated(at_most, n * target, spread, tail, n) / n for tail in _tails(confidence)]
    return Interval(ends[0], min(1.0, ends[1]))


def funnel_of_rate(target: float, exposure: float, confidence: float) -> Interval:
    """Between which rates (events for one of exposure) a unit lies by chance alone, if its true rate is the target.

    Args:
        target: not negative.
        exposure: more than 0.
    """
    mean = target * exposure
    if mean <= 0:
        return Interval(0.0, 0.0)

    def at_most(count: int) -> float:
        return incomplete_gamma_above(count + 1, mean)

    low, high = (_interpolated(at_most, mean, sqrt(mean), tail, None) / exposure for tail in _tails(confidence))
    return Interval(low, high)


def _tails(confidence: float) -> tuple[float, float]:
    return (1 - confidence) / 2, (1 + confidence) / 2


def _interpolated(at_most: Callable[[int], float], mean: float, spread: float, tail: float, n: int | None) -> float:
    """The count at which the chance of at most so many comes to a tail, as if counts were not whole."""
    count = max(0, floor(mean + NormalDist().inv_cdf(tail) * spread))
    count = count if n is None else min(n, count)
    while at_most(count) < tail and (n is None or count < n):
        count += 1
    while count > 0 and at_most(count - 1) >= tail:
        count -= 1
    here, before = at_most(count), at_most(count - 1) if count else 0.0
    return max(0.0, count - (here - tail) / (here - before))
