"""工作日历: which days are worked, and counting in them. Pure: no clock, no database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from organizations.enums import DayKind

SATURDAY = 5
DAY = timedelta(days=1)


def end_of(day: date) -> datetime:
    """The last moment of a day, where the portal stands."""
    return timezone.make_aware(datetime.combine(day, time.max))


def _weekdays_up_to(day: date) -> int:
    """How many Monday-to-Friday days lie between 0001-01-01 (a Monday) and `day`, both included."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)


class WorkingCalendar:
    """Monday to Friday, corrected by the days that differ: 放假 and 调休上班.

    The State Council's office announces each year's exchanged days in the autumn before; a year not yet
    announced is not in `confirmed_years`, and every date reckoned through it is provisional.
    """

    def __init__(self, exceptions: Mapping[date, DayKind], confirmed_years: frozenset[int], version: str) -> None:
        """`version` names this state of the table; it is stored beside every date reckoned with it."""
        self.version = version
        self.confirmed_years = confirmed_years
        self._exceptions = dict(exceptions)
        self._off = sorted(
            day for day, kind in exceptions.items() if kind == DayKind.HOLIDAY and day.weekday() < SATURDAY
        )
        self._on = sorted(
            day for day, kind in exceptions.items() if kind == DayKind.MAKEUP and day.weekday() >= SATURDAY
        )

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        kind = self._exceptions.get(day)
        if kind is None:
            return day.weekday() < SATURDAY
        return kind == DayKind.MAKEUP

    def count_working_days(self, after: date, until: date) -> int:
        """The working days after `after` up to and including `until`; 0 when `until` is not later."""
        if until <= after:
            return 0
        return self._worked_up_to(until) - self._worked_up_to(after)

    def add_working_days(self, start: date, amount: int) -> date:
        """The `amount`-th working day after `start`, which itself is never counted; `start` for 0.

        A stretch of n days holds at most n working days, so stepping by what is still missing never
        oversteps, and it ends exactly on a working day.

        Raises ValueError for a negative amount.
        """
        if amount < 0:
            raise ValueError("amount of working days below 0")
        day, missing = start, amount
        while missing:
            reached = day + timedelta(days=missing)
            missing -= self.count_working_days(day, reached)
            day = reached
        return day

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last working day before `day`."""
        day -= DAY
        while not self.is_working(day):
            day -= DAY
        return day

    def is_provisional(self, first: date, last: date) -> bool:
        """Whether a span touches a year whose exchanged days have not been confirmed."""
        return any(year not in self.confirmed_years for year in range(first.year, last.year + 1))

    def _worked_up_to(self, day: date) -> int:
        return _weekdays_up_to(day) - bisect_right(self._off, day) + bisect_right(self._on, day)
