"""The year of comparison: figures from before this portal, said by a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from assessment.access import SETS_BASELINE
from assessment.models import Baseline
from common.actions import record_audit
from organizations.actions.core import By, authorise


@transaction.atomic
def set_baseline(year: int, months: Mapping[int, int | None], *, by: By, at: datetime) -> bool:
    """Says how many active ratings the months of a year had; None takes a month's number away.

    Returns:
        Whether anything differed.

    Raises:
        PermissionDenied: not a city supervisor.
    """
    actor = authorise(by, SETS_BASELINE)
    kept = dict(Baseline.objects.select_for_update().filter(year=year).values_list("month", "active"))
    changed = {month: active for month, active in months.items() if kept.get(month) != active}
    if not changed:
        return False
    Baseline.objects.filter(year=year, month__in=changed).delete()
    Baseline.objects.bulk_create(
        Baseline(year=year, month=month, active=active) for month, active in changed.items() if active is not None
    )
    before = {f"{month:02d}": kept.get(month) for month in sorted(changed)}
    after = {f"{month:02d}": changed[month] for month in sorted(changed)}
    record_audit("baseline.set", ("baseline", year), by=actor, at=at, before=before, after=after)
    return True
