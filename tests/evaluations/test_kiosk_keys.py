"""Who may stand behind a tablet: its code, its key, its network, and never the window's own staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from common.models import AuditEntry, Notice
from evaluations.actions import add_device, issue_code, make_rating_link, revoke_device
from evaluations.enums import LinkKind
from evaluations.models import Device, DevicePulse, Evaluation
from evaluations.views.kiosk import CODE_TRIES
from evaluations.views.manners import phone_address
from organizations.models import Staff
from tests.factories import NOW, Cast
from tests.support.tablet import Tablet, call, put_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
KIOSK, RATE, PULSE = "/kiosk/", "/kiosk/rate/", "/kiosk/pulse/"
NONCE = "n" * 27
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def tablet(cast: Cast) -> Tablet:
    return put_up(cast)


def text_of(response: Any) -> str:
    return response.content.decode()


def send(client: Client, matter: object) -> Any:
    return client.post(f"{RATE}?matter={matter}", {"level": 5, "nonce": NONCE})


# --- enrolling --------------------------------------------------------------------------------------------------


def test_a_tablet_enrols_by_the_code_it_is_told(client: Client, cast: Cast) -> None:
    _device, code = add_device(name="一号", window=cast.window, by=cast.zheng, at=NOW)
    page = text_of(client.get(KIOSK, {"code": code}))
    assert f'value="{code}"' in page, "scanned from the desk, the code is there already"
    answer = client.post(KIOSK, {"code": f" {code.lower().replace('-', ' ')} "})
    assert answer.status_code == 302
    cookie = answer.cookies["tablet"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"]) == ("Strict", "/kiosk/")
    shown = text_of(client.get(KIOSK))
    assert str(cast.window) in shown
    assert str(cast.window.hall) in shown
    again = Client().post(KIOSK, {"code": code})
    assert "登记码不对" in text_of(again)
    assert "tablet" not in again.cookies


def test_a_tablet_in_use_keeps_its_key(cast: Cast, tablet: Tablet) -> None:
    """Browsers throw away what was set 400 days ago; the resting screen sets it again."""
    kept = tablet.client().get(KIOSK).cookies["tablet"]
    assert kept.value == tablet.cookie
    assert kept["max-age"] == 400 * 24 * 3600
    assert "tablet" not in Client().get(KIOSK).cookies


def test_a_code_that_is_too_old_says_so(client: Client, cast: Cast) -> None:
    _device, code = add_device(name="一号", window=cast.window, by=cast.zheng, at=NOW - timedelta(minutes=31))
    page = client.post(KIOSK, {"code": code})
    assert "过期" in text_of(page)
    assert code in text_of(page), "what was typed stays"


def test_codes_cannot_be_guessed(client: Client, cast: Cast) -> None:
    _device, code = add_device(name="一号", window=cast.window, by=cast.zheng, at=NOW)
    answers = [client.post(KIOSK, {"code": f"ABCDEF{n:03d}"}).status_code for n in range(CODE_TRIES + 1)]
    assert answers[0] == 200
    assert answers[-1] == 429
    refused = client.post(KIOSK, {"code": code})
    assert refused.status_code == 429
    assert refused["Retry-After"]
    assert not Device.objects.exclude(secret_hash="").exists()


@pytest.mark.parametrize("cookie", ["", "x", "x:y", "a" * 4000, "\xe9:\xff"], ids=lambda cookie: ascii(cookie)[:9])
def test_a_cookie_that_is_no_key_leads_to_enrolment(client: Client, tablet: Tablet, cookie: str) -> None:
    client.cookies["tablet"] = cookie
    assert "登记码" in text_of(client.get(KIOSK))
    assert client.get(RATE).status_code == 302
    assert client.post(PULSE).status_code == 302


def test_the_signature_alone_is_no_key(client: Client, tablet: Tablet) -> None:
    client.cookies["tablet"] = Tablet(tablet.device, "invented").cookie
    assert "登记码" in text_of(client.get(KIOSK))
    client.cookies["tablet"] = tablet.secret
    assert "登记码" in text_of(client.get(KIOSK)), "the key alone, unsigned"


# --- where it stands --------------------------------------------------------------------------------------------


def test_a_key_replayed_from_another_network_rates_nothing_and_is_reported(cast: Cast, tablet: Tablet) -> None:
    """reliability.md §8.2: tablet key replayed from another network = 0."""
    service = call(cast)
    thief = tablet.client(**ELSEWHERE)
    for answer in (thief.get(KIOSK), thief.get(RATE), thief.post(PULSE), send(thief, service.pk), send(thief, "none")):
        assert answer.status_code == 403
        assert "不在登记的网络" in text_of(answer)
        assert str(cast.window) not in text_of(answer)
    assert not Evaluation.objects.exists()
    assert AuditEntry.objects.filter(action="device.stray", success=False).count() == 1
    assert Notice.objects.filter(staff=cast.zheng, kind="device.stray").count() == 1
    assert DevicePulse.objects.get().last_seen_at == NOW, "a stray key is no sign of life"
    neighbour = tablet.client(REMOTE_ADDR="127.0.0.200")
    assert neighbour.get(KIOSK).status_code == 200
    assert send(neighbour, service.pk).status_code == 302


def test_the_binding_can_be_lifted(cast: Cast, tablet: Tablet, settings: Any) -> None:
    settings.KIOSK_NETWORK_BOUND = False
    assert tablet.client(**ELSEWHERE).get(KIOSK).status_code == 200
    assert not Notice.objects.exists()


def test_enrolling_again_binds_to_the_new_network(cast: Cast, tablet: Tablet) -> None:
    code = issue_code(tablet.device, by=cast.zheng, at=NOW)
    moved = Client(**ELSEWHERE)
    moved.post(KIOSK, {"code": code})
    assert moved.get(KIOSK).status_code == 200
    assert "登记码" in text_of(tablet.client().get(KIOSK))


def test_a_revoked_tablet_shows_and_takes_nothing(cast: Cast, tablet: Tablet) -> None:
    service = call(cast)
    revoke_device(tablet.device, note="丢失", by=cast.zheng, at=NOW)
    client = tablet.client()
    assert "登记码" in text_of(client.get(KIOSK))
    assert send(client, service.pk).status_code == 302
    assert not Evaluation.objects.exists()


# --- the staff --------------------------------------------------------------------------------------------------


def signed_in(tablet: Tablet, person: Staff) -> Client:
    client = tablet.client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("name", ["wu", "wei", "zheng", "rated"])
def test_a_session_of_the_staff_cannot_rate_its_own_window(cast: Cast, tablet: Tablet, name: str) -> None:
    """reliability.md §8.2: staff session rating own window = 0."""
    person = getattr(cast, name)
    service = call(cast)
    slip = reverse("rate-link", args=[make_rating_link(service, kind=LinkKind.SLIP, at=NOW)])
    client = signed_in(tablet, person)
    sign = reverse("rate-window", args=[cast.window.sign_code])
    scanned = urlsplit(phone_address(service)).path
    for answer in (
        client.get(KIOSK),
        send(client, service.pk),
        send(client, "none"),
        client.get(slip),
        client.post(slip, {"level": 5, "nonce": NONCE}),
        client.post(scanned, {"level": 5, "nonce": NONCE}),
        client.post(f"{sign}?matter=none", {"level": 5, "nonce": NONCE}),
    ):
        assert answer.status_code == 403
        assert "不能评价自己的窗口" in text_of(answer)
    assert not Evaluation.objects.exists()
    tried = AuditEntry.objects.filter(action="rating.refuse_own", success=False)
    assert tried.count() == 5
    assert set(tried.values_list("actor_name", flat=True)) == {person.name}


@pytest.mark.parametrize("name", ["sun", "song", "qian", "xu"])
def test_others_of_the_staff_rate_as_everybody_does(cast: Cast, tablet: Tablet, name: str) -> None:
    client = signed_in(tablet, getattr(cast, name))
    assert client.get(KIOSK).status_code == 200
    assert send(client, call(cast).pk).status_code == 302


def test_the_city_may_allow_it(cast: Cast, tablet: Tablet, settings: Any) -> None:
    settings.STAFF_MAY_RATE_OWN = True
    assert send(signed_in(tablet, cast.wu), call(cast).pk).status_code == 302
