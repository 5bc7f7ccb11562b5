"""Questions of clues: what stands, which level is next, what a unit is asked, and who looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from organizations.enums import Role
from organizations.models import Staff, Unit, any_prefix
from oversight.enums import Level
from oversight.models import Decision, Dossier, SealedLook, Statement

LADDER = list(Level)


def standing(row: Dossier) -> Decision | None:
    """The level that is proposed or confirmed and not taken back."""
    return row.decisions.filter(withdrawn_at=None).select_related("proposed_by", "confirmed_by").first()


def next_level(unit: Unit, *, at: datetime) -> Level:
    """The level that follows the highest one confirmed for this unit within CLUE_LEVEL_DAYS; the first if none."""
    since = at - timedelta(days=settings.CLUE_LEVEL_DAYS)
    had = Decision.objects.filter(
        dossier__unit=unit, withdrawn_at=None, confirmed_at__gte=since, confirmed_at__lte=at
    ).values_list("level", flat=True)
    highest = max((LADDER.index(Level(level)) for level in had), default=-1)
    return LADDER[min(highest + 1, len(LADDER) - 1)]


def statements_for(user: Staff) -> QuerySet[Statement]:
    """What the units that somebody speaks for are asked, the newest first; nothing else of a clue is theirs to see."""
    paths = [held.unit.path for held in user.duties if held.role == Role.UNIT_SUPERVISOR]
    bodies = [held.unit_id for held in user.duties if held.role == Role.COUNTY_SUPERVISOR]
    rows = Statement.objects.filter(any_prefix("unit__path", paths)) | Statement.objects.filter(unit__in=bodies)
    return rows.select_related("unit").order_by("-pk")


def statements_waiting(user: Staff) -> QuerySet[Statement]:
    """Those that wait for an answer, the most urgent first."""
    return statements_for(user).filter(answered_at=None, dossier__closed_at=None).order_by("due_at", "pk")


def last_purpose(row: Dossier, user: Staff) -> str:
    """What somebody last said they look at a sealed dossier for; empty if nothing."""
    last = SealedLook.objects.filter(dossier=row, staff=user).order_by("-pk").first()
    return last.why if last else ""


def purpose_today(row: Dossier, user: Staff, at: datetime) -> str:
    """What somebody said today they look at a sealed dossier for; empty if nothing."""
    last = SealedLook.objects.filter(dossier=row, staff=user).order_by("-pk").first()
    return last.why if last is not None and timezone.localdate(last.at) == timezone.localdate(at) else ""
