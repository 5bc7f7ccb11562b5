"""Days, months, quarters and years as periods with a first day. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from assessment.enums import Grain

MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_NAME = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])))?")


class Stretch(Protocol):
    """Days from one until another that is no longer among them; a period is such a stretch."""

    @property
    def begins(self) -> date: ...

    @property
    def after(self) -> date: ...


@dataclass(frozen=True, order=True)
class Days:
    """Any days: from `begins` until `after`, which is no longer among them."""

    begins: date
    after: date

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def count(self) -> int:
        return (self.after - self.begins).days

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.begins <= day < self.after


@dataclass(frozen=True, order=True)
class Period:
    """One period, named by its first day."""

    begins: date
    grain: Grain

    @property
    def after(self) -> date:
        """The first day that is no longer in it."""
        if self.grain == Grain.DAY:
            return self.begins + timedelta(days=1)
        return _month(self.begins, MONTHS[self.grain])

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def name(self) -> str:
        """How it stands in an address: 2026-11, 2026-Q4, 2026; a day as 2026-11-23."""
        year, month = f"{self.begins.year:04d}", self.begins.month
        if self.grain == Grain.YEAR:
            return year
        if self.grain == Grain.QUARTER:
            return f"{year}-Q{(month + 2) // 3}"
        return self.begins.isoformat() if self.grain == Grain.DAY else f"{year}-{month:02d}"

    @property
    def quarter(self) -> int:
        return (self.begins.month + 2) // 3

    def before(self) -> Period:
        """The period that ends where this one begins."""
        return period_of(self.begins - timedelta(days=1), self.grain)


def period_of(day: date, grain: Grain) -> Period:
    """The period of a grain that holds a day."""
    if grain == Grain.DAY:
        return Period(day, grain)
    length = MONTHS[grain]
    return Period(date(day.year, (day.month - 1) // length * length + 1, 1), grain)


def read_period(name: str) -> Period:
    """The month, quarter or year of this name.

    Raises:
        ValueError: there is none.
    """
    found = _NAME.fullmatch(name) if name.isascii() else None
    if found is None:
        raise ValueError(name)
    year, month, quarter = found.groups()
    if month:
        return Period(date(int(year), int(month), 1), Grain.MONTH)
    if quarter:
        return Period(date(int(year), int(quarter) * 3 - 2, 1), Grain.QUARTER)
    return Period(date(int(year), 1, 1), Grain.YEAR)


def last_periods(today: date, grain: Grain, count: int) -> list[Period]:
    """The period that holds a day and those before it, the newest first."""
    found = [period_of(today, grain)]
    while len(found) < count:
        found.append(found[-1].before())
    return found


def months_between(first: date, last: date) -> Iterator[Period]:
    """The months from that of one day to that of another."""
    month = period_of(first, Grain.MONTH)
    while month.begins <= last:
        yield month
        month = Period(month.after, Grain.MONTH)


def _month(day: date, ahead: int) -> date:
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
