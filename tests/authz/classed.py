"""Problem classes and the analysis of bad ratings: a version in force, a draft, and the class of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from assessment import actions
from tests.authz.probing import Probe, case_at, fixed, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import World

FIRST, DRAFT, UNKNOWN = 1, 2, 99


class Classed:
    """A draft of Qian's that was tried as it stands."""

    def __init__(self, world: World) -> None:
        draft = actions.draft_class_rules(by=world.cast.qian, at=NOW, valid_from=date(2026, 10, 1))
        actions.try_class_rules(draft, by=world.cast.qian, at=NOW)


def classed() -> Iterator[Probe]:
    """The analysis with its lists, the class of a case, every act on a draft."""
    for name in ("analysis", "analysis-cases"):
        yield Probe(name, query="period=2026-Q4")
    for about in ("rectifying", "elsewhere"):
        yield Probe("case-class", about, case_at(about))
        said = types(name="服务态度", reason="文字说的是态度")
        yield Probe("case-class-correct", about, case_at(about), "city", said)
    yield Probe("case-class", "unknown", fixed("20991231Z"))
    yield Probe("class-rules")
    yield Probe("class-rules-add", "", fixed(), "city", types(valid_from="2027-01-01"))
    for about, number in (("adopted", FIRST), ("draft", DRAFT), ("unknown", UNKNOWN)):
        yield Probe("class-rules-version", about, fixed(number))
    yield Probe("class-rules-edit", "draft", fixed(DRAFT), "city", types(note="改过"))
    yield Probe("class-rules-edit", "adopted", fixed(FIRST))
    for verb in ("try", "propose", "adopt", "send-back", "discard", "nonsense"):
        yield Probe("class-rules-act", verb, fixed(DRAFT, verb), "city")
