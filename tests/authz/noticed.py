"""The overview, and notices at the desk: one that was issued, one that is a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.test import override_settings

from oversight import actions
from oversight.models import Receipt
from tests.authz.probing import Arguments, Probe, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import World

ISSUED, DRAFT = date(2026, 4, 1), date(2026, 7, 1)


class Noticed:
    """Lin drafts, Qian signs."""

    def __init__(self, world: World) -> None:
        lin, qian = world.cast.lin, world.cast.qian
        issued = actions.draft_notice(ISSUED, by=lin, at=NOW)
        actions.submit_notice(issued, by=lin, at=NOW)
        actions.approve_notice(issued, by=qian, at=NOW)
        with override_settings(NOTICE_REQUIRES_FREEZE=False):
            actions.issue_notice(issued, by=qian, at=NOW)
        draft = actions.draft_notice(DRAFT, by=lin, at=NOW)
        self.of = {"issued": issued.pk, "draft": draft.pk}
        self.receipt = Receipt.objects.get(notice=issued, unit=world.unit).pk


def noticed() -> Iterator[Probe]:
    """The overview and its panels; the list, a notice and its files, acts on a draft, 已阅, the extract of one unit."""
    yield Probe("overview")
    for route in ("overview-panel", "overview-part", "overview-file"):
        for code in ("steps", "places", "nothing"):
            yield Probe(route, code, lambda world, who, code=code: [code])
    yield Probe("overview-rows", "steps", lambda world, who: ["steps"])
    yield Probe("circulars")
    yield Probe("circular-new", "", lambda world, who: [], "city", types(quarter="2026-Q3"))
    for about in ("issued", "draft", "unknown"):
        yield Probe("circular", about, _numbered(about))
        yield Probe("circular-file", about, _numbered(about, "pdf"))
    yield Probe("circular-act", "write", _numbered("draft", "write"), "city", types(summary="一条", seen=""))
    for act in ("submit", "approve", "issue", "drop", "nonsense"):
        yield Probe("circular-act", act, _numbered("draft", act), "", types(note="说明"))
    yield Probe("circular-read", "ours", _receipt("issued"), "supervisor", types(x="1"))
    yield Probe("circular-read", "unknown", lambda world, who: [world.noticed.of["issued"], 0], "", types(x="1"))
    for about in ("issued", "unknown"):
        yield Probe("circular-extracts", about, _numbered(about))
    for about in ("ours", "unknown"):
        yield Probe("circular-extract", about, _extract(about))
        yield Probe("circular-extract-file", about, _extract(about, "pdf"))


def _numbered(about: str, *more: object) -> Arguments:
    return lambda world, who: [world.noticed.of.get(about, 999999), *more]


def _extract(about: str, *more: object) -> Arguments:
    """What the issued notice says to the unit of the case called "ours"."""
    return lambda world, who: [world.noticed.of["issued"], world.unit.code if about == "ours" else "370600-XXX", *more]


def _receipt(about: str) -> Arguments:
    return lambda world, who: [world.noticed.of[about], world.noticed.receipt]
