"""The tablet's screens without a browser: what they show, take, refuse, and never keep."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from common.models import TokenBucket
from evaluations.actions import make_rating_link
from evaluations.enums import LinkKind
from evaluations.models import DevicePulse, Evaluation, Tag
from evaluations.views.manners import phone_address
from rectification.models import Case
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


def send(client: Client, matter: object, level: int = 5, **data: Any) -> Any:
    return client.post(f"{RATE}?matter={matter}", {"level": level, "nonce": NONCE, **data})


def tags(level: int) -> list[str]:
    return [Tag.objects.filter(level=level, active=True)[0].code]


# --- the resting screen -----------------------------------------------------------------------------------------


def test_what_is_called_is_asked_for_with_five_equal_faces(cast: Cast, tablet: Tablet) -> None:
    service = call(cast)
    page = text_of(tablet.client().get(KIOSK))
    assert "请评价本次服务" in page
    assert cast.item.name in page
    faces = re.findall(r'href="(/kiosk/rate/\?[^"]+)"', page)
    assert len(faces) == 5
    assert [re.search(r"level=(\d)", face)[1] for face in faces] == list("54321")  # type: ignore[index]
    assert all(str(service.pk) in face for face in faces)
    assert "checked" not in page
    assert len(set(re.findall(r'<a class="[^"]*tile[^"]*"', page))) == 1


def test_without_a_call_one_chooses_or_rates_the_window(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    assert "您对这个窗口的服务满意吗" in text_of(client.get(KIOSK))
    services = [cast.service() for _ in range(8)]
    page = text_of(client.get(KIOSK))
    assert page.count("?matter=") == 7, "six services and the window"
    assert "更早的服务" in page
    assert "王演示" not in page
    all_of_them = text_of(client.get(KIOSK, {"others": "1"}))
    assert all(str(service.pk) in all_of_them for service in services)


def test_the_screens_are_kept_by_nobody_and_start_in_chinese(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client(HTTP_ACCEPT_LANGUAGE="en")
    client.cookies["language"] = "en"
    for address in (KIOSK, f"{RATE}?matter=none"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert 'lang="zh-hans"' in text_of(answer)
    english = text_of(client.get(KIOSK, {"lang": "en", "text": "elder"}))
    assert 'lang="en"' in english
    assert 'data-text="elder"' in english
    assert "Very satisfied" in english
    assert "lang=en&amp;text=elder" in english or "lang=en&text=elder" in english
    assert 'lang="zh-hans"' in text_of(client.get(KIOSK)), "the next person begins anew"
    assert not client.session.keys()


def test_meta_refresh_at_rest_only_and_only_without_javascript(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    refresh = '<noscript><meta http-equiv="refresh"'
    assert refresh in text_of(client.get(KIOSK))
    assert "http-equiv" not in text_of(client.get(f"{RATE}?matter=none&level=5"))
    done = client.get(send(client, "none")["Location"])
    assert refresh in text_of(done)


def test_looking_at_the_screen_is_a_sign_of_life(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    with time_machine.travel(NOW + timedelta(minutes=3), tick=False):
        client.get(KIOSK)
        assert DevicePulse.objects.get().last_seen_at == NOW + timedelta(minutes=3)


def test_the_pulse_tells_of_battery_and_hears_of_calls(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        first = client.post(PULSE, {"battery": "83", "charging": "1"}).json()["mark"]
    pulse = DevicePulse.objects.get()
    assert (pulse.battery, pulse.charging, pulse.last_seen_at) == (83, True, NOW + timedelta(minutes=2))
    assert f'data-mark="{first}"' in text_of(client.get(KIOSK))
    call(cast)
    assert client.post(PULSE, {"battery": "101"}).json()["mark"] != first
    assert DevicePulse.objects.get().battery == 83
    for nonsense in ("-1", "𝟝", "9" * 20, "nan", ""):
        assert client.post(PULSE, {"battery": nonsense}).status_code == 200


def test_the_pulse_asks_for_the_token_of_the_page(cast: Cast, tablet: Tablet) -> None:
    strict = tablet.client(enforce_csrf_checks=True)
    assert strict.post(PULSE).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text_of(strict.get(KIOSK)))
    assert token is not None
    assert strict.post(PULSE, {"csrfmiddlewaretoken": token[1]}).status_code == 200


# --- rating -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [5, 4, 3, 2, 1])
def test_each_level_is_stored_as_it_was_touched(cast: Cast, tablet: Tablet, level: int) -> None:
    service = call(cast)
    client = tablet.client()
    page = text_of(client.get(f"{RATE}?matter={service.pk}&level={level}"))
    assert re.search(rf'value="{level}"[^>]*checked', page)
    assert page.count(" checked") == 1
    answer = send(client, service.pk, level, tags=tags(level))
    assert answer.status_code == 302
    stored = Evaluation.objects.get()
    assert (stored.level, stored.channel, stored.origin) == (level, "kiosk", "active")
    assert (stored.project_number, stored.window, stored.staff) == (service.project_number, cast.window, cast.rated)
    assert Case.objects.exists() is (level <= 2)
    shown = text_of(client.get(answer["Location"]))
    assert "已收到" in shown
    assert ("查询码" in shown) is (level <= 2)
    assert "20 秒后自动清屏" in shown


def test_a_bad_one_has_its_slip_for_the_telephone(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    answer = send(client, call(cast).pk, 1, tags=tags(1))
    done = client.get(answer["Location"])
    case = Case.objects.get()
    assert case.number in text_of(done)
    assert case.channel == "kiosk"
    slip = Client().get(urlsplit(done.context["slip"]).path)
    assert case.number in text_of(slip)
    assert done.context["code"] in text_of(slip)


def test_a_bad_one_needs_a_reason_and_keeps_the_face(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    answer = send(client, call(cast).pk, 2, text="写在没有的格子里", phone="13800000001")
    assert answer.status_code == 200
    assert "请选一个原因,方便我们改正" in text_of(answer)
    assert re.search(r'value="2"[^>]*checked', text_of(answer))
    assert not Evaluation.objects.exists()


def test_no_text_and_no_number_on_a_tablet_that_others_see(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    service = call(cast)
    page = text_of(client.get(f"{RATE}?matter={service.pk}"))
    assert "<textarea" not in page
    assert 'name="phone"' not in page
    send(client, service.pk, 1, tags=tags(1), text="被看见的话", phone="13800000001")
    stored = Evaluation.objects.get()
    assert (stored.text, stored.evaluator) == ("", None)


@pytest.mark.parametrize(
    ("text", "taken"),
    [("评" * 150, True), ("𠮷" * 150, True), ("评" * 151, False)],
    ids=["150", "150 rare", "151"],
)
def test_text_where_it_is_allowed_is_150_characters(cast: Cast, text: str, taken: bool) -> None:
    client = put_up(cast, takes_text=True).client()
    service = call(cast)
    assert "最多 150 个字" in text_of(client.get(f"{RATE}?matter={service.pk}"))
    answer = send(client, service.pk, 1, text=text, phone="13800000001")
    assert Evaluation.objects.exists() is taken
    if taken:
        assert Evaluation.objects.get().text == text
        assert Evaluation.objects.get().evaluator is None
    else:
        assert "最多 150 个字,现在是 151 个字" in text_of(answer)
        assert text in text_of(answer), "nothing typed is lost"


def test_turning_the_language_keeps_what_was_chosen_and_sends_nothing(cast: Cast) -> None:
    client = put_up(cast, takes_text=True).client()
    service = call(cast)
    chosen = {"level": 2, "tags": tags(2), "text": "写到一半"}
    answer = client.post(f"{RATE}?matter={service.pk}", {**chosen, "nonce": NONCE, "turn": "lang=en"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert 'lang="en"' in page
    assert "写到一半" in page
    assert f'value="{NONCE}"' in page
    assert len(re.findall(r"<input[^>]* checked", page)) == 2
    assert "error-summary" not in page
    assert not Evaluation.objects.exists()
    back = client.post(f"{RATE}?matter={service.pk}&lang=en", {**chosen, "nonce": NONCE, "turn": "lang=zh"})
    assert 'lang="zh-hans"' in text_of(back)
    large = client.post(f"{RATE}?matter={service.pk}", {**chosen, "nonce": NONCE, "turn": "text=elder"})
    assert 'data-text="elder"' in text_of(large)


@pytest.mark.parametrize("first", ["tablet", "phone", "slip"])
def test_one_service_one_review_across_tablet_and_telephone(cast: Cast, tablet: Tablet, first: str) -> None:
    service = call(cast)
    slip = reverse("rate-link", args=[make_rating_link(service, kind=LinkKind.SLIP, at=NOW)])
    scanned = urlsplit(phone_address(service)).path
    client = tablet.client()
    assert scanned.startswith("/k/")
    doors = {
        "tablet": lambda nonce: client.post(f"{RATE}?matter={service.pk}", {"level": 5, "nonce": nonce}),
        "phone": lambda nonce: Client().post(scanned, {"level": 5, "nonce": nonce}),
        "slip": lambda nonce: Client().post(slip, {"level": 5, "nonce": nonce}),
    }
    assert doors.pop(first)("a" * 27).status_code == 302
    for number, door in enumerate(doors.values()):
        answer = door(str(number) * 27)
        assert answer.status_code == 409
        assert "评价过" in text_of(answer)
    assert Evaluation.objects.count() == 1
    assert "请评价本次服务" not in text_of(client.get(KIOSK))


def test_the_scanned_address_is_private_short_and_no_key_to_anything_else(cast: Cast, tablet: Tablet) -> None:
    service = call(cast)
    page = tablet.client().get(f"{RATE}?matter={service.pk}")
    address = page.context["phone"]
    assert len(address) < 110
    path = urlsplit(address).path
    phone = Client()
    assert 'name="phone"' in text_of(phone.get(path)), "in private one may leave a number"
    phone.post(path, {"level": 5, "nonce": NONCE})
    assert Evaluation.objects.get().channel == "window_qr"
    assert "非常满意" not in text_of(phone.get(path)), "whoever stands before the tablet can scan it"
    with time_machine.travel(NOW + timedelta(minutes=61)):
        assert phone.get(path).status_code == 404
    for broken in (path[:-2] + "/", "/k/x/", "/k/" + "A" * 22 + ":1v:xx/"):
        assert phone.get(broken).status_code == 404


def test_the_window_itself_counts_as_unmatched(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    assert send(client, "none", 4).status_code == 302
    stored = Evaluation.objects.get()
    assert (stored.origin, stored.channel, stored.target, stored.project_number) == ("unmatched", "kiosk", "window", "")


@pytest.mark.parametrize("matter", ["", "nonsense", "0" * 32, "'--", "NONE"])
def test_a_matter_nobody_has_leads_home(cast: Cast, tablet: Tablet, matter: str) -> None:
    client = tablet.client()
    for answer in (client.get(RATE, {"matter": matter}), send(client, matter)):
        assert (answer.status_code, answer["Location"]) == (302, KIOSK)
    assert not Evaluation.objects.exists()


def test_another_windows_or_yesterdays_service_cannot_be_rated_here(cast: Cast, tablet: Tablet) -> None:
    yesterday = cast.service(at=NOW - timedelta(days=1))
    assert send(tablet.client(), yesterday.pk).status_code == 302
    assert not Evaluation.objects.exists()


def test_a_tablet_takes_six_a_minute(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    answers = []
    for n in range(8):
        answers.append(client.post(f"{RATE}?matter=none", {"level": 5, "nonce": f"{n:027d}"}))
    assert [answer.status_code for answer in answers[:6]] == [302] * 6
    assert answers[-1].status_code == 429
    assert "人多,请 20 秒后再按" in text_of(answers[-1])
    assert Evaluation.objects.count() == 6
    assert TokenBucket.objects.filter(key=f"rate:tablet:{tablet.device.pk}").exists()


def test_a_second_press_is_harmless(cast: Cast, tablet: Tablet) -> None:
    service, client = call(cast), tablet.client()
    first, second = send(client, service.pk, 1, tags=tags(1)), send(client, service.pk, 1, tags=tags(1))
    assert second.status_code == 302
    codes = [client.get(answer["Location"]).context["code"] for answer in (first, second)]
    assert codes[0] == codes[1]
    assert Evaluation.objects.count() == 1


# --- the next person --------------------------------------------------------------------------------------------


def test_the_receipt_is_gone_when_the_next_person_looks(cast: Cast, tablet: Tablet) -> None:
    client = tablet.client()
    answer = send(client, call(cast).pk, 1, tags=tags(1))
    number = Case.objects.get().number
    assert number in text_of(client.get(answer["Location"]))
    with time_machine.travel(NOW + timedelta(seconds=26)):
        later = client.get(answer["Location"])
        assert (later.status_code, later["Location"]) == (302, KIOSK)
        for address in (KIOSK, f"{RATE}?matter=none"):
            page = text_of(client.get(address))
            assert number not in page
            assert " checked" not in page
    assert Client().get(answer["Location"]).status_code == 302, "and nowhere but on the tablet"
