"""Which acts a person is offered on a case: what the workflow allows, less what would only be turned down. Pure.

A door is the address of one act. Two acts have a second door: giving up after enough tries is the same act by law
(first contact, callback) but asks other things of the person.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from rectification import workflow
from rectification.enums import Action, Complexity, Party, State

DOORS: dict[str, Action] = {
    str(action): action
    for action in (
        Action.PRECHECK,
        Action.DISPATCH,
        Action.SIGN,
        Action.ACCEPT_REFUSAL,
        Action.DENY_REFUSAL,
        Action.RECORD_CONTACT,
        Action.SUBMIT_REPORT,
        Action.SEND_REPLY,
        Action.RETURN_REPORT,
        Action.RECORD_CALLBACK,
        Action.VERIFY_ON_FILE,
        Action.CLOSE,
        Action.DECIDE_EXTENSION,
        Action.DECIDE_COMPLEX,
        Action.ANSWER_CO_HANDLING,
        Action.ANSWER_SUPERVISION,
        Action.ASSIGN_HANDLER,
        Action.ADD_CO_HANDLER,
        Action.RECORD_JOINT_WORK,
        Action.REQUEST_EXTENSION,
        Action.REQUEST_COMPLEX,
        Action.REFUSE,
        Action.SUPERVISE,
        Action.ESCALATE,
        Action.MARK_TYPICAL,
    )
} | {"start_without_contact": Action.RECORD_CONTACT, "give_up_callback": Action.RECORD_CALLBACK}

# Offered first when the next step of the state is not this person's: somebody waits for exactly them.
ASKED_OF_ME = (
    Action.VERIFY_ON_FILE,
    Action.DECIDE_EXTENSION,
    Action.DECIDE_COMPLEX,
    Action.ANSWER_CO_HANDLING,
    Action.ANSWER_SUPERVISION,
)


@dataclass(frozen=True)
class Facts:
    """What, besides its state, decides whether an act on a case has anything to act on.

    reachable: the evaluator left a number.
    may_refuse: it has been sent back less often than allowed.
    may_extend: the rectification is not overdue and has been extended less often than allowed.
    asked: requests that wait for a decision; asked_by_me: those of them this person made.
    supervision_open: a supervised follow-up waits for its answer.
    co_handling_mine: a part of this person's unit waits for its answer.
    wrote_report: this person wrote the report in check.
    contact_due: the first contact is still owed.
    contested: an appeal is open, during which nobody is contacted more than this once.
    enough_contacts, enough_callbacks: the documented tries suffice to give up.
    """

    reachable: bool = True
    complexity: str = Complexity.SIMPLE
    may_refuse: bool = True
    may_extend: bool = True
    asked: frozenset[str] = frozenset()
    asked_by_me: frozenset[str] = frozenset()
    supervision_open: bool = False
    co_handling_mine: bool = False
    wrote_report: bool = False
    contact_due: bool = False
    contested: bool = False
    enough_contacts: bool = False
    enough_callbacks: bool = False

    def may_decide(self, kind: Action) -> bool:
        """Whether a request waits that somebody else made."""
        return kind in self.asked and kind not in self.asked_by_me


HAS_MATTER: dict[str, Callable[[Facts], bool]] = {
    Action.REFUSE: lambda f: f.may_refuse,
    Action.REQUEST_COMPLEX: lambda f: f.complexity == Complexity.SIMPLE and Action.REQUEST_COMPLEX not in f.asked,
    Action.DECIDE_COMPLEX: lambda f: f.may_decide(Action.REQUEST_COMPLEX),
    Action.REQUEST_EXTENSION: lambda f: f.may_extend and Action.REQUEST_EXTENSION not in f.asked,
    Action.DECIDE_EXTENSION: lambda f: f.may_decide(Action.REQUEST_EXTENSION),
    Action.ANSWER_CO_HANDLING: lambda f: f.co_handling_mine,
    Action.RECORD_CONTACT: lambda f: f.reachable and (f.contact_due or not f.contested),
    Action.SEND_REPLY: lambda f: not f.wrote_report,
    Action.RETURN_REPORT: lambda f: not f.wrote_report,
    Action.RECORD_CALLBACK: lambda f: f.reachable,
    Action.VERIFY_ON_FILE: lambda f: not f.reachable,
    Action.SUPERVISE: lambda f: not f.supervision_open,
    Action.ANSWER_SUPERVISION: lambda f: f.supervision_open,
    "start_without_contact": lambda f: f.contact_due and f.enough_contacts,
    "give_up_callback": lambda f: f.reachable and f.enough_callbacks,
}


def offered(state: State, parties: Collection[Party], facts: Facts) -> list[str]:
    """The doors open to these parties now, the more usual ones first.

    Args:
        state: of the case.
        parties: in which capacities the person stands towards it.
        facts: what there is to act on.
    """
    allowed = set(workflow.allowed(state, parties))
    return [
        door for door, action in DOORS.items() if action in allowed and HAS_MATTER.get(door, lambda _facts: True)(facts)
    ]


def primary(state: State, doors: Collection[str]) -> str | None:
    """The one act put before the person: the next step of the state, or what somebody waits for; None for neither."""
    candidates = [workflow.NEXT_STEP[state]] if state in workflow.NEXT_STEP else []
    return next((str(action) for action in (*candidates, *ASKED_OF_ME) if str(action) in doors), None)


# Whose move it is, where the workflow has a next step; the handler's and the unit's are told apart by the page.
WAITS_FOR: dict[State, Party] = {
    State.RECEIVED: Party.DISPATCHER,
    State.PRECHECKED: Party.DISPATCHER,
    State.DISPATCHED: Party.HANDLER,
    State.REFUSED: Party.SUPERVISOR,
    State.SIGNED: Party.HANDLER,
    State.RECTIFYING: Party.HANDLER,
    State.CHECKING: Party.UNIT_SUPERVISOR,
    State.REPLIED: Party.CALLBACK,
    State.REWORK: Party.HANDLER,
    State.ESCALATED: Party.HANDLER,
    State.VERIFIED: Party.SUPERVISOR,
    State.UNREACHABLE: Party.SUPERVISOR,
    State.SUSPENDED: Party.PANEL,
}
