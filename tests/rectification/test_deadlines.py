"""期限: real days of 2026, pauses, warnings, and 10,000 examples against counting day by day."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from organizations.calendar import WorkingCalendar
from organizations.enums import DayKind
from organizations.reference.working_days import CONFIRMED_YEARS, seed_rows
from rectification.deadlines import (
    ClockRules,
    closing_of,
    due_after_pause,
    due_at,
    remaining_days,
    warning_moments,
)
from rectification.enums import TimeUnit, WarningKind

WD, ND, H = TimeUnit.WORKING_DAYS, TimeUnit.NATURAL_DAYS, TimeUnit.HOURS
SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkingCalendar({row.date: row.kind for row in seed_rows()}, CONFIRMED_YEARS, "seed-1")
RULES = ClockRules()
SAME_DAY = replace(RULES, day_one="same")


def at(text):
    """A local moment: "2026-11-28 10:00", or a day alone for its office closing."""
    moment = datetime.fromisoformat(text if " " in text else f"{text} 17:00")
    return moment.replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        ("2026-11-28 10:00", 1, WD, "2026-11-30"),  # received on a Saturday: Monday
        ("2026-11-23 09:00", 1, WD, "2026-11-24"),
        ("2026-11-23 23:59", 1, WD, "2026-11-24"),
        ("2026-11-24 00:00", 1, WD, "2026-11-25"),
        ("2026-09-18 09:00", 1, WD, "2026-09-20"),  # Friday; the Sunday is worked
        ("2026-09-30 16:00", 1, WD, "2026-10-08"),
        ("2026-09-30 16:00", 5, WD, "2026-10-13"),  # 8, 9, the worked Saturday 10, 12, 13
        ("2026-10-03 12:00", 5, WD, "2026-10-13"),  # received during the holiday
        ("2026-02-12 09:00", 5, WD, "2026-02-26"),  # Spring Festival; Saturday the 14th is worked
        ("2026-04-30 09:00", 15, WD, "2026-05-25"),  # Labour Day and the worked Saturday 05-09
        ("2026-09-30 16:00", 5, ND, "2026-10-05"),
        ("2026-11-21 10:00", 7, ND, "2026-11-28"),  # a Saturday, not shifted
        ("2026-11-28 10:30", 24, H, "2026-11-29 10:30"),
        ("2026-12-31 23:00", 2, H, "2027-01-01 01:00"),
    ],
)
def test_due_on_real_days(start, amount, unit, due):
    assert due_at(at(start), amount, unit, CALENDAR, RULES).at == at(due)


@pytest.mark.parametrize(
    ("start", "unit", "due"),
    [
        ("2026-11-23 16:59", WD, "2026-11-23"),
        ("2026-11-23 17:00", WD, "2026-11-24"),  # closed already
        ("2026-11-28 10:00", WD, "2026-11-30"),  # a Saturday is not a day of this unit
        ("2026-11-28 10:00", ND, "2026-11-28"),
    ],
)
def test_day_of_receipt_as_day_one(start, unit, due):
    assert due_at(at(start), 1, unit, CALENDAR, SAME_DAY).at == at(due)


def test_natural_days_shift_by_setting():
    shifted = due_at(at("2026-11-21 10:00"), 7, ND, CALENDAR, replace(RULES, shift_natural=True))
    assert shifted.at == at("2026-11-30")


def test_closing_time_and_zone_are_settings():
    rules = replace(RULES, closing=time(16, 30), tz=ZoneInfo("Asia/Urumqi"))
    due = due_at(datetime(2026, 11, 23, 17, 30, tzinfo=ZoneInfo("UTC")), 1, WD, CALENDAR, rules)
    assert due.at == datetime(2026, 11, 24, 16, 30, tzinfo=ZoneInfo("Asia/Urumqi"))
    due = due_at(datetime(2026, 11, 23, 17, 30, tzinfo=ZoneInfo("UTC")), 1, WD, CALENDAR, RULES)
    assert due.at == at("2026-11-25")  # 01:30 of the 24th in Shanghai


def test_hours_are_exact_where_clocks_change():
    rules = replace(RULES, tz=ZoneInfo("Europe/Berlin"))
    start = datetime(2026, 3, 28, 12, 0, tzinfo=rules.tz)
    due = due_at(start, 24, H, CALENDAR, rules).at
    assert due.astimezone(SHANGHAI) - start.astimezone(SHANGHAI) == timedelta(hours=24)
    assert due.hour == 13


@pytest.mark.parametrize(
    ("start", "amount", "unit", "rules", "provisional"),
    [
        ("2026-12-30 09:00", 1, WD, RULES, False),
        ("2026-12-31 09:00", 1, WD, RULES, True),
        ("2026-12-28 09:00", 15, ND, RULES, False),
        ("2026-12-28 09:00", 15, ND, replace(RULES, shift_natural=True), True),
        ("2026-12-31 09:00", 48, H, RULES, False),
    ],
)
def test_provisional_only_when_an_unconfirmed_year_was_asked(start, amount, unit, rules, provisional):
    due = due_at(at(start), amount, unit, CALENDAR, rules)
    assert (due.provisional, due.calendar_version) == (provisional, "seed-1")


def test_refusals():
    with pytest.raises(ValueError, match="at least one"):
        due_at(at("2026-11-23 09:00"), 0, WD, CALENDAR, RULES)
    with pytest.raises(ValueError, match="time zone"):
        due_at(datetime(2026, 11, 23, 9), 1, WD, CALENDAR, RULES)
    with pytest.raises(ValueError, match="a pause"):
        paused("2026-11-16 09:00", "2026-11-23", "2026-11-19 09:00", "2026-11-18 09:00")


def paused(start, due, pause, resume, unit=WD, rules=RULES, last_resume=None):
    return due_after_pause(
        at(due),
        started_at=at(start),
        paused_at=at(pause),
        resumed_at=at(resume),
        unit=unit,
        calendar=CALENDAR,
        rules=rules,
        last_resumed_at=last_resume and at(last_resume),
    )


# Received on Monday 2026-11-16, 5 working days: 17, 18, 19, 20, 23.
@pytest.mark.parametrize(
    ("pause", "resume", "due"),
    [
        ("2026-11-18 10:00", "2026-11-25 15:00", "2026-12-01"),  # left: 18, 19, 20, 23 → 26, 27, 30, 1
        ("2026-11-18 10:00", "2026-11-18 15:00", "2026-11-24"),  # the day it begins is not counted
        ("2026-11-16 10:00", "2026-11-17 10:00", "2026-11-24"),  # paused on the day of receipt: all 5 left
        ("2026-11-21 10:00", "2026-11-22 10:00", "2026-11-23"),  # a pause over the weekend costs nothing
        ("2026-11-23 16:00", "2026-12-05 10:00", "2026-12-07"),  # one day left; resumed on a Saturday
        ("2026-11-23 17:00", "2026-12-05 10:00", "2026-11-23"),  # overdue before the pause stays overdue
    ],
)
def test_due_after_a_pause(pause, resume, due):
    assert paused("2026-11-16 09:00", "2026-11-23", pause, resume).at == at(due)


def test_a_pause_over_the_national_day_week():
    # 5 working days from 09-24: 28, 29, 30, 10-08, 10-09 (the 25th is Mid-Autumn).
    assert due_at(at("2026-09-24 09:00"), 5, WD, CALENDAR, RULES).at == at("2026-10-09")
    # Left on the 29th: 29, 30, 8, 9. Resumed on the 5th, a day off: 8, 9, the worked Saturday 10, 12.
    assert paused("2026-09-24 09:00", "2026-10-09", "2026-09-29 09:00", "2026-10-05 09:00").at == at("2026-10-12")


def test_pause_day_counts_by_setting():
    rules = replace(RULES, pause_day_counts=True)
    after = paused("2026-11-16 09:00", "2026-11-23", "2026-11-18 10:00", "2026-11-25 15:00", rules=rules)
    assert after.at == at("2026-11-30")
    last_day = paused("2026-11-16 09:00", "2026-11-23", "2026-11-23 10:00", "2026-11-25 18:00", rules=rules)
    assert last_day.at == at("2026-11-26")  # the last day was not over


def test_pauses_of_natural_days_and_hours():
    assert paused("2026-11-16 09:00", "2026-11-23", "2026-11-18 10:00", "2026-11-25 15:00", unit=ND).at == at(
        "2026-12-01"
    )
    hours = paused("2026-11-16 09:00", "2026-11-18 09:00", "2026-11-17 09:30", "2026-11-20 08:00", unit=H)
    assert hours.at == at("2026-11-21 07:30")


def test_a_second_pause_on_the_day_of_resuming_gains_nothing():
    first = paused("2026-11-16 09:00", "2026-11-23", "2026-11-18 10:00", "2026-11-25 10:00")
    again = paused(
        "2026-11-16 09:00",
        f"{first.at:%Y-%m-%d}",
        "2026-11-25 14:00",
        "2026-11-25 16:00",
        last_resume="2026-11-25 10:00",
    )
    assert again.at == first.at


def test_remaining_days():
    given_ = {"started_at": at("2026-11-16 09:00"), "unit": WD, "calendar": CALENDAR, "rules": RULES}
    assert remaining_days(at("2026-11-23"), paused_at=at("2026-11-18 10:00"), **given_) == 4
    assert remaining_days(at("2026-11-23"), paused_at=at("2026-11-23 18:00"), **given_) == 0


def test_resuming_into_an_unconfirmed_year_is_provisional():
    assert paused("2026-11-16 09:00", "2026-11-23", "2026-11-18 10:00", "2026-12-30 15:00").provisional
    assert not paused("2026-11-16 09:00", "2026-11-23", "2026-11-18 10:00", "2026-12-01 15:00").provisional


def test_closing_of():
    assert closing_of(date(2026, 11, 30), RULES) == at("2026-11-30 17:00")


HALF, BEFORE, OVERDUE = WarningKind.HALF, WarningKind.DAY_BEFORE, WarningKind.OVERDUE


@pytest.mark.parametrize(
    ("start", "due", "unit", "expected"),
    [
        # 5 days (17, 18, 19, 20, 23): the middle lies in the third.
        (
            "2026-11-16 09:00",
            "2026-11-23",
            WD,
            [(HALF, "2026-11-19 08:30"), (BEFORE, "2026-11-20 08:30"), (OVERDUE, "2026-11-23")],
        ),
        # 15 days over Labour Day.
        (
            "2026-04-30 09:00",
            "2026-05-25",
            WD,
            [(HALF, "2026-05-14 08:30"), (BEFORE, "2026-05-22 08:30"), (OVERDUE, "2026-05-25")],
        ),
        # 3 days: both fall on the second; one warning.
        ("2026-11-16 09:00", "2026-11-19", WD, [(BEFORE, "2026-11-18 08:30"), (OVERDUE, "2026-11-19")]),
        # 2 days: the nearer warning comes first, half time has nothing to add.
        ("2026-11-16 09:00", "2026-11-18", WD, [(BEFORE, "2026-11-17 08:30"), (OVERDUE, "2026-11-18")]),
        # 1 day: the day before is over already.
        ("2026-11-16 09:00", "2026-11-17", WD, [(HALF, "2026-11-17 08:30"), (OVERDUE, "2026-11-17")]),
        # Natural days into a weekend: warned on the Friday.
        (
            "2026-11-15 09:00",
            "2026-11-22",
            ND,
            [(HALF, "2026-11-19 08:30"), (BEFORE, "2026-11-20 08:30"), (OVERDUE, "2026-11-22")],
        ),
        (
            "2026-11-16 09:00",
            "2026-11-16 13:00",
            H,
            [(HALF, "2026-11-16 11:00"), (OVERDUE, "2026-11-16 13:00")],
        ),
    ],
)
def test_warnings(start, due, unit, expected):
    moments = warning_moments(at(start), at(due), unit, CALENDAR, RULES)
    assert moments == [(kind, at(moment)) for kind, moment in expected]


moments_2026 = st.datetimes(datetime(2025, 11, 1), datetime(2027, 3, 1), timezones=st.just(SHANGHAI))
calendars = st.dictionaries(st.dates(date(2025, 10, 1), date(2027, 6, 30)), st.sampled_from(DayKind), max_size=60).map(
    lambda days: WorkingCalendar(days, frozenset({2026}), "any")
)
day_units = st.sampled_from([WD, ND])
all_rules = st.builds(
    ClockRules,
    day_one=st.sampled_from(["next", "same"]),
    pause_day_counts=st.booleans(),
    shift_natural=st.booleans(),
)


def naive_due(start, amount, unit, calendar, rules):
    """The regulation read aloud: walk the days, tick those that count."""
    day, left = start.date(), amount
    if rules.day_one == "next" or start.time() >= rules.closing:
        day += timedelta(days=1)
    while True:
        left -= unit == ND or calendar.is_working(day)
        if left == 0:
            break
        day += timedelta(days=1)
    while unit == ND and rules.shift_natural and not calendar.is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, rules.closing, SHANGHAI)


@settings(max_examples=10_000, deadline=None)
@given(moments_2026, st.integers(1, 40), day_units, calendars, all_rules)
def test_agrees_with_walking_the_days(start, amount, unit, calendar, rules):
    due = due_at(start, amount, unit, calendar, rules)
    assert due.at == naive_due(start, amount, unit, calendar, rules)
    assert due.at > start


@settings(max_examples=1_000, deadline=None)
@given(moments_2026, st.integers(1, 40), st.sampled_from(TimeUnit), calendars, all_rules)
def test_one_more_is_never_earlier(start, amount, unit, calendar, rules):
    more = due_at(start, amount + 1, unit, calendar, rules).at
    assert more >= due_at(start, amount, unit, calendar, rules).at


pauses = st.tuples(st.timedeltas(timedelta(), timedelta(days=50)), st.timedeltas(timedelta(), timedelta(days=90)))


@settings(max_examples=1_000, deadline=None)
@given(moments_2026, st.integers(1, 40), st.sampled_from(TimeUnit), calendars, all_rules, pauses)
def test_a_pause_never_shortens(start, amount, unit, calendar, rules, pause):
    due = due_at(start, amount, unit, calendar, rules).at
    facts = {
        "started_at": start,
        "paused_at": start + pause[0],
        "unit": unit,
        "calendar": calendar,
        "rules": rules,
    }
    after = due_after_pause(due, resumed_at=start + pause[0] + pause[1], **facts).at
    later = due_after_pause(due, resumed_at=start + pause[0] + pause[1] + timedelta(days=1), **facts).at
    assert due <= after <= later
    if start + pause[0] < due:
        assert after > start + pause[0] + pause[1]


@settings(max_examples=1_000, deadline=None)
@given(moments_2026, st.integers(1, 40), calendars, pauses)
def test_no_day_is_lost_or_won_by_a_pause(start, amount, calendar, pause):
    due = due_at(start, amount, WD, calendar, RULES).at
    paused_at, resumed_at = start + pause[0], start + pause[0] + pause[1]
    assume(paused_at < due)
    after = due_after_pause(
        due,
        started_at=start,
        paused_at=paused_at,
        resumed_at=resumed_at,
        unit=WD,
        calendar=calendar,
        rules=RULES,
    ).at
    before_pause = calendar.count_working_days(start.date(), paused_at.date() - timedelta(days=1))
    after_pause = calendar.count_working_days(resumed_at.date(), after.date())
    assert before_pause + after_pause == amount


@settings(max_examples=1_000, deadline=None)
@given(moments_2026, st.integers(1, 200), st.sampled_from(TimeUnit), calendars, all_rules)
def test_warnings_are_sorted_single_and_after_the_start(start, amount, unit, calendar, rules):
    due = due_at(start, min(amount, 40) if unit != H else amount, unit, calendar, rules).at
    moments = warning_moments(start, due, unit, calendar, rules)
    times = [moment for _, moment in moments]
    assert times == sorted(set(times))
    assert times[0] >= start
    assert moments[-1] == (OVERDUE, due)
