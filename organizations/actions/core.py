"""What every act on people and structure shares: who may, what changed, and the audit row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model

from common.actions import record_audit
from common.actors import Actor
from organizations.enums import Role
from organizations.models import Staff
from organizations.queries import staff_actor

By = Staff | Actor


class Refused(Exception):
    """The act is not possible like this; the message is for the user."""


def authorise(by: By, roles: Collection[Role]) -> Actor:
    """How the administrator appears in history.

    Args:
        by: a staff member, or `common.actors.SYSTEM` for commands.
        roles: one of them must be held today.

    Raises:
        PermissionDenied: none is.
    """
    if isinstance(by, Actor):
        return by
    membership = next((duty for duty in by.duties if duty.role in roles), None)
    if membership is None:
        raise PermissionDenied
    return staff_actor(by, membership)


def add(row: Model, kind: str, key: str, *, actor: Actor, at: datetime) -> None:
    """Stores a new row and says so in the trail.

    Args:
        kind: the type of object in the trail.
        key: its identifier there.

    Raises:
        Refused: a field or a constraint of the model objects.
    """
    check(row)
    row.save()
    record_audit(f"{kind}.create", (kind, key), by=actor, at=at, after=_facts(row))


def change(
    row: Model,
    kind: str,
    key: str,
    facts: Mapping[str, Any],
    *,
    actor: Actor,
    at: datetime,
    verb: str = "change",
    reason: str = "",
) -> bool:
    """Stores what differs and says so in the trail, with the values before and after.

    Args:
        verb: what the trail calls it.
        reason: what the person gave as reason.

    Returns:
        Whether anything differed.

    Raises:
        Refused: a field or a constraint of the model objects.
    """
    before = {name: getattr(row, name) for name, value in facts.items() if getattr(row, name) != value}
    if not before:
        return False
    for name in before:
        setattr(row, name, facts[name])
    check(row)
    row.save(update_fields=list(before))
    after = {name: facts[name] for name in before}
    record_audit(
        f"{kind}.{verb}", (kind, key), by=actor, at=at, before=_words(before), after=_words(after), reason=reason
    )
    return True


def check(row: Model) -> None:
    """Lets the model's own validators and constraints speak.

    Raises:
        Refused: with what they say.
    """
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused("".join(error.messages)) from error


def _facts(row: Model) -> dict[str, Any]:
    fields = [field.name for field in row._meta.concrete_fields if field.editable and not field.primary_key]
    return _words({name: getattr(row, name) for name in fields if name != "password"})


def _words(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Model) else value for name, value in values.items()}
