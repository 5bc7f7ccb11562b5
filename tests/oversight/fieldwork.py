"""Walks, inspections and entries of the file for tests, made by the acts themselves."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from organizations.models import Hall
from oversight import actions
from oversight.actions import InspectionPlan, Met, StepLine, WalkPlan, Wanted, Warned
from oversight.enums import Seen, WalkRole, WarningSort
from oversight.models import Dossier, Stop, Visit, WarningCase
from tests.factories import NOW, Cast

TODAY = NOW.date()


def walk_plan(cast: Cast, **changes: Any) -> WalkPlan:
    """The bureau's deputy head walks through one of its matters as an applicant."""
    facts: dict[str, Any] = {
        "unit": cast.unit,
        "leader": "马演示",
        "post": "副局长",
        "role": WalkRole.APPLICANT,
        "item": cast.item,
        "planned_on": TODAY,
        "place": "3 号窗口",
    }
    return WalkPlan(**{**facts, **changes})


LINES = (
    StepLine(1, "取号", time(9, 0), time(9, 12), materials=0),
    StepLine(2, "窗口受理", minutes=35, materials=6, obstacle="复印件要自己去楼下打印", promised_minutes=20),
    StepLine(3, "缴费", minutes=10, obstacle="只能扫码"),
)


def walk(cast: Cast, *, walked: bool = True, lines: Any = LINES, at: datetime = NOW, **changes: Any) -> Dossier:
    """A walk that Qian has planned and, unless told otherwise, Zheng of the bureau has written down."""
    row = actions.plan_walk(cast.body.region, walk_plan(cast, **changes), by=cast.qian, at=at)
    return actions.record_walk(row, at.date(), list(lines), by=cast.zheng, at=at) if walked else row


def assigned(cast: Cast, row: Dossier, *, at: datetime = NOW, **changes: Any) -> Dossier:
    """Its obstacles made tasks of the bureau."""
    steps = [step.pk for step in row.walk.steps.filter(task=None).exclude(obstacle="")]
    asked = Wanted(**{"unit": cast.unit, "wanted": "", "days": 10, **changes})
    return actions.assign_obstacles(row, steps, asked, by=cast.qian, at=at)


def inspection_plan(cast: Cast, **changes: Any) -> InspectionPlan:
    """Lin is sent to the bureau's and the insurance bureau's windows, unannounced."""
    facts: dict[str, Any] = {
        "title": "午间值守暗访",
        "covert": True,
        "route": [(cast.unit, Hall.objects.order_by("code").first()), (cast.other_unit, None)],
        "inspectors": [cast.lin],
        "checklist": ["窗口在岗", "一次性告知", "收费渠道"],
        "begins": TODAY,
        "ends": TODAY,
    }
    return InspectionPlan(**{**facts, **changes})


def inspection(cast: Cast, *, at: datetime = NOW, **changes: Any) -> Dossier:
    """An inspection that Qian has planned."""
    return actions.plan_inspection(cast.body.region, inspection_plan(cast, **changes), by=cast.qian, at=at)


def met(*seen: Seen, **pictures: Any) -> list[Met]:
    """What was met, line by line; what is wrong is explained. pictures: p1, p2…"""
    return [
        Met(n, one, "中午没有人" if one == Seen.NOT_OK else "", pictures.get(f"p{n}")) for n, one in enumerate(seen, 1)
    ]


def visited(cast: Cast, row: Dossier, number: int = 1, nonce: str = "n1", *, at: datetime = NOW, **more: Any) -> Visit:
    """A stop at which the first line was wrong, as Lin met it."""
    stop = Stop.objects.select_related("inspection__dossier").get(inspection=row.pk, number=number)
    found = more.pop("found", met(Seen.NOT_OK, Seen.OK, Seen.NOT_SEEN))
    return actions.visit_stop(stop, nonce, found, by=more.pop("by", cast.lin), at=at, **more)


def inspected(cast: Cast, **changes: Any) -> Dossier:
    """An inspection whose visits are over: one thing wrong at the bureau, nothing at the other."""
    row = inspection(cast, **changes)
    visited(cast, row)
    visited(cast, row, 2, "n2", found=met(Seen.OK, Seen.OK, Seen.OK))
    return actions.finish_visits(row, by=cast.lin, at=NOW)


def warned(cast: Cast, **changes: Any) -> Warned:
    """What an entry says that came from elsewhere."""
    facts: dict[str, Any] = {
        "sort": WarningSort.CAUTION,
        "unit": cast.unit,
        "title": "午间无人值守",
        "facts": "工作日午间窗口无人,群众等候四十分钟,没有公示恢复时间。",
        "lesson": "午间值守要有替岗,离岗要有告知。",
        "named": False,
        "origin": "线索",
    }
    return Warned(**{**facts, **changes})


def warning(cast: Cast, *, at: datetime = NOW, **changes: Any) -> WarningCase:
    """A draft that Qian has written."""
    return actions.draft_warning(cast.body.region, warned(cast, **changes), by=cast.qian, at=at)
