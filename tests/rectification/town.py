"""A small town of cases: one in every open state and with every trait a list asks for, made by real acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from common.actors import SYSTEM
from organizations.models import Unit
from rectification import actions
from rectification.enums import ContactResult, State, Verdict
from rectification.models import Case
from tests.factories import NOW, Cast

Make = Callable[[Cast, Case, datetime], object]


def refused(cast: Cast, case: Case, at: datetime) -> None:
    cast.upto(case, State.DISPATCHED, at=at)
    actions.refuse_case(case, by=cast.wu, at=at, reason="属医保局职责", limit=1)


def rework(cast: Cast, case: Case, at: datetime) -> None:
    cast.upto(case, State.REPLIED, at=at)
    cast.callback(case, at=at, verdict=Verdict.UNSATISFIED, solved=False)


def escalated(cast: Cast, case: Case, at: datetime) -> None:
    cast.upto(case, State.RECTIFYING, at=at)
    actions.escalate_case(case, by=cast.qian, at=at, note="群众反映集中")


def asked(cast: Cast, case: Case, at: datetime) -> None:
    """Signed, and waiting for the supervisor to call it complex."""
    cast.upto(case, State.SIGNED, at=at)
    actions.request_complex(case, by=cast.wu, at=at, reason="涉及三个部门")


def with_co_handler(cast: Cast, case: Case, at: datetime) -> None:
    cast.upto(case, State.RECTIFYING, at=at)
    actions.add_co_handler(case, by=cast.wu, at=at, unit=cast.other_unit, task="核对参保记录")


def unreachable(cast: Cast, case: Case, at: datetime) -> None:
    missed(cast, case, at)
    actions.give_up_callback(case, by=cast.zhao, at=at + timedelta(days=3), attempts_min=3)


def missed(cast: Cast, case: Case, at: datetime) -> None:
    """Replied, and three callbacks that nobody answered, on different days and hours."""
    cast.upto(case, State.REPLIED, at=at)
    for hour in (0, 25, 48):
        moment = at + timedelta(hours=hour)
        actions.record_callback(case, by=cast.zhao, at=moment, result=ContactResult.NO_ANSWER, reworks_max=2)


def suspended(cast: Cast, case: Case, at: datetime) -> None:
    cast.upto(case, State.SIGNED, at=at)
    actions.suspend_case(case, by=SYSTEM, at=at)


def reopened(cast: Cast, case: Case, at: datetime) -> None:
    cast.upto(case, State.CLOSED, at=at)
    actions.reopen_case(case, at=at, reason="又没有样本了", within=timedelta(days=30), reworks_max=2)


def elsewhere(cast: Cast, case: Case, at: datetime) -> None:
    """Sent to another unit of the city."""
    cast.upto(case, State.PRECHECKED, at=at)
    actions.dispatch_case(case, by=cast.lin, at=at, unit=cast.other_unit)


def in_the_county(cast: Cast, case: Case, at: datetime) -> None:
    """Sent to a unit of the county, which has a supervisor of its own."""
    cast.upto(case, State.PRECHECKED, at=at)
    unit = Unit.objects.filter(region__code__startswith="370602").exclude(pk=cast.county_body.pk).order_by("pk")[0]
    actions.dispatch_case(case, by=cast.lin, at=at, unit=unit)


def straight(state: State) -> Make:
    return lambda cast, case, at: cast.upto(case, state, at=at)


MAKERS: dict[str, Make] = {
    "received": lambda cast, case, at: None,
    "prechecked": straight(State.PRECHECKED),
    "dispatched": straight(State.DISPATCHED),
    "refused": refused,
    "signed": straight(State.SIGNED),
    "rectifying": straight(State.RECTIFYING),
    "checking": straight(State.CHECKING),
    "replied": straight(State.REPLIED),
    "verified": straight(State.VERIFIED),
    "closed": straight(State.CLOSED),
    "rework": rework,
    "escalated": escalated,
    "asked": asked,
    "with_co_handler": with_co_handler,
    "unreachable": unreachable,
    "missed": missed,
    "suspended": suspended,
    "reopened": reopened,
    "elsewhere": elsewhere,
    "in_the_county": in_the_county,
}


def build_town(cast: Cast, *, at: datetime = NOW) -> dict[str, Case]:
    """One case of every kind, by name; "on_file" is replied and left no telephone."""
    town = {}
    for name, make in MAKERS.items():
        case = cast.rate(1, at=at)
        make(cast, case, at)
        town[name] = Case.objects.get(pk=case.pk)
    case = cast.rate(2, at=at, phone="")
    town["on_file"] = cast.upto(case, State.REPLIED, at=at)
    return town
