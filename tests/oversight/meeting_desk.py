"""Joint meetings and joint files for tests, made by the acts themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from oversight import actions
from oversight.actions import Came, Entry, Problem, Sitting
from oversight.enums import EntryKind, Presence
from oversight.models import AgendaItem, Dossier
from rectification.models import Case
from tests.factories import NOW, Cast

QUARTER = date(2026, 7, 1)
SAT = NOW + timedelta(hours=4)


def sitting(cast: Cast, **changes: Any) -> Sitting:
    """A meeting this afternoon with two bureaus."""
    facts: dict[str, Any] = {
        "starts_at": NOW + timedelta(hours=3),
        "place": "市政务服务中心三楼会议室",
        "chair": "分管副市长",
        "units": [cast.unit, cast.other_unit],
    }
    return Sitting(**{**facts, **changes})


def meeting(cast: Cast, *, quarter: date = QUARTER, at: datetime = NOW, **changes: Any) -> Dossier:
    """The meeting of the third quarter, that Qian prepares."""
    return actions.open_meeting(cast.body.region, quarter, sitting(cast, **changes), by=cast.qian, at=at)


def came(cast: Cast, **changes: Any) -> list[Came]:
    """The security bureau's deputy head came, and nobody for the insurance bureau."""
    return [Came(cast.unit, Presence.PRESENT, "某副局长", "副局长"), Came(cast.other_unit, Presence.ABSENT)]


def held(cast: Cast, row: Dossier | None = None, *, at: datetime = SAT) -> Dossier:
    """A meeting that was held, with one item of its own."""
    row = row or meeting(cast)
    actions.add_item(row, "窗口收费渠道", "三件差评反映不收现金。", by=cast.qian, at=NOW)
    return actions.hold_meeting(row, came(cast), by=cast.qian, at=at)


def item_of(row: Dossier) -> AgendaItem:
    """Its last item."""
    item = AgendaItem.objects.select_related("meeting__dossier").filter(meeting=row.pk).last()
    assert item is not None
    return item


def issued(cast: Cast, row: Dossier | None = None, *, at: datetime = SAT) -> Dossier:
    """A meeting whose minutes are issued."""
    row = held(cast, row, at=at)
    for item in AgendaItem.objects.select_related("meeting__dossier").filter(meeting=row.pk):
        actions.write_minutes(item, "会议要求月底前恢复收现金。", by=cast.qian, at=at)
    return actions.issue_minutes(row, by=cast.qian, at=at)


def problem(cast: Cast, *cases: Case, **changes: Any) -> Problem:
    """What makes medical waste too dear for small clinics, with the insurance bureau helping."""
    facts: dict[str, Any] = {
        "title": "医疗废物处置费用减免",
        "about": "收费标准没有减免条款,一家部门定不了。",
        "cases": cases,
        "lead": cast.unit,
        "co_handlers": [cast.other_unit],
    }
    return Problem(**{**facts, **changes})


def joint(cast: Cast, *cases: Case, at: datetime = NOW, **changes: Any) -> Dossier:
    """A joint file that Qian has opened."""
    return actions.open_joint(cast.body.region, problem(cast, *cases, **changes), by=cast.qian, at=at)


def entry(kind: EntryKind = EntryKind.STUDY, **changes: Any) -> Entry:
    """A study on the spot."""
    facts: dict[str, Any] = {
        "kind": kind,
        "held_on": NOW.date(),
        "place": "市政务服务中心会议室",
        "participants": "市卫健委、市生态环境局分管负责人",
        "found": "按次收运可以降低小诊所的费用。",
    }
    return Entry(**{**facts, **changes})


def resolved(cast: Cast, row: Dossier, *, at: datetime = NOW) -> Dossier:
    """A joint file with a decision and its solution."""
    actions.add_entry(row, entry(EntryKind.DECISION), by=cast.qian, at=at)
    return actions.resolve_joint(row, "改为按次收运,费用降低一半。", by=cast.qian, at=at)
