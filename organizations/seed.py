"""Reference rows every installation needs: regions and working days; and the structure files of a city.

Upserts by code, so that loading again changes only what differs. People's later edits to units go through
`actions`; this is for first loading and for demo and test data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from common.ids import readable_number
from organizations.models import (
    CalendarDay,
    CalendarYear,
    Hall,
    Region,
    ServiceItem,
    Unit,
    UnitName,
    Window,
)
from organizations.reference import read_table
from organizations.reference.working_days import CONFIRMED_YEARS, SEED_YEARS, seed_rows, year_source

FOLDER = Path(__file__).parent / "reference"
BEGINNING = date(2020, 1, 1)


@transaction.atomic
def load_regions(rows: Iterable[Mapping[str, str]]) -> None:
    """Regions by 12-digit code."""
    Region.objects.bulk_create(
        [
            Region(code=r["code"], name=r["name"], level=int(r["level"]), functional_zone=r["functional_zone"] == "1")
            for r in rows
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "functional_zone"],
    )


@transaction.atomic
def load_calendar(*, at: datetime) -> None:
    """Working days of the seeded years. A year somebody has already confirmed or corrected is left alone."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    new = [year for year in SEED_YEARS if year not in known]
    CalendarYear.objects.bulk_create(
        [
            CalendarYear(year=year, confirmed=year in CONFIRMED_YEARS, source=year_source(year), changed_at=at)
            for year in new
        ]
    )
    CalendarDay.objects.bulk_create(
        [CalendarDay(date=r.date, kind=r.kind, name=r.name, source=r.source) for r in seed_rows(new)],
        ignore_conflicts=True,
    )


@transaction.atomic
def load_structure() -> None:
    """The city's units, halls, windows and service items from the reference folder (names partly invented)."""
    regions = {region.code: region for region in Region.objects.all()}
    units = _load_units([*read_table(FOLDER, "departments"), *read_table(FOLDER, "county_departments")], regions)
    halls = _load_halls(units, regions)
    Window.objects.bulk_create(
        [
            Window(
                hall=halls[r["hall"]],
                number=r["number"],
                name=r["name"],
                unit=units[r["unit"]],
                sign_code=readable_number(),
            )
            for r in read_table(FOLDER, "windows")
        ],
        ignore_conflicts=True,
    )
    ServiceItem.objects.bulk_create(
        [
            ServiceItem(
                code=r["code"],
                name=r["name"],
                unit=units[r["unit"]],
                task_type=r["task_type"],
                topics=[topic for topic in r["topics"].split("|") if topic],
            )
            for r in read_table(FOLDER, "items")
        ],
        ignore_conflicts=True,
    )


def _load_units(rows: list[dict[str, str]], regions: Mapping[str, Region]) -> dict[str, Unit]:
    """Units level by level, since a path needs the parent's."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    waiting = [row for row in rows if row["code"] not in units]
    while waiting:
        ready = [row for row in waiting if not row["parent"] or row["parent"] in units]
        made = Unit.objects.bulk_create([_unit(row, units, regions) for row in ready])
        for unit in made:
            unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
        Unit.objects.bulk_update(made, ["path"])
        UnitName.objects.bulk_create(
            [UnitName(unit=unit, name=unit.name, valid=DateRange(BEGINNING, None)) for unit in made]
        )
        units |= {unit.code: unit for unit in made}
        waiting = [row for row in waiting if row["code"] not in units]
    return units


def _unit(row: Mapping[str, str], units: Mapping[str, Unit], regions: Mapping[str, Region]) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        uscc=row["uscc"],
        level=row["level"],
        region=regions[row["region"]],
        parent=units.get(row["parent"]),
        supervises=row["supervises"] == "1",
    )


def _load_halls(units: Mapping[str, Unit], regions: Mapping[str, Region]) -> dict[str, Hall]:
    Hall.objects.bulk_create(
        [
            Hall(
                code=r["code"],
                name=r["name"],
                region=regions[r["region"]],
                unit=units[r["unit"]],
                address=r["address"],
            )
            for r in read_table(FOLDER, "halls")
        ],
        ignore_conflicts=True,
    )
    return {hall.code: hall for hall in Hall.objects.all()}
