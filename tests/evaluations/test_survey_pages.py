"""抽访 on the desk: a plan, a caller's morning, what is shown to whom, and what is refused."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from evaluations.actions.calls import record_attempt, take_next
from evaluations.actions.drawing import draw_samples
from evaluations.enums.surveys import CallOutcome, CallStage
from evaluations.models import CallAttempt, SampledCall, SamplingPlan
from identity.models import Look
from organizations.enums import Role
from organizations.models import Staff
from rectification.models import Case
from tests.factories import NOW, Cast, staff
from tests.support.listening import DAY, heard, questions, rated, script, survey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], Client]
PLAN = {
    "name": "十一月抽访",
    "basis": "ratings",
    "first_day": "2026-11-16",
    "last_day": "2026-11-23",
    "size": "3",
    "method": "random",
    "minimum": "",
}


def text_of(response: Any) -> str:
    return response.content.decode()


def taken(cast: Cast, level: int = 5) -> SampledCall:
    rated(cast, level, phone="13800000001")
    survey(cast)
    call = take_next(by=cast.zhao, at=NOW)
    assert call is not None
    return call


def address(call: SampledCall, door: str = "") -> str:
    return f"/desk/calls/{call.pk}/{door}"


def test_a_plan_from_the_form_to_its_results(sign_in: SignIn, cast: Cast) -> None:
    used, qian, zhao = script(cast), sign_in(cast.qian), sign_in(cast.zhao)
    for level in (5, 4, 1):
        rated(cast, level)
    assert qian.post("/desk/surveys/add/", {**PLAN, "script": used.pk}).status_code == 302
    draw_samples(at=NOW)
    plan = SamplingPlan.objects.get()
    page = text_of(qian.get(f"/desk/surveys/{plan.pk}/"))
    assert str(plan.seed) in page
    scale = questions(used)[0]
    for level in (5, 3, 4):
        where = zhao.post("/desk/calls/next/")["Location"]
        zhao.post(where, {"result": "reached", "level": level, f"q{scale.pk}": "4"})
    assert "现在没有可以拨打的人" in text_of(zhao.post("/desk/calls/next/", follow=True))
    page = text_of(qian.get(f"/desk/surveys/{plan.pk}/results/"))
    assert "100.00%" in page
    assert "29.24% – 100.00%" in page, "the exact interval of three of three"
    assert "完全一致" in page
    assert "赵回访" in text_of(qian.get(f"/desk/surveys/{plan.pk}/"))
    qian.post(f"/desk/surveys/{plan.pk}/close/")
    assert "这项抽访没有在进行" in text_of(qian.post(f"/desk/surveys/{plan.pk}/close/", follow=True))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"size": "0"}, "error-summary"),
        ({"size": "99999999999"}, "error-summary"),
        ({"size": "60000"}, "最多 50000 人"),
        ({"first_day": "2026-11-24"}, "止日不能早于起日"),
        ({"first_day": "1000-01-01"}, "2000 年到 2099 年"),
        ({"script": "999999"}, "请从列出的选项里选"),
        ({"script": "x"}, "error-summary"),
        ({"method": ""}, "请选择“抽样方法”"),
    ],
)
def test_a_plan_says_what_is_wrong(sign_in: SignIn, cast: Cast, said: dict[str, str], words: str) -> None:
    page = text_of(sign_in(cast.qian).post("/desk/surveys/add/", {**PLAN, "script": script(cast).pk, **said}))
    assert words in page
    assert "十一月抽访" in page
    assert not SamplingPlan.objects.exists()


def test_the_caller_sees_the_matter_and_neither_the_number_nor_what_was_rated(sign_in: SignIn, cast: Cast) -> None:
    call = taken(cast, level=1)
    page = text_of(sign_in(cast.zhao).get(address(call)))
    for words in (cast.unit.name, cast.item.name, "11月22日(周日)", questions(call.plan.questionnaire)[0].text):
        assert words in page
    assert "13800000001" not in page
    assert str(call.evaluator_id) not in page
    aside = page.split('class="aside"')[1]
    assert "满意</" not in aside
    assert not re.search(r"<input[^>]* checked", page)


def test_calling_keeps_what_was_typed_and_leaves_a_row_in_the_vault(
    sign_in: SignIn, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    call, zhao = taken(cast), sign_in(cast.zhao)
    with caplog.at_level(logging.INFO, "identity.calls"):
        page = text_of(zhao.post(address(call, "ring/"), {"result": "reached", "level": "4", "note": "打到一半"}))
    assert "正在为您接通" in page
    assert "打到一半" in page
    assert re.search(r'name="level" value="4"[^>]* checked', page)
    look = Look.objects.get()
    assert (look.purpose, look.about, look.actor_name) == ("survey", call.reference, "赵回访")
    zhao.post(address(call), {"result": "no_answer", "note": "打到一半"})
    assert CallAttempt.objects.get().call_reference.startswith("C")


def test_no_call_outside_the_hours(sign_in: SignIn, cast: Cast) -> None:
    call, zhao = taken(cast), sign_in(cast.zhao)
    SampledCall.objects.update(taken_until=NOW + DAY)
    with time_machine.travel(NOW.replace(hour=20, minute=30), tick=False):
        assert "现在不是访问时间" in text_of(zhao.post(address(call, "ring/"), {"note": "x"}))
        assert "继续手上的" in text_of(zhao.get("/desk/calls/"))
        SampledCall.objects.update(taken_by=None, taken_until=None)
        assert "09:00 到 20:00" in text_of(zhao.get("/desk/calls/"))
        assert "现在不是访问时间" in text_of(zhao.post("/desk/calls/next/", follow=True))
    assert not Look.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "请选择“结果”"),
        ({"result": "reached"}, "请选一个满意度"),
        ({"result": "reached", "level": "9"}, "请从列出的选项里选"),
        ({"result": "reached", "level": "5", "opens_case": "on", "words": "x"}, "请去掉勾选"),
        ({"result": "reached", "level": "1", "opens_case": "on"}, "请记下对方的原话"),
    ],
)
def test_what_is_wrong_is_said_and_kept(sign_in: SignIn, cast: Cast, said: dict[str, str], words: str) -> None:
    page = text_of(sign_in(cast.zhao).post(address(taken(cast)), {**said, "note": "我的备注"}))
    assert words in page
    assert "我的备注" in page
    assert not CallAttempt.objects.exists()


def test_a_case_by_consent(sign_in: SignIn, cast: Cast) -> None:
    call, zhao = taken(cast), sign_in(cast.zhao)
    said = {"result": "reached", "level": "1", "words": "跑了三趟", "opens_case": "on"}
    page = text_of(zhao.post(address(call), said, follow=True))
    assert f"已立案 {Case.objects.get().number}" in page


def test_where_a_case_was_born_no_second_is_offered(sign_in: SignIn, cast: Cast) -> None:
    page = text_of(sign_in(cast.zhao).get(address(taken(cast, level=1))))
    assert 'name="opens_case"' not in page


def test_who_has_it_not_in_hand_is_told_and_loses_nothing(sign_in: SignIn, cast: Cast) -> None:
    call = taken(cast)
    other = sign_in(staff("cui", "崔回访", (Role.CALLBACK, cast.body)))
    assert "不在您手上" in text_of(other.get(address(call)))
    late = other.post(address(call), {"result": "no_answer", "note": "我写的备注"})
    assert late.status_code == 409
    assert "我写的备注" in text_of(late)
    assert other.post(address(call, "ring/"), {}).status_code == 409
    assert not Look.objects.exists()


def test_nobody_opens_the_call_of_the_own_unit(sign_in: SignIn, cast: Cast) -> None:
    call = taken(cast)
    inside = sign_in(staff("nei", "内回访", (Role.CALLBACK, cast.unit)))
    for door in ("", "ring/", "release/"):
        assert inside.post(address(call, door)).status_code == 403
    assert inside.get(address(call)).status_code == 403


def test_putting_back(sign_in: SignIn, cast: Cast) -> None:
    call, zhao = taken(cast), sign_in(cast.zhao)
    assert "继续手上的这一位" in text_of(zhao.get("/desk/calls/"))
    zhao.post(address(call, "release/"), {})
    call.refresh_from_db()
    assert call.taken_by is None
    assert "下一位" in text_of(zhao.get("/desk/calls/"))


def test_the_list_is_paged_by_position_and_names_nobody(sign_in: SignIn, cast: Cast, settings: Any) -> None:
    for number in range(53):
        rated(cast, phone=f"1380000{number:04d}")
    plan = survey(cast, 53)
    qian, where = sign_in(cast.qian), f"/desk/surveys/{plan.pk}/calls/"
    first = text_of(qian.get(where))
    [more] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text_of(qian.get(where + more))
    positions = [int(n) for n in re.findall(r'data-label="序号">(\d+)<', first + second)]
    assert positions == list(range(1, 54))
    assert "1380000" not in first + second
    assert "这里没有人" in text_of(qian.get(where + "?stage=refused"))
    assert len(re.findall("序号", text_of(qian.get(where + "?stage=nonsense&after=9e9")))) == len(
        re.findall("序号", first)
    )


def test_a_survey_with_nobody_to_call_says_so(sign_in: SignIn, cast: Cast) -> None:
    plan = survey(cast)
    qian = sign_in(cast.qian)
    page = text_of(qian.get(f"/desk/surveys/{plan.pk}/results/"))
    assert "—" in page
    assert "还没有既评价过、又接受了访问的人" in page
    assert "没有进行中的抽访" not in text_of(sign_in(cast.zhao).get("/desk/calls/"))


def test_every_page_asks_as_often_for_many_as_for_few(
    sign_in: SignIn, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        rated(cast, phone=f"1380000{number:04d}")
    plan, qian = survey(cast, 12), sign_in(cast.qian)
    while call := take_next(by=cast.zhao, at=NOW):
        record_attempt(call, by=cast.zhao, at=NOW, outcome=CallOutcome.REACHED, heard=heard(4))
    assert plan.calls.filter(stage=CallStage.ANSWERED).count() == 12
    for where, most in (("", 14), ("calls/", 10), ("results/", 20)):
        with django_assert_max_num_queries(most):
            qian.get(f"/desk/surveys/{plan.pk}/{where}")
