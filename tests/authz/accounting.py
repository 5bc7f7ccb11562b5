"""A sealed clue with its paper, and what a unit is asked about itself: behind doors of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from organizations.enums import Role
from organizations.models import Unit
from oversight import actions
from oversight.actions import Judged, Raised
from oversight.enums import ClueSort, Level
from tests.authz.probing import Arguments, Probe, types
from tests.factories import NOW, staff
from tests.oversight.desk import jpeg

if TYPE_CHECKING:
    from tests.authz.world import World

LATER = NOW + timedelta(hours=1)


class Accounting:
    """Qian raises a clue about the unit of "ours" and names it by letter; nobody else knows but a second supervisor.

    Another clue waits for the unit's answer.
    """

    def __init__(self, world: World) -> None:
        qian, unit, region = world.cast.qian, world.unit, world.cast.body.region
        fang = staff("fang-clue", "方复核", (Role.CITY_SUPERVISOR, Unit.objects.get(code="370600-DSJ")))
        row = actions.raise_clue(region, Raised(unit, ClueSort.SLACK, "拖延"), by=qian, at=NOW)
        asked = actions.ask_unit(row, "为何拖延", by=qian, at=NOW)
        actions.answer_question(asked, "已补办", by=world.supervisor, at=LATER, pictures=[jpeg()])
        self.answered = asked.pk, asked.pictures.get().pk
        actions.let_in(row, fang, "复核", by=qian, at=LATER)
        said = Judged(Level.CIRCULAR, "拖延两件", "办法", "第八条", "条文", "情节较重")
        actions.propose_level(row, said, by=qian, at=LATER)
        actions.confirm_level(row, by=fang, at=LATER)
        self.paper = actions.write_letter(row, "主要领导", by=qian, at=LATER).pk
        actions.note_look(row, "purpose", "办理", by=qian, at=NOW)
        other = actions.raise_clue(region, Raised(unit, ClueSort.SLACK, "再拖"), by=qian, at=NOW)
        self.number, self.other = row.number, other.number
        self.statement = actions.ask_unit(other, "为何再拖", by=qian, at=NOW).pk


def accounting() -> Iterator[Probe]:
    """What a sealed dossier is looked at for, its paper, a unit's questions and its answer."""
    yield Probe("dossier-look", "sealed", _number(), "city", types(why="办理线索"))
    yield Probe("dossier-look", "unknown", lambda world, who: ["WZ-2020-999"], "", types(why="办理线索"))
    yield Probe("clue-paper", "sealed", lambda world, who: [world.accounting.number, world.accounting.paper])
    yield Probe("clue-paper", "unknown", lambda world, who: [world.accounting.number, 0])
    yield Probe("statements")
    yield Probe("statement", "ours", _statement())
    yield Probe("statement", "unknown", lambda world, who: [0])
    yield Probe("statement-answer", "ours", _statement(), "supervisor", types(text="说明"))
    yield Probe("statement-picture", "ours", lambda world, who: [*world.accounting.answered])
    yield Probe("statement-picture", "elsewhere", _elsewhere())
    yield Probe("statement-answer", "unknown", lambda world, who: [0], "", types(text="说明"))


def _elsewhere() -> Arguments:
    """A picture of another answer than the address says."""
    return lambda world, who: [world.accounting.statement, world.accounting.answered[1]]


def _number() -> Arguments:
    return lambda world, who: [world.accounting.number]


def _statement() -> Arguments:
    return lambda world, who: [world.accounting.statement]
