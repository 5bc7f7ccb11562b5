"""新话题: words that more texts of a quarter hold than chance explains against the year before. Pure.

A text either holds a pair of letters or not. Given in how many texts of both periods it stands, the number among the
new ones is hypergeometric if nothing has changed: the test is exact. Of hundreds of pairs some always stand out, so the
chance is multiplied by how many could have (R. E. Tarone, Biometrics 46, 1990): pairs too rare to ever stand out are
not counted among those looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import comb

from assessment.suggesting import joined, pairs_in

MOST = 12


@dataclass(frozen=True)
class Topic:
    """Words with the cases whose texts hold them, now and in the year before. chance: for all that were looked at."""

    words: str
    now: tuple[int, ...]
    before: tuple[int, ...]
    chance: float
    looked: int


def chance_of_so_many(now: int, both: int, texts: int, texts_before: int) -> float:
    """The chance that of texts that hold a pair at least so many are new ones, if it stands in both alike.

    Args:
        now, both: how many new texts hold it, and how many of all.
        texts, texts_before: how many texts there are.
    """
    highest = min(both, texts)
    ways = sum(comb(texts, hits) * comb(texts_before, both - hits) for hits in range(now, highest + 1))
    return ways / comb(texts + texts_before, both)


def looked_at(totals: Mapping[int, int], texts: int, texts_before: int, level: float) -> int:
    """Tarone's number: the smallest K such that at most K pairs can have a chance of level / K.

    Args:
        totals: how many pairs stand in so many texts of both periods.
    """
    least = {both: chance_of_so_many(min(both, texts), both, texts, texts_before) for both in totals}
    factor = 1
    while sum(count for both, count in totals.items() if least[both] <= level / factor) > factor:
        factor += 1
    return factor


def topics(
    now: Mapping[int, str],
    before: Mapping[int, str],
    *,
    level: float,
    least: int,
    identifies: Callable[[str], bool],
) -> list[Topic]:
    """What is new in the texts of a quarter, the least likely by chance first.

    Args:
        now, before: texts by case, without what identifies somebody; those of the quarter and of the year before.
        level: the chance of finding anything where nothing is new.
        least: in how many new texts words must stand, so that they are nobody's own.
        identifies: whether words may name somebody; they are never shown.
    """
    here, there = _holders(now), _holders(before)
    totals: dict[int, int] = defaultdict(int)
    for pair in {**here, **there}:
        totals[len(here.get(pair, ())) + len(there.get(pair, ()))] += 1
    factor = looked_at(totals, len(now), len(before), level)
    found: dict[tuple[tuple[int, ...], tuple[int, ...]], list[str]] = defaultdict(list)
    chances: dict[tuple[int, int], float] = {}
    for pair, cases in here.items():
        others = there.get(pair, ())
        size = len(cases), len(cases) + len(others)
        if len(cases) >= least:
            if size not in chances:
                chances[size] = chance_of_so_many(*size, len(now), len(before))
            if chances[size] * factor <= level:
                found[cases, others].append(pair)
    told = [
        Topic(words, cases, others, chances[len(cases), len(cases) + len(others)] * factor, factor)
        for (cases, others), pairs in found.items()
        for words in joined(now[cases[0]], pairs)
        if not identifies(words)
    ]
    return sorted(told, key=lambda topic: (topic.chance, -len(topic.words), topic.words))[:MOST]


def _holders(texts: Mapping[int, str]) -> dict[str, tuple[int, ...]]:
    """In which texts each pair stands."""
    found: dict[str, list[int]] = defaultdict(list)
    for case in sorted(texts):
        for pair in sorted(set(pairs_in(texts[case]))):
            found[pair].append(case)
    return {pair: tuple(cases) for pair, cases in found.items()}
