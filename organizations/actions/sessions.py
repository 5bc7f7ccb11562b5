"""What the trail says of signing in and out (GB/T 22239-2019 §8.1.4.3: every user, security events)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from common.actions import record_audit
from common.actors import SYSTEM
from organizations.models import Staff
from organizations.queries import staff_actor

LENGTH = 60  # of an object on the trail


def record_sign_in(staff: Staff) -> None:
    """A completed sign-in."""
    record_audit("account.login", ("staff", staff.username), by=staff_actor(staff))


def record_sign_out(staff: Staff, *, reason: str = "") -> None:
    """A session ended by its owner, or by a time limit (`reason`)."""
    record_audit("account.logout", ("staff", staff.username), by=staff_actor(staff), reason=reason)


def record_sessions_ended(staff: Staff, count: int) -> None:
    """Somebody ended the own sessions on other devices."""
    record_audit("account.end_sessions", ("staff", staff.username), by=staff_actor(staff), after={"count": count})


def record_refusal(username: str, *, reason: str) -> None:
    """A sign-in that failed. A number nobody has is not repeated: people type passwords into the wrong field.

    Args:
        reason: password, code, locked, sign_on or demo.
    """
    known = Staff.objects.filter(username__iexact=username).values_list("username", flat=True).first()
    record_audit("account.refused", ("staff", known or "?"), by=SYSTEM, at=timezone.now(), reason=reason, success=False)


def record_refused_act(staff: Staff, page: str, about: Mapping[str, object], *, status: int) -> None:
    """Somebody signed in tried what is not theirs to do; nothing was changed.

    Args:
        page: the name of its route.
        about: what the address names; the first is what the trail files it under.
    """
    named = {name: str(value)[:LENGTH] for name, value in about.items()}
    subject = next(iter(named.values()), "")
    record_audit(
        "access.refused", (page, subject), by=staff_actor(staff), after=named, reason=str(status), success=False
    )


def record_people_file(staff: Staff, rows: int, *, at: datetime) -> None:
    """Somebody has taken the list of people and roles out as a file."""
    record_audit("staff.take_file", ("staff", staff.username), by=staff_actor(staff), at=at, after={"rows": rows})


def record_second_factor(staff: Staff, *, event: str) -> None:
    """A second factor set up, given up, or new recovery codes."""
    record_audit(f"account.{event}", ("staff", staff.username), by=staff_actor(staff))
