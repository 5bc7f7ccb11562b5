"""Joint meetings and a joint file: one meeting is prepared, the minutes of another are issued."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from oversight import actions
from oversight.actions import Came, Problem, Sitting
from oversight.enums import Presence
from oversight.models import AgendaItem, Dossier
from tests.authz.probing import Arguments, Probe, case_at, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import Principal, World

ISSUED, PREPARED = date(2026, 4, 1), date(2026, 7, 1)


class Convened:
    """Qian leads; the unit of our cases is to come and leads the joint file, the co-handling unit helps."""

    def __init__(self, world: World) -> None:
        self.world, self.by = world, world.cast.qian
        issued, prepared = self._meeting(ISSUED), self._meeting(PREPARED)
        actions.hold_meeting(issued, [Came(world.unit, Presence.PRESENT, "某副局长")], by=self.by, at=NOW)
        [item] = self._items(issued)
        actions.write_minutes(item, "同意。", by=self.by, at=NOW)
        actions.issue_minutes(issued, by=self.by, at=NOW)
        problem = Problem("材料互认", "两家各管一段", [world.cases["checking"]], world.unit, [world.co_unit])
        joint = actions.open_joint(world.cast.body.region, problem, by=self.by, at=NOW)
        self.of = {"issued": issued.number, "prepared": prepared.number, "joint": joint.number}
        self.item = self._items(prepared)[0].pk

    def _meeting(self, quarter: date) -> Dossier:
        sitting = Sitting(NOW - timedelta(hours=1), "会议室", "分管副市长", [self.world.unit])
        row = actions.open_meeting(self.world.cast.body.region, quarter, sitting, by=self.by, at=NOW)
        actions.add_item(row, "窗口收费渠道", "", by=self.by, at=NOW)
        return row

    def _items(self, row: Dossier) -> list[AgendaItem]:
        return list(AgendaItem.objects.select_related("meeting__dossier").filter(meeting=row.pk))


def convened() -> Iterator[Probe]:
    """Minutes as a page and a file, acts on an item of the agenda, a joint file from a case and with more of them."""
    for about in ("issued", "prepared", "joint", "unknown"):
        yield Probe("meeting-minutes", about, _numbered(about))
        yield Probe("meeting-minutes-file", about, _numbered(about, "pdf"))
        yield Probe("meeting-read", about, _numbered(about), "supervisor" if about == "issued" else "")
    yield Probe("agenda-act", "change_item", _item("change_item"), "city", types(title="别的"))
    yield Probe("agenda-act", "remove_item", _item("remove_item"), "city")
    for act in ("write_minutes", "nonsense"):
        yield Probe("agenda-act", act, _item(act), "", types(text="说明", seen=""))
    yield Probe("agenda-act", "resolve", _item("resolve"), "", types(wanted="恢复收现金", seen=""))
    yield Probe("agenda-act", "unknown", _numbered("prepared", 0, "change_item"), "", types(title="别的"))
    yield Probe("joint-new", "ours", case_at("rectifying"), "city", types(title="材料互认", about="两家各管一段"))
    for about in ("elsewhere", "unknown"):
        yield Probe("joint-new", about, case_at(about), "", types(title="材料互认"))
    yield Probe("joint-join", "ours", _numbered("joint"), "city", _more)
    for about in ("prepared", "unknown"):
        yield Probe("joint-join", about, _numbered(about), "", types(why="同类"))


def _numbered(about: str, *more: object) -> Arguments:
    return lambda world, who: [world.convened.of.get(about, "LX-2026-999"), *more]


def _item(act: str) -> Arguments:
    return lambda world, who: [world.convened.of["prepared"], world.convened.item, act]


def _more(world: World, who: Principal) -> dict[str, str]:
    return {"cases": world.case_of("rectifying"), "why": "同类"}
