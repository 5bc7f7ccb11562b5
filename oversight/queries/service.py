"""To whom a notice goes, and who has read it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organizations.enums import Role, UnitLevel
from organizations.models import Membership, Staff, Unit
from oversight.access import ACKNOWLEDGES, READS_DRAFTS, for_the_city
from oversight.models import QuarterNotice, Receipt


def addressed_units(day: date) -> QuerySet[Unit]:
    """主送: the city's departments, the managing body of each county, and whoever else has a supervisor."""
    supervised = Membership.objects.in_force(day).filter(unit=OuterRef("pk"), role=Role.UNIT_SUPERVISOR)
    named = Q(level=UnitLevel.CITY) | Q(level=UnitLevel.COUNTY, supervises=True)
    return Unit.objects.active().filter(named | Q(Exists(supervised)))


def readers_in(units: Collection[int], *, at: datetime) -> list[int]:
    """The keys of those who say for these units that something was read."""
    held = Membership.objects.in_force(timezone.localdate(at)).filter(unit__in=units, role__in=ACKNOWLEDGES)
    return list(held.values_list("staff_id", flat=True))


def receipts_of(notice: QuarterNotice, user: Staff) -> QuerySet[Receipt]:
    """All receipts for the office that served them; for others those of their own unit."""
    rows = notice.receipts.select_related("unit", "read_by")
    if for_the_city(user.duties, READS_DRAFTS):
        return rows
    return rows.filter(unit__in=[one.unit.pk for one in user.duties if one.role in ACKNOWLEDGES])


def printed_heads() -> list[tuple[str, str]]:
    """The head of the audit trail that each issued notice has in print, for whoever verifies the trail."""
    issued = QuarterNotice.objects.exclude(seal="").filter(issued_at__isnull=False)
    return [(notice.number or f"通报 {notice.begins:%Y-%m}", notice.seal) for notice in issued]
