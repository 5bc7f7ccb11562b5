"""The loop of real cases: who is in which set, and that a past day's state is what was known on that day."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import pgtrigger
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appeals.enums import Vote
from assessment.loop import NAMES, Loop
from assessment.periods import Period, period_of, read_period
from assessment.queries.loop import loop_of
from common.actors import SYSTEM
from organizations.models import Unit
from rectification import actions
from rectification.actions.closing import Answers
from rectification.enums import ContactResult, Source, State, Verdict
from rectification.models import Case
from tests.appeals.court import Court
from tests.factories import NOW, Cast
from tests.rectification import test_machine
from tests.rectification.test_machine import Life

NOVEMBER, DECEMBER, QUARTER = read_period("2026-11"), read_period("2026-12"), read_period("2026-Q4")
LIVES, STEPS = int(os.environ.get("LOOP_LIVES", "4")), int(os.environ.get("LOOP_STEPS", "30"))
DAY = timedelta(days=1)


@pytest.fixture
def later(cast: Cast) -> Iterator[Cast]:
    """The cast, and a clock that stands long after everything."""
    with time_machine.travel(NOW + 300 * DAY, tick=False):
        yield cast


def sets(cast: Cast, at: datetime, period: Period = QUARTER, unit: Unit | None = None) -> dict[str, tuple[int, ...]]:
    """What the unit has, without what is empty."""
    found = loop_of(period, at=at).get((unit or cast.unit).pk, Loop())
    return {name: getattr(found, name) for name in NAMES if getattr(found, name)}


def test_a_case_on_its_way(later: Cast) -> None:
    """Signed and called at once, replied on Friday: nothing is due before its time, and nothing is late."""
    case = later.upto(later.rate(1), State.RECTIFYING)
    one, monday = (case.pk,), NOW
    assert sets(later, monday) == {"dispatched": one, "bad": one, "repeat_base": one}
    tuesday = {"dispatched": one, "bad": one, "repeat_base": one, "signed_due": one, "contact_due": one}
    assert sets(later, monday + DAY + timedelta(hours=8)) == tuesday
    friday = NOW + 4 * DAY
    later.upto(case, State.REPLIED, at=friday)
    due = {"due": one, "on_time": one, "reply_due": one, "replied": one}
    assert sets(later, friday) == tuesday, "replied, and still not due"
    assert sets(later, NOW + 8 * DAY) == tuesday | due
    later.upto(case, State.CLOSED, at=NOW + 8 * DAY + timedelta(hours=1))
    closed = {"rectified": one, "closed": one, "reached": one, "satisfied": one}
    assert sets(later, NOW + 9 * DAY) == tuesday | due | closed
    assert sets(later, NOW + 15 * DAY) == tuesday | due | closed | {"call_due": one, "called": one}
    assert sets(later, NOW + 8 * DAY) == tuesday | due, "the past stays what it was"


def test_what_is_late_is_late_from_the_moment_it_is_due(later: Cast) -> None:
    case = later.upto(later.rate(1), State.DISPATCHED)
    one = (case.pk,)
    found = sets(later, NOW + 30 * DAY)
    assert found["signed_late"] == found["contact_late"] == found["overdue"] == found["overdue_far"] == one
    assert not {"on_time", "rectified", "replied"} & set(found)
    due = case.deadlines.get(duty="rectify").due_at
    assert "overdue" not in sets(later, due)
    assert sets(later, due + timedelta(minutes=1))["overdue"] == one
    assert "overdue_far" not in sets(later, due + 7 * DAY), "five working days later"
    assert sets(later, due + 8 * DAY)["overdue_far"] == one
    later.upto(case, State.REPLIED, at=NOW + 31 * DAY)
    found = sets(later, NOW + 32 * DAY)
    assert found["overdue"] == found["replied"] == one, "replied late"


def test_nobody_to_call_is_no_call_missed(later: Cast) -> None:
    later.upto(later.rate(1, phone=""), State.CLOSED)
    found = sets(later, NOW + 30 * DAY)
    assert not {"contact_due", "reply_due", "call_due", "reached"} & set(found)
    assert len(found["due"]) == len(found["rectified"]) == 1


def test_unhappy_and_sent_back(later: Cast) -> None:
    case = later.upto(later.rate(1), State.REPLIED)
    unhappy = Answers(
        was_contacted=True, solved=False, verdict=Verdict.UNSATISFIED, pressed=False, retaliated=False, note=""
    )
    actions.record_callback(
        case, by=later.zhao, at=NOW + DAY, result=ContactResult.REACHED, reworks_max=2, answers=unhappy
    )
    found = sets(later, NOW + 2 * DAY)
    assert found["reached"] == found["reworked"] == (case.pk,)
    assert "satisfied" not in found
    found = sets(later, NOW + 40 * DAY)
    assert found["rework_due"] == found["rework_late"] == (case.pk,)
    assert "rectified" not in found


def test_a_void_case_is_in_no_rate(later: Cast) -> None:
    case = later.upto(later.rate(1), State.DISPATCHED)
    actions.suspend_case(case, by=SYSTEM, at=NOW + 20 * DAY)
    actions.void_case(case, by=SYSTEM, at=NOW + 21 * DAY, note="误评")
    assert "overdue" in sets(later, NOW + 19 * DAY)
    assert set(sets(later, NOW + 22 * DAY)) == {"dispatched"}
    actions.restore_case(case, by=SYSTEM, at=NOW + 23 * DAY, note="复核")
    assert set(sets(later, NOW + 23 * DAY)) == {"dispatched", "bad", "repeat_base"}, "the whole time once more"


def test_what_became_complex_when_overdue_was_overdue_before(later: Cast) -> None:
    case = later.upto(later.rate(1), State.RECTIFYING)
    actions.request_complex(case, by=later.wu, at=NOW + DAY, reason="涉及多部门")
    asked = NOW + 9 * DAY
    actions.decide_complex(case, by=later.qian, at=asked, approved=True)
    assert sets(later, asked - timedelta(minutes=1))["overdue"] == (case.pk,)
    assert "due" not in sets(later, asked), "it has more days now"
    assert sets(later, NOW + 40 * DAY)["overdue"] == (case.pk,)


def test_a_clock_that_stood_still_was_not_late(later: Cast) -> None:
    """Also where the case was then declared void, so that no clock was ever moved."""
    case = later.upto(later.rate(1), State.RECTIFYING)
    actions.suspend_case(case, by=SYSTEM, at=NOW + DAY)
    then = sets(later, NOW + 15 * DAY)
    assert "due" not in then
    actions.void_case(case, by=SYSTEM, at=NOW + 20 * DAY, note="误评")
    assert sets(later, NOW + 15 * DAY) == then


def test_a_case_that_goes_on_is_with_both_units(later: Cast) -> None:
    case = later.upto(later.rate(1), State.DISPATCHED)
    actions.refuse_case(case, by=later.wu, at=NOW + timedelta(hours=1), reason="不归我们", limit=1)
    actions.accept_refusal(case, by=later.qian, at=NOW + timedelta(hours=2), note="同意")
    actions.dispatch_case(case, by=later.lin, at=NOW + timedelta(hours=3), unit=later.other_unit)
    mine, theirs = sets(later, NOW + 30 * DAY), sets(later, NOW + 30 * DAY, unit=later.other_unit)
    assert set(mine) == {"dispatched"}
    assert theirs["dispatched"] == theirs["overdue"] == theirs["signed_late"] == (case.pk,)
    both = Loop.sum(loop_of(QUARTER, at=NOW + 30 * DAY).values())
    assert both.dispatched == (case.pk,), "once in all"
    only = loop_of(QUARTER, Unit.objects.filter(pk=later.unit.pk), at=NOW + 30 * DAY)
    assert set(only) == {later.unit.pk}


def test_the_same_trouble_again(later: Cast) -> None:
    first = later.rate(1)
    second = later.rate(1, at=NOW + 30 * DAY)
    third = later.rate(1, at=NOW + 125 * DAY)
    found = sets(later, NOW + 200 * DAY)
    assert found["repeat_base"] == (first.pk, second.pk)
    assert found["repeated"] == (second.pk,)
    march = sets(later, NOW + 200 * DAY, period_of((NOW + 125 * DAY).date(), "month"))
    assert march["repeat_base"] == (third.pk,)
    assert "repeated" not in march, "more than ninety days later"


def test_rulings_count_when_they_are_served_and_follow_a_review(cast: Cast) -> None:
    with time_machine.travel(NOW):
        court = Court(cast)
        upheld, partly, rejected = (court.ruled("W6", vote) for vote in (Vote.UPHOLD, Vote.PARTLY, Vote.REJECT))
    with time_machine.travel(NOW + DAY):
        found = sets(cast, NOW + DAY)
    assert found["ruled"] == tuple(sorted(one.pk for one in (upheld, partly, rejected)))
    assert found["upheld"] == (upheld.pk,)
    assert found["partly"] == (partly.pk,)
    assert set(found["appealed"]) == {one.case_id for one in (upheld, partly, rejected)} <= set(found["dispatched"])


def test_what_the_portal_said_to_itself_is_left_out(later: Cast) -> None:
    case = later.rate(1)
    assert sets(later, NOW + DAY)
    with pgtrigger.ignore("rectification.Case:said_is_said"):
        Case.objects.filter(pk=case.pk).update(source=Source.TEST)
    assert sets(later, NOW + DAY) == {}


def test_the_number_of_questions_is_that_of_one_case(later: Cast) -> None:
    later.upto(later.rate(1), State.CLOSED)
    with CaptureQueriesContext(
        connection,
    ) as one:
        loop_of(QUARTER)
    for _ in range(4):
        later.upto(later.rate(1), State.CLOSED)
    with CaptureQueriesContext(connection) as five:
        loop_of(QUARTER)
    assert len(one) == len(five) <= 11


class Remembering(Life):
    """A life of a case that notes what was known after every step."""

    def __init__(self) -> None:
        self.known: list[tuple[datetime, list[dict[int, Loop]]]] = []
        super().__init__()

    def live(self, seed: int) -> None:
        draw = Random(seed)
        self.a_citizen_rates(draw.randbytes(8))
        for _ in range(STEPS):
            self.something_happens(draw.randbytes(8))
            self.known.append((self.world.now, self.states(self.world.now)))
            self.world.now += timedelta(seconds=1)

    def states(self, at: datetime) -> list[dict[int, Loop]]:
        return [loop_of(period, at=at) for period in (NOVEMBER, DECEMBER)]


@pytest.mark.timeout(900)
def test_a_past_day_is_what_was_known_on_that_day(later: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_machine, "note", lambda what: None)
    seen: set[str] = set()
    for seed in range(LIVES):
        life = type("OneLife", (Remembering,), {"cast": later})()
        try:
            life.live(seed)
            for at, known in Random(seed).sample(life.known, STEPS // 2):
                assert life.states(at) == known, f"seed {seed}, {at}"
                seen |= {name for loops in known for loop in loops.values() for name in NAMES if getattr(loop, name)}
        finally:
            life.teardown()
    if LIVES >= 25:
        assert seen >= set(NAMES) - {"ruled", "upheld", "partly", "appealed", "repeated", "given_up"}, set(NAMES) - seen
