"""Doors of walks, inspections and the file: a covert inspection nobody inspected may know of, a draft entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from disclosure.actions import WalkWords, publish_walk, take_down_walk
from organizations.enums import Role
from oversight import actions
from oversight.actions import StepLine
from oversight.models import Dossier, WarningCase
from tests.authz.probing import Arguments, Probe, fixed, types
from tests.factories import NOW, staff
from tests.oversight.fieldwork import inspection_plan, walk, warned

if TYPE_CHECKING:
    from tests.authz.world import World

ENTRY = {
    "sort": "caution",
    "title": "午间空岗",
    "unit": "烟台市公安局",
    "named": "no",
    "facts": "窗口空岗四十分钟。",
    "lesson": "要有替岗。",
    "origin": "线索",
}
FILLED = {"nonce": "x" * 20, "seen_1": "ok", "seen_2": "ok", "seen_3": "ok"}


class Fieldwork:
    """Qian plans and drafts; Lin is sent; another supervisor approves."""

    def __init__(self, world: World) -> None:
        cast = world.cast
        region = cast.body.region
        plan = inspection_plan(cast, route=[(world.unit, None)])
        self.covert = actions.plan_inspection(region, plan, by=cast.qian, at=NOW).number
        second = staff("zheng2", "甄督导", (Role.CITY_SUPERVISOR, cast.body))
        draft, approved = (actions.draft_warning(region, warned(cast), by=second, at=NOW) for _one in range(2))
        actions.approve_warning(approved, by=cast.qian, at=NOW)
        self.walks = {about: self._walk(world) for about in ("shown", "down", "closed")}
        for about in ("shown", "down"):
            row = Dossier.objects.get(number=self.walks[about])
            publish_walk(row, WalkWords("没有堵点"), by=cast.qian, at=NOW)
        take_down_walk(row, "有误", by=cast.qian, at=NOW)
        self.warnings: dict[str, WarningCase] = {"draft": draft, "approved": approved}

    def _walk(self, world: World) -> str:
        """A walk that found nothing and is closed."""
        row = walk(world.cast, lines=[StepLine(1, "一次办好", minutes=9)])
        return actions.close_walk(row, "没有堵点", by=world.cast.qian, at=NOW).number

    def number(self, about: str) -> str:
        return self.warnings[about].number if about in self.warnings else "AL-1999-001"


def fieldwork() -> Iterator[Probe]:
    """The summary of walks; the form of a stop; the file, an entry, its acts."""
    yield Probe("walks-summary")
    yield Probe("walks-summary-file")
    yield Probe(
        "inspection-stop", "covert", lambda world, who: [world.fieldwork.covert, 1], "dispatcher", types(**FILLED)
    )
    yield Probe("inspection-stop", "unknown", fixed("XC-1999-001", 1), "", types(**FILLED))
    yield Probe("warnings")
    yield Probe("warnings-print")
    yield Probe("warning-new", "", lambda world, who: [], "city", types(**ENTRY))
    for about in ("draft", "approved", "unknown"):
        yield Probe("warning", about, _entry(about))
    for act, about in (("approve", "draft"), ("change", "draft"), ("withdraw", "approved"), ("nonsense", "draft")):
        yield Probe("warning-act", f"{act}@{about}", _entry(about, act), "", types(seen="", reason="申辩成立", **ENTRY))
    yield Probe("warning-act", "unknown", _entry("unknown", "approve"), "", types(seen=""))


def _entry(about: str, *more: object) -> Arguments:
    return lambda world, who: [world.fieldwork.number(about), *more]
