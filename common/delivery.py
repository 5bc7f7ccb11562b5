"""Sends what lies in the outbox. Each step may be killed: a message is claimed, sent with its key, then marked."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from common.enums import MessageState
from common.failpoints import failpoint
from common.gateways import GatewayError, send
from common.models import OutboxMessage

LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = 15, 3600
GIVE_UP_AFTER = 3


def deliver_due(*, limit: int = 200) -> int:
    """Delivers messages whose time has come. A gateway that refuses several in a row is let be until the next sweep.

    Returns:
        How many were sent.
    """
    sent = 0
    failed: Counter[str] = Counter()
    while sent + failed.total() < limit:
        silent = [channel for channel, times in failed.items() if times >= GIVE_UP_AFTER]
        message = _claim(timezone.now(), silent)
        if message is None:
            break
        if _deliver(message):
            sent += 1
            failed.pop(message.channel, None)
        else:
            failed[message.channel] += 1
    return sent


@transaction.atomic
def _claim(at: datetime, silent: Collection[str] = ()) -> OutboxMessage | None:
    """Takes the oldest due message for a while: nobody else sees it before the lease ends.

    Args:
        silent: channels that do not answer just now; their messages stay and keep nobody else waiting.
    """
    due = OutboxMessage.objects.due(at).exclude(channel__in=silent)
    message = due.order_by("next_attempt_at").select_for_update(skip_locked=True).first()
    if message is not None:
        message.attempts += 1
        message.next_attempt_at = at + LEASE
        message.save(update_fields=["attempts", "next_attempt_at"])
    return message


def _deliver(message: OutboxMessage) -> bool:
    failpoint("message_claimed")
    resolver = import_string(settings.OUTBOX_ADDRESSES[message.address_kind])
    address = resolver(message.address_id, message.about)
    if address is None:
        _mark(message, MessageState.DROPPED, "no address, refused, or erased")
        return True
    try:
        remark = send(message, address)
    except GatewayError as error:
        _postpone(message, str(error))
        return False
    failpoint("message_sent")
    _mark(message, MessageState.SENT, remark)
    return True


def _mark(message: OutboxMessage, state: MessageState, remark: str) -> None:
    """Ends a message's way. Its text may hold a link that opens a case, so it is not kept outside the demo."""
    message.state, message.last_error, message.sent_at = state, remark, timezone.now()
    if not settings.DEMO:
        message.body = ""
    message.save(update_fields=["state", "last_error", "sent_at", "body"])


def _postpone(message: OutboxMessage, reason: str) -> None:
    """Tries again later, ever later; after the last try the message waits for an administrator."""
    message.last_error = reason[:300]
    if message.attempts >= settings.OUTBOX_MAX_ATTEMPTS:
        message.state = MessageState.DEAD
    else:
        wait = min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT)
        spread = random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret
        message.next_attempt_at = timezone.now() + timedelta(seconds=wait * spread)
    message.save(update_fields=["state", "last_error", "next_attempt_at"])
