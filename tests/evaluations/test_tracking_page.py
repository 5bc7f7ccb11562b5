"""Tracking without an account: what is shown to whom has the code, and what they may add."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from common.actors import SYSTEM
from common.ids import code_from, keyed_hash, new_token
from common.models import Notice
from evaluations.models import FollowUp, FollowUpLink
from rectification.actions import suspend_case
from rectification.enums import Action, State, Verdict
from rectification.models import Case, PressureReport
from tests.factories import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NONCE = "tracking-nonce-0123456789"
CODE = "000000"


def rated(cast: Cast, level: int = 1, text: str = "没有样本", phone: str = "13800000001") -> Case:
    case = cast.submit(level, text=text, nonce=NONCE, phone=phone).case
    assert case is not None
    return case


def enter(client: Client, case: Case) -> str:
    """Gives number and code; returns the address of the case's page."""
    response = client.post(reverse("track"), {"number": case.number, "code": code_from("tracking", NONCE)})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def text_of(response: Any) -> str:
    return response.content.decode()


def offered(page: str) -> set[str]:
    return set(re.findall(r'name="act" value="(\w+)"', page))


def test_number_and_code_open_the_page(client: Client, cast: Cast) -> None:
    case = rated(cast)
    page = text_of(client.get(enter(client, case)))
    for words in (case.number, "没有样本", "评价", "转办", "整改", "答复", "11月24日(周二)前", cast.unit.name):
        assert words in page
    assert cast.rated.name not in page


def test_the_cookie_is_for_this_case_and_two_hours(client: Client, cast: Cast) -> None:
    case, other = rated(cast), cast.rate(1)
    address = enter(client, case)
    cookie = client.cookies["tracking"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (address, True, "Lax", 7200)
    stranger = Client()
    stranger.cookies["tracking"] = cookie.value
    elsewhere = stranger.get(reverse("tracking", args=[other.number]))
    assert elsewhere["Location"] == f"{reverse('track')}?n={other.number}"
    with time_machine.travel(NOW + timedelta(hours=2, minutes=1)):
        assert client.get(address).status_code == 302


def test_without_the_code_every_number_looks_the_same(client: Client, cast: Cast) -> None:
    known, unknown = rated(cast).number, "2222-3333"
    for number in (known, unknown):
        response = client.get(reverse("tracking", args=[number]))
        assert response["Location"] == f"{reverse('track')}?n={number}"


def test_unknown_number_and_wrong_code_cannot_be_told_apart(
    client: Client, cast: Cast, django_assert_num_queries: Any
) -> None:
    case = rated(cast)
    pages = []
    for number in (case.number, "2222-3333"):
        with django_assert_num_queries(3):
            response = client.post(reverse("track"), {"number": number, "code": CODE})
        assert response.status_code == 200
        assert f'value="{number}"' in text_of(response)
        pages.append(re.sub(r'nonce="[^"]*"|value="[^"]*"', "", text_of(response)))
    assert pages[0] == pages[1]
    assert "编号或查询码不对" in pages[0]


def test_guessing_codes_ends_soon_for_known_and_unknown_numbers(client: Client, cast: Cast, settings: Any) -> None:
    case = rated(cast)
    for number in (case.number, "2222-3333"):
        for guess in range(settings.TRACKING_TRIES_PER_CASE_HOUR):
            assert client.post(reverse("track"), {"number": number, "code": f"{guess:06}"}).status_code == 200
        refused = client.post(reverse("track"), {"number": number, "code": code_from("tracking", NONCE)})
        assert refused.status_code == 429
        assert refused["Retry-After"] == "720"
        assert "12 分钟后" in text_of(refused)


def test_guessing_numbers_from_one_place_ends_too(client: Client, cast: Cast, settings: Any) -> None:
    settings.TRACKING_TRIES_PER_ADDRESS = 3
    codes = [client.post(reverse("track"), {"number": f"2222-333{n}", "code": CODE}).status_code for n in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_the_number_of_the_qr_is_filled_in(client: Client, cast: Cast) -> None:
    assert 'value="7KQ4-2M9X"' in text_of(client.get(reverse("track"), {"n": "7KQ4-2M9X"}))


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (State.RECEIVED, {"statement", "pressure", "hide"}),
        (State.RECTIFYING, {"statement", "pressure", "hide"}),
        (State.REPLIED, {"statement", "pressure", "hide", "verdict", "reopen"}),
        (State.VERIFIED, {"statement", "pressure", "hide", "verdict", "reopen"}),
        (State.CLOSED, {"pressure", "hide", "verdict", "reopen"}),
    ],
)
def test_only_what_is_allowed_is_offered(client: Client, cast: Cast, state: State, acts: set[str]) -> None:
    case = rated(cast)
    if state != State.RECEIVED:
        cast.upto(case, state)
    assert offered(text_of(client.get(enter(client, case)))) == acts


def test_the_reply_is_shown_in_full_and_only_once_sent(client: Client, cast: Cast) -> None:
    case = rated(cast)
    address = enter(client, case)
    cast.upto(case, State.CHECKING)
    assert "感谢监督" not in text_of(client.get(address))
    cast.upto(case, State.REPLIED)
    page = text_of(client.get(address))
    assert "您反映的问题已经改正,感谢监督。" in page
    assert "上一次的答复" not in page
    assert cast.wu.name not in page


def test_words_and_picture_are_added(client: Client, cast: Cast) -> None:
    case = rated(cast)
    address = enter(client, case)
    out = BytesIO()
    Image.new("RGB", (30, 20)).save(out, "PNG")
    upload = SimpleUploadedFile("a.png", out.getvalue())
    assert client.post(address, {"act": "statement", "text": "又去了一次"}).status_code == 302
    assert client.post(address, {"act": "statement", "text": "见照片", "picture": upload}).status_code == 302
    page = text_of(client.get(address))
    assert "又去了一次" in page
    assert "见照片" in page
    assert "照片 1 张" in page
    assert case.attachments.get().width == 30


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"text": " "}, "请写一句话或选一张照片"),
        ({"picture": SimpleUploadedFile("a.png", b"no picture")}, "不是可用的照片"),
        ({"picture": SimpleUploadedFile("a.jpg", b"\xff" * (10 * 1024 * 1024 + 1))}, "照片太大了"),
        ({"text": "字" * 501}, "最多 500 个字"),
    ],
    ids=["nothing", "no-picture", "11-megabytes", "501-characters"],
)
def test_additions_that_cannot_be_taken_come_back(client: Client, cast: Cast, data: dict[str, Any], words: str) -> None:
    case = rated(cast)
    response = client.post(enter(client, case), {"act": "statement", "text": "留着这句话"} | data)
    assert words in text_of(response)
    if "text" not in data:
        assert "留着这句话" in text_of(response)
    assert not case.events.filter(action=Action.ADD_STATEMENT).exists()


def test_still_not_solved_reopens_with_its_reason(client: Client, cast: Cast) -> None:
    case = cast.upto(rated(cast), State.CLOSED)
    address = enter(client, case)
    assert "请选一个原因" in text_of(client.post(address, {"act": "reopen", "text": "还是老样子"}))
    assert client.post(address, {"act": "reopen", "reason": "not_done", "text": "还是老样子"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.REWORK
    assert case.events.last().note == "说改了,其实没有改。还是老样子"
    page = text_of(client.get(address))
    assert "上一次的答复" in page
    again = client.post(address, {"act": "reopen", "reason": "partly", "text": "再说一遍"})
    assert again.status_code == 409
    assert "再说一遍" in text_of(again)


def test_too_late_to_reopen_is_not_offered(client: Client, cast: Cast, settings: Any) -> None:
    case = cast.upto(rated(cast), State.CLOSED)
    with time_machine.travel(NOW + timedelta(days=settings.REOPEN_DAYS, hours=1)):
        address = enter(client, case)
        assert "reopen" not in offered(text_of(client.get(address)))
        refused = client.post(address, {"act": "reopen", "reason": "partly"})
        assert "销号已超过规定时间" in text_of(refused)


def test_rating_again_once(client: Client, cast: Cast) -> None:
    case = cast.upto(rated(cast), State.REPLIED)
    address = enter(client, case)
    assert client.post(address, {"act": "verdict", "verdict": "satisfied"}).status_code == 302
    page = text_of(client.get(address))
    assert "再次评价:满意" in page
    assert "verdict" not in offered(page)
    again = client.post(address, {"act": "verdict", "verdict": "unsatisfied", "text": "改主意了"})
    assert again.status_code == 409
    assert "改主意了" in text_of(again)
    assert FollowUp.objects.get().verdict == Verdict.SATISFIED


def test_pressure_goes_to_the_city_and_not_into_what_the_unit_sees(client: Client, cast: Cast) -> None:
    case = rated(cast)
    client.post(enter(client, case), {"act": "pressure", "text": "窗口打电话让我改成满意"})
    assert PressureReport.objects.get().text == "窗口打电话让我改成满意"
    assert not case.events.filter(note__contains="窗口打电话").exists()
    told = Notice.objects.filter(kind="case.report_pressure")
    assert {notice.staff for notice in told} == {cast.qian}


def test_public_words_are_switched_off_and_on(client: Client, cast: Cast) -> None:
    case = rated(cast)
    address = enter(client, case)
    for hidden in (True, True, False):
        client.post(address, {"act": "hide", "hidden": "1" if hidden else "0"})
        case.refresh_from_db()
        assert case.text_hidden is hidden


def test_an_unknown_act_does_nothing(client: Client, cast: Cast) -> None:
    case = rated(cast)
    response = client.post(enter(client, case), {"act": "close"})
    assert response.status_code == 400
    assert case.events.count() == 1


def test_a_late_post_keeps_the_words(client: Client, cast: Cast) -> None:
    case = rated(cast)
    address = enter(client, case)
    with time_machine.travel(NOW + timedelta(hours=3)):
        response = client.post(address, {"act": "statement", "text": "写了很久的话"})
    assert response.status_code == 403
    assert "写了很久的话" in text_of(response)
    assert not case.events.filter(action=Action.ADD_STATEMENT).exists()


def test_while_an_appeal_runs_the_case_is_in_rectification(client: Client, cast: Cast) -> None:
    case = cast.upto(rated(cast), State.RECTIFYING)
    suspend_case(case, by=SYSTEM, at=NOW)
    page = text_of(client.get(enter(client, case)))
    assert re.search(r'aria-current="step">\s*<span class="step-label">整改', page)


def test_pages_cost_the_same_however_long_the_history(
    client: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    case = cast.upto(rated(cast), State.CLOSED)
    address = enter(client, case)
    client.get(address)
    with django_assert_max_num_queries(6):
        assert client.get(address).status_code == 200


def invitation(case: Case) -> str:
    token = new_token()
    FollowUpLink.objects.create(
        token_hash=keyed_hash("follow-up", token), case=case, made_at=NOW, expires_at=NOW + timedelta(days=30)
    )
    return reverse("follow-up", args=[token])


def test_the_link_with_the_reply_is_one_answer_and_one_press(client: Client, cast: Cast) -> None:
    case = cast.upto(rated(cast), State.REPLIED)
    address = invitation(case)
    page = text_of(client.get(address))
    assert "感谢监督" in page
    assert " checked" not in page
    assert not FollowUp.objects.exists()
    assert "请选一个满意度" in text_of(client.post(address, {"text": "留着"}))
    for _press in range(2):
        assert client.post(address, {"verdict": "unsatisfied"}).status_code == 302
    assert "问题会再次整改" in text_of(client.get(address))
    case.refresh_from_db()
    assert case.state == State.REWORK


def test_the_link_when_the_case_works_again(client: Client, cast: Cast) -> None:
    case = cast.upto(rated(cast), State.REPLIED)
    address = invitation(case)
    cast.callback(case, verdict=Verdict.UNSATISFIED, solved=False)
    assert "案件正在继续办理" in text_of(client.get(address))
    late = client.post(address, {"verdict": "satisfied"})
    assert late.status_code == 409
    assert not FollowUp.objects.exists()


def test_dead_follow_up_links(client: Client, cast: Cast) -> None:
    case = cast.upto(rated(cast), State.REPLIED)
    address = invitation(case)
    FollowUpLink.objects.update(expires_at=NOW - timedelta(seconds=1))
    assert client.get(address).status_code == client.get("/f/unknown/").status_code == 404
