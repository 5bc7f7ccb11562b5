"""Rounds in turns, and what is made of them: the ratio of each round, their median, and how far they lie apart.

Absolute speeds of a shared machine wander; the limit and ours, measured one after the other, wander together.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Found = TypeVar("Found")
MORE, LESS = "more is better", "less is better"
# Below this a ratio is said as "one in so many".
SMALL = 0.1


def said(ratio: float) -> str:
    """A ratio as people read it: 0.53, but 1/400."""
    return f"1/{1 / ratio:,.0f}" if 0 < ratio < SMALL else f"{ratio:.2f}"


@dataclass(frozen=True)
class Goal:
    """What a figure is held to.

    Attributes:
        must, aim: of the ratio; None where there is nothing to hold it to.
        better: `MORE` or `LESS`.
    """

    key: str
    title: str
    base: str
    ours: str
    unit: str
    must: float | None = None
    aim: float | None = None
    better: str = MORE

    def verdict(self, ratio: float) -> str:
        """ "aim", "must", "missed", or "" where nothing was promised."""
        for name, bound in (("aim", self.aim), ("must", self.must)):
            if bound is not None and (ratio >= bound if self.better == MORE else ratio <= bound):
                return name
        return "" if self.must is None else "missed"


@dataclass(frozen=True)
class Round:
    """One round: the limit, ours, and how busy the machine was (the load average of a minute)."""

    base: float
    ours: float
    load: float

    @property
    def ratio(self) -> float:
        return self.ours / self.base if self.base else 0.0


@dataclass
class Figure:
    """A goal and the rounds that measured it."""

    goal: Goal
    rounds: list[Round] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)

    def add(self, base: float, ours: float) -> None:
        """Notes one more round."""
        self.rounds.append(Round(base, ours, os.getloadavg()[0]))
        last = self.rounds[-1]
        goal = self.goal
        print(
            f"    {goal.key} round {len(self.rounds)}: {goal.base} {base:,.6g} · {goal.ours} {ours:,.6g} {goal.unit}"
            f" · ratio {said(last.ratio)} · load {last.load:.1f}",
            flush=True,
        )

    @property
    def median(self) -> float:
        return statistics.median(r.ratio for r in self.rounds)

    def as_json(self) -> dict[str, Any]:
        """Everything about it, as plain values."""
        ratios = [r.ratio for r in self.rounds]
        goal = self.goal
        return {
            "key": goal.key,
            "title": goal.title,
            "base": goal.base,
            "ours": goal.ours,
            "unit": goal.unit,
            "must": goal.must,
            "aim": goal.aim,
            "better": goal.better,
            "median": float(f"{self.median:.4g}"),
            "min": float(f"{min(ratios):.4g}"),
            "max": float(f"{max(ratios):.4g}"),
            "base_median": statistics.median(r.base for r in self.rounds),
            "ours_median": statistics.median(r.ours for r in self.rounds),
            "verdict": goal.verdict(self.median),
            "rounds": [{"base": r.base, "ours": r.ours, "ratio": r.ratio, "load": r.load} for r in self.rounds],
            "notes": self.notes,
        }


@dataclass(frozen=True)
class Check:
    """Something that must be so, however fast it was."""

    name: str
    expected: Any
    found: Any

    @property
    def good(self) -> bool:
        return bool(self.expected == self.found)


def in_turns(count: int, *sides: Callable[[int], Found]) -> Iterable[tuple[Found, ...]]:
    """Runs the sides of each round one after the other, every other round in the opposite order.

    Yields:
        What each side gave, in the order in which the sides were named.
    """
    for number in range(count):
        order = list(range(len(sides)))
        found: dict[int, Found] = {}
        for place in order if number % 2 == 0 else reversed(order):
            found[place] = sides[place](number)
        yield tuple(found[place] for place in order)
