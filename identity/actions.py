"""Storing an identity, looking at it (with a purpose and a row), erasing it."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from common.actions import record_audit
from common.actors import SYSTEM, Actor
from identity.crypto import Vault
from identity.enums import Purpose
from identity.models import Evaluator, Look
from identity.queries import vault


@dataclass(frozen=True)
class Person:
    """An identity in clear, for the length of one act."""

    phone: str
    name: str


def normal_phone(phone: str) -> str:
    """A telephone number as digits only, whatever width or separators it was typed in."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", phone) if ch.isdigit() or ch == "+")


def store_evaluator(*, phone: str, name: str = "", consent_version: str, at: datetime) -> Evaluator:
    """Seals what an evaluator left. Each row is bound to its own id, so sealed fields cannot be swapped.

    Args:
        phone: as typed; an empty one leaves nothing to call.
        consent_version: of the text that was shown above the field.
    """
    evaluator = _sealed(vault(), phone, name, consent_version, at)
    evaluator.save(force_insert=True)
    return evaluator


def store_evaluators(people: Sequence[tuple[str, str]], *, consent_version: str, at: datetime) -> list[Evaluator]:
    """Seals many at once.

    Args:
        people: (phone, name) of each.

    Returns:
        Their rows, in the same order.
    """
    safe = vault()
    rows = [_sealed(safe, phone, name, consent_version, at) for phone, name in people]
    return Evaluator.objects.bulk_create(rows)


def _sealed(safe: Vault, phone: str, name: str, consent_version: str, at: datetime) -> Evaluator:
    number, key = normal_phone(phone), uuid.uuid4()
    return Evaluator(
        id=key,
        phone_sealed=safe.encrypt(number, _bound(key, "phone")) if number else None,
        phone_index=safe.blind_index(number) if number else "",
        name_sealed=safe.encrypt(name, _bound(key, "name")) if name else None,
        consent_version=consent_version,
        consented_at=at,
    )


def _bound(key: uuid.UUID, field: str) -> bytes:
    return f"{key}:{field}".encode()


@transaction.atomic
def look_at(evaluator_id: uuid.UUID | str, *, by: Actor, purpose: Purpose, about: str, at: datetime) -> Person:
    """Opens the sealed identity; the look is recorded first, in the same transaction.

    Args:
        about: the case number the look is for.

    Raises:
        LookupError: the identity has been erased.
        identity.crypto.VaultError: it cannot be opened with our keys.
    """
    row = Evaluator.objects.get(pk=evaluator_id)
    Look.objects.create(evaluator=row, purpose=purpose, about=about, at=at, **by.columns())
    record_audit("identity.look", ("case", about), by=by, at=at, after={"purpose": purpose})
    if row.erased_at is not None:
        raise LookupError("erased")
    safe = vault()
    return Person(
        phone=safe.decrypt(bytes(row.phone_sealed), _bound(row.id, "phone")) if row.phone_sealed else "",
        name=safe.decrypt(bytes(row.name_sealed), _bound(row.id, "name")) if row.name_sealed else "",
    )


def phone_for_delivery(evaluator_id: str, about: str) -> str | None:
    """The number an SMS goes to, looked up in the moment of sending; None if refused or erased."""
    row = Evaluator.objects.filter(pk=evaluator_id, messages_refused_at=None, erased_at=None).first()
    if row is None or row.phone_sealed is None:
        return None
    return look_at(row.pk, by=SYSTEM, purpose=Purpose.MESSAGE, about=about, at=timezone.now()).phone


@transaction.atomic
def erase_evaluator(evaluator: Evaluator, *, by: Actor, at: datetime, reason: str) -> None:
    """Erases an identity for good; the case stays, with nobody behind it."""
    Evaluator.objects.filter(pk=evaluator.pk).update(phone_sealed=None, phone_index="", name_sealed=None, erased_at=at)
    record_audit("identity.erase", ("evaluator", evaluator.pk), by=by, at=at, reason=reason)


def refuse_messages(evaluator: Evaluator, *, at: datetime) -> None:
    """退订: no further SMS to this evaluator."""
    Evaluator.objects.filter(pk=evaluator.pk, messages_refused_at=None).update(messages_refused_at=at)
