"""Who is scored: the city's departments and its counties by one scheme, each county's units by the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from assessment.enums import SchemeKind
from organizations.enums import RegionLevel, UnitLevel
from organizations.models import Region, Unit


@dataclass(frozen=True)
class Subject:
    """Somebody with a score of their own.

    key: "unit:370600-GAJ", "region:370602". group: with whom it is compared. units: whose facts are added up.
    """

    key: str
    name: str
    group: str
    unit_id: int | None
    region_code: str
    units: tuple[int, ...]


def subjects(kind: SchemeKind, day: date) -> list[Subject]:
    """Everybody a scheme scores in a quarter that begins on this day, in the order of codes: two questions.

    A unit of the city or of a county is one with those below it of the same level; a township's unit stands for itself.
    The units of a county make the county (domain.md §11.2: 市直, 县市区, 乡镇).
    """
    known = Unit.objects.filter(Q(closed_on=None) | Q(closed_on__gte=day)).select_related("region").order_by("code")
    units = list(known)
    counties = [region for region in Region.objects.order_by("code") if region.level == RegionLevel.COUNTY]
    if kind == SchemeKind.CITY:
        return [*_heads(units, UnitLevel.CITY, "city_units"), *_counties(units, counties)]
    return [
        one
        for county in counties
        for level, name in ((UnitLevel.COUNTY, "units"), (UnitLevel.TOWNSHIP, "townships"))
        for one in _heads(_inside(units, county), level, f"{county.prefix}/{name}")
    ]


def _inside(units: Iterable[Unit], region: Region) -> list[Unit]:
    return [unit for unit in units if unit.level != UnitLevel.CITY and unit.region.code.startswith(region.prefix)]


def _heads(units: Iterable[Unit], level: UnitLevel, group: str) -> Iterator[Subject]:
    """The units at the top of a level, each with those below it of the same level."""
    mine = {unit.pk: unit for unit in units if unit.level == level}
    under: dict[int, list[int]] = defaultdict(list)
    for unit in mine.values():
        above = [int(part) for part in unit.path.strip("/").split("/")]
        head = unit.pk if level == UnitLevel.TOWNSHIP else next(pk for pk in above if pk in mine)
        under[head].append(unit.pk)
    for pk, unit in mine.items():
        if pk in under:
            units_of = tuple(sorted(under[pk]))
            yield Subject(f"unit:{unit.code}", unit.name, group, pk, unit.region.code, units_of)


def _counties(units: list[Unit], counties: list[Region]) -> Iterator[Subject]:
    for county in counties:
        inside = tuple(sorted(unit.pk for unit in _inside(units, county)))
        if inside:
            yield Subject(f"region:{county.prefix}", county.name, "counties", None, county.code, inside)
