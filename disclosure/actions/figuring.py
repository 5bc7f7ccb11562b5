"""指标 for the public: what the catalogue comes to, copied, because no public page reads the register of cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessment.enums import Grain
from assessment.metrics import BY_CODE, METRICS, Facts
from assessment.periods import Period, last_periods
from assessment.queries import as_of, facts_of, rules_now
from disclosure.enums import UNIT_METRICS
from disclosure.models import PublicFigure
from organizations.models import Unit

QUARTERS = 5
Key = tuple[int | None, str]


@transaction.atomic
def refresh_figures(*, at: datetime) -> int:
    """Copies the two numbers of every metric of this quarter and the four before it, of the city and of each unit.

    Whatever was found later about an earlier quarter comes in too. Doing it twice moves nothing.

    Returns:
        How many rows are new or have changed.
    """
    units = dict(Unit.objects.values_list("pk", "path"))
    counted = as_of()
    return sum(
        _refresh(period, units, counted, at) for period in last_periods(timezone.localdate(at), Grain.QUARTER, QUARTERS)
    )


def _refresh(period: Period, units: Mapping[int, str], counted: datetime | None, at: datetime) -> int:
    kept = PublicFigure.objects.select_for_update().filter(quarter=period.begins)
    known = {(row.unit_id, row.code): row for row in kept}
    fresh = dict(_counted(period, units))
    changed = [
        PublicFigure(quarter=period.begins, unit_id=key[0], code=key[1], part=both[0], whole=both[1], counted_at=at)
        for key, both in fresh.items()
        if key not in known or (known[key].part, known[key].whole) != both
    ]
    gone = [row.pk for key, row in known.items() if key not in fresh]
    PublicFigure.objects.filter(pk__in=gone).delete()
    PublicFigure.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["quarter", "unit", "code"],
        update_fields=["part", "whole", "counted_at"],
    )
    kept.filter(unit=None).update(counted_at=counted or at)
    return len(changed) + len(gone)


def _counted(period: Period, units: Mapping[int, str]) -> Iterator[tuple[Key, tuple[int, int]]]:
    facts, rules = facts_of(period, Unit.objects.all()), rules_now()
    whole = Facts.sum(rules, list(facts.values()))
    for metric in METRICS:
        yield (None, metric.code), metric.counts(whole)
    told = {pk: one for pk, one in facts.items() if any(BY_CODE[code].whole.count(one) for code in UNIT_METRICS)}
    for pk, path in units.items():
        below = [one for other, one in told.items() if units[other].startswith(path)]
        if not below:
            continue
        together = Facts.sum(rules, below)
        for code in UNIT_METRICS:
            yield (pk, code), BY_CODE[code].counts(together)
