"""What the evaluator does after rating: judge the rectification, reopen, add, hide, report pressure."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.actors import CITIZEN
from rectification.actions import clocks
from rectification.actions.closing import apply_verdict
from rectification.actions.core import Refused, begin, finish
from rectification.actions.pressure import flag_withdrawal, open_pressure_report
from rectification.enums import Action, Duty, State, Verdict, Verification
from rectification.models import Case, Dwell, PressureReport
from rectification.workflow import after_verdict


@transaction.atomic
def record_citizen_verdict(case: Case, *, at: datetime, verdict: Verdict, note: str, reworks_max: int) -> Case:
    """再次评价 of the rectification. Before 销号 it decides like a callback; afterwards it is kept beside the case.

    Args:
        reworks_max: rounds of 二次整改 before 提级 (setting REWORKS_MAX).
    """
    move = begin(Action.RECORD_VERDICT, case, by=CITIZEN, at=at)
    if move.case.state == State.CLOSED:
        move.case.verdict = verdict
        return finish(move, note=note, data={"verdict": verdict}, meets=(), begins=())
    return apply_verdict(
        move,
        verdict,
        satisfied=verdict != Verdict.UNSATISFIED,
        how=Verification.CITIZEN,
        reworks_max=reworks_max,
        note=note,
        data={},
    )


@transaction.atomic
def reopen_case(case: Case, *, at: datetime, reason: str, within: timedelta, reworks_max: int) -> Case:
    """还没解决: the evaluator says that the reply changed nothing; the unit works again, with a fresh duty.

    Args:
        within: how long after 销号 this is possible (setting REOPEN_DAYS).

    Raises:
        Refused: too long after 销号.
    """
    move = begin(Action.REOPEN, case, by=CITIZEN, at=at)
    locked = move.case
    if locked.closed_at is not None and at > locked.closed_at + within:
        raise Refused(_("销号已超过规定时间。请重新评价或拨打12345。"))
    if locked.closed_at is not None:
        Dwell.objects.create(case=locked, unit=locked.unit, unit_name=locked.unit_name, began_at=at)
    to = after_verdict(satisfied=False, rework_round=locked.rework_round, reworks_max=reworks_max)
    locked.rework_round += 1
    locked.reopenings += 1
    locked.outcome = locked.verification = locked.verdict = ""
    locked.verified_at = locked.closed_at = locked.closed_by = locked.closed_by_unit = None
    clocks.withdraw(locked, (Duty.CALLBACK, Duty.SIGN_OFF), at=at)
    return finish(move, to=to, note=reason, data={"round": locked.rework_round}, meets=())


@transaction.atomic
def add_statement(case: Case, *, at: datetime, text: str) -> Case:
    """补充说明: further facts beside what was said; the original stays as it is."""
    return finish(begin(Action.ADD_STATEMENT, case, by=CITIZEN, at=at), note=text)


@transaction.atomic
def hide_text(case: Case, *, at: datetime, hidden: bool) -> Case:
    """撤下公开文字: the words are no longer shown in public; the case still counts.

    After the unit has spoken with the evaluator it is asked whether that was their own wish.
    """
    move = begin(Action.HIDE_TEXT, case, by=CITIZEN, at=at)
    move.case.text_hidden = hidden
    if hidden:
        flag_withdrawal(move.case, what=gettext_lazy("评价人撤下了公开文字"), at=at)
    return finish(move, data={"hidden": hidden})


@transaction.atomic
def report_pressure(case: Case, *, at: datetime, text: str) -> PressureReport:
    """有人要求我改评价: goes to the city supervisors; the unit sees nothing of it, not even in the history."""
    move = begin(Action.REPORT_PRESSURE, case, by=CITIZEN, at=at)
    report = open_pressure_report(move.case, text=text, at=at)
    finish(move, tell=False)
    return report
