"""When people are called, when one stops, and who may not call: without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.calling import CallRules, after, caller, earliest, may_ring
from evaluations.enums.surveys import CallOutcome, CallStage
from organizations.enums import Role

HERE = ZoneInfo("Asia/Shanghai")
RULES = CallRules()
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(HERE))


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=HERE)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(at(8, 59), False), (at(9), True), (at(19, 59), True), (at(20), False), (at(23), False), (at(3), False)],
)
def test_hours(moment: datetime, expected: bool) -> None:
    assert may_ring(moment, RULES) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [(at(3), at(9)), (at(10, 5), at(10, 5)), (at(20), at(9, day=24)), (at(23, 59), at(9, day=24))],
)
def test_the_earliest_moment(moment: datetime, expected: datetime) -> None:
    assert earliest(moment, RULES) == expected


@given(moments, st.sampled_from(CallOutcome), st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=5))
def test_after_every_call(moment: datetime, outcome: CallOutcome, before: set[date]) -> None:
    days = before | {RULES.local_day(moment)} if outcome == CallOutcome.NO_ANSWER else before
    stage, next_from = after(outcome, moment, days, RULES)
    if stage == CallStage.WAITING:
        assert outcome in (CallOutcome.LATER, CallOutcome.NO_ANSWER)
        assert next_from > moment
        assert may_ring(next_from, RULES)
    if stage == CallStage.UNREACHABLE:
        assert len(days) >= RULES.days_min
    if outcome == CallOutcome.NO_ANSWER and stage == CallStage.WAITING:
        assert RULES.local_day(next_from) > RULES.local_day(moment)
    if outcome == CallOutcome.LATER:
        assert stage == CallStage.WAITING, "who asked for another time is never given up"


@given(moments)
def test_somebody_who_never_answers_is_tried_on_different_days_and_hours(begin: datetime) -> None:
    moment, days, clock_times, tries = earliest(begin, RULES), set(), [], 0
    while True:
        tries += 1
        days.add(RULES.local_day(moment))
        clock_times.append(moment.astimezone(HERE).time())
        stage, moment = after(CallOutcome.NO_ANSWER, moment, days, RULES)
        if stage != CallStage.WAITING:
            break
    assert (tries, len(days)) == (3, 3)
    morning = time(12)
    assert {clock < morning for clock in clock_times} == {True, False}


def test_a_call_at_the_end_of_the_hours_leads_into_the_next() -> None:
    assert after(CallOutcome.LATER, at(19), (), RULES) == (CallStage.WAITING, at(9, day=24))


def test_the_number_of_days_is_a_setting() -> None:
    twice = CallRules(days_min=1)
    assert after(CallOutcome.NO_ANSWER, at(10), {date(2026, 11, 23)}, twice)[0] == CallStage.UNREACHABLE


@dataclass(frozen=True)
class FakeUnit:
    path: str


@dataclass(frozen=True)
class Held:
    role: str
    unit: FakeUnit
    region_prefix: str | None = "3706"


CALLBACK = Held(Role.CALLBACK, FakeUnit("/9/"))


@pytest.mark.parametrize(
    ("held", "path", "allowed"),
    [
        ([CALLBACK], "/3/17/", True),
        ([CALLBACK], "/9/", False),
        ([CALLBACK], "/9/12/", True),
        ([Held(Role.CALLBACK, FakeUnit("/9/12/"), "370602")], "/9/", False),
        ([CALLBACK, Held(Role.WINDOW, FakeUnit("/3/17/"), None)], "/3/17/", False),
        ([CALLBACK, Held(Role.WINDOW, FakeUnit("/3/17/"), None)], "/3/", False),
        ([CALLBACK, Held(Role.WINDOW, FakeUnit("/4/"), None)], "/3/17/", True),
        ([Held(Role.CALLBACK, FakeUnit("/8/"), "370613")], "/3/17/", False),
        ([Held(Role.CITY_SUPERVISOR, FakeUnit("/9/"))], "/3/17/", False),
        ([], "/3/17/", False),
    ],
)
def test_nobody_calls_people_of_their_own_unit(held: list[Held], path: str, allowed: bool) -> None:
    assert (caller(held, path, "370602000000") is not None) is allowed


def test_a_day_is_a_day_here() -> None:
    assert RULES.local_day(datetime(2026, 11, 22, 16, 30, tzinfo=ZoneInfo("UTC"))) == date(2026, 11, 23)
