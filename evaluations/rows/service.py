"""Rows that are services (办件; domain.md §13.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from evaluations.enums import FaultCode, RowOutcome
from evaluations.faults import Fault
from evaluations.rows.places import Places
from evaluations.rows.results import KEY_MAX, NAME_MAX, STEP_MAX, Limits, Lookups, Problem, ServiceRow
from evaluations.rows.shape import BLANK, good, misshapen, positions, remember, staff_of
from evaluations.rows.times import Moments
from evaluations.rows.values import read_count, read_key, read_name, read_phone, read_text

FIELDS = (
    "project_number",
    "service_number",
    "service_name",
    "item_code",
    "unit_code",
    "window_code",
    "staff_number",
    "served_at",
    "applicant",
    "phone",
)
ServiceParser = Callable[[int, list[str]], ServiceRow | Problem]


def service_parser(columns: Sequence[str | None], lookups: Lookups, limits: Limits) -> ServiceParser:
    """Like `rating_parser`, for services.

    A service needs its number and its item; without a unit code it belongs to the unit that implements the item.

    Args:
        columns: for each column of the file the canonical name (`FIELDS`), None for one that is not read.

    Raises:
        ValueError: two columns mean the same, or a name is not canonical.
    """
    width, get = len(columns), itemgetter(*positions(columns, FIELDS))
    places, moments = Places(lookups), Moments(limits)
    counts: dict[str, int] = {}

    def parse(line: int, cells: list[str]) -> ServiceRow | Problem:
        if len(cells) != width:
            return misshapen(line, len(cells), width)
        project, number, step, item, unit, window, staff, served, applicant, phone = get(cells + BLANK)
        faults: list[Fault] = []
        doubts: list[Fault] = []
        project = good(read_key("project_number", project, KEY_MAX), faults, "")
        if not (project or faults):
            faults.append(Fault("project_number", FaultCode.KEY_MISSING))
        if (count := counts.get(number)) is None:
            count = remember(counts, number, read_count("service_number", number), faults, 1)
        step = good(read_text("service_name", step.strip(), STEP_MAX, doubts), faults, "")
        named, of_item, of_window = places.unit(unit), places.item(item), places.window(window)
        faults += named.faults + of_item.faults + of_window.faults
        unknown = named.unknown + of_item.unknown + of_window.unknown
        if of_item.item is None and not of_item.odd:
            faults.append(Fault("item_code", FaultCode.ITEM_MISSING))
        served_at = good(moments.read("served_at", served), faults, limits.now)
        doubts += of_window.doubts
        who = staff_of(lookups.staff, staff, doubts)
        applicant = read_name("applicant", applicant, NAME_MAX, doubts)
        phone = read_phone("phone", phone, doubts)
        if faults:
            return Problem(line, RowOutcome.REFUSED, tuple(faults))
        row = ServiceRow(
            line,
            project,
            count,
            step,
            of_item.unit if named.unit is None else named.unit,
            of_item.item,
            of_item.handling_item,
            of_window.hall,
            of_window.window,
            who,
            served_at,
            applicant,
            phone,
            tuple(doubts),
        )
        return Problem(line, RowOutcome.QUARANTINED, unknown, row._replace(unit=None)) if unknown else row

    return parse
