"""Figures for everybody, from tallies and public copies alone. Origins are never mixed: silence is no praise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, DateField, F, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, TruncQuarter

from assessment.enums import Grain
from assessment.figures import Counts, Figures, Share
from assessment.models import UNITS, Rung
from assessment.periods import Period, period_of
from assessment.queries.sums import Rows, Units
from disclosure.enums import Result
from disclosure.models import PublicCase, PublicCaseQuerySet
from evaluations.enums import Origin
from organizations.models import Unit
from rectification.enums import Stage


@dataclass(frozen=True)
class Facts:
    """Public cases counted: by what, by quarter where that is told apart, and by name."""

    counts: Mapping[str, Mapping[tuple[date | None, str], int]] = field(default_factory=dict)

    def of(self, kind: str, quarter: date | None = None) -> dict[str, int]:
        """The counts of a kind by name, most frequent first; of one quarter, or of all together."""
        found: dict[str, int] = defaultdict(int)
        for (began, name), count in self.counts.get(kind, {}).items():
            if quarter is None or began == quarter:
                found[name] += count
        return dict(sorted(found.items(), key=lambda row: (-row[1], row[0])))

    @property
    def all(self) -> int:
        return sum(self.of("result").values())

    @property
    def median_days(self) -> int | None:
        """Working days that half of the replies did not exceed; None without a reply."""
        days = sorted((int(name), count) for name, count in self.of("days").items())
        half, passed = sum(count for _, count in days) / 2, 0
        for value, count in days:
            passed += count
            if passed >= half:
                return value
        return None

    def reached(self, stage: Stage) -> int:
        """How many have come to a public step or beyond it."""
        order = list(Stage)
        found = self.of("stage")
        return sum(count for name, count in found.items() if order.index(Stage(name)) >= order.index(stage))


def facts(rows: PublicCaseQuerySet, since: date) -> Facts:
    """Counts public cases, shown or not, in one query.

    Args:
        rows: of everybody, or of a unit.
        since: the first day of publication of those whose reasons are counted, by quarter.
    """
    named = rows.filter(published_on__gte=since)
    tags: Any = RawSQL("jsonb_array_elements_text(disclosure_publiccase.tags)", [])
    parts = [
        _counted("result", rows, F("result")),
        _counted("stage", rows.exclude(result=Result.INVALID), F("stage")),
        _counted("withheld", rows.filter(shown=False), F("reason")),
        _counted("ground", rows.filter(result=Result.INVALID), F("ground")),
        _counted("days", rows.exclude(working_days=None), Cast("working_days", CharField())),
        _counted("reason", named, tags, F("published_on")),
    ]
    found: dict[str, dict[tuple[date | None, str], int]] = defaultdict(dict)
    for kind, quarter, name, count in parts[0].union(*parts[1:], all=True):
        found[kind][quarter, name] = count
    return Facts(found)


def _counted(kind: str, rows: PublicCaseQuerySet, name: Any, day: F | None = None) -> QuerySet[Any, Any]:
    quarter = Cast(TruncQuarter(day) if day else Value(None), DateField())
    named = rows.order_by().annotate(_kind=Value(kind), _quarter=quarter, _name=name)
    return (
        named.values("_kind", "_quarter", "_name")
        .annotate(_n=Count("pk"))
        .values_list("_kind", "_quarter", "_name", "_n")
    )


@dataclass(frozen=True)
class Week:
    """A week's active ratings: how many, and how many of them were valid 差评."""

    begins: date
    negative: Share


@dataclass(frozen=True)
class City:
    """What people said this quarter and the last, and the weeks."""

    quarter: Period
    now: Figures
    before: Figures
    weeks: list[Week]


def city(today: date, weeks: int) -> City:
    """The whole city, in one query.

    Args:
        weeks: how many whole ones, the last of which ends before today.
    """
    quarter = period_of(today, Grain.QUARTER)
    before = quarter.before()
    monday = today - timedelta(days=today.weekday())
    first = min(before.begins, monday - timedelta(weeks=weeks))
    days = Rows.of(_rung(UNITS, Grain.DAY), "begins >= %s AND begins <= %s", first, today)
    counted = list(days.counted("begins", "origin"))
    return City(
        quarter,
        Figures(origins=_by_origin(counted, quarter)),
        Figures(origins=_by_origin(counted, before)),
        [_week(counted, monday - timedelta(weeks=back)) for back in range(weeks, 0, -1)],
    )


Counted = list[tuple[tuple[Any, ...], Counts]]


def _by_origin(counted: Counted, period: Period) -> dict[str, Counts]:
    found: dict[str, Counts] = defaultdict(Counts)
    for (day, origin), counts in counted:
        if period.begins <= day < period.after:
            found[origin] += counts
    return dict(found)


def _week(counted: Counted, monday: date) -> Week:
    after = monday + timedelta(weeks=1)
    said = [counts for (day, origin), counts in counted if origin == Origin.ACTIVE and monday <= day < after]
    return Week(monday, Share(sum(one.effective for one in said), sum(one.valid for one in said)))


def of_units(units: Units, since: date) -> Figures:
    """What people said of some units together since the first day of a month."""
    months = Rows.of(_rung(UNITS, Grain.MONTH), "begins >= %s", since, units=units)
    return Figures(origins={origin: counts for (origin,), counts in months.counted("origin")})


def _rung(ladder: tuple[Rung, ...], grain: Grain) -> Rung:
    return next(rung for rung in ladder if rung.grain == grain)


@dataclass(frozen=True)
class UnitLine:
    """A unit in the list of units: its public cases and what became of them."""

    unit: Unit
    cases: int
    done: int


def unit_lines(done: frozenset[Result]) -> list[UnitLine]:
    """Every unit with public cases, by itself, in the order of their codes. Two queries."""
    counted = (
        PublicCase.objects.order_by()
        .values("unit")
        .annotate(
            cases=Count("pk"),
            done=Count("pk", filter=Q(result__in=done)),
        )
    )
    found = {row["unit"]: row for row in counted}
    units = Unit.objects.filter(pk__in=found).select_related("region").order_by("region__code", "code")
    return [UnitLine(unit, found[unit.pk]["cases"], found[unit.pk]["done"]) for unit in units]
