"""Drafts, presence, exports and the ledger of pressure reports: writing that moves no case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actions import record_audit
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.actions.core import Refused
from rectification.enums import Action
from rectification.models import Case, Draft, Export, Presence, PressureReport


def keep_draft(case: Case, *, by: Staff, at: datetime, action: Action, data: Mapping[str, str]) -> None:
    """Keeps what somebody has typed for an act, with the version of the case they were looking at."""
    Draft.objects.update_or_create(
        case=case, staff=by, action=action,
        defaults={"data": dict(data), "case_version": case.version, "saved_at": at},
    )


def drop_draft(case: Case, *, by: Staff, action: Action) -> None:
    """Forgets a draft once its act is done."""
    Draft.objects.filter(case=case, staff=by, action=action).delete()


def record_presence(case: Case, *, by: Staff, at: datetime) -> None:
    """Notes that somebody has the case open."""
    Presence.objects.update_or_create(case=case, staff=by, defaults={"seen_at": at})


@transaction.atomic
def request_export(*, by: Staff, at: datetime, format: str, filters: Mapping[str, object], reason: str) -> Export:
    """Orders a ledger file; a job makes it. Who took what out, and why, is on the audit trail."""
    export = Export.objects.create(by=by, format=format, filters=dict(filters), requested_at=at)
    record_audit(
        "export.request", ("export", export.pk), by=staff_actor(by), at=at, after={"filters": dict(filters)},
        reason=reason,
    )
    return export


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
    record_audit(
        "pressure.settle", ("case", locked.case.number), by=staff_actor(by), at=at, reason=finding
    )
    return locked
