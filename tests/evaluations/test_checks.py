"""监督查评 on the desk: the form, what it refuses, and one's own list."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from evaluations.models import Evaluation
from organizations.models import Staff
from rectification.enums import Source
from rectification.models import Case
from tests.factories import Cast
from tests.support.pages import forms_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], Client]
LIST, ADD = "/desk/checks/", "/desk/checks/add/"


def found(client: Client, **typed: Any) -> Any:
    html = client.get(ADD).content.decode()
    [form] = [form for form in forms_in(html, ADD) if "level" in form.controls]
    seen = {"place": "YT-CITY/B05", "visited_at": "2026-11-23T09:00", "level": "5", **typed}
    return client.post(ADD, {**form.untouched, **seen})


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_only_checkers_may_open_it(sign_in: SignIn, cast: Cast) -> None:
    for address in (LIST, ADD):
        assert Client().get(address).status_code == 302
        answers = {name: sign_in(person).get(address).status_code for name, person in cast.everybody.items()}
        assert {name for name, status in answers.items() if status == 200} == {"qian", "he", "zhao"}
        assert set(answers.values()) == {200, 403}
    assert found_by_stranger(sign_in(cast.lin)) == 403


def found_by_stranger(client: Client) -> int:
    return client.post(ADD, {"place": "YT-CITY/B05", "level": "5", "visited_at": "2026-11-23T09:00"}).status_code


def test_a_good_finding_is_listed(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.zhao)
    assert "还没有您记录的查评" in text_of(client.get(LIST))
    assert found(client, text="告知单齐全").url == LIST
    rating = Evaluation.objects.get()
    page = text_of(client.get(LIST))
    assert page.count(rating.number) == 2
    assert "告知单齐全" in page
    assert (rating.window.number, rating.unit, rating.target) == ("B05", cast.other_unit, "window")
    assert "告知单齐全" not in text_of(sign_in(cast.qian).get(LIST))


def test_a_bad_finding_is_told_with_its_case(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.qian)
    page = text_of(client.get(found(client, level="1", text="空岗二十分钟", tags=["115"]).url))
    case = Case.objects.get()
    assert f"已立案 {case.number}" in page
    assert (case.source, [tag["code"] for tag in case.tags]) == (Source.INSPECTION, ["115"])


@pytest.mark.parametrize(
    ("place", "matter", "target"),
    [
        ("YT-ZF", "", "hall"),
        ("YT-ZF/07", "", "window"),
        ("", "居住证", "guide"),
    ],
)
def test_what_can_be_checked(sign_in: SignIn, cast: Cast, place: str, matter: str, target: str) -> None:
    if matter:
        matter = cast.item.name
    assert found(sign_in(cast.qian), place=place, matter=matter).status_code == 302
    assert Evaluation.objects.get().target == target


@pytest.mark.parametrize("place", ["12345 热线", "政务服务网站"])
def test_the_bodys_own_things_are_checked_by_another_unit(sign_in: SignIn, cast: Cast, place: str) -> None:
    assert "您所在单位" in text_of(found(sign_in(cast.qian), place=place))
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"level": "1"}, "text", "请写明查到的情况"),
        ({"level": "2", "tags": ["207"]}, "text", "请写明查到的情况"),
        ({"level": ""}, "level", "请选一个满意度"),
        ({"visited_at": ""}, "visited_at", "请填写"),
        ({"visited_at": "2026-11-23T11:00"}, "visited_at", "不能晚于今天"),
        ({"visited_at": "2026-10-01T09:00"}, "visited_at", "最早"),
        ({"visited_at": "0001-01-01T00:00"}, "visited_at", ""),
        ({"visited_at": "9999-12-31T23:59"}, "visited_at", ""),
        ({"place": ""}, "place", "窗口、大厅、办件编号或事项"),
        ({"place": "没有"}, "place", "没有找到"),
        ({"place": "YT-CITY/A03"}, "place", "您所在单位"),
    ],
)
def test_what_is_wrong_is_said_and_everything_stays(
    sign_in: SignIn, cast: Cast, typed: dict[str, Any], field: str, words: str
) -> None:
    response = found(sign_in(cast.qian), **typed)
    assert response.status_code == 200
    assert words in " ".join(response.context["form"].errors[field])
    assert not Evaluation.objects.exists()


def test_a_service_is_not_checked(sign_in: SignIn, cast: Cast) -> None:
    service = cast.service()
    response = found(sign_in(cast.qian), matter=service.project_number, place="")
    assert "不针对单个办件" in text_of(response)
    assert not Evaluation.objects.exists()


def test_the_county_is_offered_its_county_and_refused_the_city(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.he)
    offered = set(re.findall(r'<option value="(YT-\w+)/', text_of(client.get(ADD))))
    assert offered == {"YT-ZF"}
    assert "管理范围" in text_of(found(client))
    assert found(client, place="YT-ZF/07").status_code == 302


def test_going_back_to_a_used_form_asks_and_then_stores(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.qian)
    html = client.get(ADD).content.decode()
    [form] = [form for form in forms_in(html, ADD) if "level" in form.controls]
    typed = {**form.untouched, "place": "YT-CITY/B05", "visited_at": "2026-11-23T09:00", "level": "5"}
    assert client.post(ADD, typed).status_code == client.post(ADD, typed).status_code == 302
    asked = client.post(ADD, {**typed, "level": "1", "text": "另一次"})
    assert asked.status_code == 409
    assert "另一次" in text_of(asked)
    [again] = [form for form in forms_in(text_of(asked), ADD) if "level" in form.controls]
    assert client.post(ADD, again.untouched).status_code == 302
    assert Evaluation.objects.count() == 2
