"""What the figures of one run share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bench.rounds import Check, Figure, Goal
from bench.rows import Kind, Ratings
from bench.sizes import Size
from bench.town import Town


@dataclass
class Run:
    """One run of the benchmark.

    Attributes:
        mark: letters and digits that no other run on this data has.
        year: the first day of the twelve months that are filled.
    """

    town: Town
    size: Size
    kinds: Sequence[Kind]
    mark: str
    year: date
    figures: list[Figure] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def figure(self, goal: Goal) -> Figure:
        """A figure that will stand in the report."""
        made = Figure(goal)
        self.figures.append(made)
        return made

    def check(self, name: str, expected: object, found: object) -> None:
        """Notes something that must be so."""
        self.checks.append(Check(name, expected, found))
        if expected != found:
            print(f"    ! {name}: expected {expected}, found {found}", flush=True)

    def ratings(self, series: str, first: date, days: int, count: int) -> Ratings:
        """The rows of a file of this run."""
        return Ratings(self.kinds, f"{self.mark}{series}", first, days, count, self.size.negatives)

    def month(self, number: int) -> date:
        """The first day of one of the filled months, counted backwards from the last (0)."""
        return first_of_month(self.year, 11 - number % 12)

    @property
    def days(self) -> int:
        """How many days the filled year has."""
        return (first_of_month(self.year, 12) - self.year).days


def first_of_month(day: date, later: int) -> date:
    """The first day of the month so many months after a day's."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def last_year(today: date) -> date:
    """The first day of the twelve full months before today's."""
    return first_of_month(today, -12)


def day_in(month: date) -> date:
    """A working day in the middle of a month."""
    day = month + timedelta(days=14)
    return day - timedelta(days=max(0, day.weekday() - 4))
