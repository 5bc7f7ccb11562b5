"""The one reminder of an invitation: to whom, when, that it is one, and that both links lead to the same service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.actors import SYSTEM
from common.delivery import deliver_due
from common.enums import MessageState
from common.models import OutboxMessage
from evaluations.actions import invite_ratings, inviting, remind_ratings, stop_invitations
from evaluations.actions.reviews import invite_reviews, stop_review_invitations
from evaluations.checks import invitation_fits
from evaluations.models import Evaluation, Invitation, RatingLink, Reminder, ReviewInvitation, Service
from evaluations.tasks import remind_ratings as task
from identity.actions import erase_evaluator, refuse_messages, store_evaluator
from reviews_portal.celery import app
from tests.evaluations.test_asking import starts_review
from tests.evaluations.test_inviting import served
from tests.factories import NOW, Cast
from tests.rectification.test_sweeps import Killed, kill_once
from tests.support.receivers import SmsReceiver

PHONE = "13800000001"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
# Served on a Thursday, invited on Sunday, reminded on Wednesday: it may be rated until the Thursday after.
INVITED = datetime(2026, 11, 22, 10, tzinfo=NOW.tzinfo)
REMINDED = INVITED + 3 * DAY
db = pytest.mark.django_db


@pytest.fixture
def gateway(settings: Any) -> Iterator[SmsReceiver]:
    with SmsReceiver() as receiver:
        settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_KEY = receiver.url, "k" * 32
        yield receiver


def delivers(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return deliver_due()


def invited(cast: Cast, phone: str = PHONE, *, left: datetime = INVITED) -> Service:
    """A service whose invitation has reached the gateway."""
    service = served(cast, days=3, phone=phone, now=INVITED)
    assert invite_ratings(at=INVITED) == 1
    assert delivers(left) == 1
    return service


def tokens(gateway: SmsReceiver) -> list[str]:
    """What stands behind /r/ in each SMS that was sent."""
    return [message["text"].rsplit("/r/", 1)[1] for message in gateway.accepted.values()]


# --- once ------------------------------------------------------------------------------------------------------------


@db
def test_who_has_not_rated_is_reminded_once(cast: Cast, gateway: SmsReceiver) -> None:
    service = invited(cast)
    assert remind_ratings(at=REMINDED - MINUTE) == 0
    assert remind_ratings(at=REMINDED) == 1
    assert remind_ratings(at=REMINDED) == remind_ratings(at=REMINDED + DAY) == 0
    reminder = Reminder.objects.get()
    assert (reminder.service, reminder.contact, reminder.at) == (service, service.contact, REMINDED)
    message = OutboxMessage.objects.get(key=f"remind:{service.pk}")
    assert (reminder.message_key, message.kind) == (message.key, "citizen.remind")
    assert (message.address_id, message.next_attempt_at) == (str(service.contact_id), REMINDED)
    assert delivers(REMINDED) == 1
    assert [call["phone"] for call in gateway.calls] == [PHONE, PHONE]


@db
def test_either_link_rates_and_spends_the_other(client: Client, cast: Cast, gateway: SmsReceiver) -> None:
    for last in (0, 1):
        invited(cast, phone=f"1380000001{last}")
        remind_ratings(at=REMINDED)
        delivers(REMINDED)
        both = tokens(gateway)[-2:]
        assert len(set(both)) == 2
        with time_machine.travel(REMINDED, tick=True):
            used, left = (reverse("rate-link", args=[token]) for token in (both[last], both[1 - last]))
            assert "nonce" in client.get(left).content.decode()
            assert client.post(used, {"level": 5, "nonce": str(last) * 27}).status_code == 302
            assert Evaluation.objects.filter(origin="invited", channel="sms").count() == last + 1
            client.post(left, {"level": 1, "nonce": str(last + 5) * 27, "text": "又来"})
        assert Evaluation.objects.count() == last + 1


@db
def test_days_are_a_setting_and_none_is_none(cast: Cast, gateway: SmsReceiver, settings: Any) -> None:
    invited(cast)
    settings.INVITE_REMINDER_DAYS = 0
    assert remind_ratings(at=REMINDED) == 0
    settings.INVITE_REMINDER_DAYS, settings.INVITE_RATINGS = 2, False
    assert remind_ratings(at=REMINDED) == 0
    settings.INVITE_RATINGS = True
    assert remind_ratings(at=INVITED + 2 * DAY - MINUTE) == 0
    assert remind_ratings(at=INVITED + 2 * DAY) == 1


# --- whom not --------------------------------------------------------------------------------------------------------


@db
def test_who_has_rated_meanwhile_is_not_reminded(cast: Cast, gateway: SmsReceiver) -> None:
    cast.submit(5, service=invited(cast), at=REMINDED - MINUTE)
    assert remind_ratings(at=REMINDED) == 0


@db
def test_what_can_no_longer_be_rated_is_not_reminded_of(cast: Cast, gateway: SmsReceiver) -> None:
    invited(cast)
    assert remind_ratings(at=REMINDED + 2 * DAY) == 0
    assert remind_ratings(at=REMINDED + 1.2 * DAY) == 1, "the last day of the window"


def stop_by_rating(cast: Cast) -> None:
    stop_invitations(Invitation.objects.get().contact, at=INVITED + DAY)


def stop_by_review(cast: Cast) -> None:
    """By the link of a review that came before, about another service."""
    stop_review_invitations(ReviewInvitation.objects.get(), at=INVITED + DAY)


def stop_on_the_telephone(cast: Cast) -> None:
    refuse_messages(store_evaluator(phone="138 0000 0001", consent_version="t", at=INVITED), at=INVITED)


def erase(cast: Cast) -> None:
    erase_evaluator(Invitation.objects.get().contact, by=SYSTEM, at=INVITED + DAY, reason="本人要求")


@db
@pytest.mark.parametrize("stop", [stop_by_rating, stop_by_review, stop_on_the_telephone, erase])
def test_who_has_stopped_is_not_reminded(cast: Cast, gateway: SmsReceiver, stop: Callable[[Cast], None]) -> None:
    before = served(cast, days=9, phone=PHONE, now=INVITED)
    starts_review(cast)
    assert invite_reviews(at=INVITED - 8 * DAY) == 1
    cast.submit(5, service=before, at=INVITED - 8 * DAY)
    delivers(INVITED - 8 * DAY)
    invited(cast)
    stop(cast)
    assert remind_ratings(at=REMINDED) == 0


@db
@pytest.mark.parametrize("state", [MessageState.WAITING, MessageState.DEAD, MessageState.DROPPED])
def test_who_never_got_the_invitation_is_not_reminded(cast: Cast, gateway: SmsReceiver, state: MessageState) -> None:
    served(cast, days=3, phone=PHONE, now=INVITED)
    invite_ratings(at=INVITED)
    OutboxMessage.objects.update(state=state, sent_at=None if state == MessageState.WAITING else INVITED)
    assert remind_ratings(at=REMINDED) == 0


@db
def test_a_gateway_that_failed_counts_from_when_it_was_well(cast: Cast, gateway: SmsReceiver) -> None:
    served(cast, days=3, phone=PHONE, now=INVITED)
    invite_ratings(at=INVITED)
    gateway.mode = "error"
    assert delivers(INVITED) == 0
    gateway.mode = "ok"
    assert delivers(INVITED + DAY) == 1
    assert remind_ratings(at=REMINDED) == remind_ratings(at=REMINDED + DAY - MINUTE) == 0
    assert remind_ratings(at=REMINDED + DAY) == 1


@db
@pytest.mark.parametrize(("hour", "minute", "reminded"), [(7, 59, 0), (8, 0, 1), (20, 59, 1), (21, 0, 0), (3, 0, 0)])
def test_nobody_is_reminded_at_night(cast: Cast, gateway: SmsReceiver, hour: int, minute: int, reminded: int) -> None:
    invited(cast)
    assert remind_ratings(at=(REMINDED + DAY).replace(hour=hour, minute=minute)) == reminded


# --- the cap ---------------------------------------------------------------------------------------------------------


@db
def test_a_reminder_is_a_message_for_what_is_asked_later(cast: Cast, gateway: SmsReceiver) -> None:
    """Seven days run from the reminder, for an invitation of another service as for a review."""
    invited(cast)
    assert remind_ratings(at=REMINDED) == 1
    served(cast, days=3, phone=PHONE, now=REMINDED + 6 * DAY)
    starts_review(cast)
    for sweep in (invite_ratings, invite_reviews):
        assert sweep(at=INVITED + 7 * DAY) == sweep(at=REMINDED + 7 * DAY - MINUTE) == 0
    assert invite_ratings(at=REMINDED + 7 * DAY) == 1
    assert invite_reviews(at=REMINDED + 7 * DAY) == 0


@db
@pytest.mark.parametrize("kind", ["rating", "review"])
def test_only_the_last_message_of_a_phone_is_reminded_of(
    cast: Cast, gateway: SmsReceiver, settings: Any, kind: str
) -> None:
    settings.INVITE_CAP_DAYS = settings.REVIEW_CAP_DAYS = 2
    invited(cast)
    later = served(cast, days=3, phone="138-0000-0001", now=INVITED + 2 * DAY)
    if kind == "rating":
        assert invite_ratings(at=INVITED + 2 * DAY) == 1
    else:
        starts_review(cast)
        assert invite_reviews(at=INVITED + 2 * DAY) == 1
    delivers(INVITED + 2 * DAY)
    assert remind_ratings(at=REMINDED) == remind_ratings(at=REMINDED + DAY) == 0
    assert remind_ratings(at=REMINDED + 2 * DAY) == (1 if kind == "rating" else 0)
    assert set(Reminder.objects.values_list("service", flat=True)) <= {later.pk}


# --- words, kills, clocks --------------------------------------------------------------------------------------------


@db
def test_the_words_fit_one_sms_and_are_not_those_of_the_invitation(
    cast: Cast, gateway: SmsReceiver, settings: Any
) -> None:
    settings.PORTAL_URL = "https://haochaping.yantai.gov.cn"[:27]
    invited(cast)
    remind_ratings(at=REMINDED)
    delivers(REMINDED)
    first, second = (message["text"] for message in gateway.accepted.values())
    assert len(second) <= len(first) <= 70
    assert second.startswith("再请您评价所办的事,页内可退订 https://")
    assert PHONE not in str([*Reminder.objects.values_list(), *OutboxMessage.objects.values_list()])


def test_a_reminder_too_long_is_reported_before_it_matters(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PORTAL_URL = "https://a-very-long-name-of-a-city.example.cn"
    monkeypatch.setattr("evaluations.checks.invitation_text", str)
    assert [error.id for error in invitation_fits(None)] == ["evaluations.E001"]


@db
@pytest.mark.parametrize("place", ["make_rating_link", "post_message", "quiet_until"])
def test_a_killed_sweep_is_finished_by_the_next(
    cast: Cast, gateway: SmsReceiver, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    services = {invited(cast, phone=f"1380000002{n}").pk for n in range(4)}
    kill_once(monkeypatch, inviting, place, after=2)
    with pytest.raises(Killed):
        remind_ratings(at=REMINDED)
    done = Reminder.objects.count()
    assert done < 4
    assert OutboxMessage.objects.filter(kind="citizen.remind").count() == RatingLink.objects.count() - 4 == done
    assert remind_ratings(at=REMINDED) == 4 - done
    assert set(Reminder.objects.values_list("service", flat=True)) == services
    delivers(REMINDED)
    assert len(gateway.calls) == len(gateway.accepted) == 8


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_remind_nobody_twice(live_cast: Cast, gateway: SmsReceiver) -> None:
    for n in range(5):
        invited(live_cast, phone=f"1380000002{n}")
    together = Barrier(4)

    def sweep(_number: int) -> int:
        together.wait(30)
        try:
            return remind_ratings(at=REMINDED)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clocks:
        posted = sum(clocks.map(sweep, range(4)))
    assert posted == Reminder.objects.count() == RatingLink.objects.count() - 5 == 5
    assert OutboxMessage.objects.filter(kind="citizen.remind").count() == 5


@db
def test_the_clock_strikes(cast: Cast, gateway: SmsReceiver) -> None:
    invited(cast)
    with time_machine.travel(REMINDED):
        assert task() == 1
    entry = app.conf.beat_schedule["rating-reminders"]
    assert (entry["task"], entry["schedule"]) == (task.name, timedelta(minutes=10))
