"""Who may enter what for which day: tables, and properties over every day of two years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from evaluations.entering import ENTERED, ON_PAPER, Unfit, checker, clerk, day_fault, first_open_day, said_at
from evaluations.enums import EntryFault, RatingChannel
from organizations.calendar import WorkingCalendar
from organizations.enums import REGION_ROLES, DayKind, Role

PAPER, HOTLINE = RatingChannel.PAPER, RatingChannel.HOTLINE


@dataclass(frozen=True)
class Region:
    code: str


@dataclass(frozen=True)
class Unit:
    pk: int
    path: str
    region: Region = Region("370602000000")


@dataclass(frozen=True)
class Held:
    role: Role
    unit: Unit

    @property
    def region_prefix(self) -> str | None:
        return self.unit.region.code.rstrip("0") if self.role in REGION_ROLES else None


CITY = Region("370600000000")
BODY, COUNTY = Unit(1, "/1/", CITY), Unit(2, "/1/2/")
BUREAU, OFFICE = Unit(3, "/3/", CITY), Unit(4, "/3/4/")
ELSEWHERE = Unit(5, "/3/5/", Region("370611000000"))


def try_clerk(held: list[Held], unit: Unit, channel: RatingChannel = PAPER, hall: Unit | None = None) -> object:
    hall_path = hall.path if hall else ""
    try:
        return clerk(7, held, unit=unit, rated_staff_id=None, hall_path=hall_path, channel=channel)
    except Unfit as unfit:
        return unfit.fault


@pytest.mark.parametrize(
    ("role", "of", "rated", "hall", "channel", "expected"),
    [
        (Role.DISPATCHER, BODY, BUREAU, None, HOTLINE, None),
        (Role.CALLBACK, BODY, OFFICE, None, RatingChannel.PHONE, None),
        (Role.DISPATCHER, BODY, COUNTY, None, PAPER, None),  # a body below one's own is not one's own
        (Role.DISPATCHER, BODY, BODY, None, PAPER, EntryFault.OWN_UNIT),
        (Role.DISPATCHER, COUNTY, OFFICE, None, PAPER, None),
        (Role.DISPATCHER, COUNTY, ELSEWHERE, None, PAPER, EntryFault.ELSEWHERE),
        (Role.DISPATCHER, COUNTY, BUREAU, None, PAPER, EntryFault.ELSEWHERE),
        (Role.UNIT_SUPERVISOR, COUNTY, OFFICE, COUNTY, PAPER, None),
        (Role.UNIT_SUPERVISOR, COUNTY, OFFICE, COUNTY, RatingChannel.BOX, None),
        (Role.UNIT_SUPERVISOR, COUNTY, OFFICE, COUNTY, HOTLINE, EntryFault.CHANNEL),
        (Role.UNIT_SUPERVISOR, COUNTY, COUNTY, COUNTY, PAPER, EntryFault.OWN_UNIT),
        (Role.UNIT_SUPERVISOR, COUNTY, OFFICE, BODY, PAPER, EntryFault.ELSEWHERE),  # not their hall
        (Role.UNIT_SUPERVISOR, COUNTY, OFFICE, None, PAPER, EntryFault.ELSEWHERE),
        (Role.UNIT_SUPERVISOR, BUREAU, OFFICE, BUREAU, PAPER, EntryFault.OWN_UNIT),  # all below is one's own
        (Role.WINDOW, COUNTY, OFFICE, COUNTY, PAPER, EntryFault.ELSEWHERE),
        (Role.CITY_SUPERVISOR, BODY, BUREAU, None, PAPER, EntryFault.ELSEWHERE),
        (Role.AUDITOR, BODY, BUREAU, None, PAPER, EntryFault.ELSEWHERE),
        (Role.SYSTEM_ADMIN, BODY, BUREAU, None, PAPER, EntryFault.ELSEWHERE),
    ],
)
def test_who_enters_for_whom(
    role: Role, of: Unit, rated: Unit, hall: Unit | None, channel: RatingChannel, expected: EntryFault | None
) -> None:
    held = Held(role, of)
    assert try_clerk([held], rated, channel, hall) == (expected or held)


def test_a_second_office_does_not_lift_the_first_ones_bar() -> None:
    """Who dispatches for the body and also sits at a window of the bureau enters nothing for the bureau."""
    both = [Held(Role.DISPATCHER, BODY), Held(Role.WINDOW, BUREAU)]
    assert try_clerk(both, BUREAU) == EntryFault.OWN_UNIT
    assert try_clerk(both, OFFICE) == EntryFault.OWN_UNIT
    assert try_clerk(both, COUNTY) == both[0]


def test_nobody_enters_a_rating_of_themselves() -> None:
    with pytest.raises(Unfit) as unfit:
        clerk(7, [Held(Role.DISPATCHER, BODY)], unit=BUREAU, rated_staff_id=7, hall_path="", channel=PAPER)
    assert unfit.value.fault == EntryFault.OWN_UNIT


@pytest.mark.parametrize(
    ("role", "of", "unit", "expected"),
    [
        (Role.CITY_SUPERVISOR, BODY, BUREAU, None),
        (Role.CITY_SUPERVISOR, BODY, COUNTY, None),
        (Role.CALLBACK, BODY, OFFICE, None),
        (Role.COUNTY_SUPERVISOR, COUNTY, OFFICE, None),
        (Role.COUNTY_SUPERVISOR, COUNTY, BUREAU, EntryFault.ELSEWHERE),
        (Role.COUNTY_SUPERVISOR, COUNTY, ELSEWHERE, EntryFault.ELSEWHERE),
        (Role.COUNTY_SUPERVISOR, COUNTY, COUNTY, EntryFault.OWN_UNIT),
        (Role.CITY_SUPERVISOR, BODY, BODY, EntryFault.OWN_UNIT),
        (Role.DISPATCHER, BODY, BUREAU, EntryFault.ELSEWHERE),
        (Role.UNIT_SUPERVISOR, BUREAU, COUNTY, EntryFault.ELSEWHERE),
        (Role.AUDITOR, BODY, BUREAU, EntryFault.ELSEWHERE),
    ],
)
def test_who_checks_whom(role: Role, of: Unit, unit: Unit, expected: EntryFault | None) -> None:
    held = Held(role, of)
    try:
        found: object = checker(7, [held], unit=unit)
    except Unfit as unfit:
        found = unfit.fault
    assert found == (expected or held)


def test_the_channels_of_slips() -> None:
    assert set(ENTERED) == {"paper", "box", "hotline", "phone"}
    assert set(ENTERED) > ON_PAPER == {"paper", "box"}


# --- days ------------------------------------------------------------------------------------------------------------

TODAY, EARLIEST = date(2026, 11, 23), date(2026, 11, 16)


@pytest.mark.parametrize(
    ("day", "served", "last", "expected"),
    [
        (TODAY, None, None, None),
        (EARLIEST, None, None, None),
        (TODAY + timedelta(days=1), None, None, EntryFault.FUTURE),
        (EARLIEST - timedelta(days=1), None, None, EntryFault.TOO_OLD),
        (date.max, None, None, EntryFault.FUTURE),
        (date.min, None, None, EntryFault.TOO_OLD),
        (date(2026, 11, 18), date(2026, 11, 18), date(2026, 11, 25), None),
        (date(2026, 11, 17), date(2026, 11, 18), date(2026, 11, 25), EntryFault.BEFORE_SERVICE),
        (date(2026, 11, 20), date(2026, 11, 12), date(2026, 11, 19), EntryFault.AFTER_WINDOW),
        (date(2026, 11, 19), date(2026, 11, 12), date(2026, 11, 19), None),
    ],
)
def test_the_date_on_a_slip(day: date, served: date | None, last: date | None, expected: EntryFault | None) -> None:
    assert day_fault(day, today=TODAY, earliest=EARLIEST, served=served, last=last) == expected


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
CALENDARS = st.dictionaries(DAYS, st.sampled_from(DayKind), max_size=30).map(
    lambda days: WorkingCalendar(days, frozenset({2026, 2027}), "test")
)


@given(today=DAYS, calendar=CALENDARS, amount=st.integers(0, 10))
def test_the_first_open_day_is_open_and_the_day_before_is_not(
    today: date, calendar: WorkingCalendar, amount: int
) -> None:
    first = first_open_day(today, calendar, amount)
    assert calendar.add_working_days(first, amount) >= today
    assert calendar.add_working_days(first - timedelta(days=1), amount) < today


CLOSING = time(17)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(timezone.make_aware)


@given(at=MOMENTS, back=st.integers(0, 60), served=st.none() | MOMENTS)
def test_a_slip_keeps_its_day(at: datetime, back: int, served: datetime | None) -> None:
    """Whatever is known of the service, as long as the service was given by then: never later than now."""
    day = timezone.localdate(at) - timedelta(days=back)
    if served is not None and (timezone.localdate(served) > day or served > at):
        served = None
    moment = said_at(day, at=at, closing=CLOSING, served_at=served)
    assert timezone.localdate(moment) == day
    assert moment <= at
    assert served is None or moment >= served


def test_yesterday_is_closing_time_and_today_is_now() -> None:
    at = timezone.make_aware(datetime(2026, 11, 23, 10, 0))
    assert said_at(date(2026, 11, 20), at=at, closing=CLOSING) == timezone.make_aware(datetime(2026, 11, 20, 17))
    assert said_at(TODAY, at=at, closing=CLOSING) == at
