"""Which unit, item and window a row is about. A code that nobody knows is named, never skipped (domain.md §13.5)."""

from __future__ import annotations

from typing import NamedTuple

from evaluations.enums import FaultCode
from evaluations.faults import Fault
from evaluations.rows.results import CODE_MAX, HANDLING_LENGTH, ITEM_LENGTH, Lookups
from evaluations.rows.shape import keep
from evaluations.rows.values import MOBILE, read_key, shown
from identity.redaction.digits import is_id_card


class Place(NamedTuple):
    """What one cell leads to. `faults`: it is wrong; `unknown`: it is new to us; `odd`: one of the three is there."""

    unit: int | None = None
    item: int | None = None
    handling_item: str = ""
    hall: int | None = None
    window: int | None = None
    faults: tuple[Fault, ...] = ()
    unknown: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()
    odd: bool = False


NOWHERE = Place()


def _wrong(fault: Fault) -> Place:
    return Place(faults=(fault,), odd=True)


def _unknown(column: str, code: FaultCode, value: str) -> Place:
    # The code itself is needed to map it; unless a column was mistaken and it is somebody's number.
    personal = MOBILE.fullmatch(value) or is_id_card(value, named=False)
    return Place(unknown=(Fault(column, code, {"value": shown(value) if personal else value}),), odd=True)


class Places:
    """Finds places for the rows of one file, cell by cell; a parser looks into the three tables before it asks.

    The unit a row names goes before the unit that implements its item, and that before the unit in its window.
    """

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self.units: dict[str, Place] = {"": NOWHERE}
        self.items: dict[str, Place] = {"": NOWHERE}
        self.windows: dict[str, Place] = {"": NOWHERE}

    def unit(self, cell: str) -> Place:
        """The unit that a cell names."""
        return keep(self.units, cell, self._unit(cell))

    def item(self, cell: str) -> Place:
        """The item, its handling item and its unit."""
        return keep(self.items, cell, self._item(cell))

    def window(self, cell: str) -> Place:
        """The window, its hall and the unit in it; a closed one with a doubt."""
        return keep(self.windows, cell, self._window(cell))

    def _unit(self, cell: str) -> Place:
        code = read_key("unit_code", cell, CODE_MAX)
        if isinstance(code, Fault):
            return _wrong(code)
        if code and code not in self._lookups.units:
            return _unknown("unit_code", FaultCode.UNIT_UNKNOWN, code)
        return Place(self._lookups.units[code]) if code else NOWHERE

    def _item(self, cell: str) -> Place:
        """31 characters are the item; of 33 the first 31 are, and all are the handling item (domain.md §13.2)."""
        code = read_key("item_code", cell, CODE_MAX)
        if isinstance(code, Fault):
            return _wrong(code)
        if not code:
            return NOWHERE
        handling = code if len(code) == HANDLING_LENGTH else ""
        known = self._lookups.items
        found = known.get(code) or (known.get(code[:ITEM_LENGTH]) if handling else None)
        if found:
            return Place(found[1], found[0], handling)
        if len(code) in (ITEM_LENGTH, HANDLING_LENGTH):
            return _unknown("item_code", FaultCode.ITEM_UNKNOWN, code)
        return _wrong(Fault("item_code", FaultCode.ITEM_LENGTH, {"length": len(code)}))

    def _window(self, cell: str) -> Place:
        code = read_key("window_code", cell, CODE_MAX)
        if isinstance(code, Fault):
            return _wrong(code)
        if not code:
            return NOWHERE
        if code not in self._lookups.windows:
            return _unknown("window_code", FaultCode.WINDOW_UNKNOWN, code)
        window, hall, unit, closed = self._lookups.windows[code]
        doubts = (Fault("window_code", FaultCode.WINDOW_CLOSED, {"value": code}),) if closed else ()
        return Place(unit, hall=hall, window=window, doubts=doubts, odd=closed)
