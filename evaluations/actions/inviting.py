"""评价邀请 by SMS: once per service, seldom per phone, never once stopped. The sweep may be killed anywhere."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.actions import post_message, quiet_until
from common.enums import Channel
from common.ids import first_uuid7
from evaluations.actions.services import make_rating_link
from evaluations.enums import LinkKind
from evaluations.models import Invitation, OptOut, Service
from evaluations.queries import day_start, first_open_day, unrated
from identity.models import Evaluator

MILLISECOND = timedelta(milliseconds=1)


def invite_ratings(*, at: datetime) -> int:
    """Invites to rate what was served some days ago and has not been rated (domain.md §4.1, §15, §16).

    Oldest first. What is skipped is skipped by the question itself, so nothing that was settled fills the limit
    of a later sweep. At night nothing is posted: until the morning many will have rated of their own accord.

    Args:
        at: now.

    Returns:
        How many invitations were posted, at most INVITE_MAX_PER_SWEEP.
    """
    limit, posted = settings.INVITE_MAX_PER_SWEEP, 0
    if not settings.INVITE_RATINGS or quiet_until(at) != at:
        return 0
    waiting, begin = _waiting(at), day_start(first_open_day(timezone.localdate(at)))
    while posted < limit:
        some = list(waiting.filter(pk__gte=begin).order_by("pk").values_list("pk", flat=True)[: limit - posted])
        if not some:
            break
        posted += sum(_invite(pk, at) for pk in some)
        begin = uuid.UUID(int=some[-1].int + 1)
    return posted


def _waiting(at: datetime) -> QuerySet[Service]:
    """The services whose contact may be invited now."""
    until = first_uuid7(at - timedelta(days=settings.INVITE_AFTER_DAYS) + MILLISECOND)
    index = OuterRef("contact__phone_index")
    since = at - timedelta(days=settings.INVITE_CAP_DAYS)
    lately = Invitation.objects.filter(contact__phone_index=index, at__gt=since)
    reachable = Service.objects.filter(
        pk__lt=until,
        contact__isnull=False,
        contact__phone_sealed__isnull=False,
        contact__messages_refused_at=None,
        contact__erased_at=None,
    )
    return unrated(reachable).filter(
        ~Exists(Invitation.objects.filter(service=OuterRef("pk"))),
        ~Exists(lately),
        ~Exists(OptOut.objects.filter(phone_index=index)),
    )


@transaction.atomic
def _invite(pk: uuid.UUID, at: datetime) -> bool:
    """Invites for one service; two services of one phone, or two sweeps, come here one after the other."""
    service = Service.objects.select_related("contact").get(pk=pk)
    contact = service.contact
    assert contact is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"invite {contact.phone_index}"])
    if not _waiting(at).filter(pk=pk).exists():
        return False
    key = f"invite:{service.pk}"
    Invitation.objects.create(service=service, contact=contact, at=at, message_key=key)
    post_message(
        key,
        channel=Channel.SMS,
        kind="citizen.invite",
        address=("evaluator", contact.pk),
        body=invitation_text(make_rating_link(service, kind=LinkKind.SMS, at=at)),
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
        text = _("请评价您近日所办的事,页内可退订 %(link)s") % {"link": f"{settings.PORTAL_URL}/r/{token}"}
    if len(text) > settings.SMS_MAX_CHARACTERS:
        raise ValueError(f"invitation: {len(text)} characters, PORTAL_URL is too long for one SMS")
    return text


def stop_invitations(contact: Evaluator, *, at: datetime) -> None:
    """退订: no invitation to this phone any more, whatever service it is left with; messages of a case go on."""
    if contact.phone_index:
        OptOut.objects.bulk_create([OptOut(phone_index=contact.phone_index, at=at)], ignore_conflicts=True)
