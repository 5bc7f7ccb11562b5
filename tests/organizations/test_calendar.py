"""工作日历 against the published days of 2026 and against counting day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from organizations.calendar import WorkingCalendar
from organizations.enums import DayKind
from organizations.reference.working_days import CONFIRMED_YEARS, SEED_YEARS, seed_rows

SEED = {row.date: row.kind for row in seed_rows()}
CALENDAR = WorkingCalendar(SEED, CONFIRMED_YEARS, "seed")
MAKEUP_2026 = [date(2026, *day) for day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]]

days = st.dates(date(2023, 6, 1), date(2028, 6, 30))
calendars = st.dictionaries(days, st.sampled_from(DayKind), max_size=80).map(
    lambda exceptions: WorkingCalendar(exceptions, frozenset({2025}), "any")
)


def naive_add(calendar, start, amount):
    day = start
    while amount:
        day += timedelta(days=1)
        amount -= calendar.is_working(day)
    return day


@pytest.mark.parametrize("day", MAKEUP_2026)
def test_make_up_weekends_of_2026_are_worked(day):
    assert day.weekday() >= 5
    assert CALENDAR.is_working(day)


def test_those_are_all_make_up_days_of_2026():
    assert [day for day, kind in SEED.items() if kind == DayKind.MAKEUP and day.year == 2026] == MAKEUP_2026


@pytest.mark.parametrize("day", [date(2026, 10, 1) + timedelta(days=n) for n in range(7)])
def test_national_day_week_of_2026_is_off(day):
    assert not CALENDAR.is_working(day)


@pytest.mark.parametrize(
    ("year", "working"),
    # Days of the year less weekends and holidays plus make-up days, counted by hand from the notices.
    [(2024, 251), (2025, 248), (2026, 248)],
)
def test_working_days_of_a_year(year, working):
    assert CALENDAR.count_working_days(date(year - 1, 12, 31), date(year, 12, 31)) == working


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        ("2026-09-19", 1, "2026-09-20"),  # Saturday, and the Sunday after it is worked
        ("2026-09-30", 1, "2026-10-08"),  # over the National Day week
        ("2026-09-30", 3, "2026-10-10"),  # the Saturday after it is worked
        ("2026-09-30", 4, "2026-10-12"),
        ("2026-02-13", 1, "2026-02-14"),  # the Saturday before Spring Festival is worked
        ("2026-02-14", 1, "2026-02-24"),  # then nine days off
        ("2026-11-28", 1, "2026-11-30"),  # Saturday → Monday
        ("2026-11-28", 0, "2026-11-28"),
    ],
)
def test_adding_real_days(start, amount, expected):
    assert CALENDAR.add_working_days(date.fromisoformat(start), amount) == date.fromisoformat(expected)


def test_neighbours():
    assert CALENDAR.next_working_day(date(2026, 9, 30)) == date(2026, 10, 8)
    assert CALENDAR.previous_working_day(date(2026, 10, 8)) == date(2026, 9, 30)


def test_provisional_when_any_year_touched_is_unconfirmed():
    assert not CALENDAR.is_provisional(date(2026, 12, 1), date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2026, 12, 31), date(2027, 1, 4))
    assert CALENDAR.is_provisional(date(2023, 12, 31), date(2024, 1, 4))


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="below 0"):
        CALENDAR.add_working_days(date(2026, 1, 1), -1)


def test_seed_holds_only_days_that_differ():
    for day, kind in SEED.items():
        assert (day.weekday() >= 5) == (kind == DayKind.MAKEUP)
    assert {day.year for day in SEED} == set(SEED_YEARS)
    assert not [row for row in seed_rows([2027]) if row.kind == DayKind.MAKEUP]


@settings(max_examples=10_000, deadline=None)
@given(calendars, days, st.integers(0, 60))
def test_agrees_with_counting_day_by_day(calendar, start, amount):
    end = calendar.add_working_days(start, amount)
    assert end == naive_add(calendar, start, amount)
    assert calendar.count_working_days(start, end) == amount


@settings(max_examples=1_000, deadline=None)
@given(calendars, days, st.integers(-20, 400))
def test_count_agrees_with_counting_day_by_day(calendar, after, span):
    until = after + timedelta(days=span)
    expected = sum(calendar.is_working(after + timedelta(days=n + 1)) for n in range(max(0, span)))
    assert calendar.count_working_days(after, until) == expected
