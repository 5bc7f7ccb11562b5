"""Who may be asked: one rule, one cap and one lock for ratings, reviews and surveys, whichever asks first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from common.actions import post_message, resend_message
from common.actors import SYSTEM
from common.enums import Channel, MessageState
from common.models import OutboxMessage
from evaluations.actions import invite_ratings, make_rating_link, stop_invitations
from evaluations.actions.asking import KINDS, hold_phone
from evaluations.actions.calls import take_next
from evaluations.actions.reviews import invite_reviews, start_wave
from evaluations.enums import LinkKind
from evaluations.enums.surveys import SampleBasis
from evaluations.models import Invitation, OptOut, ReviewInvitation, ReviewWave, Service
from identity.actions import erase_evaluator, refuse_messages, store_evaluator
from organizations.enums import Topic
from organizations.models import ServiceItem
from tests.evaluations.test_inviting import served
from tests.factories import NOW, Cast
from tests.support.listening import DAY, TODAY, questionnaire, rated, survey

PHONE = "13800000001"
db = pytest.mark.django_db


def starts_review(cast: Cast) -> None:
    """A wave that asks everybody served in these days, today and for weeks."""
    ServiceItem.objects.filter(pk=cast.item.pk).update(topics=[Topic.ONE_GO])
    days = {"first_day": TODAY - 30 * DAY, "last_day": TODAY + 60 * DAY}
    start_wave(questionnaire(cast), **days, most=100, by=cast.qian, at=NOW)


def sent() -> int:
    return OutboxMessage.objects.filter(kind__in=KINDS).count()


# --- who has refused -------------------------------------------------------------------------------------------------


def by_link_of_a_rating(client: Client, cast: Cast) -> None:
    token = make_rating_link(served(cast, days=20, phone=PHONE), kind=LinkKind.SMS, at=NOW - 17 * DAY)
    assert client.post(reverse("stop-invitations", args=[token])).status_code == 302


def by_link_of_a_review(client: Client, cast: Cast) -> None:
    served(cast, days=20, phone=PHONE)
    starts_review(cast)
    assert invite_reviews(at=NOW - 10 * DAY) == 1
    token = OutboxMessage.objects.get(kind="citizen.review").body.rsplit("/v/", 1)[1]
    assert "已退订" in client.post(reverse("review-invited", args=[token]), {"stop": "1"}).content.decode()


def on_the_telephone(_client: Client, _cast: Cast) -> None:
    refuse_messages(store_evaluator(phone="138 0000 0001", consent_version="t", at=NOW), at=NOW)


def before_the_row_was_erased(client: Client, cast: Cast) -> None:
    by_link_of_a_review(client, cast)
    erase_evaluator(ReviewInvitation.objects.get().contact, by=SYSTEM, at=NOW, reason="到期清除")


REFUSALS = [by_link_of_a_rating, by_link_of_a_review, on_the_telephone, before_the_row_was_erased]


@db
@pytest.mark.parametrize("refuse", REFUSALS)
def test_who_has_refused_in_any_way_is_asked_in_none(
    client: Client, cast: Cast, monday: None, refuse: Callable[[Client, Cast], None]
) -> None:
    """Neither to rate nor to review nor on the telephone; somebody else beside them is asked all three."""
    refuse(client, cast)
    before = sent()
    if not ReviewWave.objects.exists():
        starts_review(cast)
    served(cast, phone=PHONE)
    rated(cast, phone=PHONE)
    assert invite_ratings(at=NOW) == invite_reviews(at=NOW) == survey(cast).population == 0
    assert survey(cast, basis=SampleBasis.SERVICES).population == 0
    assert sent() == before
    served(cast, phone="13800000002")
    rated(cast, phone="13800000003")
    assert invite_ratings(at=NOW) == 1
    assert invite_reviews(at=NOW + 8 * DAY) == 1
    assert survey(cast).calls.get().evaluator.phone_index != ""


@db
def test_who_stops_after_the_draw_is_not_called(cast: Cast) -> None:
    person = rated(cast, phone=PHONE).evaluator
    survey(cast)
    assert person is not None
    stop_invitations(person, at=NOW)
    assert take_next(by=cast.zhao, at=NOW) is None


@db
def test_whether_who_stopped_is_called_is_a_setting(cast: Cast, settings: Any) -> None:
    settings.SURVEY_CALLS_STOPPED = True
    person = rated(cast, phone=PHONE).evaluator
    refusing = rated(cast, phone="13800000002").evaluator
    assert person is not None
    assert refusing is not None
    stop_invitations(person, at=NOW)
    refuse_messages(refusing, at=NOW)
    assert survey(cast).population == 1
    call = take_next(by=cast.zhao, at=NOW)
    assert call is not None
    assert call.evaluator == person


# --- what has not left yet -------------------------------------------------------------------------------------------


@db
def test_what_was_posted_and_has_not_left_does_not_leave(cast: Cast) -> None:
    """Nor can an administrator send it; messages of a case, and other phones, are let be."""
    contact, other = (store_evaluator(phone=phone, consent_version="t", at=NOW) for phone in (PHONE, "13800000002"))
    for kind in (*KINDS, "citizen.receipt"):
        for person in (contact, other):
            post = {"channel": Channel.SMS, "kind": kind, "address": ("evaluator", person.pk), "body": "x", "at": NOW}
            post_message(f"{kind}:{person.pk}", **post)
    dead = OutboxMessage.objects.filter(key=f"citizen.remind:{contact.pk}")
    dead.update(state=MessageState.DEAD)
    stop_invitations(store_evaluator(phone=PHONE, consent_version="t", at=NOW), at=NOW)
    resend_message(dead.get(), by=SYSTEM, at=NOW)
    dropped = OutboxMessage.objects.filter(state=MessageState.DROPPED)
    assert set(dropped.values_list("kind", "address_id")) == {(kind, str(contact.pk)) for kind in KINDS}
    assert OutboxMessage.objects.filter(state=MessageState.WAITING).count() == 5


# --- seldom, whoever asks --------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize("first", ["rating", "review"])
def test_one_phone_is_asked_once_in_the_days_of_the_cap_by_either(cast: Cast, settings: Any, first: str) -> None:
    """Each kind waits as many days as it says itself, whatever kind went before."""
    settings.INVITE_CAP_DAYS, settings.REVIEW_CAP_DAYS, settings.INVITE_REMINDER_DAYS = 9, 5, 0
    starts_review(cast)
    served(cast, phone=PHONE)
    sweeps = {"rating": invite_ratings, "review": invite_reviews}
    assert sweeps.pop(first)(at=NOW) == 1
    [(second, sweep)] = sweeps.items()
    cap = {"rating": 9, "review": 5}[second]
    served(cast, phone="138-0000-0001", days=4, now=NOW + cap * DAY)
    assert sweep(at=NOW) == 0
    assert sweep(at=NOW + cap * DAY - timedelta(minutes=1)) == 0
    assert sweep(at=NOW + cap * DAY) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeps_of_both_kinds_at_once_write_once(live_cast: Cast) -> None:
    for n in range(5):
        for phone in ("13800000001", "13800000002", "13800000003"):
            served(live_cast, days=4 + n / 10, phone=phone)
    starts_review(live_cast)
    together = Barrier(4)

    def sweep(act: Callable[..., int]) -> int:
        together.wait(30)
        try:
            return act(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clocks:
        posted = sum(clocks.map(sweep, [invite_ratings, invite_reviews] * 2))
    assert posted == sent() == Invitation.objects.count() + ReviewInvitation.objects.count() == 3


@pytest.fixture
def held(live_cast: Cast) -> Iterator[Service]:
    """A service whose phone somebody else is just asking."""
    starts_review(live_cast)
    service, begun, over = served(live_cast, phone=PHONE), Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            assert service.contact
            hold_phone(service.contact)
            begun.set()
            over.wait(60)
        connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(hold)
        assert begun.wait(30)
        yield service
        over.set()


def _stop() -> None:
    stop_invitations(store_evaluator(phone=PHONE, consent_version="t", at=NOW), at=NOW)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "act", [lambda: invite_ratings(at=NOW), lambda: invite_reviews(at=NOW), _stop], ids=["rating", "review", "stop"]
)
def test_asking_and_stopping_wait_for_one_another(held: Service, act: Callable[[], object]) -> None:
    """The lock of a phone is one, so nobody looks before the other has written."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    try:
        with pytest.raises(OperationalError, match="lock timeout"):
            act()
    finally:
        connection.close()
    assert sent() == OptOut.objects.count() == 0
