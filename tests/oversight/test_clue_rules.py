"""What rules propose: from the very facts, once each, before those who may know; and what they leave alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import override_settings

from assessment.enums import Direction, FindingState, SignalCode
from assessment.models import Finding
from common.models import Notice
from oversight import actions
from oversight.enums import ClueSort, ClueStage, Kind
from oversight.models import Clue, Dossier, Insider
from rectification.actions import record_callback, settle_pressure_report
from rectification.actions.closing import Answers
from rectification.enums import ContactResult, PressureOutcome, State, Verdict
from rectification.models import Case, PressureReport
from tests.factories import NOW, Cast
from tests.oversight.clues import second

DAY = timedelta(days=1)


@contextmanager
def later(at: datetime) -> Iterator[None]:
    """Facts of the loop are those known by now."""
    with time_machine.travel(at, tick=False):
        yield


def proposed(at: datetime) -> list[Clue]:
    """What the rules propose at a moment; asked twice, they propose nothing more."""
    with later(at):
        actions.propose_found(at=at)
        assert actions.propose_found(at=at) == 0
    return list(Clue.objects.select_related("dossier__unit").order_by("pk"))


def test_where_nothing_is_wrong_nothing_is_proposed(cast: Cast) -> None:
    cast.upto(cast.rate(1, at=NOW), State.CLOSED, at=NOW)
    assert proposed(NOW + 5 * DAY) == []


def test_the_same_problem_again_and_again(cast: Cast) -> None:
    for number in range(3):
        cast.upto(cast.rate(1, at=NOW + number * DAY), State.CLOSED, at=NOW + number * DAY)
    clue, *others = proposed(NOW + 4 * DAY)
    assert not others
    assert (clue.sort, clue.rule, clue.dossier.unit, clue.dossier.stage) == (
        ClueSort.REPEAT,
        "repeat",
        cast.unit,
        ClueStage.PROPOSED,
    )
    # The first is no repetition: the two after it are, and they stand behind the clue in words.
    again = set(Case.objects.order_by("received_at")[1:])
    assert {one.case for one in clue.dossier.cases.select_related("case")} == again
    assert all(any(case.number in line["words"] for line in clue.evidence) for case in again)


def test_once_again_is_not_enough(cast: Cast) -> None:
    for number in range(2):
        cast.rate(1, at=NOW + number * DAY)
    assert proposed(NOW + 4 * DAY) == []


def test_a_rectification_that_stays_overdue(cast: Cast) -> None:
    cast.upto(cast.rate(1, at=NOW), State.RECTIFYING, at=NOW)
    due = cast_due(cast)
    assert proposed(due + 14 * DAY) == []  # ten working days are not more than ten
    clue = proposed(due + 15 * DAY)[0]
    assert (clue.sort, clue.rule) == (ClueSort.OVERDUE, "late")
    assert "已逾期 11 个工作日" in clue.evidence[0]["words"]


def cast_due(cast: Cast) -> datetime:
    due: datetime = Case.objects.get().deadlines.get(duty="rectify").due_at
    return due


@override_settings(CLUE_OVERDUE_MIN=2, CLUE_REPEAT_MIN=9, CLUE_OVERDUE_DAYS=99)
def test_several_overdue_in_a_quarter(cast: Cast) -> None:
    for number in range(2):
        cast.upto(cast.rate(1, at=NOW + number * DAY), State.RECTIFYING, at=NOW + number * DAY)
    clue, *others = proposed(NOW + 14 * DAY)
    assert (clue.sort, clue.rule, others) == (ClueSort.OVERDUE, "overdue", [])
    assert clue.dossier.cases.count() == 2


def unhappy(cast: Cast, case: Case, at: datetime, *, pressed: bool = False, retaliated: bool = False) -> None:
    record_callback(
        case,
        by=cast.zhao,
        at=at,
        result=ContactResult.REACHED,
        reworks_max=3,
        answers=Answers(
            was_contacted=True,
            solved=False,
            verdict=Verdict.UNSATISFIED,
            pressed=pressed,
            retaliated=retaliated,
            note="没有改",
        ),
    )


def test_a_fix_that_was_reported_and_twice_did_not_hold(cast: Cast) -> None:
    case = cast.upto(cast.rate(1, at=NOW), State.REPLIED, at=NOW)
    unhappy(cast, case, NOW + timedelta(hours=1))
    assert proposed(NOW + DAY) == []
    case.refresh_from_db()
    cast.report(case, at=NOW + DAY)
    cast.upto(case, State.REPLIED, at=NOW + DAY)
    unhappy(cast, case, NOW + DAY + timedelta(hours=1))
    clue = proposed(NOW + 2 * DAY)[0]
    assert (clue.sort, len(clue.evidence)) == (ClueSort.FALSE_REPORT, 3)


def pressure(cast: Cast, outcome: PressureOutcome, *, retaliated: bool = False) -> PressureReport:
    case = cast.upto(cast.rate(1, at=NOW), State.REPLIED, at=NOW)
    unhappy(cast, case, NOW, pressed=True, retaliated=retaliated)
    report = PressureReport.objects.get()
    return settle_pressure_report(report, by=cast.qian, at=NOW, outcome=outcome, finding="已核查")


@pytest.mark.parametrize("retaliated", [True, False])
def test_pressure_that_was_upheld_is_taken_up_at_once_by_the_city(cast: Cast, retaliated: bool) -> None:
    pressure(cast, PressureOutcome.FOUND, retaliated=retaliated)
    clue = proposed(NOW + timedelta(hours=1))[0]
    assert clue.sort == (ClueSort.RETALIATION if retaliated else ClueSort.INTERFERENCE)
    assert clue.dossier.stage == ClueStage.RAISED
    assert {one.staff for one in Insider.objects.all()} == {cast.qian}
    assert set(Notice.objects.filter(kind="clue.proposed").values_list("staff", flat=True)) == {cast.qian.pk}


@pytest.mark.parametrize("outcome", [PressureOutcome.NOT_FOUND, PressureOutcome.UNPROVEN])
def test_pressure_that_was_not_upheld_is_none(cast: Cast, outcome: PressureOutcome) -> None:
    pressure(cast, outcome)
    assert proposed(NOW + timedelta(hours=1)) == []


def doubt(cast: Cast, signal: SignalCode, direction: Direction, state: FindingState = FindingState.CONFIRMED) -> None:
    decided = {} if state == FindingState.OPEN else {"decided_by": cast.qian, "decided_at": NOW, "reason": "属实"}
    Finding.objects.create(
        day=NOW.date(),
        unit=cast.unit,
        signal=signal,
        direction=direction,
        observed=9,
        expected=1,
        chance=0.0001,
        found_at=NOW,
        state=state,
        **decided,
    )


@pytest.mark.parametrize(
    ("signal", "direction", "sort"),
    [
        (SignalCode.DEVICE, Direction.PRAISE, ClueSort.BRUSHING),
        (SignalCode.NO_NEGATIVES, Direction.SILENCE, ClueSort.INTERFERENCE),
        (SignalCode.SERIES, Direction.BLAME, None),
        (SignalCode.HOLE, Direction.SILENCE, None),
    ],
)
def test_confirmed_doubts(cast: Cast, signal: SignalCode, direction: Direction, sort: ClueSort | None) -> None:
    doubt(cast, signal, direction)
    assert [one.sort for one in proposed(NOW + DAY)] == ([sort] if sort else [])


def test_doubts_that_nobody_has_decided_are_none(cast: Cast) -> None:
    doubt(cast, SignalCode.DEVICE, Direction.PRAISE, FindingState.OPEN)
    assert proposed(NOW + DAY) == []


def test_what_is_old_is_nobodys_news(cast: Cast) -> None:
    doubt(cast, SignalCode.DEVICE, Direction.PRAISE)
    assert proposed(NOW + 91 * DAY) == []


def test_who_sits_in_the_unit_does_not_hear_of_it(cast: Cast) -> None:
    cast.unit = cast.body
    doubt(cast, SignalCode.DEVICE, Direction.PRAISE)
    assert proposed(NOW + DAY) == []  # nobody else is there
    second(cast)
    assert {one.dossier.insiders.get().staff.username for one in proposed(NOW + DAY)} == {"pei"}


def test_a_county_hears_of_its_own_and_the_city_of_its_body(cast: Cast) -> None:
    for unit in (cast.county_body, type(cast.unit).objects.get(code="370602-GAJ")):
        cast.unit = unit
        doubt(cast, SignalCode.DEVICE, Direction.PRAISE)
    heard = {one.dossier.unit: one.dossier.insiders.get().staff for one in proposed(NOW + DAY)}
    assert heard == {cast.county_body: cast.qian, cast.unit: cast.he}


def test_what_was_set_aside_is_not_proposed_again(cast: Cast) -> None:
    doubt(cast, SignalCode.DEVICE, Direction.PRAISE)
    row = proposed(NOW + DAY)[0].dossier
    actions.drop_dossier(row, "系统测试", by=cast.qian, at=NOW + DAY)
    assert len(proposed(NOW + 2 * DAY)) == 1


def test_a_supervisor_takes_it_up(cast: Cast) -> None:
    doubt(cast, SignalCode.DEVICE, Direction.PRAISE)
    row = proposed(NOW + DAY)[0].dossier
    assert actions.take_up(row, by=cast.qian, at=NOW + DAY).stage == ClueStage.RAISED
    assert Dossier.objects.get(kind=Kind.CLUE) == row
