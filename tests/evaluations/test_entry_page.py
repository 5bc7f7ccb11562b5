"""The clerk's screen: who may open it, what it keeps, and that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common.memory import forget_everything
from evaluations.actions import record_service
from evaluations.enums import ServiceSource
from evaluations.models import Evaluation
from identity.actions import look_at
from identity.enums import Purpose
from identity.models import Evaluator
from organizations.enums import Role
from organizations.models import Staff, Window
from organizations.queries import staff_actor
from rectification.models import Case
from tests.factories import NOW, Cast, staff
from tests.support.pages import forms_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], Client]
ENTRY = "/desk/entry/"


@pytest.fixture
def clerk(sign_in: SignIn, cast: Cast) -> Client:
    return sign_in(cast.lin)


def place(cast: Cast) -> str:
    return f"{cast.window.hall.code}/{cast.window.number}"


def line(client: Client, address: str = ENTRY) -> dict[str, Any]:
    """The empty line as it lies before the clerk."""
    html = client.get(address).content.decode()
    [form] = [form for form in forms_in(html, ENTRY) if "level" in form.controls]
    return dict(form.untouched)


def enter(client: Client, cast: Cast, **typed: Any) -> Any:
    return client.post(ENTRY, {**line(client), "place": place(cast), "level": "5", **typed})


def text_of(response: Any) -> str:
    return response.content.decode()


def errors(response: Any) -> dict[str, str]:
    assert response.status_code in (200, 409)
    assert "error-summary" in text_of(response)
    return {name: " ".join(found) for name, found in response.context["form"].errors.items()}


# --- who -------------------------------------------------------------------------------------------------------------


def test_only_clerks_may_open_it(sign_in: SignIn, cast: Cast) -> None:
    assert Client().get(ENTRY).status_code == 302
    mei = staff("mei", "梅大厅", (Role.UNIT_SUPERVISOR, cast.county_body))
    people = {**cast.everybody, "mei": mei}
    answers = {name: sign_in(person).get(ENTRY).status_code for name, person in people.items()}
    assert {name for name, status in answers.items() if status == 200} == {"lin", "zhao", "mei"}
    assert set(answers.values()) == {200, 403}
    for name in ("zheng", "qian", "wu"):
        assert sign_in(people[name]).post(ENTRY, {"level": "5"}).status_code == 403
    assert not Evaluation.objects.exists()


def test_it_is_among_the_places_of_those_who_may(sign_in: SignIn, cast: Cast) -> None:
    mei = staff("mei", "梅大厅", (Role.UNIT_SUPERVISOR, cast.county_body))
    for person, shown in ((cast.lin, True), (cast.zhao, True), (mei, True), (cast.zheng, False), (cast.wu, False)):
        assert (f'href="{ENTRY}"' in text_of(sign_in(person).get(reverse("desk-more")))) is shown, person


def test_a_hall_supervisor_is_offered_that_halls_windows_only(sign_in: SignIn, cast: Cast) -> None:
    page = text_of(sign_in(staff("mei", "梅大厅", (Role.UNIT_SUPERVISOR, cast.county_body))).get(ENTRY))
    assert "YT-ZF/07" in page
    assert "YT-CITY/" not in page.replace("如 YT-CITY/A12", "")


# --- a slip ----------------------------------------------------------------------------------------------------------


def test_one_slip_and_the_next_line_is_ready(clerk: Client, cast: Cast) -> None:
    response = enter(clerk, cast, channel="box", day="2026-11-20", level="1", tags="108,111", text="多要了材料")
    assert response.status_code == 302
    rating, case = Evaluation.objects.get(), Case.objects.get()
    assert (rating.channel, rating.level, rating.tags, rating.text) == ("box", 1, ["108", "111"], "多要了材料")
    assert (rating.window, rating.entered_by) == (cast.window, cast.lin)
    page = text_of(clerk.get(response["Location"]))
    assert page.count(case.number) == 2  # said once, and in the list
    assert re.search(r'name="level"[^>]*autofocus', page)
    assert not re.search(r'name="consent"[^>]*checked', page)
    kept = line(clerk, response["Location"])
    assert (kept["channel"], kept["day"], kept["place"]) == (["box"], ["2026-11-20"], [place(cast)])
    assert all(kept[name] == [""] for name in ("level", "matter", "tags", "text", "phone"))


def test_a_fresh_screen_begins_with_the_channel(clerk: Client) -> None:
    page = text_of(clerk.get(ENTRY))
    assert re.search(r'<select name="channel"[^>]*autofocus', page)
    assert 'value="2026-11-23"' in page
    assert "还没有录入" in page


def test_the_last_ten_newest_first_with_their_numbers(clerk: Client, cast: Cast) -> None:
    for number in range(12):
        assert enter(clerk, cast, text=f"第{number}张").status_code == 302
    cast.submit(5, text="市民自己的")
    rows = re.findall(r"第(\d+)张", text_of(clerk.get(ENTRY)))
    assert rows == [str(number) for number in range(11, 1, -1)]
    for rating in Evaluation.objects.filter(text__in=["第11张", "第2张"]):
        assert rating.number in text_of(clerk.get(ENTRY))
    assert "市民自己的" not in text_of(clerk.get(ENTRY))


def test_another_clerks_slips_are_not_mine(clerk: Client, sign_in: SignIn, cast: Cast) -> None:
    enter(clerk, cast, text="林录的")
    assert "林录的" not in text_of(sign_in(cast.zhao).get(ENTRY))


def test_a_service_number_and_an_item(clerk: Client, cast: Cast) -> None:
    service = cast.service()
    assert enter(clerk, cast, matter=service.project_number).status_code == 302
    assert enter(clerk, cast, matter=cast.item.name, place="").status_code == 302
    assert enter(clerk, cast, matter=cast.item.name).status_code == 302
    found = list(Evaluation.objects.order_by("received_at").values_list("target", "origin", "item", "window"))
    assert found == [
        ("service", "active", cast.item.pk, cast.window.pk),
        ("guide", "unmatched", cast.item.pk, None),
        ("window", "unmatched", cast.item.pk, cast.window.pk),
    ]


def test_the_phone_goes_to_the_vault_with_consent_and_nowhere_else(clerk: Client, cast: Cast) -> None:
    refused = enter(clerk, cast, level="2", text="等太久", phone="13800000007")
    assert "没有同意留电话" in errors(refused)["consent"]
    assert 'value="13800000007"' in text_of(refused)
    assert not Evaluator.objects.exists()
    response = enter(clerk, cast, level="2", text="等太久", phone="13800000007", consent="on")
    evaluator = Evaluator.objects.get()
    seen = look_at(evaluator.pk, by=staff_actor(cast.zhao), purpose=Purpose.CALLBACK, about="x", at=NOW)
    assert seen.phone == "13800000007"
    assert Evaluation.objects.get().consent_version == conf.CONSENT_VERSION
    assert "13800000007" not in response["Location"]
    assert "13800000007" not in text_of(clerk.get(response["Location"]))


# --- what does not fit -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"level": ""}, "level", "1 到 5"),
        ({"level": "0"}, "level", "1 到 5"),
        ({"level": "6"}, "level", "1 到 5"),
        ({"level": "好"}, "level", "1 到 5"),
        ({"level": "1"}, "tags", "一个原因代码或原话"),
        ({"level": "2", "tags": "108"}, "tags", "108 不属于"),
        ({"level": "1", "tags": "999"}, "tags", "没有这个原因代码: 999"),
        ({"level": "1", "tags": "101"}, "tags", "没有这个原因代码: 101"),
        ({"level": "1", "tags": "态度"}, "tags", "没有这个原因代码: 态度"),
        ({"text": "长" * 501}, "text", "最多 500 个字"),
        ({"phone": "打给我", "consent": "on"}, "phone", "能接通的电话"),
        ({"day": "2026-11-24"}, "day", "不能晚于今天"),
        ({"day": "2026-10-01"}, "day", "最早"),
        ({"day": "0001-01-01"}, "day", "最早"),
        ({"day": "昨天"}, "day", "2026-11-27"),
        ({"channel": "web"}, "channel", "请从列出的选项里选"),
        ({"place": "没有这个窗口"}, "place", "没有找到"),
        ({"place": ""}, "place", "窗口、大厅、办件编号或事项"),
        ({"place": "07"}, "place", "YT-ZF/07"),
        ({"matter": "370600NOTHING"}, "matter", "没有找到"),
        ({"place": "YT-CITY/A03"}, "place", "您所在单位"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_and_everything_stays(
    clerk: Client, cast: Cast, typed: dict[str, str], field: str, words: str
) -> None:
    response = enter(clerk, cast, **{"text": "照单抄下的话" if field != "tags" else "", **typed})
    assert words in errors(response)[field]
    for name, value in typed.items():
        if name not in ("channel", "day"):
            assert value in text_of(response), name
    assert 'aria-invalid="true"' in text_of(response)
    assert not Evaluation.objects.exists()


def test_several_matches_are_put_on_offer(clerk: Client, cast: Cast) -> None:
    first = cast.service()
    record_service(
        source=ServiceSource.HALL,
        project_number=first.project_number,
        service_number=2,
        item=cast.item,
        unit=cast.unit,
        served_at=NOW,
        at=NOW,
    )
    response = enter(clerk, cast, matter=first.project_number)
    assert f"{first.project_number}/1" in errors(response)["matter"]
    assert f'<option value="{first.project_number}/2">' in text_of(response)
    assert enter(clerk, cast, matter=f"{first.project_number}/1").status_code == 302


def test_a_number_of_another_window_is_asked_about(clerk: Client, cast: Cast) -> None:
    """The kept window and a number that contradict each other: nobody guesses which was misread."""
    service = cast.service()
    other = Window.objects.filter(hall=cast.window.hall).exclude(pk=cast.window.pk)[0]
    response = enter(clerk, cast, matter=service.project_number, place=f"{other.hall.code}/{other.number}")
    assert place(cast) in errors(response)["place"]
    assert enter(clerk, cast, matter=service.project_number, place=cast.window.hall.code).status_code == 302


def test_a_double_shows_what_is_stored_and_loses_nothing(clerk: Client, cast: Cast) -> None:
    service = cast.service()
    first = cast.submit(2, service=service, text="没有样本")
    response = enter(clerk, cast, matter=service.project_number, level="1", text="同一件的另一张单")
    assert response.status_code == 409
    page = text_of(response)
    for words in ("已经评价过", "没有样本", "不满意", "207", first.case.number, "同一件的另一张单"):
        assert words in page
    assert Evaluation.objects.count() == 1


def test_a_hall_supervisor_reads_no_other_units_citizens(sign_in: SignIn, cast: Cast) -> None:
    """Of a double they learn that it is one, not what was said to another unit."""
    window = Window.objects.select_related("hall", "unit").get(hall__code="YT-ZF", number="07")
    service = record_service(
        source=ServiceSource.HALL,
        project_number="370602TEST00000001",
        item=cast.item,
        unit=window.unit,
        served_at=NOW,
        at=NOW,
        window=window,
    )
    first = cast.submit(1, service=service, text="别人的话")
    mei = sign_in(staff("mei", "梅大厅", (Role.UNIT_SUPERVISOR, cast.county_body)))
    response = mei.post(ENTRY, {**line(mei), "matter": service.project_number, "level": "5"})
    # the factory rates for the city bureau; the service is the county's, and so is the clerk's bar
    assert response.status_code == 409
    assert "已经评价过" in text_of(response)
    assert "别人的话" not in text_of(response)
    assert first.case.number not in text_of(response)


def test_a_second_press_stores_one(clerk: Client, cast: Cast) -> None:
    typed = {**line(clerk), "place": place(cast), "level": "1", "text": "等太久"}
    first, second = clerk.post(ENTRY, typed), clerk.post(ENTRY, typed)
    assert first["Location"] == second["Location"]
    assert Evaluation.objects.count() == 1


def test_going_back_to_a_used_form_asks_and_then_stores(clerk: Client, cast: Cast) -> None:
    typed = {**line(clerk), "place": place(cast), "level": "5"}
    clerk.post(ENTRY, typed)
    asked = clerk.post(ENTRY, {**typed, "level": "4", "text": "另一张单"})
    assert asked.status_code == 409
    assert "刚才已经保存过" in text_of(asked)
    assert "另一张单" in text_of(asked)
    [form] = [form for form in forms_in(text_of(asked), ENTRY) if "level" in form.controls]
    assert clerk.post(ENTRY, form.untouched).status_code == 302
    assert sorted(Evaluation.objects.values_list("level", flat=True)) == [4, 5]


@pytest.mark.parametrize(
    "query",
    ["channel=web&day=x&place=y", "day=9999-99-99", "channel=" + "x" * 500, "place=" + "字" * 300, "day=0001-01-01"],
)
def test_a_bent_address_is_an_empty_line(clerk: Client, query: str) -> None:
    assert clerk.get(f"{ENTRY}?{query}").status_code == 200


def test_what_a_slip_costs(clerk: Client, cast: Cast) -> None:
    """Statements per slip, savepoints not counted: the screen and the storing, however many were entered before."""

    def statements(seen: CaptureQueriesContext) -> int:
        return len([query for query in seen if "SAVEPOINT" not in query["sql"]])

    def spent() -> tuple[int, int]:
        forget_everything()
        with CaptureQueriesContext(connection) as seen:
            clerk.get(f"{ENTRY}?channel=paper&place={place(cast)}")
        # Counted at once: the next request begins a log of its own.
        shown = statements(seen)
        typed = {**line(clerk), "place": place(cast), "level": "5"}
        with CaptureQueriesContext(connection) as seen:
            assert clerk.post(ENTRY, typed).status_code == 302
        return shown, statements(seen)

    spent()  # what a new connection is told once
    first = spent()
    for _ in range(5):
        enter(clerk, cast)
    assert spent() == first
    assert first[0] <= 16
    assert first[1] <= 20
