"""Invitations by SMS: whom the sweep writes to, whom never, that it starves nobody, and may be killed anywhere."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from common.actors import SYSTEM
from common.middleware import RequestLog
from common.models import AuditEntry, OutboxMessage
from evaluations.actions import invite_ratings, inviting, make_rating_link, record_service, stop_invitations
from evaluations.checks import invitation_fits
from evaluations.enums import LinkKind, ServiceSource
from evaluations.models import Evaluation, Invitation, OptOut, RatingLink, Service
from evaluations.tasks import invite_ratings as task
from identity.actions import erase_evaluator, refuse_messages, store_evaluator
from identity.models import Evaluator
from rectification.enums import State
from reviews_portal.celery import app
from tests.factories import NOW, Cast
from tests.rectification.test_sweeps import Killed, kill_once

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
db = pytest.mark.django_db


def served(
    cast: Cast, *, days: float = 4, phone: str = "", contact: Evaluator | None = None, now: datetime = NOW
) -> Service:
    """A service whose source told a number; another one for each, unless a phone is named."""
    number = phone or f"139{uuid.uuid4().int % 10**8:08d}"
    return record_service(
        source=ServiceSource.HALL,
        project_number=f"370600INV{uuid.uuid4().hex[:12]}",
        item=cast.item,
        unit=cast.unit,
        served_at=now - days * DAY,
        at=now,
        window=cast.window,
        contact=contact or store_evaluator(phone=number, consent_version="test", at=now),
    )


def invited() -> set[uuid.UUID]:
    return set(Invitation.objects.values_list("service_id", flat=True))


def token() -> str:
    """What stands behind /r/ in the newest SMS."""
    return OutboxMessage.objects.filter(kind="citizen.invite").latest("pk").body.rsplit("/r/", 1)[1]


# --- whom ------------------------------------------------------------------------------------------------------------


@db
def test_who_was_served_three_days_ago_is_asked_once(cast: Cast) -> None:
    service = served(cast, days=3)
    assert invite_ratings(at=NOW) == 1
    assert invite_ratings(at=NOW) == invite_ratings(at=NOW + DAY) == 0
    invitation = Invitation.objects.get()
    message = OutboxMessage.objects.get(key=invitation.message_key)
    assert (invitation.service, invitation.contact, invitation.at) == (service, service.contact, NOW)
    assert (message.address_kind, message.address_id) == ("evaluator", str(service.contact_id))
    assert message.next_attempt_at == NOW
    assert RatingLink.objects.get().kind == "sms"


@db
@pytest.mark.parametrize(
    ("days", "asked"),
    [(0, False), (2.99, False), (3, True), (6.9, True), (7.4, True), (7.5, False), (20, False)],
    # the supplementary window of Monday the 23rd begins on Monday the 16th: seven days and ten hours
)
def test_the_days_in_which_one_is_asked(cast: Cast, days: float, asked: bool) -> None:
    served(cast, days=days)
    assert invite_ratings(at=NOW) == asked


@db
def test_days_are_a_setting_and_so_is_all_of_it(cast: Cast, settings: Any) -> None:
    served(cast, days=2)
    settings.INVITE_AFTER_DAYS = 1
    settings.INVITE_RATINGS = False
    assert invite_ratings(at=NOW) == 0
    settings.INVITE_RATINGS = True
    assert invite_ratings(at=NOW) == 1


@db
def test_who_has_rated_or_left_no_number_is_not_asked(cast: Cast) -> None:
    rated = served(cast)
    cast.submit(5, service=rated, at=NOW - 3 * DAY)
    cast.service(at=NOW - 4 * DAY)
    assert invite_ratings(at=NOW) == 0


@db
def test_an_erased_or_refusing_contact_is_not_asked(cast: Cast) -> None:
    erased, refusing = served(cast), served(cast)
    assert erased.contact
    assert refusing.contact
    erase_evaluator(erased.contact, by=SYSTEM, at=NOW, reason="本人要求")
    refuse_messages(refusing.contact, at=NOW)
    assert invite_ratings(at=NOW) == 0


@db
def test_one_phone_is_asked_once_in_seven_days(cast: Cast, settings: Any) -> None:
    """However it was written, and whoever's row of the vault it is."""
    first, second = served(cast, days=6, phone="13800000001"), served(cast, days=5, phone="138-0000-0001")
    other = served(cast, phone="13800000002")
    assert invite_ratings(at=NOW) == 2
    assert invited() == {first.pk, other.pk}
    later = served(cast, days=3, phone="13800000001", now=NOW + 6 * DAY)
    assert invite_ratings(at=NOW + 6 * DAY) == 0
    assert invite_ratings(at=NOW + 7 * DAY) == 1
    assert invited() == {first.pk, other.pk, later.pk}
    assert second.pk not in invited()


@db
def test_a_weekend_between_is_no_reason_to_forget(cast: Cast) -> None:
    """Served on Thursday: asked on Sunday, and the window is still open on the next Thursday."""
    thursday = datetime(2026, 11, 19, 15, tzinfo=NOW.tzinfo)
    served(cast, days=0, now=thursday)
    assert invite_ratings(at=datetime(2026, 11, 22, 14, 59, tzinfo=NOW.tzinfo)) == 0
    assert invite_ratings(at=datetime(2026, 11, 22, 15, tzinfo=NOW.tzinfo)) == 1


# --- when and what ---------------------------------------------------------------------------------------------------


@db
@pytest.mark.parametrize(("hour", "minute", "asked"), [(7, 59, 0), (8, 0, 1), (20, 59, 1), (21, 0, 0), (3, 0, 0)])
def test_nobody_is_asked_at_night(cast: Cast, hour: int, minute: int, asked: int) -> None:
    served(cast)
    assert invite_ratings(at=NOW.replace(hour=hour, minute=minute)) == asked


@db
def test_the_words_fit_one_sms_and_ask_for_nothing(cast: Cast, settings: Any) -> None:
    settings.PORTAL_URL = "https://haochaping.yantai.gov.cn"[:27]
    served(cast, phone="13800000001")
    invite_ratings(at=NOW)
    body = OutboxMessage.objects.get().body
    assert len(body) <= 70
    assert "13800000001" not in body
    assert len(token()) == 22
    for word in ("好评", "满意", "五星", "支持", "感谢", cast.item.name, "王演示"):
        assert word not in body


@db
def test_an_address_too_long_for_an_sms_is_reported_before_it_matters(settings: Any) -> None:
    assert invitation_fits(None) == []
    settings.PORTAL_URL = "https://a-very-long-name-of-a-city.example.cn"
    assert [error.id for error in invitation_fits(None)] == ["evaluations.E001"]
    settings.INVITE_RATINGS = False
    assert invitation_fits(None) == []


@db
def test_no_number_is_written_down_by_asking(cast: Cast) -> None:
    served(cast, phone="13800000001")
    invite_ratings(at=NOW)
    rows = [*OutboxMessage.objects.values_list(), *Invitation.objects.values_list(), *AuditEntry.objects.values_list()]
    assert "13800000001" not in str(rows)


# --- nothing starves, nothing doubles --------------------------------------------------------------------------------


@db
def test_what_is_settled_never_fills_the_limit(cast: Cast, settings: Any) -> None:
    """Older services that were rated, invited, capped or stopped lie before the others in every sweep."""
    settings.INVITE_MAX_PER_SWEEP = 2
    for _ in range(3):
        cast.submit(5, service=served(cast, days=7.2), at=NOW - 3 * DAY)
        served(cast, days=7.1, phone="13800000001")
        stopped = served(cast, days=7.0)
        assert stopped.contact
        stop_invitations(stopped.contact, at=NOW)
    waiting = {served(cast, days=3 + n / 10).pk for n in range(5)}
    counts = [invite_ratings(at=NOW + n * timedelta(minutes=10)) for n in range(5)]
    assert counts == [2, 2, 2, 0, 0]  # one of the six is the capped phone's oldest
    assert waiting <= invited()
    assert len(invited()) == 6


@db
def test_a_phone_with_a_hundred_services_does_not_use_up_a_sweep(cast: Cast, settings: Any) -> None:
    """An agent's number lies behind many services: all of them are passed over in the same sweep."""
    settings.INVITE_MAX_PER_SWEEP = 3
    agent = store_evaluator(phone="13800000001", consent_version="test", at=NOW)
    for n in range(20):
        served(cast, days=7 - n / 100, contact=agent)
    others = {served(cast, days=4).pk for _ in range(2)}
    assert invite_ratings(at=NOW) == 3
    assert others < invited()


@db
def test_the_oldest_come_first(cast: Cast, settings: Any) -> None:
    settings.INVITE_MAX_PER_SWEEP = 1
    young, old = served(cast, days=3), served(cast, days=7)
    invite_ratings(at=NOW)
    assert invited() == {old.pk}
    invite_ratings(at=NOW)
    assert invited() == {old.pk, young.pk}


@db
@pytest.mark.parametrize("place", ["make_rating_link", "post_message", "quiet_until"])
def test_a_killed_sweep_is_finished_by_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    services = {served(cast, days=4 + n / 10).pk for n in range(4)}
    kill_once(monkeypatch, inviting, place, after=2)
    with pytest.raises(Killed):
        invite_ratings(at=NOW)
    done = len(invited())
    assert done < 4
    assert (OutboxMessage.objects.count(), RatingLink.objects.count()) == (done, done)
    assert invite_ratings(at=NOW) == 4 - done
    assert invited() == services
    assert (OutboxMessage.objects.count(), RatingLink.objects.count()) == (4, 4)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_write_to_nobody_twice(live_cast: Cast) -> None:
    """Nor to one phone for two of its services."""
    for n in range(6):
        served(live_cast, days=4 + n / 10)
        served(live_cast, days=5 + n / 10, phone="13800000001")
    together = Barrier(4)

    def sweep(_number: int) -> int:
        together.wait(30)
        try:
            return invite_ratings(at=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as clocks:
        posted = sum(clocks.map(sweep, range(4)))
    assert posted == Invitation.objects.count() == OutboxMessage.objects.count() == RatingLink.objects.count() == 7


# --- 退订 ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(cast: Cast, monday: None) -> str:
    """The token of an SMS that somebody received."""
    served(cast, phone="13800000001")
    invite_ratings(at=NOW)
    return token()


def text_of(response: Any) -> str:
    return str(response.content.decode())


@db
def test_the_link_leads_to_the_page_and_counts_as_invited(client: Client, cast: Cast, sent: str) -> None:
    address = reverse("rate-link", args=[sent])
    page = text_of(client.get(address))
    assert reverse("stop-invitations", args=[sent]) in page
    response = client.post(address, {"level": 5, "nonce": "n" * 27})
    assert response.status_code == 302
    assert Evaluation.objects.values_list("channel", "origin").get() == ("sms", "invited")
    assert reverse("stop-invitations", args=[sent]) in text_of(client.get(address))  # 已经评价过


@db
def test_who_came_by_paper_is_not_told_of_invitations(client: Client, cast: Cast, monday: None) -> None:
    with_phone = served(cast, days=0)
    for kind in (LinkKind.SLIP, LinkKind.SMS):
        service = cast.service() if kind == LinkKind.SMS else with_phone
        address = reverse("rate-link", args=[make_rating_link(service, kind=kind, at=NOW)])
        assert "/o/" not in text_of(client.get(address))


@db
def test_looking_stops_nothing_and_one_press_does(client: Client, cast: Cast, sent: str) -> None:
    address = reverse("stop-invitations", args=[sent])
    for _look in range(2):
        assert "不想再收到评价邀请短信?" in text_of(client.get(address))
    assert client.head(address).status_code == 200
    assert not OptOut.objects.exists()
    for _press in range(2):
        assert client.post(address, follow=True).status_code == 200
    assert "已退订评价邀请" in text_of(client.get(address))
    assert OptOut.objects.count() == 1


@db
def test_stopped_is_stopped_for_every_service_of_the_phone(client: Client, cast: Cast, sent: str) -> None:
    """For the number, not for the row: it outlives the erasure of whoever stopped it."""
    client.post(reverse("stop-invitations", args=[sent]))
    first = Invitation.objects.get()
    erase_evaluator(first.contact, by=SYSTEM, at=NOW, reason="到期清除")
    served(cast, days=3, phone="138 0000 0001", now=NOW + 20 * DAY)
    other = served(cast, days=3, phone="13800000002", now=NOW + 20 * DAY)
    assert invite_ratings(at=NOW + 20 * DAY) == 1
    assert Invitation.objects.exclude(pk=first.pk).get().service == other


@db
def test_an_old_sms_still_stops(client: Client, cast: Cast, sent: str) -> None:
    RatingLink.objects.update(expires_at=NOW - DAY)
    assert client.get(reverse("rate-link", args=[sent])).status_code == 404
    assert client.post(reverse("stop-invitations", args=[sent])).status_code == 302
    assert OptOut.objects.count() == 1


@db
def test_who_stops_still_hears_of_the_own_case(client: Client, cast: Cast, sent: str) -> None:
    client.post(reverse("stop-invitations", args=[sent]))
    case = cast.upto(cast.rate(1, phone="13800000001"), State.SIGNED)
    assert OutboxMessage.objects.filter(kind="citizen.receipt", about=case.number).exists()


@db
@pytest.mark.parametrize("unknown", ["nothing", "x" * 300, "𠮷"])
def test_unknown_links_stop_nothing(client: Client, cast: Cast, sent: str, unknown: str) -> None:
    address = reverse("stop-invitations", args=[unknown])
    assert client.get(address).status_code == client.post(address).status_code == 404
    assert not OptOut.objects.exists()


@db
def test_the_address_is_a_secret(client: Client, cast: Cast, sent: str, rf: Any) -> None:
    address = reverse("stop-invitations", args=[sent])
    response = client.get(address)
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert sent not in RequestLog.format_request(rf.get(address))


@db
def test_the_clock_strikes(cast: Cast, monday: None) -> None:
    served(cast)
    assert task() == 1
    entry = app.conf.beat_schedule["rating-invitations"]
    assert (entry["task"], entry["schedule"]) == (task.name, timedelta(minutes=10))
