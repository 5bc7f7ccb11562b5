"""Scores, schemes and quarters: one thing of every kind, and the doors that lead to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from assessment import actions
from assessment.enums import Grain, SchemeKind
from assessment.models import UnitScore
from assessment.periods import Period
from common.actors import SYSTEM
from evaluations.models import ChangedDay
from rectification.models import ChangedCase
from tests.authz.probing import NOTHING, Probe, Words, fixed, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import World

QUARTER = Period(date(2026, 7, 1), Grain.QUARTER)
BEFORE, OPENED = NOW - timedelta(days=200), NOW - timedelta(days=1)
SAID = "这一件当天已经签收,请核对系统记录"
NAME = QUARTER.name


class Scored:
    """The third quarter, open to objections; the city's presets in force, a draft and a proposed version after them."""

    def __init__(self, world: World) -> None:
        ChangedDay.objects.all().delete()
        ChangedCase.objects.all().delete()
        for kind in SchemeKind:
            draft = actions.draft_scheme(kind, by=SYSTEM, at=BEFORE, valid_from=QUARTER.begins)
            actions.simulate_scheme(draft, by=SYSTEM, at=BEFORE)
            actions.propose_scheme(draft, by=SYSTEM, at=BEFORE)
            self.adopted = actions.adopt_scheme(draft, by=SYSTEM, at=BEFORE)
        later = QUARTER.after
        self.draft = actions.draft_scheme(SchemeKind.CITY, by=world.cast.qian, at=NOW, valid_from=later)
        actions.simulate_scheme(self.draft, by=world.cast.qian, at=NOW)
        self.proposed = actions.draft_scheme(SchemeKind.COUNTY, by=SYSTEM, at=NOW, valid_from=later)
        actions.simulate_scheme(self.proposed, by=SYSTEM, at=NOW)
        actions.propose_scheme(self.proposed, by=SYSTEM, at=NOW)
        self.quarter = actions.check_quarter(actions.open_quarter(QUARTER, by=SYSTEM, at=OPENED), by=SYSTEM, at=OPENED)
        if self.quarter.checks.filter(found="bad").exists():
            actions.confirm_checks(self.quarter, "演示数据,可以继续", by=world.cast.qian, at=OPENED)
        actions.preview_quarter(self.quarter, by=SYSTEM, at=OPENED)
        actions.open_objections(self.quarter, by=SYSTEM, at=OPENED)
        score = UnitScore.objects.get(kind="county", subject=f"unit:{world.unit.code}")
        self.objection = actions.object_to_score(score, None, SAID, by=world.supervisor, at=NOW)
        self.exemption = actions.exempt(
            SchemeKind.CITY, "unit:370600-JYJ", "试点", by=world.cast.qian, at=OPENED, first=QUARTER
        )


def _subject(about: str) -> Any:
    codes = {"ours": "unit:370602-GAJ", "superior": "unit:370600-GAJ", "elsewhere": "unit:370600-YBJ"}
    kind = "county" if about == "ours" else "city"
    return fixed(NAME, kind, codes.get(about, "unit:NOBODY"))


def scored() -> Iterator[Probe]:
    """Every page of scores, schemes and quarters."""
    for name in ("scores", "schemes", "quarters"):
        yield Probe(name)
    for about, name in (("open", NAME), ("unknown", "2024-Q1"), ("nonsense", "2026")):
        yield Probe("scores-quarter", about, fixed(name))
        yield Probe("quarter", about, fixed(name))
    for kind in ("scores.csv", "lines.csv", "scores.json", "scores.exe"):
        yield Probe("scores-export", kind, fixed(NAME, kind))
    for about in ("ours", "superior", "elsewhere", "unknown"):
        yield Probe("score", about, _subject(about))
    for about, rightful in (("ours", ""), ("superior", "superior"), ("elsewhere", ""), ("unknown", "")):
        yield Probe("score-object", about, _subject(about), rightful, types(text=SAID))
    yield from _schemes()
    yield from _quarters()


def _schemes() -> Iterator[Probe]:
    yield Probe("scheme-add", "", NOTHING, "city", types(kind="city", valid_from="2027-01-01"))
    for about in ("adopted", "draft", "proposed"):
        yield Probe("scheme", about, lambda world, who, about=about: [getattr(world.scored, about).pk])
    yield Probe("scheme", "unknown", fixed(999999))
    yield Probe("scheme-edit", "draft", lambda world, who: [world.scored.draft.pk], "city", types(note="改一处"))
    yield Probe("scheme-edit", "adopted", lambda world, who: [world.scored.adopted.pk])
    for verb, about in (
        ("simulate", "draft"),
        ("propose", "draft"),
        ("discard", "draft"),
        ("adopt", "proposed"),
        ("send-back", "proposed"),
        ("burn", "draft"),
    ):
        at = lambda world, who, about=about, verb=verb: [getattr(world.scored, about).pk, verb]  # noqa: E731
        yield Probe("scheme-act", f"{verb}@{about}", at, "city")


def _quarters() -> Iterator[Probe]:
    typed: dict[str, Words] = {
        "check": {},
        "confirm": {"note": "演示数据,可以继续"},
        "total": {"source": "hall", "ratings": "5"},
        "preview": {},
        "objections": {},
        "freeze": {},
        "burn": {},
    }
    for verb, words in typed.items():
        yield Probe("quarter-act", verb, fixed(NAME, verb), "city", types(**words))
    freed = {"kind": "city", "subject": "unit:370600-GAJ", "item": "", "reason": "机构改革过渡期"}
    yield Probe("quarter-exempt", "", fixed(NAME), "city", types(**freed))
    reply = types(upheld="no", answer="经核对记录无误,不予采纳")
    yield Probe("objection-answer", "ours", lambda world, who: [world.scored.objection.pk], "city", reply)
    yield Probe("objection-answer", "unknown", fixed(999999))
    yield Probe("exemption-lift", "", lambda world, who: [world.scored.exemption.pk], "city")
    yield Probe("exemption-lift", "unknown", fixed(999999))
