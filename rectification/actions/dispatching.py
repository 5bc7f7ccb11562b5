"""接收、预审、转办、签收、退回改派: from the citizen's word to the person who works on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actors import Actor
from common.ids import keyed_hash, readable_number
from identity.models import Evaluator
from organizations.enums import Role
from organizations.models import Hall, ServiceItem, Staff, Unit, Window
from organizations.queries import staff_of_unit
from rectification import workflow
from rectification.actions import clocks
from rectification.actions.core import By, Refused, begin, finish, write_history
from rectification.enums import Action, Judgement, Source, State, Target
from rectification.models import Case, Dwell
from rectification.queries import open_cases_of


@dataclass(frozen=True)
class Complaint:
    """What was said, by whom, about what: copied into the case once and for all."""

    source: Source
    level: int
    target: Target
    channel: str
    unit: Unit
    text: str = ""
    tags: tuple[Mapping[str, str], ...] = ()
    item: ServiceItem | None = None
    hall: Hall | None = None
    window: Window | None = None
    place: str = ""
    rated_staff: Staff | None = None
    evaluator: Evaluator | None = None
    served_at: datetime | None = None
    tracking_code: str = field(default="", repr=False)


@transaction.atomic(savepoint=False)
def open_case(complaint: Complaint, *, by: Actor, at: datetime) -> Case:
    """Births a case; the only place where a case comes into being.

    Args:
        complaint: with the unit and its region loaded.
        by: the citizen, or the system for other sources.
        at: when it was received; the first duty (预审转办) starts here.

    Returns:
        The case, with a random public number.
    """
    unit = complaint.unit
    number = readable_number()
    case = Case.objects.create(
        number=number,
        source=complaint.source,
        tracking_hash=tracking_hash(number, complaint.tracking_code),
        level=complaint.level,
        text=complaint.text,
        tags=[dict(tag) for tag in complaint.tags],
        target=complaint.target,
        channel=complaint.channel,
        item=complaint.item,
        item_name=complaint.item.name if complaint.item else "",
        hall=complaint.hall,
        window=complaint.window,
        place=complaint.place,
        rated_unit=unit,
        rated_unit_name=unit.name,
        rated_staff=complaint.rated_staff,
        evaluator=complaint.evaluator,
        served_at=complaint.served_at,
        received_at=at,
        unit=unit,
        unit_name=unit.name,
        region_code=unit.region.code,
    )
    clocks.start(case, workflow.BIRTH_DUTIES, at=at, newborn=True)
    write_history(case, Action.OPEN, None, by=by, at=at, note="", data={"level": complaint.level})
    return case


def tracking_hash(number: str, code: str) -> str:
    """What is stored of a tracking code."""
    return keyed_hash("tracking", f"{number}:{code}")


@transaction.atomic
def precheck_case(
    case: Case,
    *,
    by: By,
    at: datetime,
    true: Judgement,
    reasonable: Judgement,
    malicious: Judgement,
    note: str = "",
    seen: int | None = None,
) -> Case:
    """预审: three judgements of their own (domain.md §7.1); none of them stops the case.

    Raises:
        NotAllowed, Conflict: see `core.begin`; so for every act below.
    """
    move = begin(Action.PRECHECK, case, by=by, at=at, seen=seen)
    move.case.judged_true, move.case.judged_reasonable = true, reasonable
    move.case.judged_malicious = malicious
    data = {"true": true, "reasonable": reasonable, "malicious": malicious}
    return finish(move, to=State.PRECHECKED, note=note, data=data)


@transaction.atomic
def dispatch_case(case: Case, *, by: By, at: datetime, unit: Unit, note: str = "", seen: int | None = None) -> Case:
    """转办 to the unit that is responsible. Duties begun by an earlier dispatch go on from their own start.

    Raises:
        Refused: the unit no longer exists, or is the one that has just been let off.
    """
    move = begin(Action.DISPATCH, case, by=by, at=at, seen=seen)
    locked = move.case
    if unit.closed_on is not None:
        raise Refused(_("该单位已撤并,请选择现在负责的单位。"))
    if locked.dispatched_at and unit.pk == locked.unit_id:
        raise Refused(_("本件已不归该单位,请转给其他单位。"))
    _move_to_unit(locked, unit, at=at)
    locked.dispatched_at = locked.dispatched_at or at
    return finish(move, to=State.DISPATCHED, note=note, data={"unit": unit.name})


def _move_to_unit(case: Case, unit: Unit, *, at: datetime) -> None:
    case.dwells.filter(ended_at=None).update(ended_at=at)
    Dwell.objects.create(case=case, unit=unit, unit_name=unit.name, began_at=at)
    if unit.pk != case.unit_id:
        clocks.readdress(case, unit)
        case.handler = None
    case.unit, case.unit_name, case.region_code = unit, unit.name, unit.region.code


@transaction.atomic
def sign_case(case: Case, *, by: By, at: datetime, seen: int | None = None) -> Case:
    """签收: who signs becomes the handler, unless one was named. Without a number there is nobody to call."""
    move = begin(Action.SIGN, case, by=by, at=at, seen=seen)
    locked = move.case
    if locked.handler_id is None and move.membership and move.membership.role == Role.WINDOW:
        locked.handler = move.staff
    return finish(move, to=State.SIGNED if locked.reachable else State.RECTIFYING)


@transaction.atomic
def refuse_case(case: Case, *, by: By, at: datetime, reason: str, limit: int, seen: int | None = None) -> Case:
    """退回: the unit says that another one is responsible. The management body decides.

    Args:
        limit: how often a case may be sent back (setting REFUSALS_MAX; 0 = never, as in Shanghai).

    Raises:
        Refused: it has been sent back as often as allowed.
    """
    move = begin(Action.REFUSE, case, by=by, at=at, seen=seen)
    if move.case.refusals >= limit:
        raise Refused(_("本件已退回过,不能再次退回。如不属本单位职责,请联系督导单位。"))
    move.case.refusals += 1
    return finish(move, to=State.REFUSED, note=reason)


@transaction.atomic
def accept_refusal(case: Case, *, by: By, at: datetime, note: str, seen: int | None = None) -> Case:
    """同意退回: back to the dispatcher; the original start is kept (domain.md §6)."""
    move = begin(Action.ACCEPT_REFUSAL, case, by=by, at=at, seen=seen)
    move.case.handler = None
    return finish(move, to=State.PRECHECKED, note=note)


@transaction.atomic
def deny_refusal(case: Case, *, by: By, at: datetime, note: str, seen: int | None = None) -> Case:
    """不同意退回: the unit keeps the case and its running clocks."""
    return finish(begin(Action.DENY_REFUSAL, case, by=by, at=at, seen=seen), to=State.DISPATCHED, note=note)


@transaction.atomic
def assign_handler(
    case: Case, *, by: By, at: datetime, handler: Staff, note: str = "", seen: int | None = None
) -> Case:
    """指定经办人 within the unit.

    Raises:
        Refused: the person is the rated one, or not on duty in the unit.
    """
    move = begin(Action.ASSIGN_HANDLER, case, by=by, at=at, seen=seen)
    _require_fit(move.case, handler, at)
    move.case.handler = handler
    return finish(move, note=note, data={"handler": handler.name})


def _require_fit(case: Case, handler: Staff, at: datetime) -> None:
    if handler.pk == case.rated_staff_id:
        raise Refused(_("被评价人不能办理本件。"))
    on_duty = staff_of_unit(case.unit, Role.WINDOW, timezone.localdate(at))
    if not on_duty.filter(pk=handler.pk).exists():
        raise Refused(_("此人不在责任单位任职。"))


@transaction.atomic
def hand_over_cases(
    leaver: Staff, successor: Staff, *, by: By, at: datetime, cases: Iterable[Case] | None = None
) -> list[Case]:
    """移交: everything a person has in hand goes to somebody else of the same unit, in one act.

    Raises:
        NotAllowed: one of the cases is not the actor's to hand over; then none is.
        Refused: the successor is not fit for one of them; then none is handed over.
    """
    handed = []
    for case in open_cases_of(leaver) if cases is None else cases:
        move = begin(Action.HAND_OVER, case, by=by, at=at)
        _require_fit(move.case, successor, at)
        move.case.handler = successor
        handed.append(finish(move, data={"from": leaver.name, "to": successor.name}))
    return handed
