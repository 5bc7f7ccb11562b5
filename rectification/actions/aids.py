"""Drafts and presence: writing that moves no case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from organizations.models import Staff
from rectification.enums import Action
from rectification.models import Case, Draft, Presence


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
