"""What all messages that ask something share: one phone at a time, the length of an SMS, and 退订."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from common.actions import withdraw_messages
from evaluations.models import OptOut
from identity.models import Evaluator

KINDS = ("citizen.invite", "citizen.remind", "citizen.review")


def hold_phone(contact: Evaluator) -> None:
    """Waits until nobody else asks this phone anything, or stops asking it; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ask {contact.phone_index}"])


def one_sms(text: str) -> str:
    """The text, if it fits one SMS.

    Raises:
        ValueError: PORTAL_URL is so long that it does not.
    """
    if len(text) > settings.SMS_MAX_CHARACTERS:
        raise ValueError(f"invitation: {len(text)} characters, PORTAL_URL is too long for one SMS")
    return text


@transaction.atomic
def stop_invitations(contact: Evaluator, *, at: datetime) -> None:
    """退订: this phone is asked nothing any more, whatever service it is left with; messages of a case go on.

    What was posted and has not left yet does not leave.
    """
    if not contact.phone_index:
        return
    hold_phone(contact)
    OptOut.objects.bulk_create([OptOut(phone_index=contact.phone_index, at=at)], ignore_conflicts=True)
    known = Evaluator.objects.filter(phone_index=contact.phone_index).values_list("pk", flat=True)
    withdraw_messages(KINDS, "evaluator", known, reason="opted out")
