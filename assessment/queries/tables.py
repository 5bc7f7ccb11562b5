"""The table of a region, a line or a unit: one row for each unit at the top of it, with all that lie below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assessment.figures import Figures
from organizations.models import Unit


@dataclass(frozen=True)
class UnitRow:
    """The figures of a unit with all the units below it, or (own) of the unit alone. opens: there are some below."""

    unit: Unit
    figures: Figures
    own: bool
    opens: bool


HEADS = """
SELECT head.*, EXISTS (SELECT FROM organizations_unit AS below WHERE below.parent_id = head.id) AS opens
FROM organizations_unit AS head WHERE head.id = ANY(%s) ORDER BY head.code
"""


def head_rows(figures: dict[int, Figures], chosen: Unit | None) -> list[UnitRow]:
    """The same rows for somebody who reads everything, from figures that have been added up (`reads.by_head`).

    Units without any figure have no row.
    """
    found: Iterable[Any] = Unit.objects.raw(HEADS, [list(figures)])
    own = chosen.pk if chosen else None
    return [UnitRow(unit, figures[unit.pk], own=unit.pk == own, opens=unit.opens and unit.pk != own) for unit in found]


def unit_rows(units: Iterable[Unit], figures: dict[int, Figures], chosen: Unit | None) -> list[UnitRow]:
    """One row per unit at the top; of a chosen unit, itself alone and each unit right below it.

    Each unit's figures are in exactly one row, so that the rows add up to the whole.

    Args:
        units: those that may be read.
        figures: of each unit by itself; a unit without any has none.
        chosen: one of the units.
    """
    return [
        UnitRow(one.unit, Figures.sum([figures[pk] for pk in one.members if pk in figures]), one.own, one.opens)
        for one in heads(units, chosen)
    ]


@dataclass(frozen=True)
class Head:
    """A unit at the top of what somebody reads, and those that are counted in its row, itself among them."""

    unit: Unit
    members: list[int]
    own: bool
    opens: bool


def heads(units: Iterable[Unit], chosen: Unit | None) -> list[Head]:
    """The rows of `unit_rows` without their figures; each unit is in exactly one of them."""
    inside = [unit for unit in units if chosen is None or unit.path.startswith(chosen.path)]
    known = {unit.pk: unit for unit in inside}
    under: dict[int, list[int]] = defaultdict(list)
    for unit in inside:
        under[_head(unit, known, chosen)].append(unit.pk)
    return [
        Head(known[head], some, own=chosen is not None and head == chosen.pk, opens=some != [head])
        for head, some in under.items()
    ]


def _head(unit: Unit, known: dict[int, Unit], chosen: Unit | None) -> int:
    """The unit in whose row a unit is counted: the highest above it that may be read, below the chosen one."""
    above = [int(part) for part in unit.path.strip("/").split("/")]
    candidates = [pk for pk in above if pk in known and (chosen is None or pk != chosen.pk)]
    return candidates[0] if candidates else unit.pk
