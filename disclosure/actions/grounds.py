"""申诉统计 for the public: how often which ground was brought forward, and how often a panel agreed."""

from __future__ import annotations

from django.db import transaction

from appeals.models import Appeal
from appeals.queries import figures_by_ground
from disclosure.models import PublicGround


@transaction.atomic
def refresh_grounds() -> int:
    """Copies the counts that have changed; doing it twice moves nothing. Returns how many had."""
    known = {row.code: row for row in PublicGround.objects.select_for_update()}
    fresh = [
        PublicGround(
            code=figure.key,
            name=figure.name,
            filed=figure.filed,
            ruled=figure.upheld.whole,
            upheld=figure.upheld.part,
            days=figure.days,
        )
        for figure in figures_by_ground(Appeal.objects.all())
    ]
    changed = [row for row in fresh if row.code not in known or _counts(row) != _counts(known[row.code])]
    for row in changed:
        row.save()
    return len(changed)


def _counts(row: PublicGround) -> tuple[str, int, int, int, float | None]:
    return row.name, row.filed, row.ruled, row.upheld, None if row.days is None else float(row.days)
