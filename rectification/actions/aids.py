"""Drafts, presence and orders for files: writing that moves no case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from common.actions import record_audit
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.enums import Action
from rectification.models import Case, Draft, Export, Presence


def keep_draft(case: Case, *, by: Staff, at: datetime, action: Action, data: Mapping[str, str]) -> None:
    """Keeps what somebody has typed for an act, with the version of the case they were looking at."""
    Draft.objects.update_or_create(
        case=case,
        staff=by,
        action=action,
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
        "export.request",
        ("export", export.pk),
        by=staff_actor(by),
        at=at,
        after={"filters": dict(filters)},
        reason=reason,
    )
    return export
