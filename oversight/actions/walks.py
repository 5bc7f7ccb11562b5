"""局长走流程: planned, walked and written down step by step, its obstacles made tasks, closed (docs/field.md)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organizations.actions import Refused
from organizations.models import Hall, Region, ServiceItem, Unit
from oversight.actions.dossiers import By, Subject, add_parts, begin, finish, open_dossier
from oversight.actions.tasks import Wanted, add_task
from oversight.enums import DossierAct, Kind, Part, WalkAct, WalkRole, WalkStage
from oversight.models import Dossier, DossierUnit, Walk, WalkStep

LONGEST = 24 * 60


@dataclass(frozen=True)
class WalkPlan:
    """Who is to walk through which matter, as whom, and when."""

    unit: Unit
    leader: str
    post: str
    role: WalkRole
    item: ServiceItem
    planned_on: date
    hall: Hall | None = None
    place: str = ""
    about: str = ""

    @property
    def title(self) -> str:
        """What the dossier is called."""
        return f"{self.unit.short_name}:{self.item.name}"[:120]


@dataclass(frozen=True)
class StepLine:
    """One row of the record. minutes: counted from begins to ends where both are there."""

    number: int
    what: str
    begins: time | None = None
    ends: time | None = None
    minutes: int | None = None
    materials: int | None = None
    obstacle: str = ""
    promised_minutes: int | None = None
    promised_days: int | None = None


@transaction.atomic
def plan_walk(region: Region, plan: WalkPlan, *, by: By, at: datetime) -> Dossier:
    """Plans a walk.

    Raises:
        PermissionDenied: somebody who does not lead what lies in this division.
        Refused: the matter is none of the department's.
    """
    _sound(plan)
    subject = Subject(plan.title, plan.about, plan.unit)
    parts = [(plan.unit, Part.SUBJECT)]
    row = open_dossier(Kind.WALK, region, subject, by=by, at=at, parts=parts)
    Walk.objects.create(dossier=row, **_facts(plan))
    return row


@transaction.atomic
def change_walk(row: Dossier, plan: WalkPlan, *, by: By, at: datetime, seen: int | None = None) -> Dossier:
    """Changes the plan of a walk that has not been made.

    Raises:
        PermissionDenied, Refused: as `plan_walk`, or it has been made.
    """
    move = begin(row, DossierAct.CHANGE, by=by, at=at, seen=seen)
    _sound(plan)
    kept = move.dossier
    DossierUnit.objects.filter(dossier=kept).delete()
    add_parts(kept, [(plan.unit, Part.SUBJECT)])
    kept.title, kept.about, kept.unit = plan.title, plan.about, plan.unit
    Walk.objects.filter(dossier=kept).update(**_facts(plan))
    return finish(move, data={"unit": plan.unit.code, "planned_on": plan.planned_on.isoformat()})


@transaction.atomic
def record_walk(
    row: Dossier, walked_on: date, lines: Sequence[StepLine], *, by: By, at: datetime, seen: int | None = None
) -> Dossier:
    """Writes down how it went: the first record says that it was walked; later ones replace what has no task yet.

    Raises:
        PermissionDenied: neither of the department nor of who leads the dossier.
        Refused: no step, a day that is to come, an end before its begin, or a row that a task was made of.
    """
    planned = row.stage == WalkStage.PLANNED
    move = begin(row, WalkAct.WALK if planned else WalkAct.RECORD, by=by, at=at, seen=seen)
    walk = Walk.objects.get(dossier=move.dossier)
    if walked_on > timezone.localdate(at):
        raise Refused(_("走流程的日期还没有到。"))
    kept = list(walk.steps.exclude(task=None))
    made = [_step(walk, line) for line in lines]
    numbers = [step.number for step in [*kept, *made]]
    if not numbers:
        raise Refused(_("请至少写一个环节。"))
    if len(set(numbers)) != len(numbers):
        raise Refused(_("已转为任务的环节不能再改,请按最新内容填写。"))
    walk.steps.filter(task=None).delete()
    WalkStep.objects.bulk_create(made)
    walk.walked_on = walked_on
    walk.save(update_fields=["walked_on"])
    facts = [{"what": s.what, "minutes": s.minutes, "materials": s.materials, "obstacle": s.obstacle} for s in made]
    return finish(move, data={"walked_on": walked_on.isoformat(), "steps": facts})


def _step(walk: Walk, line: StepLine) -> WalkStep:
    minutes = line.minutes
    if line.begins and line.ends:
        if line.ends < line.begins:
            raise Refused(_("第 %(number)d 步:结束早于开始。") % {"number": line.number})
        day = date(2000, 1, 1)
        minutes = (datetime.combine(day, line.ends) - datetime.combine(day, line.begins)) // timedelta(minutes=1)
    if not line.what.strip():
        raise Refused(_("第 %(number)d 步:请写明环节。") % {"number": line.number})
    if minutes is not None and not 0 <= minutes <= LONGEST:
        raise Refused(_("第 %(number)d 步:用时不超过一天。") % {"number": line.number})
    said = {name: getattr(line, name) for name in ("number", "begins", "ends", "materials")}
    promised = {"promised_minutes": line.promised_minutes, "promised_days": line.promised_days}
    return WalkStep(
        walk=walk, what=line.what.strip(), minutes=minutes, obstacle=line.obstacle.strip(), **said, **promised
    )


@transaction.atomic
def assign_obstacles(
    row: Dossier,
    steps: Collection[int],
    asked: Wanted,
    *,
    by: By,
    at: datetime,
    seen: int | None = None,
) -> Dossier:
    """转为任务: each of these obstacles becomes a task, with the same unit, owner and due day.

    Args:
        steps: their keys.
        asked: what is wanted; its `wanted` empty asks for the obstacle itself to be removed.

    Raises:
        PermissionDenied: somebody who does not lead the dossier.
        Refused: nothing is chosen, a step is no obstacle or has a task, or `add_task` refuses.
    """
    move = begin(row, WalkAct.ASSIGN, by=by, at=at, seen=seen)
    found = list(WalkStep.objects.filter(walk=move.dossier.pk, pk__in=steps, task=None).exclude(obstacle=""))
    if not found or len(found) != len(set(steps)):
        raise Refused(_("请选择还没有转为任务的堵点。"))
    place = Walk.objects.get(dossier=move.dossier).place
    made = []
    for step in found:
        wanted = Wanted(
            unit=asked.unit,
            wanted=asked.wanted.strip() or _("解决堵点:%(obstacle)s") % {"obstacle": step.obstacle},
            place=place,
            finding=f"{step.what}:{step.obstacle}",
            owner=asked.owner,
            days=asked.days,
            until=asked.until,
        )
        step.task = add_task(move.dossier, wanted, by=by, at=at)
        step.save(update_fields=["task"])
        made.append(step.task.number)
    return finish(move, data={"tasks": made})


@transaction.atomic
def close_walk(row: Dossier, outcome: str, *, by: By, at: datetime, note: str = "", seen: int | None = None) -> Dossier:
    """办结: every obstacle has become a task, and every task is signed off or dropped.

    Raises:
        Refused: one has not, nothing is said, or its course does not allow it.
    """
    move = begin(row, DossierAct.CLOSE, by=by, at=at, seen=seen)
    left = WalkStep.objects.filter(walk=move.dossier.pk, task=None).exclude(obstacle="").count()
    if left:
        raise Refused(_("还有 %(count)d 个堵点没有转为任务。") % {"count": left})
    move.dossier.outcome = outcome.strip()
    return finish(move, note=note)


def _sound(plan: WalkPlan) -> None:
    if not plan.unit.path.startswith(plan.item.unit.path):
        raise Refused(_("这个事项不是该单位的。"))
    if not plan.leader.strip() or not plan.post.strip():
        raise Refused(_("请写明带队领导和职务。"))


def _facts(plan: WalkPlan) -> dict[str, object]:
    names = ("role", "item", "hall", "planned_on")
    words = {name: getattr(plan, name).strip() for name in ("leader", "post", "place")}
    return {**{name: getattr(plan, name) for name in names}, **words}
