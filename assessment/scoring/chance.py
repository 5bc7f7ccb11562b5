"""Between which ranks a score lies if chance is taken into account. Pure, and the same for the same seed.

Each item is drawn anew from what was counted under it: a share from its Beta posterior, 差评 from their Gamma posterior
(Jeffreys' prior, as in `assessment.ranks`), losses from how many of the cases cost points. What people decided
(deductions, bonuses, campaign shares) is no chance and stays. An approximation for reading ranks, never a score.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from assessment.enums import LineKind, Rule
from assessment.ranks import RankInterval
from assessment.scoring.points import Facts, Ratio, Score
from assessment.scoring.scheme import Item, Scheme

DRAWS, CUT = 200, 5  # of 200 ranks in their order, 5 on each side lie outside 95 %
_HALF = 0.5


@dataclass(frozen=True)
class Ranked:
    """Somebody with a rank: who it is compared with, and what its score rests on."""

    key: str
    group: tuple[str, str]
    facts: Facts
    score: Score


def reaches(scheme: Scheme, some: Iterable[Ranked], *, seed: int) -> dict[str, RankInterval]:
    """The ranks of each between the 2.5th and the 97.5th of every hundred draws."""
    groups: dict[tuple[str, str], list[Ranked]] = defaultdict(list)
    for one in some:
        groups[one.group].append(one)
    dice = Random(seed)  # noqa: S311 - a simulation that anybody can repeat, no secret
    return {key: found for group in groups.values() for key, found in _of_group(scheme, group, dice).items()}


def _of_group(scheme: Scheme, group: Sequence[Ranked], dice: Random) -> dict[str, RankInterval]:
    drawn = [[_drawn(scheme, one, dice) for _draw in range(DRAWS)] for one in group]
    places: list[list[int]] = [[] for _one in group]
    for draw in range(DRAWS):
        order = sorted(range(len(group)), key=lambda place: drawn[place][draw], reverse=True)
        for rank, place in enumerate(order, start=1):
            places[place].append(rank)
    sides = (sorted(ranks) for ranks in places)
    return {one.key: RankInterval(low[CUT], low[-1 - CUT]) for one, low in zip(group, sides, strict=True)}


def _drawn(scheme: Scheme, one: Ranked, dice: Random) -> float:
    assessed = {line.item for line in one.score.lines if line.kind == LineKind.ITEM}
    total = float(one.score.total)
    for item in scheme.items:
        if item.code in assessed:
            weight, points = float(item.weight), float(one.score.of(item.code))
            total += min(weight - points, max(-points, _change(item, one.facts, dice)))
    return total


def _change(item: Item, facts: Facts, dice: Random) -> float:
    """How many points more or less an item could as well have come to."""
    if item.rule == Rule.EACH:
        return _losses(item, facts, dice)
    if item.rule == Rule.TOLD:
        return 0.0
    ratio = facts.measures[item.metric]
    if item.rule == Rule.BANDS:
        found, now = _bands(item, facts, ratio, dice)
    else:
        part, rest = float(ratio.part), max(0.0, ratio.whole - float(ratio.part))
        found, now = dice.betavariate(part + _HALF, rest + _HALF), part / ratio.whole
        if item.rule == Rule.LINEAR:
            found, now = (_line(item, value) for value in (found, now))
    return float(item.weight) * (found - now)


def _line(item: Item, value: float) -> float:
    return min(1.0, max(0.0, (value - float(item.floor)) / float(item.full - item.floor)))


def _bands(item: Item, facts: Facts, ratio: Ratio, dice: Random) -> tuple[float, float]:
    before = facts.before[item.metric]
    last = (float(before.part) + 1) / before.whole
    drawn = dice.gammavariate(float(ratio.part) + _HALF, 1.0)
    found, now = (_band(item, (part + 1) / ratio.whole / last) for part in (drawn, float(ratio.part)))
    return found, now


def _band(item: Item, times: float) -> float:
    return float(next(band.share for band in item.bands if band.upto is None or times <= band.upto))


def _losses(item: Item, facts: Facts, dice: Random) -> float:
    """Losses as so many of as many as there could have been, each of the mean cost of those there were."""
    costs = [float(loss.points) for loss in item.losses for _case in facts.of([loss.cases])]
    most = max(len(facts.of(item.base)) * len(item.losses), len(costs))
    each = sum(costs) / len(costs) if costs else float(sum(loss.points for loss in item.losses)) / len(item.losses)
    share = dice.betavariate(len(costs) + _HALF, most - len(costs) + _HALF)
    return sum(costs) - share * most * each
