"""Rows that are ratings (domain.md §13.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from evaluations.enums import FaultCode, RowOutcome
from evaluations.faults import Fault
from evaluations.grading import foreign_tags, needs_reason
from evaluations.rows.places import Places
from evaluations.rows.results import KEY_MAX, NAME_MAX, Limits, Lookups, Problem, RatingRow
from evaluations.rows.shape import BLANK, good, keep, misshapen, positions, remember, staff_of
from evaluations.rows.times import Moments
from evaluations.rows.values import (
    check_id_number,
    folded,
    read_count,
    read_flag,
    read_key,
    read_level,
    read_name,
    read_phone,
    read_text,
    says_something,
    shown,
    split_tags,
)

FIELDS = (
    "project_number",
    "service_number",
    "assess_number",
    "level",
    "tags",
    "text",
    "rated_at",
    "channel",
    "is_default",
    "unit_code",
    "item_code",
    "window_code",
    "staff_number",
    "phone",
    "name",
    "id_number",
    "source_rating_id",
)


class Tags(NamedTuple):
    """The tags of one cell under one level."""

    codes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()


NO_TAGS, NO_LEVEL = Tags(), 0
# Forty codes and more; a list that is longer is something else, and would make an error of every piece.
TAGS_MAX = 200
RatingParser = Callable[[int, list[str]], RatingRow | Problem]


def rating_parser(
    columns: Sequence[str | None], lookups: Lookups, limits: Limits, *, require_default_flag: bool
) -> RatingParser:
    """A function that validates one row of a file after the other.

    Args:
        columns: for each column of the file the canonical name (`FIELDS`), None for one that is not read.
        require_default_flag: a row must say whether it is a default rating (domain.md §4.1).

    Returns:
        `parse(line, cells)`, which gives the rating, or a problem: refused with every named error, quarantined with
        the codes nobody knows, or held until its service is known. It never raises and never shortens anything.

    Raises:
        ValueError: two columns mean the same, or a name is not canonical.
    """
    width, get = len(columns), itemgetter(*positions(columns, FIELDS))
    places, moments = Places(lookups), Moments(limits)
    units, items, windows = places.units, places.items, places.windows
    days, clocks = moments.days, moments.clocks
    counts: dict[str, int] = {}
    levels: dict[str, int] = {}
    tags_of_level: list[dict[str, Tags]] = [{} for _ in range(6)]
    channels: dict[str, str] = dict(lookups.channels)
    flags: dict[str, bool] = {}
    reason_needed = [False, *(needs_reason(n, required=limits.negative_requires_reason) for n in range(1, 6))]
    text_max = limits.text_max
    new: Any = tuple.__new__

    # One long function on purpose: tens of millions of rows pass here, and every call less saves seconds. What stands
    # in it are look-ups of cells seen before; each rule is said once, in the reader that fills them.
    def parse(line: int, cells: list[str]) -> RatingRow | Problem:
        if len(cells) != width:
            return misshapen(line, len(cells), width)
        (
            project,
            service_cell,
            assess_cell,
            level_cell,
            tags_cell,
            text,
            rated_cell,
            channel_cell,
            flag_cell,
            unit_code,
            item_code,
            window_code,
            staff_cell,
            phone,
            name,
            id_cell,
            foreign,
        ) = get(cells + BLANK)
        faults: list[Fault] = []
        doubts: list[Fault] = []

        if not (project.isascii() and project.isalnum() and len(project) <= KEY_MAX):
            project = good(read_key("project_number", project, KEY_MAX), faults, "")
        if foreign:
            foreign = good(read_key("source_rating_id", foreign, KEY_MAX), faults, "")
        if not (project or foreign or faults):
            faults.append(Fault("project_number", FaultCode.KEY_MISSING))
        if (service := counts.get(service_cell)) is None:
            service = remember(counts, service_cell, read_count("service_number", service_cell), faults, 1)
        if (assess := counts.get(assess_cell)) is None:
            assess = remember(counts, assess_cell, read_count("assess_number", assess_cell), faults, 1)

        if (level := levels.get(level_cell)) is None:
            level = remember(levels, level_cell, read_level("level", level_cell), faults, NO_LEVEL)
        tags = NO_TAGS
        if tags_cell:
            if (found := tags_of_level[level].get(tags_cell)) is None:
                found = keep(tags_of_level[level], tags_cell, read_tags(level, tags_cell, lookups.tags))
            tags = found
            faults += tags.faults
            doubts += tags.doubts
        if text:
            text = good(read_text("text", text, text_max, doubts), faults, text)
        if reason_needed[level] and not (tags.codes or tags.faults) and not says_something(text):
            faults.append(Fault("text", FaultCode.REASON_MISSING))

        day, clock = days.get(rated_cell[:10]), clocks.get(rated_cell[10:])
        if day is not None and clock is not None:
            rated_at = day + clock
        else:
            rated_at = good(moments.read("rated_at", rated_cell), faults, limits.now)
        if (channel := channels.get(channel_cell)) is None:
            channel = remember(channels, channel_cell, read_channel(channel_cell, lookups.channels), faults, "")
        if (flag := flags.get(flag_cell)) is None:
            read = read_flag("is_default", flag_cell, required=require_default_flag)
            flag = remember(flags, flag_cell, read, faults, False)

        if (named := units.get(unit_code)) is None:
            named = places.unit(unit_code)
        if (item := items.get(item_code)) is None:
            item = places.item(item_code)
        if (window := windows.get(window_code)) is None:
            window = places.window(window_code)
        if (unit := named.unit) is None and (unit := item.unit) is None:
            unit = window.unit
        unknown: tuple[Fault, ...] = ()
        if named.odd or item.odd or window.odd:
            faults += named.faults + item.faults + window.faults
            unknown = named.unknown + item.unknown + window.unknown
            doubts += window.doubts
        staff = staff_of(lookups.staff, staff_cell, doubts) if staff_cell else None

        if phone and not (len(phone) == 11 and phone[0] == "1" and phone.isascii() and phone.isdigit()):
            phone = read_phone("phone", phone, doubts)
        if name:
            name = read_name("name", name, NAME_MAX, doubts)
        if id_cell:
            check_id_number("id_number", id_cell, doubts)

        if faults:
            return Problem(line, RowOutcome.REFUSED, tuple(faults))
        row = new(
            RatingRow,
            (
                line,
                project,
                service,
                assess,
                foreign,
                level,
                tags.codes,
                text,
                rated_at,
                channel,
                flag,
                unit,
                item.item,
                item.handling_item,
                window.hall,
                window.window,
                staff,
                phone,
                name,
                tuple(doubts),
            ),
        )
        return row if unit is not None and not unknown else unplaced(row, unknown)

    return parse


def read_tags(level: int, cell: str, known: Mapping[str, tuple[int, bool]]) -> Tags:
    """The tags of a cell: known ones, and those of the level only (domain.md §3.2). Retired ones are a doubt.

    Args:
        level: of the row; 0 when it could not be read, and then nothing is said about whose tags these are.
    """
    if len(cell) > TAGS_MAX:
        return Tags(faults=(Fault("tags", FaultCode.TOO_LONG, {"length": len(cell), "most": TAGS_MAX}),))
    codes = split_tags(cell)
    ours = [code for code in codes if code in known]
    unknown = [Fault("tags", FaultCode.TAG_UNKNOWN, {"tag": shown(code)}) for code in codes if code not in known]
    foreign = foreign_tags(level, ours) if level else []
    strays = [Fault("tags", FaultCode.TAG_LEVEL, {"tag": c, "tag_level": c[:1], "level": level}) for c in foreign]
    retired = [Fault("tags", FaultCode.TAG_RETIRED, {"tag": code}) for code in ours if not known[code][1]]
    return Tags(tuple(codes), (*unknown, *strays), tuple(retired))


def read_channel(cell: str, known: Mapping[str, str]) -> str | Fault:
    """Our channel for the source's code (domain.md §13.4); an empty cell only if the source may leave it empty."""
    code = folded(cell)
    if code in known:
        return known[code]
    if not code:
        return Fault("channel", FaultCode.CHANNEL_MISSING)
    return Fault("channel", FaultCode.CHANNEL_UNKNOWN, {"value": shown(cell)})


def unplaced(row: RatingRow, unknown: tuple[Fault, ...]) -> Problem:
    """A rating that is about nothing we know: put aside, or waiting for its service (domain.md §13.5 no. 3)."""
    if unknown:
        return Problem(row.line, RowOutcome.QUARANTINED, unknown, row._replace(unit=None))
    if row.project_number:
        return Problem(row.line, RowOutcome.HELD, (Fault("project_number", FaultCode.SERVICE_FIRST),), row)
    return Problem(row.line, RowOutcome.REFUSED, (Fault("unit_code", FaultCode.UNIT_MISSING),))
