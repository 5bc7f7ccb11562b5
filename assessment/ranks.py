"""Units beside one another: rates for sorting, how far a rank may be trusted, and who cannot be told apart. Pure.

Sources: H. Goldstein and D. J. Spiegelhalter, J. R. Statist. Soc. A 159 (1996) on ranks; R. J. Marshall, Applied
Statistics 40 (1991) on shrunken rates; J. C. Kleinman, JASA 68 (1973) on shrunken shares.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum
from random import Random

from evaluations.intervals import CONFIDENCE

DRAWS = 1000
_JEFFREYS = 0.5
Test = Callable[[int, float, int, float, float], bool]


def shrunken_rates_for_sorting(counts: Sequence[int], exposures: Sequence[float]) -> list[float | None]:
    """Rates drawn towards that of all together, the more the smaller the unit (Marshall 1991). Never shown as a rate.

    Args:
        counts, exposures: of each unit.

    Returns:
        The mean of each unit's gamma posterior; None without exposure.
    """
    whole = fsum(exposures)
    if not whole:
        return [None] * len(counts)
    mean = sum(counts) / whole
    sized = [(count, exposure) for count, exposure in zip(counts, exposures, strict=True) if exposure]
    spread = fsum(exposure * (count / exposure - mean) ** 2 for count, exposure in sized) / whole
    between = max(0.0, spread - mean * len(sized) / whole)
    if not between:
        return [mean if exposure else None for exposure in exposures]
    prior = mean / between  # as much exposure as the prior is worth
    pairs = zip(counts, exposures, strict=True)
    return [(count + mean * prior) / (exposure + prior) if exposure else None for count, exposure in pairs]


def shrunken_shares_for_sorting(hits: Sequence[int], wholes: Sequence[int]) -> list[float | None]:
    """The same for shares of a whole: the mean of each unit's beta posterior (Kleinman 1973)."""
    n, sized = sum(wholes), [(hit, whole) for hit, whole in zip(hits, wholes, strict=True) if whole]
    if not n:
        return [None] * len(hits)
    mean, free = sum(hits) / n, len(sized) - 1
    noise = mean * (1 - mean)
    room = n - fsum(whole * whole for _hit, whole in sized) / n - free
    if noise <= 0 or room <= 0:
        return [mean if whole else None for whole in wholes]
    spread = fsum(whole * (hit / whole - mean) ** 2 for hit, whole in sized)
    alike = min(1.0, (spread / noise - free) / room)
    if alike <= 0:
        return [mean if whole else None for whole in wholes]
    prior = (1 - alike) / alike
    pairs = zip(hits, wholes, strict=True)
    return [(hit + mean * prior) / (whole + prior) if whole else None for hit, whole in pairs]


@dataclass(frozen=True, slots=True)
class RankInterval:
    """Between which ranks a unit lies; 1 has the highest number."""

    low: int
    high: int


def rank_intervals(
    counts: Sequence[int], exposures: Sequence[float], *, seed: int, draws: int = DRAWS, confidence: float = CONFIDENCE
) -> list[RankInterval]:
    """Ranks of rates by simulation: each rate is drawn from its posterior Gamma(count + ½, exposure) (Jeffreys' prior).

    Args:
        exposures: each more than 0.
        seed: the same seed gives the same intervals.
        draws: how often all units are drawn and ranked.
    """
    dice = Random(seed)  # noqa: S311 - a simulation that anybody can repeat, no secret
    shapes = [(count + _JEFFREYS, 1 / exposure) for count, exposure in zip(counts, exposures, strict=True)]
    return _ranked(len(shapes), lambda: [dice.gammavariate(*shape) for shape in shapes], draws, confidence)


def rank_intervals_of_shares(
    hits: Sequence[int], wholes: Sequence[int], *, seed: int, draws: int = DRAWS, confidence: float = CONFIDENCE
) -> list[RankInterval]:
    """The same for shares, each drawn from Beta(hits + ½, others + ½).

    Args:
        wholes: each at least 1.
    """
    dice = Random(seed)  # noqa: S311 - as above
    shapes = [(hit + _JEFFREYS, whole - hit + _JEFFREYS) for hit, whole in zip(hits, wholes, strict=True)]
    return _ranked(len(shapes), lambda: [dice.betavariate(*shape) for shape in shapes], draws, confidence)


def _ranked(units: int, draw: Callable[[], list[float]], draws: int, confidence: float) -> list[RankInterval]:
    ranks: list[list[int]] = [[] for _ in range(units)]
    for _ in range(draws):
        drawn = draw()
        for place, unit in enumerate(sorted(range(units), key=drawn.__getitem__, reverse=True), start=1):
            ranks[unit].append(place)
    cut = int(draws * (1 - confidence) / 2)
    return [RankInterval(places[cut], places[-1 - cut]) for places in map(sorted, ranks)]


def groups_without_evidence(
    counts: Sequence[int], exposures: Sequence[float], *, differ: Test, level: float = 1 - CONFIDENCE
) -> list[tuple[int, ...]]:
    """Chains of units, from the highest number down, within which no two show evidence of a difference.

    Every pair within a chain was tested exactly, each at level divided by the number of all pairs (Bonferroni), so that
    among units that are all alike some pair is told apart at most once in 1 / level. Chains may overlap: that A is
    like B and B like C does not make A like C. A chain ends before the first unit that differs from any in it.

    Args:
        counts, exposures: of each unit; exposures more than 0.
        differ: `rates_differ`, or `shares_differ` where counts are part of the whole.

    Returns:
        The places of the units in `counts`, each chain as long as it can be; none lies within another.
    """
    order = sorted(range(len(counts)), key=lambda unit: counts[unit] / exposures[unit], reverse=True)
    pairs = len(order) * (len(order) - 1) / 2
    chains: list[tuple[int, ...]] = []
    begin = 0
    for end, unit in enumerate(order):
        here = counts[unit], exposures[unit]
        differing = [
            place
            for place in range(begin, end)
            if differ(counts[order[place]], exposures[order[place]], *here, level / pairs)
        ]
        if differing:
            chains.append(tuple(order[begin:end]))
            begin = differing[-1] + 1
    return [*chains, tuple(order[begin:])] if order else []
