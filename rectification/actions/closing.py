"""督导回访、核查、提级、督办、销号: what the management body does. The unit never closes its own case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from rectification import workflow
from rectification.actions import clocks
from rectification.actions.core import By, Move, Refused, begin, finish
from rectification.actions.messages import message_one
from rectification.actions.pressure import open_pressure_report
from rectification.enums import (
    Action,
    ContactKind,
    ContactResult,
    Duty,
    Outcome,
    PressureKind,
    ReportKind,
    State,
    Verdict,
    Verification,
)
from rectification.models import CallbackRecord, Case, ContactAttempt, Supervision


@dataclass(frozen=True)
class Answers:
    """What a reached evaluator said to the five questions of docs/domain.md §8."""

    was_contacted: bool
    solved: bool
    verdict: Verdict
    pressed: bool
    retaliated: bool
    note: str = ""


@transaction.atomic
def record_callback(
    case: Case,
    *,
    by: By,
    at: datetime,
    result: ContactResult,
    reworks_max: int,
    answers: Answers | None = None,
    note: str = "",
    call_reference: str = "",
    seconds: int | None = None,
    seen: int | None = None,
) -> Case:
    """督导回访 by somebody not of the unit. A satisfied evaluator verifies the case; an unhappy one sends it back.

    Who was pressed or retaliated against is not alone with it: the city supervisors get a report to settle.

    Args:
        answers: needed when the evaluator was reached.
        reworks_max: rounds of 二次整改 before 提级 (setting REWORKS_MAX).

    Raises:
        Refused: reached without answers, or answers without being reached, or nobody to call.
    """
    move = begin(Action.RECORD_CALLBACK, case, by=by, at=at, seen=seen)
    if not move.case.reachable:
        raise Refused(_("评价人没有留下联系方式,请用督导核查。"))
    if (result == ContactResult.REACHED) != (answers is not None):
        raise Refused(_("接通后请填写五个问题;未接通则不填。"))
    attempt = ContactAttempt.objects.create(
        case=move.case,
        kind=ContactKind.CALLBACK,
        result=result,
        note=note,
        call_reference=call_reference,
        seconds=seconds,
        by=move.staff,
        by_unit=move.unit,
        at=at,
    )
    if answers is None:
        return finish(move, to=None, note=note, data={"result": result}, meets=(), begins=(), tell=False)
    CallbackRecord.objects.create(case=move.case, round=move.case.rework_round, contact=attempt, **vars(answers))
    if answers.pressed or answers.retaliated:
        open_pressure_report(move.case, text=answers.note, at=at, kind=PressureKind.CALLBACK)
    satisfied = answers.solved and answers.verdict != Verdict.UNSATISFIED
    data = {"result": result, "pressed": answers.pressed, "retaliated": answers.retaliated}
    return apply_verdict(
        move,
        answers.verdict,
        satisfied=satisfied,
        how=Verification.CALLBACK,
        reworks_max=reworks_max,
        note=answers.note or note,
        data=data,
    )


def apply_verdict(
    move: Move,
    verdict: Verdict | None,
    *,
    satisfied: bool,
    how: Verification,
    reworks_max: int,
    note: str,
    data: dict[str, object],
) -> Case:
    """Leads a case on from somebody's word on the rectification: to verification, a new round, or up."""
    case = move.case
    to = workflow.after_verdict(satisfied=satisfied, rework_round=case.rework_round, reworks_max=reworks_max)
    case.verdict = verdict or ""
    if to == State.VERIFIED:
        _verify(case, how, at=move.at)
        begins: tuple[Duty, ...] = (Duty.SIGN_OFF,)
    else:
        case.rework_round += 1
        case.outcome = case.verification = ""
        case.verified_at = None
        begins = (Duty.REWORK,)
        clocks.withdraw(case, (Duty.SIGN_OFF,), at=move.at)
    facts = {**data, "verdict": verdict or "", "round": case.rework_round}
    return finish(move, to=to, note=note, data=facts, begins=begins)


def _verify(case: Case, how: Verification, *, at: datetime) -> None:
    kind = case.reports.filter(passed=True).order_by("id").values_list("kind", flat=True).last()
    case.outcome = Outcome.EXPLAINED if kind == ReportKind.EXPLAINED else Outcome.RECTIFIED
    case.verification, case.verified_at = how, at


@transaction.atomic
def give_up_callback(
    case: Case, *, by: By, at: datetime, attempts_min: int, note: str = "", seen: int | None = None
) -> Case:
    """联系不上: after enough tries on different days and hours and an SMS; reported separately (domain.md §8).

    Args:
        attempts_min: tries needed (setting CALLBACK_ATTEMPTS_MIN).

    Raises:
        Refused: too few tries, all on one day, or all in the same half of the day.
    """
    move = begin(Action.RECORD_CALLBACK, case, by=by, at=at, seen=seen)
    tries = [timezone.localtime(moment) for moment in _tries_of_this_round(move.case)]
    if len(tries) < attempts_min:
        raise Refused(_("至少回访%(count)s次才能记为联系不上。") % {"count": attempts_min})
    if len({t.date() for t in tries}) < 2 or len({t.hour for t in tries}) < 2:
        raise Refused(_("请在不同日期、不同时段再试。"))
    # The sweep may not have come by since the last try, and it writes to nobody who has been given up.
    message_one(move.case, at=at)
    _verify(move.case, Verification.UNREACHABLE, at=at)
    return finish(move, to=State.UNREACHABLE, note=note, data={"attempts": len(tries)}, begins=(Duty.SIGN_OFF,))


def _tries_of_this_round(case: Case) -> list[datetime]:
    calls = case.contacts.filter(kind=ContactKind.CALLBACK, at__gte=case.replied_at)
    return list(calls.exclude(result=ContactResult.REACHED).values_list("at", flat=True))


@transaction.atomic
def verify_on_file(
    case: Case, *, by: By, at: datetime, fixed: bool, note: str, reworks_max: int, seen: int | None = None
) -> Case:
    """督导核查, on the spot or on file, where no evaluator can be called back.

    Raises:
        Refused: the evaluator left a number, so somebody has to call.
    """
    move = begin(Action.VERIFY_ON_FILE, case, by=by, at=at, seen=seen)
    if move.case.reachable:
        raise Refused(_("评价人留有联系方式,请先回访。"))
    return apply_verdict(
        move,
        None,
        satisfied=fixed,
        how=Verification.ON_FILE,
        reworks_max=reworks_max,
        note=note,
        data={"fixed": fixed},
    )


@transaction.atomic
def escalate_case(case: Case, *, by: By, at: datetime, note: str, seen: int | None = None) -> Case:
    """提级督办 / 联动化解 before the rounds are used up; the clocks run on."""
    return finish(begin(Action.ESCALATE, case, by=by, at=at, seen=seen), to=State.ESCALATED, note=note)


@transaction.atomic
def close_case(case: Case, *, by: By, at: datetime, note: str = "", seen: int | None = None) -> Case:
    """销号: by the management body, after the outcome was verified. The database refuses anything else.

    Raises:
        Refused: a report of pressure on the evaluator is still open.
    """
    move = begin(Action.CLOSE, case, by=by, at=at, seen=seen)
    if move.case.pressure_reports.filter(settled_at=None).exists():
        raise Refused(_("评价人反映有人要求改评价,核查结束前不能销号。"))
    case = move.case
    case.closed_at, case.closed_by, case.closed_by_unit = at, move.staff, move.unit
    case.dwells.filter(ended_at=None).update(ended_at=at)
    return finish(move, to=State.CLOSED, note=note, data={"outcome": case.outcome, "by": case.verification})


@transaction.atomic
def supervise_case(case: Case, *, by: By, at: datetime, text: str, seen: int | None = None) -> Case:
    """督办 / 催办: presses the unit; the answer has a due time of its own.

    Raises:
        Refused: the last one has not been answered.
    """
    move = begin(Action.SUPERVISE, case, by=by, at=at, seen=seen)
    if move.case.supervisions.filter(answered_at=None).exists():
        raise Refused(_("上一次督办还没有回复。"))
    Supervision.objects.create(case=move.case, text=text, by=move.staff, at=at)
    return finish(move, note=text)


@transaction.atomic
def answer_supervision(case: Case, *, by: By, at: datetime, answer: str, seen: int | None = None) -> Case:
    """督办回复.

    Raises:
        Refused: nothing is waiting for an answer.
    """
    move = begin(Action.ANSWER_SUPERVISION, case, by=by, at=at, seen=seen)
    waiting = move.case.supervisions.select_for_update().filter(answered_at=None).first()
    if waiting is None:
        raise Refused(_("没有等待回复的督办。"))
    waiting.answer, waiting.answered_by, waiting.answered_at = answer, move.staff, at
    waiting.save()
    return finish(move, note=answer)


@transaction.atomic
def mark_typical(case: Case, *, by: By, at: datetime, typical: bool, note: str = "", seen: int | None = None) -> Case:
    """典型案例: marks a case others can learn from, or takes the mark away."""
    move = begin(Action.MARK_TYPICAL, case, by=by, at=at, seen=seen)
    move.case.typical = typical
    return finish(move, note=note, data={"typical": typical})
