"""综合点评: about what is no service of one's own; the same page, counted apart, a bad one with its case."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.models import TokenBucket
from evaluations.models import Evaluation
from organizations.models import Hall
from rectification.enums import Source
from rectification.models import Case
from tests.factories import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
PAGE = "/rate/comment/"


def send(client: Client, level: int = 5, **data: Any) -> Any:
    return client.post(PAGE, {"about": "overall", "level": level, "nonce": "n" * 27, **data})


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_it_is_found_on_the_start_page(client: Client, cast: Cast) -> None:
    assert reverse("rate-comment") == PAGE
    assert f'href="{PAGE}"' in text_of(client.get(reverse("rate-start")))


def test_a_face_is_enough_for_praise(client: Client, cast: Cast) -> None:
    response = send(client)
    assert "已收到。" in text_of(client.get(response["Location"]))
    rating = Evaluation.objects.get()
    assert (rating.channel, rating.origin, rating.target, rating.unit) == ("social", "social", "overall", cast.body)
    assert (rating.project_number, rating.staff, rating.entered_by) == ("", None, None)


@pytest.mark.parametrize(
    ("about", "target", "unit"),
    [
        ("overall", "overall", "370600-SPJ"),
        ("platform", "platform", "370600-SPJ"),
        ("hotline", "hotline", "370600-SPJ"),
        ("topic:one_chain", "topic", "370600-SPJ"),
        ("hall:YT-ZF", "hall", "370602-SPJ"),
        ("hall:YT-CITY", "hall", "370600-SPJ"),
    ],
)
def test_a_bad_one_opens_a_case_with_the_body_that_answers(
    client: Client, cast: Cast, about: str, target: str, unit: str
) -> None:
    response = send(client, 1, about=about, text="网上办事总是断", phone="13800000007")
    case = Case.objects.get()
    assert case.number in text_of(client.get(response["Location"]))
    assert (case.target, case.rated_unit.code, case.source, case.channel) == (target, unit, Source.RATING, "social")
    assert case.reachable
    rating = Evaluation.objects.get()
    assert (rating.hall.code if rating.hall else "") == about.partition("hall:")[2]
    assert (rating.topic or "") == about.partition("topic:")[2]


def test_blame_without_words_comes_back_with_everything(client: Client, cast: Cast) -> None:
    page = text_of(send(client, 2, about="hotline", phone="13800000007"))
    assert "请写一句话,方便我们改正" in page
    assert 'href="#id_text"' in page
    assert re.search(r'value="2"[^>]* checked', page)
    assert '<option value="hotline" selected>' in page
    assert 'value="13800000007"' in page
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("about", ["", "nothing", "hall:NOWHERE", "service", "x" * 500])
def test_what_cannot_be_commented_on(client: Client, cast: Cast, about: str) -> None:
    response = send(client, about=about)
    assert response.status_code == 200
    assert "error-summary" in text_of(response)
    assert not Evaluation.objects.exists()


def test_a_second_press_is_the_same_comment(client: Client, cast: Cast) -> None:
    first, second = (text_of(client.get(send(client, 1, text="不方便")["Location"])) for _ in range(2))
    assert Evaluation.objects.count() == Case.objects.count() == 1
    assert re.findall(r"\d{3} \d{3}", first) == re.findall(r"\d{3} \d{3}", second) != []


def test_too_many_at_once_keeps_the_form(client: Client, cast: Cast) -> None:
    """The limit is that of all ratings without a service, from one network."""
    TokenBucket.objects.create(key="rate:address:127.0.0.1", tokens=0, updated_at=NOW + timedelta(hours=1))
    response = send(client, 1, text="排队一小时")
    assert (response.status_code, response["Retry-After"]) == (429, "20")
    assert "排队一小时" in text_of(response)
    assert not Evaluation.objects.exists()


def test_it_looks_like_the_rating_page_and_prefers_nothing(client: Client, cast: Cast) -> None:
    page = client.get(PAGE).content
    assert len(gzip.compress(page)) <= 20_000
    for forbidden in (b"<script", b'<link rel="stylesheet"', b"<img", b" checked"):
        assert forbidden not in page
    values = re.findall(rb'name="level" value="(\d)"', page)
    assert values == [b"5", b"4", b"3", b"2", b"1"]
    assert page.count(b"<option") == Hall.objects.count() + 3 + 4


def test_looking_costs_little(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    client.get(PAGE)
    with django_assert_max_num_queries(2):
        assert client.get(PAGE).status_code == 200
