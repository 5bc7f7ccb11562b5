"""Who may be asked anything, by a message or on the telephone: said once for ratings, reviews and surveys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from common.enums import MessageState
from common.ids import first_uuid7
from common.models import OutboxMessage
from evaluations.models import Invitation, OptOut, Reminder, ReviewInvitation, Service
from evaluations.queries import day_start, first_open_day, unrated
from identity.models import Evaluator

# Every message that asks something. What is told of somebody's own case, and its 追评, asks nobody out of the blue.
ASKED = (Invitation, Reminder, ReviewInvitation)
MILLISECOND = timedelta(milliseconds=1)
M = TypeVar("M", bound=Model)


def willing(rows: QuerySet[M], person: str, *, stopped: bool = False) -> QuerySet[M]:
    """Those behind whom there is a number that has not refused, with whatever row of the vault (domain.md §15).

    Args:
        person: the field that leads to the evaluator.
        stopped: also those who have only stopped invitations (退订).
    """
    index = OuterRef(f"{person}__phone_index")
    # The first says nothing new, but the index of services with a contact is found by these words only.
    numbered = {f"{person}__isnull": False, f"{person}__phone_sealed__isnull": False, f"{person}__phone_index__gt": ""}
    reachable = rows.filter(
        ~Exists(Evaluator.objects.filter(phone_index=index, messages_refused_at__isnull=False)),
        **numbered,
        **{f"{person}__erased_at": None},
    )
    return reachable if stopped else reachable.filter(~Exists(OptOut.objects.filter(phone_index=index)))


def unasked(services: QuerySet[Service], **since: Any) -> QuerySet[Service]:
    """Those to whose phone no message that asks something went, about any service, of any kind.

    Args:
        since: a lookup of the message's moment, such as `at__gt`.
    """
    sent = {"contact__phone_index": OuterRef("contact__phone_index"), **since}
    return services.filter(*(~Exists(kind.objects.filter(**sent)) for kind in ASKED))


def may_be_asked(services: QuerySet[Service], at: datetime, *, cap: int) -> QuerySet[Service]:
    """Those whose contact may be sent a message that asks something: once in the days of the cap (domain.md §15).

    Args:
        cap: days; the kind of message says how many.
    """
    return unasked(willing(services, "contact"), at__gt=at - timedelta(days=cap))


def to_invite(at: datetime) -> QuerySet[Service]:
    """The services whose contact may be invited now to rate them (domain.md §4.1, §16)."""
    until = first_uuid7(at - timedelta(days=settings.INVITE_AFTER_DAYS) + MILLISECOND)
    uninvited = ~Exists(Invitation.objects.filter(service=OuterRef("pk")))
    return may_be_asked(_open(at).filter(pk__lt=until), at, cap=settings.INVITE_CAP_DAYS).filter(uninvited)


def to_remind(at: datetime) -> QuerySet[Service]:
    """The services whose contact may be reminded now (domain.md §16): if the invitation left days ago, and last.

    The reminder is itself a message that asks something: once it is there, the invitation was not the last.
    """
    arrived = OutboxMessage.objects.filter(
        key=OuterRef("invitation__message_key"),
        state=MessageState.SENT,
        sent_at__lte=at - timedelta(days=settings.INVITE_REMINDER_DAYS),
    )
    invited = _open(at).filter(Exists(arrived), invitation__isnull=False)
    return unasked(willing(invited, "contact"), at__gt=OuterRef("invitation__at"))


def _open(at: datetime) -> QuerySet[Service]:
    """The services that may be rated still and have not been."""
    return unrated(Service.objects.filter(pk__gte=day_start(first_open_day(timezone.localdate(at)))))
