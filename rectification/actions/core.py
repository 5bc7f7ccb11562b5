"""The one way in which a case moves: lock, check, change, duties, history, audit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.actions import record_audit
from common.actors import Actor
from common.enums import ActorKind
from common.failpoints import failpoint
from organizations.actions import core as organizations
from organizations.models import Membership, Staff, Unit
from organizations.queries import staff_actor
from rectification import workflow
from rectification.access import parties
from rectification.actions import clocks, telling
from rectification.enums import VOID_STATES, Action, Duty, Party, State
from rectification.models import Case, CaseEvent, ChangedCase
from rectification.workflow import NotAllowed

By = Staff | Actor


class Refused(organizations.Refused):
    """The act is lawful here, but something it needs is missing; the message is for the user."""


class Conflict(Exception):
    """Somebody was faster. Nothing was written; `case` is how it stands now."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.number)
        self.case = case


@dataclass
class Move:
    """One act in progress on a locked case."""

    case: Case
    row: workflow.Transition
    actor: Actor
    at: datetime
    staff_or_none: Staff | None = None
    membership: Membership | None = None

    @property
    def staff(self) -> Staff:
        """The acting person.

        Raises:
            NotAllowed: the act was done by the citizen or the clock.
        """
        if self.staff_or_none is None:
            raise NotAllowed(self.row.action, "party")
        return self.staff_or_none

    @property
    def unit(self) -> Unit:
        """The unit on whose behalf the person acts."""
        if self.membership is None:
            raise NotAllowed(self.row.action, "party")
        return self.membership.unit


def capacities(by: By, case: Case, *, panel: bool = False) -> dict[Party, Membership | None]:
    """In which capacities somebody stands towards a case, with the membership each follows from.

    Args:
        by: a staff member, or `common.actors.CITIZEN` / `SYSTEM`.
        panel: the act comes from the appeals panel, which has checked its own membership.
    """
    found: dict[Party, Membership | None] = {}
    if isinstance(by, Actor):
        found[Party.CITIZEN if by.kind == ActorKind.CITIZEN else Party.SYSTEM] = None
    else:
        co_paths = case.co_handlings.values_list("unit__path", flat=True)
        found |= parties(by.pk, by.duties, case, co_paths)
    if panel:
        found[Party.PANEL] = None
    return found


def begin(action: Action, case: Case, *, by: By, at: datetime, seen: int | None = None, panel: bool = False) -> Move:
    """Locks a case and checks that the act is allowed in its state and to this person.

    Args:
        seen: the version the person was looking at, if they were.

    Raises:
        NotAllowed: wrong state or wrong person.
        Conflict: the case has changed since `seen`.
    """
    locked = Case.objects.select_for_update(of=("self",)).select_related("unit__region").get(pk=case.pk)
    standing = capacities(by, locked, panel=panel)
    row = workflow.check(action, State(locked.state), standing)
    if seen is not None and seen != locked.version:
        raise Conflict(locked)
    if isinstance(by, Actor):
        return Move(locked, row, by, at)
    membership = next(standing[party] for party in Party if party in row.who and party in standing)
    return Move(locked, row, staff_actor(by, membership), at, by, membership)


def finish(
    move: Move,
    *,
    to: State | None = None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    meets: Collection[Duty] | None = None,
    begins: Collection[Duty] | None = None,
    tell: bool = True,
) -> Case:
    """Carries an act out: state, duties, history and audit, all in the caller's transaction.

    A case that begins or ceases to count as valid leaves a `ChangedCase` for the figures.

    Args:
        to: the new state, one of the row's targets; None keeps the state.
        note: what the person wrote; becomes part of history.
        data: facts worth keeping with the event, never an identity.
        meets, begins: which of the row's duties, when not all of them.
        tell: whether those the act concerns get a notice.

    Returns:
        The saved case.
    """
    case, row = move.case, move.row
    before = State(case.state)
    target = before if to is None else to
    if to is not None and to not in row.targets:
        raise ValueError(f"{row.action} does not lead to {to}")
    case.state = target
    case.version += 1
    failpoint("before_case_saved")
    case.save()
    if (before in VOID_STATES) != (target in VOID_STATES):
        ChangedCase.objects.create(case=case)
    failpoint("after_case_saved")
    clocks.withdraw(case, row.withdraws, at=move.at)
    clocks.meet(case, row.meets if meets is None else meets, at=move.at)
    clocks.start(case, row.begins if begins is None else begins, at=move.at)
    write_history(case, row.action, before, by=move.actor, at=move.at, note=note, data=data or {})
    if tell:
        telling.tell_staff(case, row.action, at=move.at, except_for=move.actor.staff_id)
    failpoint("before_commit")
    return case


def write_history(
    case: Case,
    action: Action,
    before: State | None,
    *,
    by: Actor,
    at: datetime,
    note: str,
    data: Mapping[str, Any],
) -> None:
    """The event on the case's own time line and the row in the audit trail."""
    CaseEvent.objects.create(
        case=case,
        action=action,
        at=at,
        from_state=before or "",
        to_state=case.state,
        note=note,
        data=dict(data),
        **by.columns(),
    )
    record_audit(
        f"case.{action}",
        ("case", case.number),
        by=by,
        at=at,
        before={"state": before} if before else {},
        after={"state": case.state, "unit": case.unit_name, **data},
        reason=note,
    )
