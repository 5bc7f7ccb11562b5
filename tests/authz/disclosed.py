"""What everybody reads, and the doors of whoever decides about it: a public case, one withheld, drafts that wait."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from disclosure.actions import prepare_disclosures, publish_disclosure, withhold_disclosure
from disclosure.enums import Reason
from disclosure.models import Disclosure
from tests.authz.probing import NOTHING, Arguments, Probe, fixed, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import Principal, World

WHY = {"reason": "privacy", "note": "认得出是谁"}
PAGES = ("cases", "units", "figures", "metrics", "data")
FILES = ("cases-csv", "cases-json", "figures-csv", "metrics-csv", "metrics-json", "feed")


class Disclosed:
    """Of the cases of a world one that is shown and one that is not."""

    def __init__(self, world: World) -> None:
        prepare_disclosures(at=NOW)
        shown, withheld = (
            Disclosure.objects.select_related("case__unit__region").get(case=world.cases[story])
            for story in ("closed", "replied")
        )
        publish_disclosure(shown, by=world.cast.lin, at=NOW)
        withhold_disclosure(withheld, by=world.cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")
        self.of = {
            "shown": Disclosure.objects.get(pk=shown.pk),
            "withheld": withheld,
            "waiting": Disclosure.objects.get(case=world.cases["rectifying"]),
            "elsewhere": Disclosure.objects.get(case=world.elsewhere),
        }

    def number(self, about: str) -> str:
        return self.of[about].number if about in self.of else "2222-2222"

    def seen(self, about: str) -> int:
        return self.of[about].version if about in self.of else 0


def disclosed() -> Iterator[Probe]:
    """The pages and files for everybody."""
    for name in (*PAGES, *FILES):
        yield Probe(f"public-{name}")
    yield Probe("public-walks")
    for about in ("shown", "down", "unknown"):
        yield Probe("public-walk", about, _walk(about))
    for name in ("sitemap", "robots"):
        yield Probe(name)
    for section in ("cases", "nothing"):
        yield Probe("sitemap-part", section, fixed(section))
    for about, code in (("ours", "370602-GAJ"), ("unknown", "NOWHERE")):
        yield Probe("public-unit", about, fixed(code))
    for about in ("shown", "withheld", "unknown"):
        yield Probe("public-case", about, _numbered(about))
        # Without the mark of a browser nothing is counted; with it: tests/disclosure/test_public_cases.py.
        yield Probe("public-met", about, _numbered(about), "", types(x="1"))
        yield Probe("public-picture", about, _numbered(about, 1))


def published_at_desk() -> Iterator[Probe]:
    """The list, the look, the batch, and both ways of not showing."""
    yield Probe("disclosures")
    yield Probe("disclosures-publish", "", NOTHING, "", types(one="2222-2222:0"))
    for about in ("waiting", "elsewhere", "unknown"):
        yield Probe("disclosure", about, _numbered(about), "dispatcher", _typed(about, {"note": ""}))
    yield Probe("disclosure-remove", "withhold", _numbered("waiting", "withhold"), "dispatcher", _typed("waiting", WHY))
    yield Probe("disclosure-remove", "take-down", _numbered("shown", "take-down"), "dispatcher", _typed("shown", WHY))
    yield Probe("disclosure-remove", "unknown", _numbered("unknown", "withhold"), "", _typed("unknown", WHY))
    yield Probe("disclosure-remove", "nonsense", _numbered("waiting", "nonsense"), "", types(x="1"))


def walks_at_desk() -> Iterator[Probe]:
    """The list, what goes out, and taking it back."""
    yield Probe("walk-disclosures")
    for about in ("closed", "unknown"):
        yield Probe("walk-disclosure", about, _walk(about), "city", types(seen="", summary="已解决"))
    for about in ("shown", "unknown"):
        yield Probe("walk-take-down", about, _walk(about), "", types(seen="", reason="有误"))


def _walk(about: str) -> Arguments:
    return lambda world, who: [world.fieldwork.walks.get(about, "ZL-1999-001")]


def _numbered(about: str, *more: str | int) -> Arguments:
    return lambda world, who: [world.disclosed.number(about), *more]


def _typed(about: str, words: dict[str, Any]) -> Any:
    def typed(world: World, who: Principal) -> dict[str, Any]:
        return {"seen": world.disclosed.seen(about), **words}

    return typed
