"""指标 as everybody reads them: kept numbers under the catalogue's definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from assessment.metrics import BY_CODE, METRICS, Measured, Metric
from assessment.periods import Period
from assessment.queries import rules_now
from assessment.uncertainty import Compared
from disclosure.enums import UNIT_METRICS
from disclosure.models import PublicFigure

NONE = (0, 0)


@dataclass(frozen=True)
class Told:
    """A metric of a quarter, or of several together, beside that of the quarter before."""

    metric: Metric
    now: Measured
    before: Measured
    compared: Compared


@dataclass(frozen=True)
class Metrics:
    """Every metric of the city. as_of: up to when the quarter is counted, None if it never was."""

    told: tuple[Told, ...]
    as_of: datetime | None

    def of(self, code: str) -> Told:
        return next(one for one in self.told if one.metric.code == code)


def of_city(quarter: Period) -> Metrics:
    """A quarter beside the one before, in one query."""
    found: dict[date, dict[str, tuple[int, int]]] = defaultdict(dict)
    as_of = None
    rows = PublicFigure.objects.filter(unit=None, quarter__in=(quarter.begins, quarter.before().begins))
    for row in rows:
        found[row.quarter][row.code] = (row.part, row.whole)
        as_of = row.counted_at if row.quarter == quarter.begins else as_of
    now, before = found[quarter.begins], found[quarter.before().begins]
    return Metrics(tuple(_told(metric, now, before) for metric in METRICS), as_of)


def _told(metric: Metric, now: Mapping[str, tuple[int, int]], before: Mapping[str, tuple[int, int]]) -> Told:
    rules = rules_now()
    here = metric.measured(*now.get(metric.code, NONE), rules)
    there = metric.measured(*before.get(metric.code, NONE), rules)
    return Told(metric, here, there, metric.compare(here, there))


@dataclass(frozen=True)
class OfUnits:
    """The metrics of units by unit and code. as_of: when all were last looked at, None if they never were."""

    by_unit: Mapping[int, Mapping[str, Measured]]
    as_of: datetime | None

    def of(self, unit: int, code: str) -> Measured:
        return self.by_unit.get(unit, {}).get(code) or BY_CODE[code].measured(*NONE, rules_now())


def of_units(since: date, units: Iterable[int] | None = None) -> OfUnits:
    """The metrics of units since the first day of a quarter, all quarters together. One query.

    Args:
        units: of these; of all without.
    """
    wanted = Q(unit__isnull=False) if units is None else Q(unit__in=list(units))
    last_look = Q(unit=None, code=UNIT_METRICS[0])
    rows = PublicFigure.objects.filter(wanted | last_look, quarter__gte=since)
    sums: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    looks = []
    for row in rows:
        if row.unit_id is None:
            looks.append(row.counted_at)
            continue
        so_far = sums[row.unit_id].get(row.code, NONE)
        sums[row.unit_id][row.code] = (so_far[0] + row.part, so_far[1] + row.whole)
    rules = rules_now()
    found = {pk: {code: BY_CODE[code].measured(*both, rules) for code, both in of.items()} for pk, of in sums.items()}
    return OfUnits(found, max(looks, default=None))
