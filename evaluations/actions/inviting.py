"""评价邀请 by SMS and its one 提醒: each once per service, seldom per phone, never once stopped.

A sweep may be killed anywhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from common.actions import post_message, quiet_until
from common.enums import Channel
from evaluations.actions.asking import hold_phone, one_sms
from evaluations.actions.services import make_rating_link
from evaluations.enums import LinkKind
from evaluations.models import Invitation, Reminder, Service
from evaluations.queries.asking import to_invite, to_remind

START = uuid.UUID(int=0)


@dataclass(frozen=True)
class Kind:
    """A kind of message about a service: the row it leaves, and its words around a token."""

    name: str
    record: type[Invitation | Reminder]
    text: Callable[[str], str]


def invite_ratings(*, at: datetime) -> int:
    """Invites to rate what was served some days ago and has not been rated (domain.md §4.1, §15, §16).

    At night nothing is posted: until the morning many will have rated of their own accord.

    Args:
        at: now.

    Returns:
        How many invitations were posted, at most INVITE_MAX_PER_SWEEP.
    """
    if not settings.INVITE_RATINGS:
        return 0
    return _sweep(INVITE, to_invite(at), at)


def remind_ratings(*, at: datetime) -> int:
    """Reminds, once, of an invitation that nobody has followed (domain.md §15, §16); not at night either.

    Args:
        at: now.

    Returns:
        How many reminders were posted, at most INVITE_MAX_PER_SWEEP.
    """
    if not (settings.INVITE_RATINGS and settings.INVITE_REMINDER_DAYS):
        return 0
    return _sweep(REMIND, to_remind(at), at)


def _sweep(kind: Kind, waiting: QuerySet[Service], at: datetime) -> int:
    """Writes to those who wait, oldest service first.

    What is skipped is skipped by the question itself, so nothing that was settled fills the limit of a later sweep.
    """
    limit, posted, begin = settings.INVITE_MAX_PER_SWEEP, 0, START
    if quiet_until(at) != at:
        return 0
    while posted < limit:
        some = list(waiting.filter(pk__gte=begin).order_by("pk").values_list("pk", flat=True)[: limit - posted])
        if not some:
            break
        posted += sum(_write(kind, waiting, pk, at) for pk in some)
        begin = uuid.UUID(int=some[-1].int + 1)
    return posted


@transaction.atomic
def _write(kind: Kind, waiting: QuerySet[Service], pk: uuid.UUID, at: datetime) -> bool:
    """Writes about one service; two services of one phone, or two sweeps, come here one after the other."""
    service = Service.objects.select_related("contact").get(pk=pk)
    contact = service.contact
    assert contact is not None
    hold_phone(contact)
    if not waiting.filter(pk=pk).exists():
        return False
    key = f"{kind.name}:{service.pk}"
    kind.record.objects.create(service=service, contact=contact, at=at, message_key=key)
    post_message(
        key,
        channel=Channel.SMS,
        kind=f"citizen.{kind.name}",
        address=("evaluator", contact.pk),
        body=kind.text(make_rating_link(service, kind=LinkKind.SMS, at=at)),
        about=service.project_number,
        at=at,
        not_before=quiet_until(at),
    )
    return True


def invitation_text(token: str) -> str:
    """What the SMS says: whoever rates is asked, not for what.

    Raises:
        ValueError: PORTAL_URL is so long that it does not fit one SMS.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return one_sms(_("请评价您近日所办的事,页内可退订 %(link)s") % {"link": _link(token)})


def reminder_text(token: str) -> str:
    """What the reminder says; it may not be longer than the invitation.

    Raises:
        ValueError: PORTAL_URL is so long that it does not fit one SMS.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return one_sms(_("再请您评价所办的事,页内可退订 %(link)s") % {"link": _link(token)})


def _link(token: str) -> str:
    return f"{settings.PORTAL_URL}/r/{token}"


INVITE = Kind("invite", Invitation, invitation_text)
REMIND = Kind("remind", Reminder, reminder_text)
