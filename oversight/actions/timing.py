"""期限 of what oversight asks for: counted, and counted again, as of the duties of a case."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from organizations.calendar import WorkingCalendar
from organizations.queries import working_calendar
from rectification import deadlines
from rectification.actions import plan_warning
from rectification.enums import TimeUnit
from rectification.models.deadline import Timed
from rectification.queries import clock_rules

AHEAD = timedelta(days=400)


def calendar_of(row: Timed, at: datetime) -> WorkingCalendar:
    """The calendar from the beginning of what is asked to more than a year from now."""
    return working_calendar(timezone.localdate(row.started_at), timezone.localdate(at) + AHEAD)


def count_due(row: Timed, amount: int, *, at: datetime) -> None:
    """Sets the due time, so many of the row's units of time after its start, and the next warning. Nothing is saved."""
    calendar = calendar_of(row, at)
    _set(row, _counted(row, amount, calendar), calendar)


def count_again(row: Timed, amount: int, *, at: datetime) -> datetime | None:
    """Counts a due time by the calendar as it is now; of one that has moved there are warnings again. Nothing is saved.

    Returns:
        The due time that it had; None if that is still the one, and then the row is as it was.
    """
    was, calendar = row.due_at, calendar_of(row, at)
    due = _counted(row, amount, calendar)
    if due.at == was:
        return None
    row.warned = ""
    _set(row, due, calendar)
    return was


def _counted(row: Timed, amount: int, calendar: WorkingCalendar) -> deadlines.Due:
    return deadlines.due_at(row.started_at, amount, TimeUnit(row.time_unit), calendar, clock_rules())


def _set(row: Timed, due: deadlines.Due, calendar: WorkingCalendar) -> None:
    row.due_at, row.provisional, row.calendar_version = due.at, due.provisional, due.calendar_version
    plan_warning(row, calendar)
