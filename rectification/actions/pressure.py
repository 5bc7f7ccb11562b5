"""有人要求改评价、打击报复: a ledger of its own, for the city supervisors and never for the unit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.actions import NoticeText, notify, record_audit
from organizations.enums import Role
from organizations.models import Staff
from organizations.queries import overseers, staff_actor
from rectification.actions.core import Refused
from rectification.enums import Action, ContactKind, ContactResult, PressureKind, PressureOutcome
from rectification.models import Case, PressureReport

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def open_pressure_report(
    case: Case, *, text: str, at: datetime, kind: PressureKind = PressureKind.REPORTED
) -> PressureReport:
    """Notes what an evaluator said about pressure or retaliation and tells the city supervisors, but not the unit's."""
    report = PressureReport.objects.create(case=case, text=text, at=at, kind=kind)
    seats = overseers(Role.CITY_SUPERVISOR, case.region_code, timezone.localdate(at))
    seats = seats.exclude(memberships__unit__in=[case.unit_id, case.rated_unit_id])
    notice = NoticeText(
        key=f"pressure:{report.pk}", kind=f"case.{Action.REPORT_PRESSURE}", text=case.number, url=reverse("pressure")
    )
    notify(seats.values_list("pk", flat=True), notice, at=at)
    return report


def flag_withdrawal(case: Case, *, what: _StrPromise, at: datetime) -> PressureReport | None:
    """Notes that an evaluator took something back after the unit had spoken with them (docs/domain.md §15).

    What is taken back stays taken back; a city supervisor asks why, and until then the case is not signed off.

    Args:
        case: held by the act that calls.
        what: what was taken back; kept in the portal's language, whoever's page it was.

    Returns:
        None where the unit had not reached them, or where an earlier withdrawal is still being looked into.
    """
    spoken = case.contacts.filter(kind=ContactKind.UNIT, result=ContactResult.REACHED, at__lte=at)
    if not spoken.exists() or case.pressure_reports.filter(kind=PressureKind.WITHDRAWAL, settled_at=None).exists():
        return None
    with translation.override(settings.LANGUAGE_CODE):
        text = str(what)
    return open_pressure_report(case, text=text, at=at, kind=PressureKind.WITHDRAWAL)


@transaction.atomic
def settle_pressure_report(
    report: PressureReport, *, by: Staff, at: datetime, outcome: PressureOutcome, finding: str
) -> PressureReport:
    """Closes a report of pressure with what was found, and what was done about it.

    Raises:
        Refused: it has been settled already, says nothing, or is not this person's: only a city supervisor settles it,
            and nobody one about their own unit.
    """
    if not PressureReport.objects.visible_to(by).filter(pk=report.pk).exists():
        raise Refused(_("由市级督导核查,被反映单位的人不能自查。"))
    if not finding.strip():
        raise Refused(_("请写明核查情况和处理。"))
    locked = PressureReport.objects.select_for_update(of=("self",)).select_related("case").get(pk=report.pk)
    if locked.settled_at is not None:
        raise Refused(_("已有核查结果。"))
    locked.outcome, locked.finding, locked.settled_at, locked.settled_by = outcome, finding.strip(), at, by
    locked.save()
    about = ("case", locked.case.number)
    record_audit("pressure.settle", about, by=staff_actor(by), at=at, after={"outcome": outcome}, reason=finding)
    return locked
