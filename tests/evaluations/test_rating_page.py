"""The rating page: every way in, every refusal, its cost and its fairness."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.models import TokenBucket
from evaluations.actions import make_rating_link
from evaluations.enums import LinkKind
from evaluations.models import Evaluation, RatingTrace, Service, Tag
from evaluations.queries import service_of
from organizations.enums import Topic
from rectification.models import Case
from tests.factories import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
NONCE = "n" * 27


def link(cast: Cast, service: Service | None = None, kind: LinkKind = LinkKind.SLIP) -> str:
    return reverse("rate-link", args=[make_rating_link(service or cast.service(), kind=kind, at=NOW)])


def send(client: Client, address: str, level: int = 5, **data: Any) -> Any:
    return client.post(address, {"level": level, "nonce": NONCE, **data})


def text_of(response: Any) -> str:
    return response.content.decode()


def test_good_is_one_answer_and_one_press(client: Client, cast: Cast) -> None:
    response = send(client, link(cast))
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert "已收到。" in text_of(page)
    assert "查询码" not in text_of(page)
    assert Evaluation.objects.get().origin == "active"
    assert not Case.objects.exists()


def test_a_browser_leaves_a_mark_that_names_nobody(client: Client, cast: Cast) -> None:
    client.cookies[settings.CSRF_COOKIE_NAME] = "abcdefghijklmnopABCDEFGHIJKLMNOP"
    for level, tags in ((5, []), (1, ["108"])):
        assert send(client, link(cast), level, tags=tags, nonce=f"{level}" * 27).status_code == 302
    devices = set(RatingTrace.objects.values_list("device", flat=True))
    assert len(devices) == 1
    assert RatingTrace.objects.filter(tablet=None, staff=False).exclude(network="").count() == 2
    assert devices.isdisjoint({"", "abcdefghijklmnop"})


def test_bad_is_born_with_a_case_and_a_receipt(client: Client, cast: Cast) -> None:
    response = send(client, link(cast), 1, tags=["108", "111"], text="要了指南以外的材料", phone="138 0000 0001")
    page = text_of(client.get(response["Location"]))
    case = Case.objects.get()
    assert case.number in page
    assert re.search(r"\d{3} \d{3}", page)
    assert [tag["code"] for tag in case.tags] == ["108", "111"]
    assert case.rated_staff == cast.rated
    assert case.reachable
    for date in ("11月24日(周二)前转给责任单位", "11月25日(周三)前首次联系您", "12月1日(周二)前整改并答复"):
        assert date in page


def test_nothing_is_written_by_looking(client: Client, cast: Cast) -> None:
    address = link(cast)
    for _look in range(3):
        assert client.get(address).status_code == 200
    assert client.head(address).status_code == 200
    assert not Evaluation.objects.exists()
    assert send(client, address).status_code == 302


@pytest.mark.parametrize("level", [1, 2])
def test_blame_without_reason_comes_back_with_everything_typed(client: Client, cast: Cast, level: int) -> None:
    page = text_of(send(client, link(cast), level, phone="13800000001"))
    assert "请选一个原因或写一句话,方便我们改正" in page
    assert re.search(rf'value="{level}"[^>]* checked', page)
    assert 'value="13800000001"' in page
    assert f'value="{NONCE}"' in page
    assert page.index("error-summary") < page.index("faces")
    assert 'href="#id_tags_0"' in page
    assert page.count('id="id_tags_0"') == 1
    assert not Evaluation.objects.exists()


def test_a_wrong_phone_comes_back_open_and_kept(client: Client, cast: Cast) -> None:
    page = text_of(send(client, link(cast), 1, text="等太久", phone="打给我"))
    assert "请填写能接通的电话号码" in page
    assert "打给我" in page
    assert "等太久" in page
    assert re.search(r'<details class="more" open>\s*<summary>希望得到答复', page)


def test_a_second_press_leads_to_the_same_receipt(client: Client, cast: Cast) -> None:
    address = link(cast)
    first = client.get(send(client, address, 1, text="等太久")["Location"])
    second = client.get(send(client, address, 1, text="等太久")["Location"])
    number = Case.objects.get().number
    assert number in text_of(first)
    assert re.findall(r"\d{3} \d{3}", text_of(first)) == re.findall(r"\d{3} \d{3}", text_of(second))
    assert Evaluation.objects.count() == 1


def test_one_service_one_review(client: Client, cast: Cast) -> None:
    service = cast.service()
    send(client, link(cast, service), 2, tags=["207"], text="没有样本")
    again = client.post(link(cast, service), {"level": 5, "nonce": "m" * 27})
    assert again.status_code == 409
    for words in ("已于 11月23日(周一)", "不满意", "没有提供材料样本", "没有样本", Case.objects.get().number):
        assert words in text_of(again)
    looked = client.get(link(cast, service))
    assert looked.status_code == 200
    assert "没有样本" in text_of(looked)
    assert Evaluation.objects.count() == 1


@pytest.mark.parametrize("token", ["unknown", "x" * 200, "𠮷"])
def test_unknown_and_expired_links_look_the_same(client: Client, cast: Cast, token: str) -> None:
    old = make_rating_link(cast.service(), kind=LinkKind.SMS, at=NOW - timedelta(days=15))
    expired = client.get(reverse("rate-link", args=[old]))
    unknown = client.get(reverse("rate-link", args=[token]))
    assert expired.status_code == unknown.status_code == 404
    masked = [re.sub(r'(?s)<form.*?</form>|nonce="[^"]*"', "", text_of(page)) for page in (expired, unknown)]
    assert masked[0] == masked[1]


def test_too_old_says_until_when_it_was_possible(client: Client, cast: Cast) -> None:
    service = cast.service(at=NOW - timedelta(days=10))
    for response in (client.get(link(cast, service)), send(client, link(cast, service))):
        assert "2026年11月20日" in text_of(response)
        assert reverse("rate-about", args=["guide", cast.item.code]) in text_of(response)
    assert not Evaluation.objects.exists()


def test_the_last_day_still_counts(client: Client, cast: Cast) -> None:
    service = cast.service(at=NOW - timedelta(days=7))
    assert send(client, link(cast, service)).status_code == 302


def test_an_invitation_is_counted_as_one(client: Client, cast: Cast) -> None:
    send(client, link(cast, kind=LinkKind.SMS))
    rating = Evaluation.objects.get()
    assert (rating.channel, rating.origin) == ("sms", "invited")


def test_window_sign_offers_todays_unrated_services(client: Client, cast: Cast) -> None:
    service, rated = cast.service(), cast.service()
    cast.submit(5, service=rated)
    sign = reverse("rate-window", args=[cast.window.sign_code])
    page = text_of(client.get(sign))
    assert f"?matter={service.pk}" in page
    assert f"?matter={rated.pk}" not in page
    assert "09:50" in page
    assert 'name="level"' in text_of(client.get(f"{sign}?matter={service.pk}"))
    send(client, f"{sign}?matter={service.pk}", 1, text="窗口没人")
    rating = Evaluation.objects.get(level=1)
    assert (service_of(rating), rating.origin, rating.channel) == (service, "active", "window_qr")


def test_window_sign_without_a_service_is_counted_apart(client: Client, cast: Cast) -> None:
    sign = reverse("rate-window", args=[cast.window.sign_code])
    assert 'name="level"' in text_of(client.get(sign))
    assert send(client, f"{sign}?matter=none", 1, text="窗口没人").status_code == 302
    rating = Evaluation.objects.get()
    assert (rating.origin, rating.target, rating.staff, service_of(rating)) == ("unmatched", "window", None, None)
    assert rating.window == cast.window
    assert Case.objects.get().rated_unit == cast.window.unit


def test_at_the_window_nobody_reads_what_another_said(client: Client, cast: Cast) -> None:
    service = cast.service()
    cast.submit(1, service=service, text="别人说的话")
    response = send(client, f"{reverse('rate-window', args=[cast.window.sign_code])}?matter={service.pk}")
    assert response.status_code == 409
    assert "别人说的话" not in text_of(response)
    assert Case.objects.get().number not in text_of(response)


def test_services_of_other_windows_and_days_cannot_be_chosen(client: Client, cast: Cast) -> None:
    yesterday = cast.service(at=NOW - timedelta(days=1))
    sign = reverse("rate-window", args=[cast.window.sign_code])
    for matter in (yesterday.pk, 10**17, "-1", "١", "x" * 300, "1e3"):
        assert "这个窗口的服务" in text_of(client.get(sign, {"matter": matter}))


def things(cast: Cast) -> dict[str, list[str]]:
    return {
        "guide": [cast.item.code, cast.item.unit.code],
        "hall": [cast.window.hall.code, cast.window.hall.unit.code],
        "platform": ["city", "370600-SPJ"],
        "hotline": ["city", "370600-SPJ"],
        "topic": [Topic.ONE_GO, "370600-SPJ"],
    }


def test_whatever_is_not_a_service_is_rated_to_whom_it_belongs(client: Client, cast: Cast) -> None:
    for number, (target, (key, unit)) in enumerate(things(cast).items()):
        response = send(client, reverse("rate-about", args=[target, key]), 1, text="看不懂", nonce=f"{number}" * 27)
        assert response.status_code == 302
        rating = Evaluation.objects.get(target=target)
        assert (rating.unit.code, rating.origin, rating.staff) == (unit, "unmatched", None)
        assert rating.case.rated_unit.code == unit


@pytest.mark.parametrize("thing", ["guide/x", "hall/x", "platform/x", "topic/x", "service/x", "person/1", "hotline/1"])
def test_unknown_things_lead_on(client: Client, cast: Cast, thing: str) -> None:
    response = client.get(f"/rate/{thing}/")
    assert response.status_code == 404
    assert reverse("rate-start") in text_of(response)


def test_number_and_name_lead_to_the_page(client: Client, cast: Cast) -> None:
    service = cast.service(applicant="欧阳 𠮷")
    found = client.post(reverse("rate-find"), {"number": f" {service.project_number} ", "name": "欧阳𠮷"})
    assert found.status_code == 302
    assert 'name="level"' in text_of(client.get(found["Location"]))
    assert send(client, found["Location"]).status_code == 302
    assert Evaluation.objects.get().channel == "web"


def test_wrong_name_and_unknown_number_get_one_answer(client: Client, cast: Cast) -> None:
    service = cast.service(applicant="王演示")
    answers = []
    for number, name in ((service.project_number, "李演示"), ("370600TEST99999999", "王演示")):
        page = text_of(client.post(reverse("rate-find"), {"number": number, "name": name}))
        assert f'value="{number}"' in page
        answers.append(re.sub(r'nonce="[^"]*"|value="[^"]*"', "", page))
    assert answers[0] == answers[1]
    assert "没有找到这次办件" in answers[0]


def test_guessing_names_ends_soon(client: Client, cast: Cast, settings: Any) -> None:
    number = cast.service().project_number
    for _guess in range(settings.TRACKING_TRIES_PER_CASE_HOUR):
        assert client.post(reverse("rate-find"), {"number": number, "name": "猜"}).status_code == 200
    refused = client.post(reverse("rate-find"), {"number": number, "name": "王演示"})
    assert refused.status_code == 429
    assert refused["Retry-After"] == "720"
    assert f'value="{number}"' in text_of(refused)


def test_the_found_address_lives_half_an_hour(client: Client, cast: Cast, settings: Any) -> None:
    service = cast.service()
    forged = signing.dumps(service.pk.hex, salt="something else")
    assert client.get(reverse("rate-service", args=[forged])).status_code == 404
    assert client.get(reverse("rate-service", args=["x"])).status_code == 404


def test_too_many_at_once_keeps_the_form(client: Client, cast: Cast) -> None:
    sign = f"{reverse('rate-window', args=[cast.window.sign_code])}?matter=none"
    client.get(sign)
    TokenBucket.objects.create(key="rate:address:127.0.0.1", tokens=0, updated_at=NOW + timedelta(hours=1))
    response = send(client, sign, 1, text="排队一小时")
    assert response.status_code == 429
    assert response["Retry-After"] == "20"
    assert "人多,请 20 秒后再按" in text_of(response)
    assert "排队一小时" in text_of(response)
    assert not Evaluation.objects.exists()


def test_cost_of_looking_and_rating(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    """At most 6 and 13 statements, the test's own savepoint not counted."""
    address = link(cast)
    client.get(address)
    with django_assert_max_num_queries(6):
        client.get(address)
    with CaptureQueriesContext(connection) as spent:
        send(client, address, 1, tags=["108"], text="等太久", phone="13800000001")
    assert Case.objects.count() == 1
    assert len([query for query in spent if "SAVEPOINT" not in query["sql"]]) <= 13


def test_weight_and_fairness(client: Client, cast: Cast) -> None:
    page = client.get(link(cast)).content
    assert len(gzip.compress(page)) <= 20_000
    for forbidden in (b"<script", b'<link rel="stylesheet"', b"<img", b" checked"):
        assert forbidden not in page
    sizes = [len(send(client, link(cast), level, phone="x").content) for level in (1, 2, 3, 4, 5)]
    assert max(sizes) <= 1.1 * min(sizes)


def test_pages_with_secrets_are_not_kept_or_told(client: Client, cast: Cast) -> None:
    receipt = send(client, link(cast), 1, text="等太久")["Location"]
    for address in (link(cast), receipt, reverse("track"), "/f/x/"):
        response = client.get(address)
        assert response["Cache-Control"] == "no-store"
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Referrer-Policy"] == "same-origin"


def test_receipts_of_nobody(client: Client, cast: Cast) -> None:
    for signed in ("x", signing.dumps("unknown-nonce", salt="receipt"), signing.dumps(NONCE, salt="other")):
        assert client.get(reverse("receipt", args=[signed])).status_code == 404


def test_words_can_be_kept_from_the_public_on_the_receipt(client: Client, cast: Cast) -> None:
    receipt = send(client, link(cast), 1, text="等太久")["Location"]
    assert "不想公开文字" in text_of(client.get(receipt))
    client.post(receipt, {"hidden": "1"})
    client.post(receipt, {"hidden": "1"})
    assert Case.objects.get().text_hidden
    assert "可以公开文字" in text_of(client.get(receipt))


def test_without_a_phone_nobody_is_promised_a_call(client: Client, cast: Cast) -> None:
    page = text_of(client.get(send(client, link(cast), 2, tags=["207"])["Location"]))
    assert "首次联系" not in page
    assert "您没有留手机号" in page


def test_start_and_search(client: Client, cast: Cast) -> None:
    page = text_of(client.get(reverse("rate-start"), {"q": cast.item.name[:4]}))
    assert reverse("rate-about", args=["guide", cast.item.code]) in page
    assert "没有找到这个事项" in text_of(client.get(reverse("rate-start"), {"q": "没有这种事"}))
    assert client.get(reverse("rate-start"), {"q": "x" * 500}).status_code == 200


def test_every_tag_in_use_is_offered_and_no_other(client: Client, cast: Cast) -> None:
    page = text_of(client.get(link(cast)))
    offered = set(re.findall(r'name="tags" value="(\d+)"', page))
    assert offered == set(Tag.objects.filter(active=True).values_list("code", flat=True))


def test_home(client: Client, cast: Cast) -> None:
    page = text_of(client.get(reverse("home")))
    assert reverse("rate-start") in page
    assert reverse("track") in page
