"""期限: the only place that adds days. Pure: every moment comes in as an argument.

The counting rules (day after receipt is day 1, due at office closing, pauses) are the proposed preset of
domain.md §5.1; what places differ in is a field of `ClockRules`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from organizations.calendar import DAY, WorkingCalendar
from rectification.enums import TimeUnit, WarningKind


@dataclass(frozen=True, slots=True)
class ClockRules:
    """How days are counted.

    opening, closing: office hours, local time; a duty counted in days is due at closing.
    day_one: "next" counts from the day after receipt; "same" counts the day of receipt itself when it is
        a day of the unit counted in and the office had not closed yet.
    pause_day_counts: whether the day on which a pause begins still counts.
    shift_natural: whether a natural-day deadline that falls on a day off moves to the next working day.
    """

    opening: time = time(8, 30)
    closing: time = time(17, 0)
    day_one: Literal["next", "same"] = "next"
    pause_day_counts: bool = False
    shift_natural: bool = False
    tz: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty is due, whether an unconfirmed calendar year was used, and which calendar it was."""

    at: datetime
    provisional: bool
    calendar_version: str


def due_at(start: datetime, amount: int, unit: TimeUnit, calendar: WorkingCalendar, rules: ClockRules) -> Due:
    """When a duty is due that began at `start` and has `amount` of `unit`.

    Received on a Saturday with 1 working day: Monday, at closing. Hours run exactly, day and night.

    Raises ValueError for an amount below 1 or a `start` without a time zone.
    """
    if amount < 1:
        raise ValueError("a duty has at least one day or hour")
    _require_aware(start)
    if unit == TimeUnit.HOURS:
        return _due_exactly(start, timedelta(hours=amount), calendar, rules)
    return _due_in_days(_uncounted_day(start, unit, calendar, rules), amount, unit, calendar, rules)


def remaining_days(
    due: datetime,
    *,
    started_at: datetime,
    paused_at: datetime,
    unit: TimeUnit,
    calendar: WorkingCalendar,
    rules: ClockRules,
    last_resumed_at: datetime | None = None,
) -> int:
    """The days not yet counted when a pause begins; the pause's first day is one of them (by default).

    A duty paused before it was due keeps at least one day, one paused after it was due has none left.
    `last_resumed_at` is the end of the pause before this one: its day was not counted either.
    """
    if paused_at >= due:
        return 0
    pause_day = _day(paused_at, rules)
    counted_to = pause_day if rules.pause_day_counts else pause_day - DAY
    counted_to = max(counted_to, _uncounted_day(started_at, unit, calendar, rules))
    if last_resumed_at is not None:
        counted_to = max(counted_to, _day(last_resumed_at, rules))
    return max(1, _count(counted_to, _day(due, rules), unit, calendar))


def due_after_pause(
    due: datetime,
    *,
    started_at: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    unit: TimeUnit,
    calendar: WorkingCalendar,
    rules: ClockRules,
    last_resumed_at: datetime | None = None,
) -> Due:
    """When a duty is due after a pause.

    Counting stops on the day the pause begins and goes on the day after it ends.
    Days: the days left (`remaining_days`) are added after the day of resuming. Hours: the time left is
    added to the moment of resuming. What was overdue before the pause stays due when it was.

    Raises ValueError when `resumed_at` lies before `paused_at`, or `paused_at` before `started_at`.
    """
    if not started_at <= paused_at <= resumed_at:
        raise ValueError("a pause begins after the duty and ends after it begins")
    if paused_at >= due:
        provisional = _provisional(_day(started_at, rules), _day(due, rules), unit, calendar, rules)
        return Due(due, provisional, calendar.version)
    if unit == TimeUnit.HOURS:
        return _due_exactly(resumed_at, _elapsed(paused_at, due), calendar, rules)
    left = remaining_days(
        due,
        started_at=started_at,
        paused_at=paused_at,
        unit=unit,
        calendar=calendar,
        rules=rules,
        last_resumed_at=last_resumed_at,
    )
    return _due_in_days(_day(resumed_at, rules), left, unit, calendar, rules)


def closing_of(day: date, rules: ClockRules) -> datetime:
    """The moment the office closes on a day: when anything due on that day is due."""
    return datetime.combine(day, rules.closing, rules.tz)


def warning_moments(
    start: datetime, due: datetime, unit: TimeUnit, calendar: WorkingCalendar, rules: ClockRules
) -> list[tuple[WarningKind, datetime]]:
    """When to warn, in order of time: half of the time gone, one working day before, overdue.

    Half: at the opening of the day in which the middle of the span lies, counted in the duty's own unit
    (5 working days: the third). Warnings that would lie before the start are left out, and so is the
    one at half time when the nearer warning is out by then.
    """
    day_before = _opening_of(calendar.previous_working_day(_day(due, rules)), rules)
    half = _half_way(start, due, unit, calendar, rules)
    moments = []
    if start <= half < due and not start <= day_before <= half:
        moments.append((WarningKind.HALF, half))
    if start <= day_before:
        moments.append((WarningKind.DAY_BEFORE, day_before))
    return [*moments, (WarningKind.OVERDUE, due)]


def _half_way(start: datetime, due: datetime, unit: TimeUnit, calendar: WorkingCalendar, rules: ClockRules) -> datetime:
    if unit == TimeUnit.HOURS:
        return (start.astimezone(UTC) + _elapsed(start, due) / 2).astimezone(rules.tz)
    before_first = _uncounted_day(start, unit, calendar, rules)
    total = _count(before_first, _day(due, rules), unit, calendar)
    return _opening_of(_add(before_first, total // 2 + 1, unit, calendar), rules)


def _due_exactly(since: datetime, span: timedelta, calendar: WorkingCalendar, rules: ClockRules) -> Due:
    # Through UTC: adding to a local time would count an hour too many or few where clocks change.
    return Due((since.astimezone(UTC) + span).astimezone(rules.tz), False, calendar.version)


def _elapsed(begin: datetime, end: datetime) -> timedelta:
    return end.astimezone(UTC) - begin.astimezone(UTC)


def _due_in_days(after: date, amount: int, unit: TimeUnit, calendar: WorkingCalendar, rules: ClockRules) -> Due:
    last = _add(after, amount, unit, calendar)
    if unit == TimeUnit.NATURAL_DAYS and rules.shift_natural and not calendar.is_working(last):
        last = calendar.next_working_day(last)
    return Due(closing_of(last, rules), _provisional(after, last, unit, calendar, rules), calendar.version)


def _provisional(first: date, last: date, unit: TimeUnit, calendar: WorkingCalendar, rules: ClockRules) -> bool:
    """Whether the date rests on an unconfirmed year; unshifted natural days and hours ask no calendar."""
    asks_calendar = unit == TimeUnit.WORKING_DAYS or (unit == TimeUnit.NATURAL_DAYS and rules.shift_natural)
    return asks_calendar and calendar.is_provisional(first, last)


def _uncounted_day(start: datetime, unit: TimeUnit, calendar: WorkingCalendar, rules: ClockRules) -> date:
    """The last day before counting begins: that of receipt, or the one before when it counts already."""
    local = start.astimezone(rules.tz)
    day = local.date()
    open_that_day = unit != TimeUnit.WORKING_DAYS or calendar.is_working(day)
    if rules.day_one == "same" and open_that_day and local.time() < rules.closing:
        return day - DAY
    return day


def _add(after: date, amount: int, unit: TimeUnit, calendar: WorkingCalendar) -> date:
    if unit == TimeUnit.WORKING_DAYS:
        return calendar.add_working_days(after, amount)
    return after + timedelta(days=amount)


def _count(after: date, until: date, unit: TimeUnit, calendar: WorkingCalendar) -> int:
    if unit == TimeUnit.WORKING_DAYS:
        return calendar.count_working_days(after, until)
    return max(0, (until - after).days)


def _opening_of(day: date, rules: ClockRules) -> datetime:
    return datetime.combine(day, rules.opening, rules.tz)


def _day(moment: datetime, rules: ClockRules) -> date:
    return moment.astimezone(rules.tz).date()


def _require_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
