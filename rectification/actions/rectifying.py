"""联系、复杂件、延期、协办、联动、整改、质检、答复: what the responsible unit does, and what it must ask for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.models import Unit
from rectification.actions import clocks
from rectification.actions.core import By, Refused, begin, finish
from rectification.enums import (
    Action,
    Complexity,
    ContactKind,
    ContactResult,
    Duty,
    JointWork,
    ReportKind,
    State,
)
from rectification.models import Attachment, Case, CoHandling, ContactAttempt, JointRecord, Report, Request


@transaction.atomic
def record_contact(
    case: Case,
    *,
    by: By,
    at: datetime,
    result: ContactResult,
    note: str = "",
    call_reference: str = "",
    seconds: int | None = None,
    seen: int | None = None,
) -> Case:
    """首次联系 and later calls. Speaking with the evaluator, or being refused, meets the duty; ringing does not.

    Args:
        call_reference: the switchboard's number of the masked call.
        seconds: length of the call.

    Raises:
        Refused: the evaluator left no number, or the rating is contested and the first contact has been made.
    """
    move = begin(Action.RECORD_CONTACT, case, by=by, at=at, seen=seen)
    locked = move.case
    if not locked.reachable:
        raise Refused(_("评价人没有留下联系方式,请直接整改。"))
    if locked.state == State.SUSPENDED and not _first_contact_due(locked):
        raise Refused(_("申诉期间只做首次联系,请不要再联系评价人。"))
    ContactAttempt.objects.create(
        case=locked,
        kind=ContactKind.UNIT,
        result=result,
        note=note,
        call_reference=call_reference,
        seconds=seconds,
        by=move.staff,
        by_unit=move.unit,
        at=at,
    )
    spoke = result in (ContactResult.REACHED, ContactResult.REFUSED)
    if spoke:
        locked.contacted_at = locked.contacted_at or at
    to = _after_contact(locked) if spoke else None
    tries = locked.contacts.filter(kind=ContactKind.UNIT).count()
    return finish(
        move, to=to, note=note, data={"result": result, "attempt": tries}, meets=(Duty.CONTACT,) if spoke else ()
    )


@transaction.atomic
def start_without_contact(
    case: Case, *, by: By, at: datetime, note: str, attempts_min: int, seen: int | None = None
) -> Case:
    """Goes on to rectification when the evaluator could not be reached after enough documented tries.

    Args:
        attempts_min: tries needed on different days (setting CALLBACK_ATTEMPTS_MIN).

    Raises:
        Refused: too few tries so far, or the first contact is no longer owed.
    """
    move = begin(Action.RECORD_CONTACT, case, by=by, at=at, seen=seen)
    if not _first_contact_due(move.case):
        raise Refused(_("首次联系已经完成,可以直接整改。"))
    calls = move.case.contacts.filter(kind=ContactKind.UNIT)
    if calls.count() < attempts_min:
        raise Refused(_("至少联系%(count)s次后才能不经联系开始整改。") % {"count": attempts_min})
    to = _after_contact(move.case)
    return finish(move, to=to, note=note, data={"result": "unreached"}, meets=(Duty.CONTACT,))


def _first_contact_due(case: Case) -> bool:
    return case.deadlines.unmet().filter(duty=Duty.CONTACT).exists()


def _after_contact(case: Case) -> State | None:
    """Where a first contact leads: on to rectification, at once or when the appeal is over."""
    if case.suspended_from == State.SIGNED:
        case.suspended_from = State.RECTIFYING
    return State.RECTIFYING if case.state == State.SIGNED else None


@transaction.atomic
def request_complex(case: Case, *, by: By, at: datetime, reason: str, seen: int | None = None) -> Case:
    """申请列为复杂: the unit asks, the management body decides.

    Raises:
        Refused: it is complex already, or a request is waiting.
    """
    move = begin(Action.REQUEST_COMPLEX, case, by=by, at=at, seen=seen)
    if move.case.complexity == Complexity.COMPLEX:
        raise Refused(_("本件已是复杂件。"))
    _ask(move.case, Action.REQUEST_COMPLEX, reason, None, by_id=move.staff.pk, at=at)
    return finish(move, note=reason)


def _ask(case: Case, kind: Action, reason: str, until: date | None, *, by_id: int, at: datetime) -> None:
    if case.requests.filter(kind=kind, approved=None).exists():
        raise Refused(_("已有一份申请在等待审批。"))
    Request.objects.create(case=case, kind=kind, reason=reason, until=until, by_id=by_id, at=at)


@transaction.atomic
def decide_complex(
    case: Case, *, by: By, at: datetime, approved: bool, note: str = "", seen: int | None = None
) -> Case:
    """审批复杂件: approved, the rectification is counted anew from its own original start.

    Raises:
        Refused: nothing is waiting, or the decider is the applicant.
    """
    move = begin(Action.DECIDE_COMPLEX, case, by=by, at=at, seen=seen)
    _decide(move.case, Action.REQUEST_COMPLEX, approved, note, by_id=move.staff.pk, at=at)
    data: dict[str, object] = {"approved": approved}
    if approved:
        move.case.complexity = Complexity.COMPLEX
        was, due = clocks.reclassify(move.case) or (None, None)
        data |= {"due_at": due.isoformat() if due else "", "due_was": was.isoformat() if was else ""}
    return finish(move, note=note, data=data)


def _decide(case: Case, kind: Action, approved: bool, note: str, *, by_id: int, at: datetime) -> Request:
    request = case.requests.select_for_update().filter(kind=kind, approved=None).first()
    if request is None:
        raise Refused(_("没有等待审批的申请。"))
    if request.by_id == by_id:
        raise Refused(_("申请人不能审批自己的申请。"))
    request.approved, request.decided_by_id = approved, by_id
    request.decided_at, request.decision_note = at, note
    request.save()
    return request


@transaction.atomic
def request_extension(
    case: Case, *, by: By, at: datetime, reason: str, until: date, limit: int, seen: int | None = None
) -> Case:
    """申请延期: before expiry, with a reason and a new date, within what the rule allows (domain.md §5.1).

    Args:
        until: the new last day.
        limit: how often a case may be extended (setting EXTENSIONS_MAX).

    Raises:
        Refused: expired, extended as often as allowed, or the new date is too near or too far.
    """
    move = begin(Action.REQUEST_EXTENSION, case, by=by, at=at, seen=seen)
    row = move.case.deadlines.unmet().filter(duty=Duty.RECTIFY).select_related("rule").first()
    if row is None or row.due_at <= at:
        raise Refused(_("期限已过,不能再申请延期。"))
    if move.case.requests.filter(kind=Action.REQUEST_EXTENSION, approved=True).count() >= limit:
        raise Refused(_("本件已延期,不能再次延期。"))
    latest = clocks.latest_extension(row)
    if not timezone.localdate(row.due_at) < until <= latest:
        raise Refused(_("新的期限应晚于原期限,最迟为%(date)s。") % {"date": latest.isoformat()})
    _ask(move.case, Action.REQUEST_EXTENSION, reason, until, by_id=move.staff.pk, at=at)
    return finish(move, note=reason, data={"until": until.isoformat()})


@transaction.atomic
def decide_extension(
    case: Case, *, by: By, at: datetime, approved: bool, note: str = "", seen: int | None = None
) -> Case:
    """审批延期. Only before expiry: a late decision would make an overdue case look punctual.

    Raises:
        Refused: nothing is waiting, the decider is the applicant, or the due time has passed.
    """
    move = begin(Action.DECIDE_EXTENSION, case, by=by, at=at, seen=seen)
    request = _decide(move.case, Action.REQUEST_EXTENSION, approved, note, by_id=move.staff.pk, at=at)
    if approved and request.until:
        row = clocks.extend(move.case, request.until, at=at)
        if row is None:
            raise Refused(_("原期限已过,不能再批准延期。"))
    return finish(move, note=note, data={"approved": approved, "until": str(request.until)})


@transaction.atomic
def add_co_handler(case: Case, *, by: By, at: datetime, unit: Unit, task: str, seen: int | None = None) -> Case:
    """请求协办: another unit gets its own duty; the lead (牵头) stays responsible.

    Raises:
        Refused: it is the lead itself, or has been asked already.
    """
    move = begin(Action.ADD_CO_HANDLER, case, by=by, at=at, seen=seen)
    locked = move.case
    if unit.pk == locked.unit_id:
        raise Refused(_("责任单位就是牵头单位,不需要协办自己的件。"))
    if locked.co_handlings.filter(unit=unit).exists():
        raise Refused(_("该单位已在协办。"))
    part = CoHandling.objects.create(case=locked, unit=unit, task=task, asked_at=at, asked_by=move.staff)
    clocks.start(locked, (Duty.CO_HANDLE,), at=at, co_handling=part)
    return finish(move, note=task, data={"unit": unit.name}, begins=())


@transaction.atomic
def answer_co_handling(case: Case, *, by: By, at: datetime, answer: str, seen: int | None = None) -> Case:
    """协办反馈 of the actor's unit.

    Raises:
        Refused: the unit has answered already.
    """
    move = begin(Action.ANSWER_CO_HANDLING, case, by=by, at=at, seen=seen)
    open_parts = move.case.co_handlings.select_for_update(of=("self",)).filter(answered_at=None)
    part = open_parts.filter(unit__path__startswith=move.unit.path).select_related("unit").first()
    if part is None:
        raise Refused(_("本单位已反馈。"))
    part.answer, part.answered_at, part.answered_by = answer, at, move.staff
    part.save()
    clocks.meet_co_handling(part, at=at)
    return finish(move, note=answer, data={"unit": part.unit.name}, meets=())


@transaction.atomic
def record_joint_work(
    case: Case,
    *,
    by: By,
    at: datetime,
    kind: JointWork,
    held_on: date,
    place: str,
    participants: str,
    result: str,
    seen: int | None = None,
) -> Case:
    """上门服务、专题研究、联合会商 (seed.txt: 联动化解): when, where, who, with what result."""
    move = begin(Action.RECORD_JOINT_WORK, case, by=by, at=at, seen=seen)
    if held_on > timezone.localdate(at):
        raise Refused(_("日期不能在今天之后。"))
    JointRecord.objects.create(
        case=move.case,
        kind=kind,
        held_on=held_on,
        place=place,
        participants=participants,
        result=result,
        by=move.staff,
        at=at,
    )
    return finish(move, note=result, data={"kind": kind, "held_on": held_on.isoformat(), "place": place})


@dataclass(frozen=True)
class Findings:
    """What a unit reports: the four questions of docs/ux.md §5.2, or the law that stands in the way."""

    kind: ReportKind
    wrong: str
    reply: str
    changed: str = ""
    prevention: str = ""
    legal_basis: str = ""


@transaction.atomic
def submit_report(
    case: Case,
    *,
    by: By,
    at: datetime,
    findings: Findings,
    attachments: Iterable[Attachment] = (),
    seen: int | None = None,
) -> Case:
    """提交整改 or 解释说明, for the quality check.

    Args:
        attachments: evidence already stored for this case and not yet part of a report.

    Raises:
        Refused: a co-handler has not answered, or what the kind needs is missing.
    """
    move = begin(Action.SUBMIT_REPORT, case, by=by, at=at, seen=seen)
    locked = move.case
    if findings.kind == ReportKind.EXPLAINED and not findings.legal_basis.strip():
        raise Refused(_("解释说明要写明依据的条款。"))
    if findings.kind == ReportKind.RECTIFIED and not findings.changed.strip():
        raise Refused(_("整改要写明改了什么。"))
    waiting = locked.co_handlings.filter(answered_at=None).select_related("unit").first()
    if waiting is not None:
        raise Refused(_("协办单位%(unit)s尚未反馈。") % {"unit": waiting.unit.short_name})
    report = Report.objects.create(
        case=locked, round=locked.rework_round, by=move.staff, submitted_at=at, **vars(findings)
    )
    locked.attachments.filter(pk__in=[a.pk for a in attachments], report=None).update(report=report)
    locked.checking_from = locked.state
    return finish(move, to=State.CHECKING, data={"kind": findings.kind, "report": report.pk})


@transaction.atomic
def return_report(case: Case, *, by: By, at: datetime, note: str, seen: int | None = None) -> Case:
    """质检退回: the report goes back with what is missing; the clock has never stopped."""
    move = begin(Action.RETURN_REPORT, case, by=by, at=at, seen=seen)
    report = _report_in_check(move.case)
    _stamp(report, passed=False, note=note, by_id=move.staff.pk, at=at)
    return finish(move, to=State(move.case.checking_from), note=note, data={"report": report.pk})


def _report_in_check(case: Case) -> Report:
    return case.reports.select_for_update().get(passed=None)


def _stamp(report: Report, *, passed: bool, note: str, by_id: int, at: datetime) -> None:
    if report.by_id == by_id:
        raise Refused(_("质检人不能是报告的起草人。"))
    report.passed, report.check_note, report.checked_by_id, report.checked_at = passed, note, by_id, at
    report.save()


QUALITY_CHECKS = ("facts", "fixed", "answers", "no_identity")


@transaction.atomic
def send_reply(
    case: Case, *, by: By, at: datetime, ticks: Collection[str], note: str = "", seen: int | None = None
) -> Case:
    """质检并答复: four ticks by somebody other than the author, then the reply is the citizen's to read.

    Args:
        ticks: which of `QUALITY_CHECKS` (事实清楚、整改到位、答复针对问题、无个人信息) were made.

    Raises:
        Refused: a tick is missing, or the checker wrote the report.
    """
    move = begin(Action.SEND_REPLY, case, by=by, at=at, seen=seen)
    if not set(QUALITY_CHECKS) <= set(ticks):
        raise Refused(_("四项质检都确认后才能答复。"))
    report = _report_in_check(move.case)
    _stamp(report, passed=True, note=note, by_id=move.staff.pk, at=at)
    move.case.replied_at = at
    return finish(move, to=State.REPLIED, note=note, data={"report": report.pk, "kind": report.kind})
