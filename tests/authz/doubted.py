"""Findings at the desk: one about our own unit, one about a unit elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assessment.enums import SignalCode
from assessment.models import Finding
from tests.assessment.doubting import Doubting
from tests.authz.probing import Arguments, Probe, types

if TYPE_CHECKING:
    from tests.authz.world import World

DECIDED = {"outcome": "refuted", "reason": "志愿者用一部手机帮老年人评价"}
EXPLAINED = {"note": "当天社区集中来办,志愿者帮忙评价"}


class Doubted:
    """A device that rated too often, here and elsewhere."""

    def __init__(self, world: World) -> None:
        for number, unit in enumerate((world.unit, world.cast.other_unit)):
            place = Doubting(world.cast, unit=unit, window=world.window, base=not number)
            place.crowd(20)
            place.crowd(9, device=str(number) * 16)
        place.look()
        found = Finding.objects.filter(signal=SignalCode.DEVICE)
        self.of = {"ours": found.get(unit=world.unit).pk, "elsewhere": found.get(unit=world.cast.other_unit).pk}


def doubted() -> Iterator[Probe]:
    """The list, a finding, its decision, its explanation."""
    yield Probe("findings")
    for about in ("ours", "elsewhere", "unknown"):
        yield Probe("finding", about, _numbered(about))
        yield Probe("finding-decide", about, _numbered(about), "city", types(**DECIDED))
        yield Probe("finding-explain", about, _numbered(about), "supervisor", types(**EXPLAINED))


def _numbered(about: str) -> Arguments:
    return lambda world, who: [world.doubted.of.get(about, 999999)]
