"""有人要求改评价、打击报复: a ledger of its own, for the city supervisors and never for the unit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit
from organizations.enums import Role
from organizations.models import Staff
from organizations.queries import overseers, staff_actor
from rectification.actions.core import Refused
from rectification.enums import Action
from rectification.models import Case, PressureReport


def open_pressure_report(case: Case, *, text: str, at: datetime) -> PressureReport:
    """Notes what an evaluator said about pressure or retaliation and tells the city supervisors."""
    report = PressureReport.objects.create(case=case, text=text, at=at)
    seats = overseers(Role.CITY_SUPERVISOR, case.region_code, timezone.localdate(at))
    notice = NoticeText(
        key=f"pressure:{report.pk}", kind=f"case.{Action.REPORT_PRESSURE}", text=case.number, url=reverse("pressure")
    )
    notify(seats.values_list("pk", flat=True), notice, at=at)
    return report


@transaction.atomic
def settle_pressure_report(report: PressureReport, *, by: Staff, at: datetime, finding: str) -> PressureReport:
    """Closes a report of pressure with what was found.

    Raises:
        Refused: it has been settled already.
    """
    locked = PressureReport.objects.select_for_update(of=("self",)).select_related("case").get(pk=report.pk)
    if locked.settled_at is not None:
        raise Refused(_("已有核查结果。"))
    locked.finding, locked.settled_at, locked.settled_by = finding, at, by
    locked.save()
    record_audit("pressure.settle", ("case", locked.case.number), by=staff_actor(by), at=at, reason=finding)
    return locked
