"""暗访、巡查: planned with its route, visited stop by stop, what is wrong made a task or a case (docs/field.md)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.actions import record_score_event
from assessment.enums import EventKind, Grain
from assessment.periods import period_of
from common.failpoints import failpoint
from common.ids import new_token
from evaluations.actions import Check, Rated, Words, record_check
from organizations.actions import Refused
from organizations.models import Hall, Region, Staff, Unit
from oversight.access import inspecting
from oversight.actions.dossiers import (
    By,
    Move,
    Subject,
    add_parts,
    begin,
    finish,
    keep_picture,
    locked,
    open_dossier,
    take_step,
)
from oversight.actions.tasks import Wanted, add_task
from oversight.enums import DossierAct, FileSide, InspectionAct, Kind, Part, Seen
from oversight.models import (
    Dossier,
    DossierCase,
    DossierPicture,
    DossierUnit,
    Finding,
    Inspection,
    Inspector,
    Stop,
    Task,
    Visit,
)
from rectification.enums import Level, Target

PICTURES_A_STOP = 12


@dataclass(frozen=True)
class InspectionPlan:
    """Where it goes, who is sent, and what is looked at. route: in its order, a hall where it is one."""

    title: str
    covert: bool
    route: Sequence[tuple[Unit, Hall | None]]
    inspectors: Collection[Staff]
    checklist: Sequence[str]
    begins: date
    ends: date
    about: str = ""


@dataclass(frozen=True)
class Met:
    """What was met of one line of the checklist."""

    number: int
    seen: Seen
    note: str = ""
    picture: IO[bytes] | None = None


class FormUsed(Refused):
    """This form was stored before, with other words in it; what it holds now is not stored."""


@transaction.atomic
def plan_inspection(region: Region, plan: InspectionPlan, *, by: By, at: datetime) -> Dossier:
    """Plans an inspection. Of a covert one nobody is told.

    Raises:
        PermissionDenied: somebody who does not lead what lies in this division.
        Refused: no route, no inspectors, no checklist, a unit of another division, or an inspector of the unit itself.
    """
    _sound(plan, region)
    subject = Subject(plan.title, plan.about, None, plan.begins, plan.ends)
    row = open_dossier(Kind.INSPECTION, region, subject, by=by, at=at, parts=_parts(plan))
    checklist = [line.strip() for line in plan.checklist if line.strip()]
    Inspection.objects.create(dossier=row, covert=plan.covert, checklist=checklist)
    _write_route(row, plan)
    return row


@transaction.atomic
def change_inspection(row: Dossier, plan: InspectionPlan, *, by: By, at: datetime, seen: int | None = None) -> Dossier:
    """Changes an inspection nobody has set out for.

    Raises:
        PermissionDenied, Refused: as `plan_inspection`, or a stop has been visited.
    """
    move = begin(row, DossierAct.CHANGE, by=by, at=at, seen=seen)
    kept = move.dossier
    _sound(plan, kept.region)
    if Visit.objects.filter(stop__inspection=kept.pk).exists():
        raise Refused(_("已经开始走访,不能再改。"))
    kept.title, kept.about, kept.begins, kept.ends = plan.title, plan.about, plan.begins, plan.ends
    checklist = [line.strip() for line in plan.checklist if line.strip()]
    Inspection.objects.filter(dossier=kept).update(covert=plan.covert, checklist=checklist)
    Stop.objects.filter(inspection=kept.pk).delete()
    Inspector.objects.filter(inspection=kept.pk).delete()
    DossierUnit.objects.filter(dossier=kept).delete()
    add_parts(kept, _parts(plan))
    _write_route(kept, plan)
    return finish(move, data={"route": [unit.code for unit, _hall in plan.route]})


@transaction.atomic
def visit_stop(stop: Stop, nonce: str, met: Sequence[Met], *, by: Staff, at: datetime, note: str = "") -> Visit:
    """Stores what was met at a stop; the same form sent again, because no answer came, is stored once.

    Raises:
        PermissionDenied: neither sent nor leading.
        Refused: not every line is said, something wrong is not explained, or the visits are over.
        FormUsed: the form was stored before, with other words.
    """
    row = locked(stop.inspection.dossier)
    before = Visit.objects.filter(nonce=nonce).first()
    if before is not None:
        return _same(before, stop, met, by, note)
    move = begin(row, InspectionAct.VISIT, by=by, at=at)
    lines = Inspection.objects.get(dossier=row).checklist
    if sorted(one.number for one in met) != list(range(1, len(lines) + 1)):
        raise Refused(_("清单的每一项都要选一个结果。"))
    unsaid = [one.number for one in met if one.seen == Seen.NOT_OK and not one.note.strip()]
    if unsaid:
        raise Refused(_("第 %(number)d 项不符合,请写明情况。") % {"number": unsaid[0]})
    visit = Visit.objects.create(stop=stop, nonce=nonce, note=note.strip(), by=by, at=at)
    for one in sorted(met, key=lambda one: one.number):
        picture = _picture(move, one, stop, by)
        said = {"seen": one.seen, "note": one.note.strip(), "picture": picture}
        Finding.objects.create(visit=visit, number=one.number, line=lines[one.number - 1], **said)
    failpoint("inspection_visited")
    wrong = [one.number for one in met if one.seen == Seen.NOT_OK]
    finish(move, note=str(stop), data={"stop": stop.number, "wrong": wrong, "nonce": nonce})
    return visit


def _same(before: Visit, stop: Stop, met: Sequence[Met], by: Staff, note: str) -> Visit:
    said = {one.number: (str(one.seen), one.note.strip()) for one in met}
    kept = {one.number: (one.seen, one.note) for one in before.findings.all()}
    if (before.stop_id, before.by_id, before.note, kept) != (stop.pk, by.pk, note.strip(), said):
        raise FormUsed(_("这张表刚才已经保存过,现在填的内容还没有保存。核对后再按一次保存。"))
    return before


def _picture(move: Move, one: Met, stop: Stop, by: Staff) -> DossierPicture | None:
    if one.picture is None:
        return None
    most = PICTURES_A_STOP * stop.inspection.stops.count()
    return keep_picture(move.dossier, one.picture, FileSide.RECORD, by=by, at=move.at, most=most)


@transaction.atomic
def finish_visits(row: Dossier, *, by: Staff, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """走访完成: from now on the units on the route may see what was met there, and it is followed up.

    Raises:
        Refused: no stop was visited.
    """
    if not Visit.objects.filter(stop__inspection=row.pk).exists():
        raise Refused(_("还没有填过一站的表。"))
    moved = take_step(row, InspectionAct.FINISH_VISITS, by=by, at=at, note=note, seen=seen)
    Inspection.objects.filter(dossier=moved).update(visited_on=timezone.localdate(at))
    return moved


@transaction.atomic
def assign_findings(
    row: Dossier,
    findings: Collection[int],
    *,
    days: int,
    by: Staff,
    at: datetime,
    wanted: str = "",
    seen: int | None = None,
) -> Dossier:
    """转为任务: what is wrong becomes a task of its unit, with the picture of it, and counts in the unit's score.

    Args:
        findings: their keys. days: working days. wanted: empty asks for the line to be met.

    Raises:
        PermissionDenied: somebody who does not lead the dossier.
        Refused: nothing is chosen, or it was followed up before.
    """
    move = begin(row, InspectionAct.ASSIGN, by=by, at=at, seen=seen)
    made = []
    for one in _wrong(move.dossier, findings):
        asked = wanted.strip() or _("整改到位:%(line)s") % {"line": one.line}
        place = str(one.visit.stop.hall or "")
        unit = one.visit.stop.unit
        one.task = add_task(move.dossier, Wanted(unit, asked, place, one.note, days=days), by=by, at=at)
        one.save(update_fields=["task"])
        _copy_picture(one, one.task)
        _count(move, one)
        made.append(one.task.number)
    return finish(move, data={"tasks": made})


@transaction.atomic
def open_cases(row: Dossier, findings: Collection[int], *, by: Staff, at: datetime, seen: int | None = None) -> Dossier:
    """立案: what is wrong becomes a case like any other, by way of 监督查评, counted apart from citizens' ratings.

    Raises:
        PermissionDenied: somebody who does not lead the dossier.
        Refused: nothing is chosen, it was followed up before, or this person may not check that unit.
    """
    move = begin(row, InspectionAct.OPEN_CASES, by=by, at=at, seen=seen)
    made = []
    for one in _wrong(move.dossier, findings):
        stop = one.visit.stop
        target = Target.HALL if stop.hall else Target.WINDOW
        words = Words(level=Level.DISSATISFIED, text=f"{one.line}:{one.note}")
        check = Check(Rated(target, stop.unit, hall=stop.hall), words, one.visit.at, new_token())
        case = record_check(check, by=by, at=at).case
        if case is None:
            raise RuntimeError("a bad finding opens a case")
        one.case = case
        one.save(update_fields=["case"])
        DossierCase.objects.create(dossier=move.dossier, case=case, why=one.line, at=at)
        _count(move, one)
        made.append(case.number)
    return finish(move, data={"cases": made})


@transaction.atomic
def close_inspection(
    row: Dossier, outcome: str, *, by: Staff, at: datetime, note: str = "", seen: int | None = None
) -> Dossier:
    """办结: everything wrong is a task or a case, and every task is signed off or dropped.

    Raises:
        Refused: something is not, nothing is said, or its course does not allow it.
    """
    move = begin(row, DossierAct.CLOSE, by=by, at=at, seen=seen)
    if wrong_and_left(move.dossier):
        raise Refused(_("还有不符合的项没有转为任务或立案。"))
    move.dossier.outcome = outcome.strip()
    return finish(move, note=note)


def wrong_and_left(row: Dossier) -> list[Finding]:
    """What is wrong by the newest visit of each stop, and was not followed up."""
    newest = Visit.objects.filter(stop__inspection=row.pk).order_by("stop_id", "-pk").distinct("stop_id")
    wrong = Finding.objects.filter(visit__in=newest, seen=Seen.NOT_OK, task=None, case=None)
    related = ("visit__stop__unit__region", "visit__stop__hall", "picture")
    return list(wrong.select_related(*related).order_by("visit__stop__number", "number"))


def _wrong(row: Dossier, findings: Collection[int]) -> list[Finding]:
    found = [one for one in wrong_and_left(row) if one.pk in findings]
    if not found or len(found) != len(set(findings)):
        raise Refused(_("请选择还没有处理的不符合项。"))
    return found


def _copy_picture(one: Finding, task: Task) -> None:
    """The same file, as what the unit has to put right looked like."""
    was = one.picture
    if was is not None:
        names = ("file", "sha256", "width", "height", "by", "at")
        said = {name: getattr(was, name) for name in names}
        DossierPicture.objects.create(dossier=task.dossier, task=task, side=FileSide.BEFORE, **said)


def _count(move: Move, one: Finding) -> None:
    unit, number = one.visit.stop.unit, move.dossier.number
    quarter = period_of(timezone.localdate(one.visit.at), Grain.QUARTER)
    source = f"{number} {one.line}"
    address = reverse("dossier", args=[number])
    key = f"inspection:{one.pk}"
    record_score_event(
        unit, quarter, EventKind.INSPECTION, Decimal(1), source, key=key, by=move.actor, at=move.at, url=address
    )


def _sound(plan: InspectionPlan, region: Region) -> None:
    if not plan.route or not plan.inspectors or not [line for line in plan.checklist if line.strip()]:
        raise Refused(_("请填写路线、检查人员和检查清单。"))
    if plan.ends < plan.begins:
        raise Refused(_("结束日期不能早于开始日期。"))
    outside = [unit.name for unit, _hall in plan.route if not unit.region.code.startswith(region.prefix)]
    if outside:
        raise Refused(_("%(unit)s 不在本区划。") % {"unit": outside[0]})
    for person in plan.inspectors:
        held = inspecting(person.duties, region.code)
        if held is None:
            raise Refused(_("%(name)s 不能担任检查人员。") % {"name": person.name})
        if any(unit.pk == duty.unit_id for unit, _hall in plan.route for duty in person.duties):
            raise Refused(_("%(name)s 不能检查自己所在的单位。") % {"name": person.name})


def _parts(plan: InspectionPlan) -> list[tuple[Unit, Part]]:
    return [(unit, Part.SUBJECT) for unit in {unit.pk: unit for unit, _hall in plan.route}.values()]


def _write_route(row: Dossier, plan: InspectionPlan) -> None:
    stops = enumerate(plan.route, 1)
    Stop.objects.bulk_create(Stop(inspection_id=row.pk, number=n, unit=unit, hall=hall) for n, (unit, hall) in stops)
    Inspector.objects.bulk_create(Inspector(inspection_id=row.pk, staff=person) for person in plan.inspectors)
