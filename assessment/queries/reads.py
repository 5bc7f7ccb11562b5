"""The figures pages show, each read from the one table of its ladder that holds the answer. No raw row is touched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Max, Min, QuerySet, Sum

from assessment.enums import Grain
from assessment.figures import MEASURES, Counts, Figures, Share
from assessment.models import ITEMS, SERVICES, UNITS, AsOf, Baseline, ItemMonth, Rung, UnitDay, UnitMonth
from assessment.periods import Period, months_between, period_of
from evaluations.enums import Origin
from organizations.models import ServiceItem, Unit

Units = QuerySet[Unit] | None
SUMS = {f"sum_{name}": Sum(name) for name in MEASURES}


def as_of() -> datetime | None:
    """The moment whose changes are all counted; None before the first count."""
    return AsOf.objects.values_list("at", flat=True).first()


def overall(period: Period, units: Units = None) -> Figures:
    """The figures of all these units together.

    Args:
        period: a month, quarter or year, or a day.
        units: only these, e.g. `Unit.objects.below([path])`; None is everybody.
    """
    origins = {origin: counts for (origin,), counts in _counted(_of(UNITS, period, units), "origin")}
    served = _of(SERVICES, period, units).aggregate(given=Sum("services", default=0), rated=Sum("rated", default=0))
    return Figures(served["given"], served["rated"], origins)


def by_unit(period: Period, units: Units = None) -> dict[int, Figures]:
    """The figures of each unit that has any, without the units below it."""
    origins: dict[int, dict[str, Counts]] = defaultdict(dict)
    for (unit_id, origin), counts in _counted(_of(UNITS, period, units), "unit_id", "origin"):
        origins[unit_id][origin] = counts
    served = _of(SERVICES, period, units).values_list("unit_id", "services", "rated")
    found = {unit_id: Figures(services, rated, origins.pop(unit_id, {})) for unit_id, services, rated in served}
    return found | {unit_id: Figures(origins=counts) for unit_id, counts in origins.items()}


def by_channel(period: Period, units: Units = None) -> dict[str, dict[str, Counts]]:
    """Ratings by channel and origin."""
    found: dict[str, dict[str, Counts]] = defaultdict(dict)
    for (channel, origin), counts in _counted(_of(UNITS, period, units), "channel", "origin"):
        found[channel][origin] = counts
    return dict(found)


def channel_days(first: date, last: date, origin: Origin, units: Units = None) -> Iterator[tuple[date, str, Counts]]:
    """Ratings of one origin by day and channel, both days included, in the order of days."""
    rows = _within(UnitDay.objects.filter(begins__gte=first, begins__lte=last, origin=origin), units)
    for (day, channel), counts in _counted(rows, "begins", "channel", order=("begins", "channel")):
        yield day, channel, counts


@dataclass(frozen=True)
class ItemRow:
    """An item with its ratings of one origin."""

    item: ServiceItem
    counts: Counts


def top_items(period: Period, origin: Origin, units: Units = None, limit: int = 50) -> list[ItemRow]:
    """The items with most ratings of one origin, in a month, quarter or year."""
    rows: QuerySet[Any]
    if period.grain == Grain.QUARTER:
        rows = _within(ItemMonth.objects.filter(begins__gte=period.begins, begins__lt=period.after), units)
    else:
        rows = _of(ITEMS, period, units)
    most = (F("sum_n1") + F("sum_n2") + F("sum_n3") + F("sum_n4") + F("sum_n5")).desc()
    found = _counted(rows.filter(origin=origin), "item_id", order=(most, "item_id"), limit=limit)
    counts = {item_id: one for (item_id,), one in found}
    items = ServiceItem.objects.select_related("unit").in_bulk(list(counts))
    return [ItemRow(items[item_id], one) for item_id, one in counts.items()]


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
    found = _counted(_of(UNITS, month, units).filter(origin=origin), "unit_id")
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
    baseline = dict(Baseline.objects.filter(year=year).values_list("month", "active"))
    begins = period_of(first, Grain.MONTH).begins
    rows = UnitMonth.objects.filter(begins__gte=begins, begins__lte=last, origin=Origin.ACTIVE)
    active = {month: counts.valid for (month,), counts in _counted(rows, "begins")}
    return [
        Compared(month, active.get(month.begins, 0), baseline.get(month.begins.month))
        for month in months_between(first, last)
    ]


def known_months() -> tuple[date, date] | None:
    """The first days of the first and the last month that has any figure."""
    found = UnitMonth.objects.aggregate(first=Min("begins"), last=Max("begins"))
    return (found["first"], found["last"]) if found["first"] else None


def _of(ladder: Iterable[Rung], period: Period, units: Units) -> QuerySet[Any]:
    [model] = [rung.model for rung in ladder if rung.grain == period.grain]
    return _within(model._default_manager.filter(begins=period.begins), units)


def _within(rows: QuerySet[Any], units: Units) -> QuerySet[Any]:
    return rows if units is None else rows.filter(unit__in=units.order_by())


def _counted(
    rows: QuerySet[Any], *by: str, order: Sequence[Any] = (), limit: int | None = None
) -> Iterator[tuple[tuple[Any, ...], Counts]]:
    """The sums of rows, by these columns."""
    sums = rows.values(*by).annotate(**SUMS).order_by(*order).values_list(*by, *SUMS)
    for row in sums[:limit]:
        yield row[: len(by)], Counts._make(row[len(by) :])
