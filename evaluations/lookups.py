"""What the codes of a source mean, read once before its rows, and the services that rows with a key alone are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db import connection

from evaluations.enums import CodeKind, RatingChannel
from evaluations.models import CodeMapping, ServiceKey, Source, Tag
from evaluations.profiles import parse_profile, project_candidates
from evaluations.rows import Lookups, RatingRow
from organizations.models import ServiceItem, Staff, Unit, Window

SERVICES = """
SELECT asked.number, asked.times, s.unit_id, s.item_id, s.window_id, s.staff_id, w.hall_id
FROM unnest(%s::text[], %s::int[]) AS asked (number, times)
JOIN evaluations_servicekey k ON k.project_number = asked.number AND k.source = %s AND k.service_number = asked.times
    AND k.assess_number = 0
JOIN evaluations_service s ON s.id = k.row
LEFT JOIN organizations_window w ON w.id = s.window_id
"""


def lookups_for(source: str, channels: Mapping[str, str] | None = None) -> Lookups:
    """The codes a source may use: ours, and those that somebody has mapped for it.

    Args:
        channels: the source's own codes for channels; our names are always known.
    """
    units, items, windows = _units(), _items(), _windows()
    mapped = CodeMapping.objects.filter(source=source).select_related("item", "window")
    for row in mapped:
        # As it was mapped, to the letter: a row waits for its code as it came.
        if row.kind == CodeKind.UNIT and row.unit_id:
            units[row.code] = row.unit_id
        elif row.kind == CodeKind.ITEM and row.item:
            items[row.code] = (row.item.pk, row.item.unit_id)
        elif row.kind == CodeKind.WINDOW and row.window:
            windows[row.code] = _window(row.window)
    return Lookups(
        units=units,
        items=items,
        windows=windows,
        staff=dict(Staff.objects.filter(is_active=True).values_list("username", "pk")),
        tags={tag.code: (tag.level, tag.active) for tag in Tag.objects.all()},
        channels={**{value: value for value in RatingChannel.values}, **(channels or {})},
    )


def _units() -> dict[str, int]:
    """By our code, and as the province writes it: division code, "_", credit code (domain.md §13.2 orgcode)."""
    rows = list(Unit.objects.values_list("pk", "code", "uscc", "region__code"))
    shared = Counter(uscc for _, _, uscc, _ in rows)
    known = {uscc: pk for pk, _, uscc, _ in rows if uscc and shared[uscc] == 1}
    known |= {f"{region}_{uscc}": pk for pk, _, uscc, region in rows if uscc}
    return known | {code.upper(): pk for pk, code, _, _ in rows}


def _items() -> dict[str, tuple[int, int]]:
    return {code.upper(): (pk, unit) for pk, code, unit in ServiceItem.objects.values_list("pk", "code", "unit_id")}


def _windows() -> dict[str, tuple[int, int, int, bool]]:
    """By hall and number, the way signs name a window: "YT-CITY-A12"."""
    windows = Window.objects.filter(for_testing=False).select_related("hall")
    return {f"{window.hall.code}-{window.number}".upper(): _window(window) for window in windows}


def _window(window: Window) -> tuple[int, int, int, bool]:
    return window.pk, window.hall_id, window.unit_id, window.closed_on is not None


def renumbered(rows: Sequence[RatingRow], source: str) -> dict[int, RatingRow]:
    """The rows whose project is known under another writing of its number, under that number: line → row.

    A source may write a number with and without a prefix (Shandong's 37, docs/intake.md); as given counts first. So
    one service has one key, and is rated once, however it is written.
    """
    profile = parse_profile(Source.objects.get(pk=source).profile)
    if not profile.project_prefix:
        return {}
    tried = {row.line: project_candidates(profile, row.project_number) for row in rows if row.project_number}
    numbers = {number for candidates in tried.values() for number in candidates}
    known = ServiceKey.objects.filter(project_number__in=numbers, source=source)
    found = set(known.values_list("project_number", "service_number").distinct())
    return {
        row.line: row._replace(project_number=number)
        for row in rows
        for number in [next((n for n in tried.get(row.line, ()) if (n, row.service_number) in found), "")]
        if number and number != row.project_number
    }


def with_their_service(rows: Sequence[RatingRow], source: str) -> dict[int, RatingRow]:
    """The rows that name a service known by now, completed from it: line → row."""
    keys = [(row.project_number, row.service_number) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(SERVICES, [[number for number, _ in keys], [times for _, times in keys], source])
        known = {(number, times): place for number, times, *place in cursor.fetchall()}
    return {
        row.line: row._replace(
            unit=place[0],
            item=row.item or place[1],
            window=row.window or place[2],
            staff=row.staff or place[3],
            hall=row.hall or place[4],
        )
        for row, key in zip(rows, keys, strict=True)
        if (place := known.get(key)) is not None
    }
