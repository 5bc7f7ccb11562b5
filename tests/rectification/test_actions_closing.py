"""回访、核查、提级、督办、销号、申诉的两个挂钩: what the management body does, and what nobody else may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from common.actors import SYSTEM
from common.models import OutboxMessage
from rectification import actions
from rectification.actions.closing import Answers
from rectification.enums import ContactResult, Duty, Outcome, PressureOutcome, ReportKind, State, Verdict, Verification
from rectification.models import Case
from rectification.workflow import NotAllowed
from tests.factories import NOW, Cast

HAPPY = Answers(was_contacted=True, solved=True, verdict=Verdict.SATISFIED, pressed=False, retaliated=False)


def call(cast: Cast, case: Case, **more: Any) -> Case:
    return actions.record_callback(case, by=cast.zhao, at=more.pop("at", NOW), reworks_max=2, **more)


@pytest.mark.parametrize(
    ("verdict", "solved", "state"),
    [
        (Verdict.SATISFIED, True, State.VERIFIED),
        (Verdict.ACCEPTABLE, True, State.VERIFIED),
        (Verdict.SATISFIED, False, State.REWORK),
        (Verdict.UNSATISFIED, True, State.REWORK),
        (Verdict.UNSATISFIED, False, State.REWORK),
    ],
)
def test_the_evaluators_word_decides(cast: Cast, verdict: Verdict, solved: bool, state: State) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    case = cast.callback(case, verdict=verdict, solved=solved)
    assert case.state == state
    assert case.callbacks.get().contact.by == cast.zhao
    duties = set(case.deadlines.unmet().values_list("duty", flat=True))
    assert duties == ({Duty.SIGN_OFF} if state == State.VERIFIED else {Duty.REWORK})


def test_after_the_last_round_it_goes_up(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    states = []
    for _ in range(3):
        case = cast.callback(case, verdict=Verdict.UNSATISFIED, solved=False)
        states.append(case.state)
        cast.report(case)
        actions.send_reply(case, by=cast.zheng, at=NOW, ticks=("facts", "fixed", "answers", "no_identity"))
    assert states == [State.REWORK, State.REWORK, State.ESCALATED]


@pytest.mark.parametrize("name", ["wu", "zheng", "lin", "zhou", "sun"])
def test_only_the_callback_officer_calls_back(cast: Cast, name: str) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    with pytest.raises(NotAllowed):
        actions.record_callback(case, by=cast.everybody[name], at=NOW, result=ContactResult.NO_ANSWER, reworks_max=2)


def test_answers_come_with_a_reached_evaluator_and_only_then(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    with pytest.raises(actions.Refused):
        call(cast, case, result=ContactResult.REACHED)
    with pytest.raises(actions.Refused):
        call(cast, case, result=ContactResult.NO_ANSWER, answers=HAPPY)
    assert not case.contacts.filter(kind="callback").exists()


def test_pressure_told_in_a_callback_keeps_the_case_open_until_it_is_settled(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    pressed = Answers(True, True, Verdict.SATISFIED, pressed=True, retaliated=False, note="被要求改评价")
    call(cast, case, result=ContactResult.REACHED, answers=pressed)
    with pytest.raises(actions.Refused):
        actions.close_case(case, by=cast.qian, at=NOW)
    report = case.pressure_reports.get()
    actions.settle_pressure_report(
        report, by=cast.qian, at=NOW, outcome=PressureOutcome.FOUND, finding="已核查,批评教育"
    )
    with pytest.raises(actions.Refused):
        actions.settle_pressure_report(report, by=cast.qian, at=NOW, outcome=PressureOutcome.FOUND, finding="再次")
    assert actions.close_case(case, by=cast.qian, at=NOW).state == State.CLOSED


@pytest.mark.parametrize(
    ("hours", "good"),
    [
        ((0, 25), False),
        ((0, 1, 2), False),
        ((0, 24, 48), False),
        ((0, 25, 48), True),
    ],
    ids=["too few", "one day", "one hour of the day", "spread"],
)
def test_unreachable_needs_tries_on_different_days_and_hours(cast: Cast, hours: tuple[int, ...], good: bool) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    for hour in hours:
        call(cast, case, at=NOW + timedelta(hours=hour), result=ContactResult.NO_ANSWER)
    late = NOW + timedelta(days=3)
    if not good:
        with pytest.raises(actions.Refused):
            actions.give_up_callback(case, by=cast.zhao, at=late, attempts_min=3)
        return
    case = actions.give_up_callback(case, by=cast.zhao, at=late, attempts_min=3)
    assert (case.state, case.verification) == (State.UNREACHABLE, Verification.UNREACHABLE)
    assert actions.close_case(case, by=cast.qian, at=late).state == State.CLOSED


def test_who_cannot_be_reached_is_written_to_before_anybody_gives_up(cast: Cast) -> None:
    """Tries, then an SMS, then 联系不上 (domain.md §8): also when the officer is faster than the sweep; never twice."""
    case = cast.upto(cast.rate(1), State.REPLIED)
    for hours in (1, 26, 30):
        call(cast, case, result=ContactResult.NO_ANSWER, at=NOW + timedelta(hours=hours))
    late = NOW + timedelta(hours=31)
    actions.give_up_callback(case, by=cast.zhao, at=late, attempts_min=3)
    written = OutboxMessage.objects.filter(about=case.number, kind="citizen.unreachable")
    assert written.count() == 1
    assert case.number in written.get().body
    assert actions.message_unreached(at=late) == 0
    assert written.count() == 1


def test_on_file_only_where_nobody_can_be_called(cast: Cast) -> None:
    with_phone = cast.upto(cast.rate(1), State.REPLIED)
    without = cast.upto(cast.rate(1, phone=""), State.REPLIED)
    check = {"by": cast.qian, "at": NOW, "fixed": True, "note": "现场查看", "reworks_max": 2}
    with pytest.raises(actions.Refused):
        actions.verify_on_file(with_phone, **check)
    with pytest.raises(actions.Refused):
        call(cast, without, result=ContactResult.NO_ANSWER)
    case = actions.verify_on_file(without, **check)
    assert (case.state, case.verification, case.verdict) == (State.VERIFIED, Verification.ON_FILE, "")
    again = cast.upto(cast.rate(2, phone=""), State.REPLIED)
    assert actions.verify_on_file(again, **{**check, "fixed": False}).state == State.REWORK


def test_an_explanation_is_an_outcome_of_its_own(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    cast.report(case, kind=ReportKind.EXPLAINED)
    case = cast.upto(case, State.CLOSED)
    assert case.outcome == Outcome.EXPLAINED


@pytest.mark.parametrize("name", ["wu", "zheng", "lin", "zhao", "he", "zhou"])
def test_only_the_supervisor_signs_off(cast: Cast, name: str) -> None:
    case = cast.upto(cast.rate(1), State.VERIFIED)
    with pytest.raises(NotAllowed):
        actions.close_case(case, by=cast.everybody[name], at=NOW)


def test_a_supervised_follow_up_waits_for_its_answer(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    with pytest.raises(actions.Refused):
        actions.answer_supervision(case, by=cast.wu, at=NOW, answer="?")
    actions.supervise_case(case, by=cast.qian, at=NOW, text="请加快")
    with pytest.raises(actions.Refused):
        actions.supervise_case(case, by=cast.lin, at=NOW, text="再催")
    assert case.deadlines.unmet().filter(duty=Duty.SUPERVISION).count() == 1
    actions.answer_supervision(case, by=cast.wu, at=NOW, answer="明天完成")
    assert not case.deadlines.unmet().filter(duty=Duty.SUPERVISION).exists()
    actions.supervise_case(case, by=cast.lin, at=NOW, text="仍未完成")
    assert case.supervisions.count() == 2


def test_escalation_lets_the_clocks_run(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    before = list(case.deadlines.values_list("pk", "due_at", "met_at"))
    assert actions.escalate_case(case, by=cast.qian, at=NOW, note="集中反映").state == State.ESCALATED
    assert list(case.deadlines.values_list("pk", "due_at", "met_at")) == before
    assert cast.report(case).state == State.CHECKING


def test_a_case_is_marked_and_unmarked_as_typical(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.CLOSED)
    assert actions.mark_typical(case, by=cast.qian, at=NOW, typical=True).typical
    assert not actions.mark_typical(case, by=cast.lin, at=NOW, typical=False).typical
    with pytest.raises(NotAllowed):
        actions.mark_typical(case, by=cast.wu, at=NOW, typical=True)


# --- the hooks of the appeal ------------------------------------------------------------------------------------------


def test_an_appeal_pauses_the_rectification_but_not_the_first_contact(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    due = case.deadlines.get(duty=Duty.RECTIFY).due_at
    actions.suspend_case(case, by=SYSTEM, at=NOW + timedelta(days=1))
    assert set(case.deadlines.running().values_list("duty", flat=True)) == {Duty.CONTACT, Duty.APPEAL}
    case = actions.record_contact(case, by=cast.wu, at=NOW + timedelta(days=1), result=ContactResult.NO_ANSWER)
    case = actions.record_contact(case, by=cast.wu, at=NOW + timedelta(days=1), result=ContactResult.REACHED)
    assert (case.state, case.suspended_from) == (State.SUSPENDED, State.RECTIFYING)
    assert not case.deadlines.unmet().filter(duty=Duty.CONTACT).exists()
    with pytest.raises(actions.Refused, match="只做首次联系"):
        actions.record_contact(case, by=cast.wu, at=NOW + timedelta(days=1), result=ContactResult.REACHED)
    case = actions.resume_case(case, by=SYSTEM, at=NOW + timedelta(days=3))
    assert (case.state, case.suspended_from) == (State.RECTIFYING, "")
    row = case.deadlines.get(duty=Duty.RECTIFY)
    assert row.paused_at is None
    assert row.due_at > due


def test_a_void_case_is_counted_and_not_deleted(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.suspend_case(case, by=SYSTEM, at=NOW)
    with pytest.raises(NotAllowed):
        actions.suspend_case(case, by=SYSTEM, at=NOW)
    case = actions.void_case(case, by=cast.zhou, at=NOW, note="评审小组认定")
    assert (case.state, case.outcome) == (State.INVALID, Outcome.INVALID)
    assert not case.deadlines.unmet().exists()
    assert not case.dwells.filter(ended_at=None).exists()


def test_a_case_of_the_wrong_unit_goes_back_to_the_dispatcher_and_never_to_that_unit(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.suspend_case(case, by=SYSTEM, at=NOW)
    case = actions.move_case_on(case, by=SYSTEM, at=NOW, note="评价对象错误")
    assert (case.state, case.handler, case.suspended_from) == (State.PRECHECKED, None, "")
    assert set(case.deadlines.running().values_list("duty", flat=True)) == {Duty.RECTIFY}
    with pytest.raises(actions.Refused, match="不归该单位"):
        actions.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.unit)
    case = actions.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.other_unit)
    assert (case.state, case.unit) == (State.DISPATCHED, cast.other_unit)


def test_only_what_a_ruling_held_invalid_is_restored(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.suspend_case(case, by=SYSTEM, at=NOW)
    case = actions.void_case(case, by=SYSTEM, at=NOW, note="误评")
    later = NOW + timedelta(days=9)
    case = actions.restore_case(case, by=SYSTEM, at=later, note="复核")
    assert (case.state, case.outcome, case.suspended_from) == (State.RECTIFYING, "", "")
    assert case.deadlines.running().get(duty=Duty.RECTIFY).started_at == later
    assert case.dwells.get(ended_at=None).unit_name == case.unit_name
    untried = cast.rate(1)
    Case.objects.filter(pk=untried.pk).update(state=State.INVALID)
    with pytest.raises(NotAllowed):
        actions.restore_case(untried, by=SYSTEM, at=NOW, note="复核")
