"""The pages of 局长走流程."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from organizations.models import Region, Staff
from oversight import actions
from oversight.actions.dossiers import acting
from oversight.courses import COURSES, Who, possible
from oversight.enums import DossierAct, Kind, WalkAct
from oversight.forms.dossiers import OutcomeForm, PicturesForm, ReasonForm
from oversight.forms.walks import AssignForm, ChangeWalkForm, RecordForm, WalkForm
from oversight.models import Dossier
from oversight.paper import Block, Column, Figure, Paragraph, Table
from oversight.queries.walks import total_minutes
from oversight.views.kinds.model import ActPage, KindPages

STEPS = "oversight/walks/record.html"


def _open(region: Region, plan: actions.WalkPlan, *, by: Staff, at: datetime) -> Dossier:
    return actions.plan_walk(region, plan, by=by, at=at)


def _more(row: Dossier, user: Staff, _at: datetime) -> dict[str, Any]:
    steps = list(row.walk.steps.select_related("task"))
    return {
        "walk": row.walk,
        "steps": steps,
        "total": total_minutes(steps),
        "left": [step for step in steps if step.obstacle and not step.task],
        "task_days": settings.WALK_TASK_DAYS,
        "assigns": _may(row, user, WalkAct.ASSIGN),
    }


def _may(row: Dossier, user: Staff, name: str) -> bool:
    if not possible(COURSES[row.kind], row.stage, [name]):
        return False
    try:
        acting(row, Who(COURSES[row.kind].step(name).who), user)
    except PermissionDenied:
        return False
    return True


def _pointless(row: Dossier, _user: Staff) -> frozenset[str]:
    """Tasks are made of obstacles while there are some, and then it is closed."""
    left = row.walk.steps.filter(task=None).exclude(obstacle="").exists()
    return frozenset({DossierAct.CLOSE} if left else {WalkAct.ASSIGN})


def _blocks(row: Dossier, _user: Staff, _at: datetime) -> list[Block]:
    walk = row.walk
    steps = list(walk.steps.all())
    columns = (
        Column("序号", number=True),
        Column("环节", wide=True),
        Column("起止"),
        Column("用时(分钟)", number=True),
        Column("材料", number=True),
        Column("堵点", wide=True),
    )
    rows = tuple(
        (
            Figure(step.number),
            step.what,
            f"{step.begins:%H:%M}–{step.ends:%H:%M}" if step.begins and step.ends else "",
            Figure(step.minutes),
            Figure(step.materials),
            step.obstacle,
        )
        for step in steps
    )
    day = f"{walk.walked_on:%Y-%m-%d}" if walk.walked_on else "未走"
    said = Paragraph.of(f"{walk.post}{walk.leader},{walk.get_role_display()},{walk.item.name},{day},共 ")
    total = Figure(total_minutes(steps), unit=" 分钟")
    return [Paragraph((*said.parts, total, "。")), Table("走流程记录", columns, rows)]


PAGES = KindPages(
    kind=Kind.WALK,
    slug="walks",
    label=_("局长走流程"),
    about=_("部门领导亲自把一件事办一遍,记下每一步的用时和堵点,逐个解决。"),
    form=WalkForm,
    open=_open,
    template="oversight/walks/walk.html",
    acts={
        WalkAct.WALK: ActPage(RecordForm, actions.record_walk, _("一步一行,写得出多少写多少。"), template=STEPS),
        WalkAct.RECORD: ActPage(RecordForm, actions.record_walk, _("一步一行,写得出多少写多少。"), template=STEPS),
        WalkAct.ASSIGN: ActPage(AssignForm, actions.assign_obstacles),
        DossierAct.CLOSE: ActPage(OutcomeForm, actions.close_walk, _("所有堵点都已转为任务并销号或撤销,才能办结。")),
        DossierAct.ADD_FILE: ActPage(PicturesForm, actions.add_pictures),
        DossierAct.CHANGE: ActPage(ChangeWalkForm, actions.change_walk),
        DossierAct.DROP: ActPage(ReasonForm, actions.drop_dossier, danger=True),
    },
    more=_more,
    blocks=_blocks,
    pointless=_pointless,
    beside=((_("汇总"), "walks-summary"),),
)
