"""差评分析: what valid 差评 of a period have in common, as lists of cases; a number is the length of a list. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assessment.classing import Classed
from assessment.suggesting import pairs_in
from assessment.uncertainty import UNKNOWN, Change, Compared, Rate, rate, rate_ratio

LEVEL = 0.05
UNCLASSED = "-"


@dataclass(frozen=True)
class Bad:
    """A valid 差评件. unit: with which it was at the moment of asking. again: the same unit had this class before."""

    case: int
    number: str
    unit: str
    unit_name: str
    item: str
    item_name: str
    channel: str
    received: datetime
    classed: Classed
    again: bool = False

    @property
    def group(self) -> str:
        """The class as an address says it: no class is one of its own."""
        return self.classed.name or UNCLASSED


@dataclass(frozen=True)
class Selection:
    """Which of them; what is empty asks for nothing. term: a stretch of letters whose pairs all stand in the text."""

    group: str = ""
    unit: str = ""
    item: str = ""
    channel: str = ""
    again: bool = False
    term: str = ""

    def holds(self, bad: Bad) -> bool:
        """Whether a case is one of them, whatever its text."""
        asked = ((self.group, bad.group), (self.unit, bad.unit), (self.item, bad.item), (self.channel, bad.channel))
        return all(not wanted or wanted == value for wanted, value in asked) and (bad.again or not self.again)

    def query(self) -> dict[str, str]:
        """As an address says it."""
        words = {name: getattr(self, name) for name in ("group", "item", "channel", "term")}
        words |= {"holder": self.unit, "again": "1" if self.again else ""}
        return {name: value for name, value in words.items() if value}


def chosen(bads: Iterable[Bad], selection: Selection, texts: Mapping[int, str] | None = None) -> list[Bad]:
    """The cases of a selection: every number of the page is the length of such a list.

    Args:
        texts: of the cases, without what identifies somebody; needed for a term.
    """
    found = [bad for bad in bads if selection.holds(bad)]
    wanted = frozenset(pairs_in(selection.term))
    if not selection.term:
        return found
    return [bad for bad in found if wanted and wanted <= frozenset(pairs_in((texts or {}).get(bad.case, "")))]


def grouped(bads: Iterable[Bad], key: Callable[[Bad], str]) -> dict[str, list[Bad]]:
    """The cases by what they have in common, the largest group first."""
    found: dict[str, list[Bad]] = {}
    for bad in bads:
        found.setdefault(key(bad), []).append(bad)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


@dataclass(frozen=True)
class Base:
    """On how many ratings the cases of a period came; least: how many it takes to compare."""

    ratings: int
    least: int = 0

    @property
    def enough(self) -> bool:
        return self.ratings >= max(1, self.least)


@dataclass(frozen=True)
class ClassLine:
    """A class now and before. compared: their rates, judged for as many classes as were looked at."""

    group: str
    now: int
    before: int
    compared: Compared
    enough: bool


def class_lines(now: Sequence[Bad], before: Sequence[Bad], base: Base, base_before: Base) -> list[ClassLine]:
    """Every class of one of two periods, the most frequent one first.

    The interval of the ratio is exact, of 95 %. That a class has changed is said only if the chance of it, times the
    number of classes, stays below 5 % (Bonferroni): of twenty classes one always seems to move.
    """
    here, there = grouped(now, lambda bad: bad.group), grouped(before, lambda bad: bad.group)
    counts = {name: (len(here.get(name, [])), len(there.get(name, []))) for name in {**here, **there}}
    lines = [
        ClassLine(
            name,
            first,
            second,
            _judged(rate_ratio(first, base.ratings, second, base_before.ratings), len(counts)),
            base.enough and base_before.enough,
        )
        for name, (first, second) in counts.items()
    ]
    return sorted(lines, key=lambda line: (-line.now, -line.before, line.group))


def _judged(compared: Compared, looked: int) -> Compared:
    if compared is UNKNOWN or compared.p * looked < LEVEL:
        return compared
    return replace(compared, change=Change.NO_EVIDENCE)


@dataclass(frozen=True)
class Matter:
    """A 热点事项. rate: per 100,000 ratings that people gave themselves; enough: whether it is no small sample."""

    item: str
    name: str
    count: int
    rate: Rate
    enough: bool


def hot_matters(now: Iterable[Bad], ratings: Mapping[str, int], *, least: int, most: int = 10) -> list[Matter]:
    """The matters with most 差评.

    Args:
        ratings: how many each matter has, by its code.
        least: below this its rate is a small sample. most: of matters that are shown.
    """
    found = grouped((bad for bad in now if bad.item), lambda bad: bad.item)
    lines = []
    for item, bads in list(found.items())[:most]:
        base = ratings.get(item, 0)
        lines.append(Matter(item, bads[0].item_name, len(bads), rate(len(bads), base), base >= max(1, least)))
    return lines


@dataclass(frozen=True)
class Pair:
    """A unit and a class with their cases; first: the oldest of them."""

    unit: str
    unit_name: str
    group: str
    bads: tuple[Bad, ...]


def by_unit_and_class(bads: Iterable[Bad]) -> list[Pair]:
    """Every unit with every class it has, the most cases first."""
    found: dict[tuple[str, str], list[Bad]] = {}
    for bad in bads:
        found.setdefault((bad.unit, bad.group), []).append(bad)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Pair(unit, some[0].unit_name, group, tuple(some)) for (unit, group), some in ordered]


def repeats(bads: Iterable[Bad]) -> list[Pair]:
    """Where the same unit had the same class again, with the cases that came again."""
    return by_unit_and_class(bad for bad in bads if bad.again)


def candidates(bads: Iterable[Bad], *, least: int) -> list[Pair]:
    """可立项专项整治: a unit with so many 差评 of one class in a quarter (domain.md §12, setting CAMPAIGN_CLASS_MIN).

    What has no class is no reason for a campaign.
    """
    return [pair for pair in by_unit_and_class(bads) if len(pair.bads) >= least and pair.group != UNCLASSED]
