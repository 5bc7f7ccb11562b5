"""What everybody reads: a public case, one that is withheld, and the doors that lead to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from disclosure.actions import prepare_disclosures, publish_disclosure, withhold_disclosure
from disclosure.enums import Reason
from disclosure.models import Disclosure
from tests.authz.probing import Arguments, Probe, fixed, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import World

ALONE = ("cases", "units", "figures", "data", "cases-csv", "cases-json", "figures-csv", "feed")


class Disclosed:
    """Of the cases of a world one that is shown and one that is not."""

    def __init__(self, world: World) -> None:
        prepare_disclosures(at=NOW)
        shown, withheld = (
            Disclosure.objects.select_related("case__unit__region").get(case=world.cases[story])
            for story in ("closed", "replied")
        )
        self.numbers = {"shown": shown.number, "withheld": withheld.number}
        publish_disclosure(shown, by=world.cast.lin, at=NOW)
        withhold_disclosure(withheld, by=world.cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")

    def number(self, about: str) -> str:
        return self.numbers.get(about, "2222-2222")


def disclosed() -> Iterator[Probe]:
    """The pages and files for everybody."""
    for name in ALONE:
        yield Probe(f"public-{name}")
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


def _numbered(about: str) -> Arguments:
    return lambda world, who: [world.disclosed.number(about)]
