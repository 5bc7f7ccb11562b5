"""To whom a notice goes, and who has read it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from organizations.enums import UnitLevel
from organizations.models import Staff, Unit
from oversight.access import ACKNOWLEDGES, READS_DRAFTS
from oversight.models import QuarterNotice, Receipt


def addressed_units() -> QuerySet[Unit]:
    """主送: the city's departments, and the body that manages government services in each county."""
    return Unit.objects.active().filter(Q(level=UnitLevel.CITY) | Q(level=UnitLevel.COUNTY, supervises=True))


def receipts_of(notice: QuarterNotice, user: Staff) -> QuerySet[Receipt]:
    """All receipts for the office that served them; for others those of their own unit."""
    rows = notice.receipts.select_related("unit", "read_by")
    if user.has_role(*READS_DRAFTS):
        return rows
    return rows.filter(unit__in=[one.unit.pk for one in user.duties if one.role in ACKNOWLEDGES])
