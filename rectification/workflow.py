"""The regulation as a table: who may do what to a case, when, where it leads, which duties it meets and begins.

Read a row as: *action*, allowed in *sources*, leads to one of *targets* (none: the state stays), by *who*; it
meets and withdraws running duties and begins new ones. `actions._move` is the only reader that writes.
Sources: seed.txt (评价→转办→整改→答复), docs/domain.md §5-§8. The numbers of days are `DutyRule` rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rectification.enums import OPEN_STATES, Action, Duty, Party, Stage, State

HANDLER, UNIT_SUPERVISOR, CO_HANDLER = Party.HANDLER, Party.UNIT_SUPERVISOR, Party.CO_HANDLER
DISPATCHER, CALLBACK, SUPERVISOR = Party.DISPATCHER, Party.CALLBACK, Party.SUPERVISOR
CITIZEN, PANEL, SYSTEM = Party.CITIZEN, Party.PANEL, Party.SYSTEM

UNIT = (HANDLER, UNIT_SUPERVISOR)
WORKING = (State.SIGNED, State.RECTIFYING, State.REWORK, State.ESCALATED)
WITH_UNIT = (State.DISPATCHED, *WORKING, State.CHECKING)


class NotAllowed(Exception):
    """The act is refused. `reason` is a short machine word: "state" or "party"."""

    def __init__(self, action: Action, reason: str) -> None:
        super().__init__(f"{action}: {reason}")
        self.action, self.reason = action, reason


@dataclass(frozen=True)
class Transition:
    action: Action
    sources: frozenset[State]
    targets: tuple[State, ...]
    who: frozenset[Party]
    meets: tuple[Duty, ...] = ()
    begins: tuple[Duty, ...] = ()
    withdraws: tuple[Duty, ...] = ()


def _row(
    action: Action,
    sources: Iterable[State],
    targets: Iterable[State],
    who: Iterable[Party],
    *,
    meets: tuple[Duty, ...] = (),
    begins: tuple[Duty, ...] = (),
    withdraws: tuple[Duty, ...] = (),
) -> Transition:
    return Transition(action, frozenset(sources), tuple(targets), frozenset(who), meets, begins, withdraws)


A, S, D = Action, State, Duty
STAYS: tuple[State, ...] = ()
AFTER_VERDICT = (S.VERIFIED, S.REWORK, S.ESCALATED)
UNIT_DUTIES = (D.SIGN, D.CONTACT, D.RECTIFY, D.REWORK, D.CO_HANDLE, D.SUPERVISION)

BIRTH_DUTIES = (D.DISPATCH,)

TRANSITIONS: dict[Action, Transition] = {
    row.action: row
    for row in (
        # 转办: the management body looks first, then sends the case to the unit that is responsible.
        _row(A.PRECHECK, [S.RECEIVED], [S.PRECHECKED], [DISPATCHER]),
        _row(
            A.DISPATCH,
            [S.PRECHECKED],
            [S.DISPATCHED],
            [DISPATCHER],
            meets=(D.DISPATCH,),
            begins=(D.SIGN, D.CONTACT, D.RECTIFY),
        ),
        _row(A.SIGN, [S.DISPATCHED], [S.SIGNED, S.RECTIFYING], UNIT, meets=(D.SIGN,)),
        # 退回: once; the original start is kept, only the receipt by the next unit is a new duty.
        _row(A.REFUSE, [S.DISPATCHED], [S.REFUSED], UNIT),
        _row(A.ACCEPT_REFUSAL, [S.REFUSED], [S.PRECHECKED], [SUPERVISOR], withdraws=(D.SIGN,)),
        _row(A.DENY_REFUSAL, [S.REFUSED], [S.DISPATCHED], [SUPERVISOR]),
        _row(A.ASSIGN_HANDLER, WITH_UNIT, STAYS, [UNIT_SUPERVISOR]),
        # 整改
        # The first contact is owed during an appeal as well; later ones wait for the ruling (`actions.rectifying`).
        _row(
            A.RECORD_CONTACT,
            [*WORKING, S.SUSPENDED],
            [S.SIGNED, S.RECTIFYING, S.REWORK, S.ESCALATED, S.SUSPENDED],
            UNIT,
            meets=(D.CONTACT,),
        ),
        _row(A.REQUEST_COMPLEX, [S.SIGNED, S.RECTIFYING], STAYS, UNIT),
        _row(A.DECIDE_COMPLEX, [S.SIGNED, S.RECTIFYING, S.CHECKING], STAYS, [SUPERVISOR, DISPATCHER]),
        _row(A.REQUEST_EXTENSION, [S.SIGNED, S.RECTIFYING], STAYS, UNIT),
        _row(A.DECIDE_EXTENSION, [S.SIGNED, S.RECTIFYING, S.CHECKING], STAYS, [SUPERVISOR]),
        _row(A.ADD_CO_HANDLER, WORKING, STAYS, [*UNIT, DISPATCHER, SUPERVISOR], begins=(D.CO_HANDLE,)),
        _row(A.ANSWER_CO_HANDLING, [*WORKING, S.CHECKING], STAYS, [CO_HANDLER], meets=(D.CO_HANDLE,)),
        _row(A.RECORD_JOINT_WORK, WORKING, STAYS, [*UNIT, CO_HANDLER]),
        _row(A.SUBMIT_REPORT, [S.RECTIFYING, S.REWORK, S.ESCALATED], [S.CHECKING], UNIT),
        _row(A.RETURN_REPORT, [S.CHECKING], [S.RECTIFYING, S.REWORK, S.ESCALATED], [UNIT_SUPERVISOR]),
        # 答复
        _row(
            A.SEND_REPLY,
            [S.CHECKING],
            [S.REPLIED],
            [UNIT_SUPERVISOR],
            meets=(D.RECTIFY, D.REWORK),
            begins=(D.CALLBACK,),
        ),
        _row(
            A.RECORD_CALLBACK,
            [S.REPLIED],
            [S.REPLIED, S.UNREACHABLE, *AFTER_VERDICT],
            [CALLBACK],
            meets=(D.CALLBACK,),
            begins=(D.REWORK, D.SIGN_OFF),
        ),
        _row(
            A.VERIFY_ON_FILE,
            [S.REPLIED],
            AFTER_VERDICT,
            [CALLBACK, SUPERVISOR],
            meets=(D.CALLBACK,),
            begins=(D.REWORK, D.SIGN_OFF),
        ),
        _row(
            A.RECORD_VERDICT,
            [S.REPLIED, S.UNREACHABLE, S.VERIFIED, S.CLOSED],
            [*AFTER_VERDICT, S.CLOSED],
            [CITIZEN],
            meets=(D.CALLBACK,),
            begins=(D.REWORK, D.SIGN_OFF),
        ),
        _row(
            A.REOPEN,
            [S.REPLIED, S.UNREACHABLE, S.VERIFIED, S.CLOSED],
            [S.REWORK, S.ESCALATED],
            [CITIZEN],
            meets=(D.CALLBACK, D.SIGN_OFF),
            begins=(D.REWORK,),
        ),
        _row(A.ESCALATE, [S.SIGNED, S.RECTIFYING, S.REWORK], [S.ESCALATED], [SUPERVISOR]),
        # 销号: only by the management body, never by the unit (also a CHECK in the database).
        # What still ran (a supervision nobody answered, a contact an escalation passed over) concerns nobody any more.
        _row(
            A.CLOSE,
            [S.VERIFIED, S.UNREACHABLE],
            [S.CLOSED],
            [SUPERVISOR],
            meets=(D.SIGN_OFF,),
            withdraws=tuple(duty for duty in Duty if duty != D.SIGN_OFF),
        ),
        _row(A.SUPERVISE, WITH_UNIT, STAYS, [SUPERVISOR, DISPATCHER], begins=(D.SUPERVISION,)),
        _row(A.ANSWER_SUPERVISION, OPEN_STATES, STAYS, UNIT, meets=(D.SUPERVISION,)),
        _row(A.MARK_TYPICAL, [*OPEN_STATES, S.CLOSED], STAYS, [SUPERVISOR, DISPATCHER]),
        # What the citizen may add at any time; nothing said before is changed by it.
        _row(A.ADD_STATEMENT, OPEN_STATES, STAYS, [CITIZEN]),
        _row(A.HIDE_TEXT, State, STAYS, [CITIZEN]),
        _row(A.REPORT_PRESSURE, State, STAYS, [CITIZEN]),
        # Hooks of the appeal (申诉): what is paused is `PAUSED_BY_APPEAL`.
        _row(A.SUSPEND, WITH_UNIT, [S.SUSPENDED], [PANEL, SYSTEM], begins=(D.APPEAL,)),
        _row(A.RESUME, [S.SUSPENDED], WITH_UNIT, [PANEL, SYSTEM], meets=(D.APPEAL,)),
        _row(
            A.VOID,
            [S.SUSPENDED],
            [S.INVALID],
            [PANEL],
            meets=(D.APPEAL,),
            withdraws=tuple(duty for duty in Duty if duty != D.APPEAL),
        ),
        # The wrong unit was rated (W4): as after a refusal, with its original start; only the receipt is a new duty.
        _row(A.MOVE_ON, [S.SUSPENDED], [S.PRECHECKED], [PANEL], meets=(D.APPEAL,), withdraws=(D.SIGN,)),
        # A review found that a rating was wrongly held invalid: the unit has the whole time once more.
        _row(A.RESTORE, [S.INVALID], WITH_UNIT, [PANEL], begins=(D.SIGN, D.CONTACT, D.RECTIFY, D.REWORK)),
        # What the portal said to itself, at a window that is for testing; of no other case (`actions.testing`).
        _row(A.VOID_TEST, [S.RECEIVED], [S.INVALID], [SYSTEM], withdraws=tuple(Duty)),
        _row(A.HAND_OVER, OPEN_STATES, STAYS, [UNIT_SUPERVISOR, SYSTEM]),
        _row(A.RECOMPUTE, OPEN_STATES, STAYS, [SYSTEM]),
    )
}

# An appeal stops rectification, and the receipt that cannot be given meanwhile; not the first contact (domain.md §5.1).
PAUSED_BY_APPEAL = frozenset({D.SIGN, D.RECTIFY, D.REWORK, D.CO_HANDLE})

# What a state waits for: the act offered first, and who it waits for.
NEXT_STEP: dict[State, Action] = {
    S.RECEIVED: A.PRECHECK,
    S.PRECHECKED: A.DISPATCH,
    S.DISPATCHED: A.SIGN,
    S.REFUSED: A.ACCEPT_REFUSAL,
    S.SIGNED: A.RECORD_CONTACT,
    S.RECTIFYING: A.SUBMIT_REPORT,
    S.CHECKING: A.SEND_REPLY,
    S.REPLIED: A.RECORD_CALLBACK,
    S.REWORK: A.SUBMIT_REPORT,
    S.ESCALATED: A.SUBMIT_REPORT,
    S.VERIFIED: A.CLOSE,
    S.UNREACHABLE: A.CLOSE,
}

_STAGES: dict[State, Stage] = {
    S.RECEIVED: Stage.RATED,
    S.PRECHECKED: Stage.RATED,
    S.REFUSED: Stage.DISPATCHED,
    S.DISPATCHED: Stage.DISPATCHED,
    S.SIGNED: Stage.RECTIFYING,
    S.RECTIFYING: Stage.RECTIFYING,
    S.CHECKING: Stage.RECTIFYING,
    S.REWORK: Stage.RECTIFYING,
    S.ESCALATED: Stage.RECTIFYING,
    S.SUSPENDED: Stage.RECTIFYING,
    S.REPLIED: Stage.REPLIED,
    S.VERIFIED: Stage.REPLIED,
    S.UNREACHABLE: Stage.REPLIED,
    S.CLOSED: Stage.REPLIED,
    S.INVALID: Stage.REPLIED,
}


def public_stage(state: State) -> Stage:
    """Which of the four public stages a state belongs to (seed.txt: 评价、转办、整改、答复)."""
    return _STAGES[State(state)]


def check(action: Action, state: State, parties: Collection[Party]) -> Transition:
    """The row that allows an act, state first, then permission.

    Args:
        action: what is to be done.
        state: the case's state now.
        parties: in which capacities the person stands towards the case.

    Raises:
        NotAllowed: with reason "state" or "party".
    """
    row = TRANSITIONS.get(action)
    if row is None or state not in row.sources:
        raise NotAllowed(action, "state")
    if row.who.isdisjoint(parties):
        raise NotAllowed(action, "party")
    return row


def allowed(state: State, parties: Collection[Party]) -> list[Action]:
    """Every act open to these parties in this state, in the order of the table."""
    return [action for action, row in TRANSITIONS.items() if state in row.sources and not row.who.isdisjoint(parties)]


def after_verdict(*, satisfied: bool, rework_round: int, reworks_max: int) -> State:
    """Where an evaluator's word leads: verified, another round, or up to the supervisors.

    Args:
        satisfied: 满意 or 基本满意 and solved.
        rework_round: rounds of 二次整改 already begun.
        reworks_max: how many rounds there may be before 联动化解/提级 (domain.md §5.1).
    """
    if satisfied:
        return State.VERIFIED
    return State.REWORK if rework_round < reworks_max else State.ESCALATED
