"""The figures pages show, each read from the one table of its ladder that holds the answer. No raw row is touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Min

from assessment.enums import Grain
from assessment.figures import Counts, Figures, Share
from assessment.models import ITEMS, SERVICES, UNITS, AsOf, Rung, UnitMonth
from assessment.periods import Period, Stretch, months_between, period_of
from assessment.queries.sums import COUNTED, VALID, Rows, Units
from evaluations.enums import SAID, Origin
from organizations.models import Unit


def as_of() -> datetime | None:
    """The moment whose changes are all counted; None before the first count."""
    return AsOf.objects.values_list("at", flat=True).first()


def overall(period: Period, units: Units = None) -> Figures:
    """The figures of all these units together.

    Args:
        period: a month, quarter or year, or a day.
        units: only these, e.g. `Unit.objects.below([path])`; None is everybody.
    """
    origins = {origin: counts for (origin,), counts in _of(UNITS, period, units).counted("origin")}
    [(given, rated)] = _of(SERVICES, period, units).asked("sum(services)::int, sum(rated)::int")
    return Figures(given or 0, rated or 0, origins)


def by_unit(period: Period, units: Units = None) -> dict[int, Figures]:
    """The figures of each unit that has any, without the units below it."""
    origins: dict[int, dict[str, Counts]] = defaultdict(dict)
    for (unit_id, origin), counts in _of(UNITS, period, units).counted("unit_id", "origin"):
        origins[unit_id][origin] = counts
    served = _of(SERVICES, period, units).asked("unit_id, services, rated")
    found = {unit_id: Figures(services, rated, origins.pop(unit_id, {})) for unit_id, services, rated in served}
    return found | {unit_id: Figures(origins=counts) for unit_id, counts in origins.items()}


# The unit at the top of each: the part of its path at a place; the unit itself where the path ends before it.
HEAD = "coalesce(nullif(split_part(unit.path, '/', {place:d}), '')::bigint, unit.id)"


def by_head(period: Period, chosen: Unit | None) -> dict[int, Figures]:
    """The figures of the units at the top with all below them; of a chosen unit, its own and those right below it.

    For those who read everything; `tables.unit_rows` leaves out what somebody may not read.
    """
    place = 2 + (chosen.path.strip("/").count("/") + 1 if chosen else 0)
    inside = ("unit.path LIKE %s", f"{chosen.path}%") if chosen else ("true",)
    origins: dict[int, dict[str, Counts]] = defaultdict(dict)
    for (head, origin), counts in _at(UNITS, period, place, inside).counted("head", "origin"):
        origins[head][origin] = counts
    served = _at(SERVICES, period, place, inside)
    sums = served.asked(f"{served.named['head']} AS head, sum(services)::int, sum(rated)::int", "GROUP BY head")
    found = {head: Figures(services, rated, origins.pop(head, {})) for head, services, rated in sums}
    return found | {head: Figures(origins=counts) for head, counts in origins.items()}


def _at(ladder: Iterable[Rung], period: Period, place: int, inside: tuple[str, ...]) -> Rows:
    condition, *values = inside
    rows = _of(ladder, period, None).also(condition, *values)
    return rows.beside("organizations_unit AS unit", "unit.id = unit_id", head=HEAD.format(place=place))


def by_channel(period: Period, units: Units = None) -> dict[str, dict[str, Counts]]:
    """Ratings by channel and origin."""
    found: dict[str, dict[str, Counts]] = defaultdict(dict)
    for (channel, origin), counts in _of(UNITS, period, units).counted("channel", "origin"):
        found[channel][origin] = counts
    return dict(found)


def channel_days(first: date, last: date, origin: Origin, units: Units = None) -> Iterator[tuple[date, str, Counts]]:
    """Ratings of one origin by day and channel, both days included, in the order of days."""
    days = Rows.of(UNITS[0], "begins >= %s AND begins <= %s AND origin = %s", first, last, origin, units=units)
    for (day, channel), counts in days.counted("begins", "channel", order=("begins", "channel")):
        yield day, channel, counts


def said_days(days: Stretch, units: Units = None) -> dict[date, int]:
    """The valid ratings that people gave themselves, by day; days without any are left out."""
    rows = Rows.of(UNITS[0], "begins >= %s AND begins < %s", days.begins, days.after, units=units)
    said = rows.also("origin = ANY(%s)", [str(origin) for origin in SAID])
    return {day: counts.valid for (day,), counts in said.counted("begins") if counts.valid}


@dataclass(frozen=True)
class ItemRow:
    """An item with its ratings of one origin."""

    item_id: int
    code: str
    name: str
    counts: Counts


def top_items(period: Period, origin: Origin, units: Units = None, limit: int = 50) -> list[ItemRow]:
    """The items with most ratings of one origin, in a month, quarter or year."""
    rows = _items(period, units)
    named = {"code": "item.code", "name": "item.name"}
    items = "(SELECT id, code, name FROM organizations_serviceitem) AS item"  # its unit is not the tally's
    rows = rows.also("origin = %s", origin).beside(items, "item.id = item_id", **named)
    found = rows.counted("item_id", "code", "name", order=(f"{COUNTED} DESC", "item_id"), limit=limit)
    return [ItemRow(item_id, code, name, counts) for (item_id, code, name), counts in found]


def rated_items(period: Period) -> set[int]:
    """The items with at least one valid rating that people gave themselves, in a month, quarter or year."""
    origins = [str(origin) for origin in SAID]
    found = _items(period).also("origin = ANY(%s)", origins).asked("item_id", f"GROUP BY item_id HAVING {VALID} > 0")
    return {item for (item,) in found}


def ratings_of_items(period: Period, items: Collection[str], units: Units = None) -> dict[str, int]:
    """How many valid ratings that people gave themselves each of these items has, by its code, in a quarter."""
    rows = _items(period, units)
    named = "(SELECT id, code FROM organizations_serviceitem) AS item"
    rows = rows.also("origin = ANY(%s)", [str(origin) for origin in SAID]).also("item.code = ANY(%s)", sorted(items))
    found = rows.beside(named, "item.id = item_id", code="item.code").counted("code")
    return {code: counts.valid for (code,), counts in found}


@dataclass(frozen=True)
class Standing:
    """A unit in the order of a month. Without enough ratings it has counts and no rank (domain.md §10)."""

    unit_id: int
    counts: Counts
    rank: int | None


def ranking(month: Period, *, least: int, origin: Origin = Origin.ACTIVE, units: Units = None) -> list[Standing]:
    """Units by their valid ratings of one origin; those with as many share a rank.

    Args:
        least: how many valid ratings a rank needs (setting RANK_MIN_SAMPLE).
    """
    found = _of(UNITS, month, units).also("origin = %s", origin).counted("unit_id")
    ordered = sorted(((-counts.valid, unit_id, counts) for (unit_id,), counts in found))
    ranks: dict[int, int] = {}
    for place, (size, _unit_id, _counts) in enumerate(ordered, start=1):
        ranks.setdefault(size, place)
    return [Standing(unit_id, counts, ranks[size] if -size >= least else None) for size, unit_id, counts in ordered]


@dataclass(frozen=True)
class Compared:
    """The active ratings of a month beside those of the same month of the year of comparison, if that is known."""

    month: Period
    active: int
    baseline: int | None

    @property
    def times(self) -> Any:
        """How many times the baseline; None if there is none or it is 0."""
        return Share(self.active, self.baseline or 0).per(1)


def against_baseline(first: date, last: date, *, year: int) -> list[Compared]:
    """Active ratings of the whole city by month, against the stored year (the city's report: more than 4 × 2020)."""
    baseline = dict(Rows("assessment_baseline", "year = %s", (year,)).asked("month, active"))
    begins = period_of(first, Grain.MONTH).begins
    months = _rung(UNITS, Grain.MONTH)
    rows = Rows.of(months, "begins >= %s AND begins <= %s AND origin = %s", begins, last, Origin.ACTIVE)
    active = {month: counts.valid for (month,), counts in rows.counted("begins")}
    return [
        Compared(month, active.get(month.begins, 0), baseline.get(month.begins.month))
        for month in months_between(first, last)
    ]


def known_months() -> tuple[date, date] | None:
    """The first days of the first and the last month that has any figure."""
    found = UnitMonth.objects.aggregate(first=Min("begins"), last=Max("begins"))
    return (found["first"], found["last"]) if found["first"] else None


def _items(period: Period, units: Units = None) -> Rows:
    """The tallies of items, which are not folded into quarters."""
    if period.grain != Grain.QUARTER:
        return _of(ITEMS, period, units)
    months = _rung(ITEMS, Grain.MONTH)
    return Rows.of(months, "begins >= %s AND begins < %s", period.begins, period.after, units=units)


def _of(ladder: Iterable[Rung], period: Period, units: Units) -> Rows:
    return Rows.of(_rung(ladder, period.grain), "begins = %s", period.begins, units=units)


def _rung(ladder: Iterable[Rung], grain: Grain) -> Rung:
    [rung] = [rung for rung in ladder if rung.grain == grain]
    return rung
