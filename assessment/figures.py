"""What the counts of a period mean. Pure. Every share keeps its two counts; nothing is the share of nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from operator import add
from typing import NamedTuple

from evaluations.enums import Origin


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    def per(self, many: int, places: int = 2) -> Decimal | None:
        """The share as "so many in `many`", rounded down so that all means all; None if there is no whole."""
        if not self.whole:
            return None
        return (Decimal(self.part) * many / self.whole).quantize(Decimal(10) ** -places, ROUND_DOWN)

    @property
    def percent(self) -> Decimal | None:
        return self.per(100)


class Counts(NamedTuple):
    """Ratings of one kind, as a `RatingTally` counts them. A tuple, because a page makes thousands."""

    n1: int = 0
    n2: int = 0
    n3: int = 0
    n4: int = 0
    n5: int = 0
    negative: int = 0
    invalid: int = 0
    invalid1: int = 0
    invalid2: int = 0
    with_text: int = 0
    left_out: int = 0

    def __add__(self, other: Counts) -> Counts:  # type: ignore[override]  # they add up, where tuples are joined
        return Counts(*map(add, self, other))

    @property
    def counted(self) -> int:
        """The ratings that count, void ones too: what somebody said was said."""
        return self.n1 + self.n2 + self.n3 + self.n4 + self.n5

    @property
    def received(self) -> int:
        return self.counted + self.left_out

    @property
    def effective(self) -> int:
        """有效差评: received less those declared void."""
        return self.negative - self.invalid

    @property
    def valid(self) -> int:
        """The A of domain.md §10: ratings that count, without the void ones."""
        return self.counted - self.invalid

    def good(self, threshold: int) -> int:
        """Valid ratings of at least this level (setting GOOD_THRESHOLD_LEVEL, 3 or more)."""
        return sum(count for level, count in self.valid_levels.items() if level >= threshold)

    @property
    def valid_levels(self) -> dict[int, int]:
        """The valid ratings by level. What was void and neither of level 1 nor 2 was a 中评, of level 3."""
        void3 = self.invalid - self.invalid1 - self.invalid2
        return {1: self.n1 - self.invalid1, 2: self.n2 - self.invalid2, 3: self.n3 - void3, 4: self.n4, 5: self.n5}

    def average(self, scores: Mapping[int, int]) -> Decimal | None:
        """The mean score of the valid ratings (domain.md §10, setting LEVEL_SCORES); None if there are none."""
        points = sum(scores[level] * count for level, count in self.valid_levels.items())
        return Share(points, self.valid).per(1)


MEASURES = Counts._fields
NONE = Counts()


def total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, NONE)


@dataclass(frozen=True)
class Figures:
    """The figures of one unit, subtree or region in one period, every origin for itself.

    services, rated: 办件服务 given in the period, and how many of them somebody has rated so far.
    """

    services: int = 0
    rated: int = 0
    origins: Mapping[str, Counts] = field(default_factory=dict)

    @classmethod
    def sum(cls, parts: Collection[Figures]) -> Figures:
        """All of them together. Column by column: a page adds up hundreds of units."""
        origins: dict[str, list[Counts]] = {}
        for part in parts:
            for name, counts in part.origins.items():
                origins.setdefault(name, []).append(counts)
        return cls(
            sum(part.services for part in parts),
            sum(part.rated for part in parts),
            {name: Counts._make(map(sum, zip(*counts, strict=True))) for name, counts in origins.items()},
        )

    def __add__(self, other: Figures) -> Figures:
        return Figures.sum((self, other))

    def of(self, origin: str) -> Counts:
        return self.origins.get(origin, NONE)

    @property
    def together(self) -> Counts:
        """Every origin together: for 差评, whose three numbers are of all of them; never for praise."""
        return total(self.origins.values())

    @property
    def active(self) -> Counts:
        return self.of(Origin.ACTIVE)

    @property
    def unrated(self) -> Share:
        """未评率: services that nobody has rated, of all services. A default rating is silence."""
        return Share(self.services - self.rated, self.services)

    @property
    def active_rate(self) -> Share:
        """主动评价率: A / S."""
        return Share(self.active.valid, self.services)

    def active_good_rate(self, threshold: int) -> Share:
        """主动评价好评率: G / A."""
        return Share(self.active.good(threshold), self.active.valid)

    @property
    def active_best_rate(self) -> Share:
        """非常满意度: level 5 / A."""
        return Share(self.active.n5, self.active.valid)

    @property
    def active_negative_rate(self) -> Share:
        """差评率: Nv / A, shown per 10,000."""
        return Share(self.active.effective, self.active.valid)
