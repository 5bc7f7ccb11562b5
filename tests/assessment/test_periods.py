"""Days, months, quarters, years: by tables and over all days of some years."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.enums import Grain
from assessment.forms import periods_to_choose
from assessment.periods import Period, months_between, period_of, read_period

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(days, st.sampled_from(Grain))
def test_a_day_is_in_its_period_and_periods_meet(day: date, grain: Grain) -> None:
    period = period_of(day, grain)
    assert period.begins <= day <= period.last
    assert period_of(period.begins, grain) == period_of(period.last, grain) == period
    assert period_of(period.after, grain).before() == period
    assert period.last + timedelta(days=1) == period.after


@given(days, st.sampled_from([Grain.MONTH, Grain.QUARTER, Grain.YEAR]))
def test_a_name_leads_back_to_its_period(day: date, grain: Grain) -> None:
    period = period_of(day, grain)
    assert read_period(period.name) == period


@pytest.mark.parametrize(
    ("name", "begins", "last"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_names(name: str, begins: date, last: date) -> None:
    assert (read_period(name).begins, read_period(name).last) == (begins, last)


@pytest.mark.parametrize(
    "name", ["", "2026-", "2026-13", "2026-00", "2026-Q5", "0000", "26", "2026-1", "２０２６", "x"]
)
def test_what_is_no_period(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever datetime says of the month is as good
        read_period(name)


def test_months_between() -> None:
    names = [month.name for month in months_between(date(2026, 11, 30), date(2027, 1, 1))]
    assert names == ["2026-11", "2026-12", "2027-01"]


def test_what_can_be_chosen_begins_with_the_newest_and_ends_where_figures_begin() -> None:
    [(_, months), (_, quarters), (_, years)] = periods_to_choose(date(2026, 8, 1), date(2026, 11, 23))
    assert [name for name, _label in months] == ["2026-11", "2026-10", "2026-09", "2026-08"]
    assert [name for name, _label in quarters] == ["2026-Q4", "2026-Q3"]
    assert [name for name, _label in years] == ["2026"]


def test_periods_are_ordered_by_time() -> None:
    assert sorted([Period(date(2026, 2, 1), Grain.MONTH), Period(date(2026, 1, 1), Grain.MONTH)])[0].name == "2026-01"
