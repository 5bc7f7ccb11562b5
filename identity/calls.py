"""呼叫: the switchboard connects a staff member with an evaluator; neither sees the other's number.

No URL is set in demo and test: then what would be dialled goes to the log alone.
"""

from __future__ import annotations

import json
import logging
import uuid

import requests
from django.conf import settings
from django.utils import timezone

from common.actors import Actor
from common.gateways import signature
from identity.actions import look_at
from identity.crypto import VaultError
from identity.enums import Purpose

logger = logging.getLogger(__name__)
REFERENCE_MAX = 60


class CallFailed(Exception):
    """Nobody was called; the reason is for the log and holds no number."""


def place_call(evaluator_id: uuid.UUID | str, *, by: Actor, purpose: Purpose, about: str) -> str:
    """Connects the acting person's own extension with an evaluator. The look into the vault leaves a row first.

    Args:
        by: the staff member; the switchboard knows their extension by their staff id.
        purpose: why the evaluator is called.
        about: the case number.

    Returns:
        The reference of the call, for the record of the contact.

    Raises:
        CallFailed: there is no number (erased, sealed with a lost key, or none was left), no switchboard, or it
            refused.
    """
    try:
        phone = look_at(evaluator_id, by=by, purpose=purpose, about=about, at=timezone.now()).phone
    except LookupError as error:
        raise CallFailed("erased") from error
    except VaultError as error:
        logger.error("call about %s: the vault could not be opened", about)
        raise CallFailed("vault") from error
    if not phone:
        raise CallFailed("no number")
    reference = f"C{uuid.uuid4().hex[:12].upper()}"
    if settings.CALL_GATEWAY_URL:
        return _dial(reference, phone, by.staff_id, about)
    if settings.PRODUCTION:
        raise CallFailed("CALL_GATEWAY_URL is not set")
    logger.info("call %s about %s: would connect staff %s with %s", reference, about, by.staff_id, phone)
    return reference


def _dial(reference: str, phone: str, staff_id: int | None, about: str) -> str:
    body = json.dumps({"key": reference, "staff": staff_id, "phone": phone, "about": about}).encode()
    try:
        answer = requests.post(
            settings.CALL_GATEWAY_URL,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": reference,
                **signature(body, settings.CALL_GATEWAY_KEY),
            },
            timeout=settings.CALL_TIMEOUT,
            allow_redirects=False,
        )
        named = answer.json().get("reference", "") if answer.content else ""
    except (requests.RequestException, ValueError, AttributeError) as error:
        raise CallFailed(type(error).__name__) from error
    if answer.status_code not in (200, 201, 202):
        raise CallFailed(f"HTTP {answer.status_code}")
    return str(named)[:REFERENCE_MAX] or reference
