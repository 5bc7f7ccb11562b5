"""How results leave for a source: JSON over HTTP, signed in mode B. No retries here: the outbox has them."""

from __future__ import annotations

from django.utils import timezone

from common.gateways import GatewayError, post_signed
from common.models import OutboxMessage
from evaluations.actions.partners import keys_of
from evaluations.enums import SigningMethod
from evaluations.envelopes import BadEnvelope, HmacKey, Sm2Private, new_nonce, sign
from evaluations.models import Partner, Source


def address_of(source: str, about: str) -> str | None:
    """Where a source takes results; None if it takes none, or has been switched off."""
    found = Source.objects.filter(code=source, active=True).first()
    return (found.feedback_url or None) if found else None


def send(message: OutboxMessage, address: str) -> str:
    """Posts a result to its source.

    Raises:
        GatewayError: nobody to sign as, or not accepted.
    """
    partner = Partner.objects.filter(source=message.address_id, active=True).order_by("pk").first()
    if partner is None:
        raise GatewayError("no active partner of this source to sign as")
    keys, body = keys_of(partner), message.body.encode()
    ours = partner.method != SigningMethod.HMAC
    try:
        signed = sign(
            body,
            app_id=partner.app_id,
            key=Sm2Private(keys.private) if ours else HmacKey(keys.key.encode()),
            at=timezone.now(),
            nonce=new_nonce(),
        )
    except BadEnvelope as error:
        raise GatewayError(str(error)) from error
    post_signed(address, body, message, signed.as_http())
    return ""
