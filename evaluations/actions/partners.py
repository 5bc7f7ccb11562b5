"""接入方: who may report, with which key, so much a minute; and that a signed request counts once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction

from common.actions import give_back, record_audit, take_each
from common.actors import Actor
from common.memory import Memory
from evaluations.enums import Scope, SigningMethod
from evaluations.envelopes import REPEATABLE, BadEnvelope, Fault, sm2
from evaluations.models import Partner, Source
from identity.queries import vault

GRAIN = timedelta(minutes=1)
_partners: Memory[str, Partner] = Memory(15)


def _bound(app_id: str) -> bytes:
    return f"partner:{app_id}".encode()


@transaction.atomic
def register_partner(
    name: str,
    *,
    source: Source,
    scopes: Sequence[Scope],
    method: SigningMethod,
    by: Actor,
    at: datetime,
    public_key: str = "",
    word: str = "",
    per_minute: int | None = None,
) -> tuple[Partner, str]:
    """Registers a system that may report for a source.

    Args:
        public_key: of a partner that signs by SM2, in hex.
        word: of a partner with a legacy envelope, the appWord that was agreed on; one is made if it is empty.

    Returns:
        The partner, and what it must be told once: its secret or its word; nothing where it signs by SM2.

    Raises:
        evaluations.envelopes.BadEnvelope: a legacy envelope needs SM2, which this machine does not have; or a public
            key is none.
    """
    if method == SigningMethod.SM2:
        sm2.check_public(public_key)
    app_id = f"{source.code}-{secrets.token_hex(4)}"
    secret = secrets.token_urlsafe(32)
    key = {SigningMethod.HMAC: secret, SigningMethod.SM2: public_key}.get(method, word or secret)
    # Ours, for what the partner encrypts to us: needed where the source's profile says so, and made where SM2 works.
    ours = sm2.generate()._asdict() if sm2.available() else {}
    if method == SigningMethod.LEGACY and not ours:
        raise BadEnvelope(Fault.SM2_UNAVAILABLE, "SM2 not available on this machine")
    partner = Partner.objects.create(
        app_id=app_id,
        name=name,
        source=source,
        method=method,
        sealed_key=vault().encrypt(json.dumps({"key": key, **ours}), _bound(app_id)),
        scopes=list(scopes),
        per_minute=per_minute or settings.PARTNER_PER_MINUTE,
        created_at=at,
    )
    record_audit("partner.register", ("partner", app_id), by=by, at=at, after={"name": name, "scopes": list(scopes)})
    return partner, "" if method == SigningMethod.SM2 else key


@dataclass(frozen=True)
class Keys:
    """A partner's key (secret, public key or word), and our own pair for what is encrypted to us; SM2 keys in hex."""

    key: str
    private: str = ""
    public: str = ""


def keys_of(partner: Partner) -> Keys:
    """A partner's keys in clear."""
    return _opened(bytes(partner.sealed_key), partner.app_id)


@lru_cache(maxsize=100)
def _opened(sealed: bytes, app_id: str) -> Keys:
    return Keys(**json.loads(vault().decrypt(sealed, _bound(app_id))))


def partner_of(app_id: str) -> Partner | None:
    """The partner of an app id with its source, if both are in use; as it was a quarter of a minute ago at most."""
    return _partners.get(app_id, _partner_with)


def _partner_with(app_id: str) -> Partner | None:
    partners = Partner.objects.select_related("source")
    return partners.filter(app_id=app_id, active=True, source__active=True).first()


@transaction.atomic
def switch_partner(partner: Partner, *, active: bool, by: Actor, at: datetime, reason: str) -> None:
    """停用、启用: takes effect within half a minute in every process."""
    Partner.objects.filter(pk=partner.pk).update(active=active)
    _partners.forget(partner.app_id)
    word = "partner.enable" if active else "partner.disable"
    record_audit(word, ("partner", partner.app_id), by=by, at=at, reason=reason)


def note_seen(partner: Partner, *, at: datetime) -> None:
    """最近调用: noted once a minute at most, and never waited for, so that no partner's row becomes a bottleneck.

    Args:
        partner: as it was read for this request.
    """
    if partner.last_seen_at is not None and at - partner.last_seen_at < GRAIN:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE evaluations_partner SET last_seen_at = %s WHERE id = (SELECT id FROM evaluations_partner"
            " WHERE id = %s AND (last_seen_at IS NULL OR last_seen_at <= %s) FOR UPDATE SKIP LOCKED)",
            [at, partner.pk, at - GRAIN],
        )
    partner.last_seen_at = at


class Turn(Enum):
    """Whether a request may be taken now: yes, it was before, or its sender must wait."""

    NOW = "now"
    AGAIN = "again"
    TOO_OFTEN = "too often"


def take_turn(partner: Partner, request: str, *, at: datetime) -> Turn:
    """Counts a signed request of a partner, and notes that it has been taken; one that must wait may come again.

    Its message is known by its own key: what a dying server forgets of it lets nothing in twice.

    Args:
        request: what is remembered of it (`envelopes.remember`).
    """
    quota, once = f"partner:{partner.pk}", f"request:{request}"
    taken = take_each({quota: (partner.per_minute, GRAIN), once: (1, REPEATABLE + GRAIN)}, at=at)
    if once not in taken:
        return Turn.AGAIN
    if quota not in taken:
        give_back(once)
        return Turn.TOO_OFTEN
    return Turn.NOW
