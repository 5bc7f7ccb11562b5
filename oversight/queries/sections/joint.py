"""联动化解: the deep problems that were resolved together in a quarter; nobody's case can be told from it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from assessment.periods import Period
from assessment.queries.loop import moments_of
from identity.queries import known_names
from identity.redaction import redact
from oversight.enums import Kind, Part
from oversight.models import Dossier, DossierUnit
from oversight.paper import Block, Column, Figure, Table
from oversight.typical import without_moments

COLUMNS = (
    Column("问题", wide=True),
    Column("牵头"),
    Column("参与部门", number=True),
    Column("并入差评", number=True),
    Column("化解"),
    Column("结论", wide=True),
)
TOOK_PART = (Part.LEAD, Part.CO_HANDLER)


def blocks(period: Period, *, at: datetime) -> list[Block]:
    """A table of what was resolved in a period and still is; nothing where nothing was. Two questions.

    Words go through the redaction: what it finds is masked, and days are left out.

    Args:
        at: what is known at this moment.
    """
    since, until = moments_of(period)
    rows = Dossier.objects.of(Kind.JOINT).filter(joint__resolved_at__gte=since, joint__resolved_at__lt=min(until, at))
    found = list(
        rows.select_related("joint", "unit").annotate(n_cases=Count("cases")).order_by("joint__resolved_at", "pk")
    )
    if not found:
        return []
    units: dict[int, set[int]] = defaultdict(set)
    for one in DossierUnit.objects.filter(dossier__in=found, part__in=TOOK_PART):
        units[one.dossier_id].add(one.unit_id)
    lines = tuple(
        (
            _safe(one.title),
            one.unit.short_name if one.unit else "—",
            Figure(len(units[one.pk])),
            Figure(vars(one)["n_cases"]),
            timezone.localdate(one.joint.resolved_at),
            _safe(one.joint.solution),
        )
        for one in found
    )
    note = "牵头和协办的部门一并计数;几件同类差评并为一个问题。"
    return [Table("联动化解的复杂问题", COLUMNS, lines, note)]


def _safe(text: str) -> str:
    return without_moments(redact(" ".join(text.split()), known_names()).text)
