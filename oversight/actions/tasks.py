"""任务: given, reported by the unit, signed off by somebody else, sent back, prolonged, dropped, warned of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import IO

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify
from common.actors import SYSTEM, Actor
from common.failpoints import failpoint
from organizations.actions import Refused
from organizations.enums import Role
from organizations.models import Staff, Unit
from organizations.queries import overseers, staff_actor, supervisors_of_unit
from oversight.access import answering, arranges
from oversight.actions.dossiers import By, acting, add_parts, keep_picture, locked, write_event
from oversight.actions.timing import AHEAD, calendar_of, count_again, count_due
from oversight.courses import COURSES, stage_label
from oversight.enums import OPEN_TASKS, DossierAct, FileSide, Part, TaskState
from oversight.models import Dossier, Rung, Task
from rectification import deadlines
from rectification.actions import plan_warning, warn_each
from rectification.enums import TimeUnit, WarningKind
from rectification.models import Case
from rectification.queries import clock_rules


@dataclass(frozen=True)
class Wanted:
    """What somebody is asked to do.

    days: working days from now; until: the day itself, instead.
    """

    unit: Unit
    wanted: str
    place: str = ""
    finding: str = ""
    owner: Staff | None = None
    days: int | None = None
    until: date | None = None
    case: Case | None = None


@transaction.atomic
def add_task(dossier: Dossier, asked: Wanted, *, by: By, at: datetime) -> Task:
    """Gives a unit something to do by a day.

    Raises:
        PermissionDenied: somebody who does not lead the dossier.
        Refused: no tasks are given now, the day is over, or the owner is not of the unit.
    """
    row = locked(dossier)
    course = COURSES[row.kind]
    actor = acting(row, course.who, by)
    if row.stage not in course.tasking:
        raise Refused(_("现在是“%(stage)s”,不能交办任务。") % {"stage": stage_label(row.kind, row.stage)})
    if asked.owner is not None and answering(asked.owner.duties, asked.unit) is None:
        raise Refused(_("责任人不在这个单位。"))
    number = (row.tasks.aggregate(last=Max("number"))["last"] or 0) + 1
    task = Task(dossier=row, number=number, unit=asked.unit, owner=asked.owner, case=asked.case, started_at=at)
    task.place, task.finding, task.wanted = asked.place, asked.finding, asked.wanted
    task.amount, task.time_unit = asked.days, TimeUnit.WORKING_DAYS
    _set_due(task, asked.until, at=at)
    task.save()
    if not row.units.filter(unit=asked.unit).exclude(part=Part.COMPARISON).exists():
        add_parts(row, [(asked.unit, Part.SUBJECT)])
    _history(task, DossierAct.ADD_TASK, by=actor, at=at, data={"unit": asked.unit.code, "due": task.due_at.isoformat()})
    _tell(task, DossierAct.ADD_TASK, responsible(task, at), at=at, by=by)
    return task


def _set_due(task: Task, until: date | None, *, at: datetime) -> None:
    """The due time: so many working days from now, or the closing of a day; and the first warning of it."""
    today = timezone.localdate(at)
    if until is None and task.amount:
        count_due(task, task.amount, at=at)
    else:
        if until is None or until < today or until > today + AHEAD:
            raise Refused(_("期限要在今天以后、一年之内。"))
        calendar = calendar_of(task, at)
        task.due_at = deadlines.closing_of(until, clock_rules())
        task.provisional, task.calendar_version = False, calendar.version
        plan_warning(task, calendar)
    if task.due_at < at:
        raise Refused(_("期限要在今天以后、一年之内。"))


@transaction.atomic
def report_task(
    task: Task,
    fix: str,
    *,
    by: Staff,
    at: datetime,
    before: Sequence[IO[bytes]] = (),
    after: Sequence[IO[bytes]] = (),
    seen: int | None = None,
) -> Task:
    """报结: the unit says what was done, with pictures; it is signed off by somebody else.

    Raises:
        PermissionDenied: somebody who is not of the unit.
        Refused: it is not open, somebody was faster, nothing was said, or a picture is none.
    """
    row = _locked(task, seen, TaskState.OPEN)
    actor = _doing(row, by)
    if not fix.strip():
        raise Refused(_("请写明做了什么。"))
    if Rung.objects.filter(task=row, records=None).exists():
        raise Refused(_("先在卷里填写这一级的记录。"))
    kept = [
        keep_picture(row.dossier, upload, side, by=by, at=at, task=row)
        for side, uploads in ((FileSide.BEFORE, before), (FileSide.AFTER, after))
        for upload in uploads
    ]
    row.fix, row.reported_at, row.reported_by, row.state = fix.strip(), at, by, TaskState.REPORTED
    _keep(row)
    _history(row, DossierAct.REPORT_TASK, by=actor, at=at, note=row.fix, data={"pictures": [p.sha256 for p in kept]})
    _tell(row, DossierAct.REPORT_TASK, leaders(row.dossier, at), at=at, by=by)
    return row


@transaction.atomic
def sign_off_task(task: Task, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Task:
    """销号: somebody else than who reported it found it done.

    Raises:
        PermissionDenied: not theirs to judge.
        Refused: it was not reported, or by this very person.
    """
    row, actor = _judged(task, seen, by)
    if row.reported_by_id == by.pk:
        raise Refused(_("报结的人不能自己销号。"))
    row.state, row.checked_at, row.checked_by, row.next_warning_at = TaskState.DONE, at, by, None
    _keep(row)
    _history(row, DossierAct.SIGN_OFF_TASK, by=actor, at=at, note=note)
    return row


@transaction.atomic
def return_task(task: Task, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Task:
    """退回重办: what was reported is not enough; the due time stays.

    Raises:
        PermissionDenied: not theirs to judge.
        Refused: it was not reported, or no reason is given.
    """
    row, actor = _judged(task, seen, by)
    _need(reason)
    row.state, row.returns, row.reported_at, row.reported_by = TaskState.OPEN, row.returns + 1, None, None
    _keep(row)
    _history(row, DossierAct.RETURN_TASK, by=actor, at=at, note=reason, data={"fix": row.fix})
    _tell(row, DossierAct.RETURN_TASK, responsible(row, at), at=at, by=by)
    return row


@transaction.atomic
def extend_task(task: Task, until: date, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Task:
    """延期: a later day, for a reason.

    Raises:
        PermissionDenied: somebody who does not lead the dossier.
        Refused: it is not open, the day is not later, or no reason is given.
    """
    row, actor = _led(task, seen, by, frozenset({TaskState.OPEN}))
    _need(reason)
    was = row.due_at
    if until <= timezone.localdate(was):
        raise Refused(_("新的期限要晚于现在的期限。"))
    row.amount, row.warned = None, ""
    _set_due(row, until, at=at)
    _keep(row)
    facts = {"old": was.isoformat(), "new": row.due_at.isoformat()}
    _history(row, DossierAct.EXTEND_TASK, by=actor, at=at, note=reason, data=facts)
    _tell(row, DossierAct.EXTEND_TASK, responsible(row, at), at=at, by=by)
    return row


@transaction.atomic
def reassign_task(
    task: Task, owner: Staff | None, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> Task:
    """改派: another person of the unit answers for it; by its supervisor, or by who leads the dossier.

    Raises:
        PermissionDenied: neither.
        Refused: it is not open, or the owner is not of the unit.
    """
    row = _locked(task, seen, TaskState.OPEN)
    held = arranges(by.duties, row.unit)
    actor = staff_actor(by, held) if held else acting(row.dossier, COURSES[row.dossier.kind].who, by)
    if owner is not None and answering(owner.duties, row.unit) is None:
        raise Refused(_("责任人不在这个单位。"))
    was, row.owner = row.owner, owner
    _keep(row)
    facts = {"old": was.username if was else "", "new": owner.username if owner else ""}
    _history(row, DossierAct.REASSIGN_TASK, by=actor, at=at, note=note, data=facts)
    _tell(row, DossierAct.REASSIGN_TASK, responsible(row, at), at=at, by=by)
    return row


@transaction.atomic
def drop_task(task: Task, reason: str, *, by: Staff, at: datetime, seen: int | None = None) -> Task:
    """撤销任务: it need not be done; it stays in the dossier with the reason.

    Raises:
        PermissionDenied: somebody who does not lead the dossier.
        Refused: it is over, or no reason is given.
    """
    row, actor = _led(task, seen, by, OPEN_TASKS)
    _need(reason)
    row.state, row.next_warning_at = TaskState.DROPPED, None
    _keep(row)
    _history(row, DossierAct.DROP_TASK, by=actor, at=at, note=reason)
    return row


# --- the clock ------------------------------------------------------------------------------------------------


def warn_tasks(*, at: datetime, limit: int = 500) -> int:
    """Warns of every task whose moment has come, as of a case's deadlines.

    Returns:
        How many tasks were warned of.
    """
    rows = Task.objects.filter(state=TaskState.OPEN).select_related("dossier__region", "unit")
    return warn_each(rows, partial(_warn, at=at), at=at, limit=limit)


def _warn(row: Task, kind: WarningKind, *, at: datetime) -> None:
    people = responsible(row, at)
    if kind == WarningKind.OVERDUE:
        people |= leaders(row.dossier, at) | _ids(supervisors_of_unit(row.unit, timezone.localdate(at)))
    _notify(row, f"due.{kind}.task", f"task.{kind}:{row.pk}:{row.due_at.isoformat()}", people, at=at)


def recount_tasks(*, at: datetime, year: int) -> int:
    """Counts open tasks again after a year of the calendar was confirmed or corrected; a day somebody set stays.

    Returns:
        How many due times moved.
    """
    touched = Task.objects.open().exclude(amount=None).filter(due_at__year__gte=year, started_at__year__lte=year)
    return sum(_recount(pk, at) for pk in list(touched.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _recount(pk: int, at: datetime) -> bool:
    row = _row(Task.objects.get(pk=pk))
    if row.state not in OPEN_TASKS or row.amount is None:
        return False
    was = count_again(row, row.amount, at=at)
    if was is None:
        return False
    _keep(row)
    facts = {"old": was.isoformat(), "new": row.due_at.isoformat()}
    _history(row, DossierAct.EXTEND_TASK, by=SYSTEM, at=at, data=facts)
    return True


# --- what they share ------------------------------------------------------------------------------------------


def responsible(task: Task, at: datetime) -> set[int]:
    """Who is to do it: its owner, or whoever supervises its unit."""
    return {task.owner_id} if task.owner_id else _ids(supervisors_of_unit(task.unit, timezone.localdate(at)))


def leaders(dossier: Dossier, at: datetime) -> set[int]:
    """Who leads a dossier: the nearest managing body of its division; of a sealed one only who was let in."""
    if told := set(dossier.insiders.filter(ended_at=None).values_list("staff_id", flat=True)):
        return told
    today = timezone.localdate(at)
    nearest = _ids(overseers(Role.COUNTY_SUPERVISOR, dossier.region.code, today))
    return nearest or _ids(overseers(Role.CITY_SUPERVISOR, dossier.region.code, today))


def _ids(staff: Iterable[Staff]) -> set[int]:
    return {person.pk for person in staff}


def _row(task: Task) -> Task:
    """Locks the dossier and then its task, as every act does, so that none waits for another that waits for it."""
    locked(task.dossier)
    rows = Task.objects.select_for_update(of=("self",)).select_related("dossier__region", "dossier__unit", "unit")
    return rows.get(pk=task.pk)


def _locked(task: Task, seen: int | None, *states: str) -> Task:
    row = _row(task)
    if seen is not None and seen != row.version:
        raise Refused(_("刚刚被别人改过,请看过最新内容再操作。"))
    if row.state not in states:
        raise Refused(_("这个任务现在是“%(state)s”。") % {"state": row.get_state_display()})
    return row


def _doing(row: Task, by: Staff) -> Actor:
    membership = answering(by.duties, row.unit)
    if membership is None:
        raise PermissionDenied
    return staff_actor(by, membership)


def _judged(task: Task, seen: int | None, by: Staff) -> tuple[Task, Actor]:
    row = _locked(task, seen, TaskState.REPORTED)
    return row, acting(row.dossier, COURSES[row.dossier.kind].who, by, judged=row.unit)


def _led(task: Task, seen: int | None, by: Staff, states: frozenset[str]) -> tuple[Task, Actor]:
    row = _locked(task, seen, *states)
    return row, acting(row.dossier, COURSES[row.dossier.kind].who, by)


def _need(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请填写理由。"))


def _keep(row: Task) -> None:
    row.version += 1
    row.save()


def _history(
    row: Task, act: DossierAct, *, by: Actor, at: datetime, note: str = "", data: Mapping[str, object] | None = None
) -> None:
    write_event(row.dossier, act, by=by, at=at, note=note, data=data, task=row)
    failpoint(f"task.{act}")


def _tell(row: Task, act: DossierAct, people: set[int], *, at: datetime, by: By) -> None:
    others = people - ({by.pk} if by else set())
    _notify(row, f"dossier.{act}", f"{act}:{row.pk}:{row.version}", others, at=at)


def _notify(row: Task, kind: str, key: str, people: set[int], *, at: datetime) -> None:
    text = f"{row} {row.wanted}"
    url = reverse("task", args=[row.pk])
    notify(people, NoticeText(key=key, kind=kind, text=text, url=url, due_at=row.due_at), at=at)
