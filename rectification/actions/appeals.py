"""The hooks of the appeal (申诉), which lies to the right of this app: pause, go on, or void."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from rectification.actions import clocks
from rectification.actions.core import By, begin, finish
from rectification.enums import Action, Duty, Outcome, State
from rectification.models import Case, Dwell
from rectification.workflow import PAUSED_BY_APPEAL, NotAllowed


@transaction.atomic
def suspend_case(case: Case, *, by: By, at: datetime, note: str = "") -> Case:
    """Pauses a case while an appeal runs. First contact goes on: the citizen need not wait for it."""
    move = begin(Action.SUSPEND, case, by=by, at=at, panel=True)
    move.case.suspended_from = move.case.state
    clocks.pause(move.case, PAUSED_BY_APPEAL, at=at)
    return finish(move, to=State.SUSPENDED, note=note)


@transaction.atomic
def resume_case(case: Case, *, by: By, at: datetime, note: str = "") -> Case:
    """Lets a case go on where it stood, with the days that were left."""
    move = begin(Action.RESUME, case, by=by, at=at, panel=True)
    to = State(move.case.suspended_from)
    move.case.suspended_from = ""
    clocks.resume(move.case, at=at)
    return finish(move, to=to, note=note)


@transaction.atomic
def void_case(case: Case, *, by: By, at: datetime, note: str) -> Case:
    """认定无效 by the panel. Nothing is deleted: received, invalid and effective stay three numbers."""
    move = begin(Action.VOID, case, by=by, at=at, panel=True)
    move.case.outcome = Outcome.INVALID
    move.case.dwells.filter(ended_at=None).update(ended_at=at)
    return finish(move, to=State.INVALID, note=note)


@transaction.atomic
def move_case_on(case: Case, *, by: By, at: datetime, note: str) -> Case:
    """改派 after the wrong unit was rated: back to the dispatcher, clocks going on with the days that were left.

    A report of the unit that is let off is not checked any more; it stays, as one that was not sent.
    """
    move = begin(Action.MOVE_ON, case, by=by, at=at, panel=True)
    move.case.suspended_from, move.case.handler = "", None
    move.case.reports.filter(passed=None).update(passed=False, check_note=note, checked_at=at)
    clocks.resume(move.case, at=at)
    return finish(move, to=State.PRECHECKED, note=note)


@transaction.atomic
def restore_case(case: Case, *, by: By, at: datetime, note: str) -> Case:
    """A rating held invalid counts again, and its case goes on with the unit, with the whole time once more.

    Raises:
        NotAllowed: it is not invalid, or not by a ruling.
    """
    move = begin(Action.RESTORE, case, by=by, at=at, panel=True)
    restored = move.case
    if not restored.suspended_from:  # the portal's test of itself, which no panel has judged
        raise NotAllowed(Action.RESTORE, "state")
    to = State(restored.suspended_from)
    restored.outcome, restored.suspended_from = "", ""
    Dwell.objects.create(case=restored, unit=restored.unit, unit_name=restored.unit_name, began_at=at)
    owed = [Duty.REWORK] if restored.rework_round else [Duty.SIGN, Duty.CONTACT, Duty.RECTIFY]
    return finish(move, to=to, note=note, begins=owed)
