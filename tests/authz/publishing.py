"""Disclosures: one of every standing, and the doors of whoever decides what the public sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from disclosure.actions import prepare_disclosures, publish_disclosure
from disclosure.models import Disclosure
from tests.authz.probing import NOTHING, Probe, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import Principal, World

WHY = {"reason": "privacy", "note": "认得出是谁"}


class Publishing:
    """The case of a story is waiting or public; the one elsewhere lies with another county."""

    def __init__(self, world: World) -> None:
        prepare_disclosures(at=NOW)
        self.of = {
            name: Disclosure.objects.get(case=case)
            for name, case in {"waiting": world.cases["rectifying"], "elsewhere": world.elsewhere}.items()
        }
        shown = Disclosure.objects.get(case=world.cases["closed"])
        publish_disclosure(shown, by=world.cast.lin, at=NOW)
        self.of["public"] = Disclosure.objects.get(pk=shown.pk)

    def number(self, about: str) -> str:
        return self.of[about].number if about in self.of else "2222-2222"

    def seen(self, about: str) -> int:
        return self.of[about].version if about in self.of else 0


def published_at_desk() -> Iterator[Probe]:
    """The list, the look, the batch, and both ways of not showing."""
    yield Probe("disclosures")
    yield Probe("disclosures-publish", "", NOTHING, "", types(one="2222-2222:0"))
    for about in ("waiting", "elsewhere", "unknown"):
        yield Probe("disclosure", about, _numbered(about), "dispatcher", _typed(about, {"note": ""}))
    yield Probe("disclosure-remove", "withhold", _numbered("waiting", "withhold"), "dispatcher", _typed("waiting", WHY))
    yield Probe("disclosure-remove", "take-down", _numbered("public", "take-down"), "dispatcher", _typed("public", WHY))
    yield Probe("disclosure-remove", "unknown", _numbered("unknown", "withhold"), "", _typed("unknown", WHY))
    yield Probe("disclosure-remove", "nonsense", _numbered("waiting", "nonsense"), "", types(x="1"))


def _numbered(about: str, *more: str) -> Any:
    return lambda world, who: [world.publishing.number(about), *more]


def _typed(about: str, words: dict[str, Any]) -> Any:
    def typed(world: World, who: Principal) -> dict[str, Any]:
        return {"seen": world.publishing.seen(about), **words}

    return typed
