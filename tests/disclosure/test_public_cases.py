"""The list of public cases, one case, and 我也遇到过: what everybody reads, and what nobody does."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings as portal
from django.test import Client
from django.urls import reverse

from common.memory import forget_everything
from disclosure.actions import take_down_disclosure, withhold_disclosure
from disclosure.enums import Reason
from disclosure.models import Disclosure, Echo, PublicCase
from disclosure.queries.narrowing import loosened
from disclosure.queries.public import Asked
from rectification import actions as cases
from rectification.enums import State
from tests.disclosure.press import SAID, Press
from tests.factories import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
LIST = "/cases/"
SHOWN = 20


@pytest.fixture(autouse=True)
def chinese(client: Client) -> None:
    client.cookies["language"] = portal.LANGUAGE_CODE


def page(client: Client, **asked: object) -> str:
    forget_everything()
    response = client.get(f"{LIST}?{urlencode(asked)}")
    assert response.status_code == 200
    return response.content.decode()


def numbers(html: str) -> list[str]:
    return re.findall(r'href="/cases/([0-9A-Z-]{9})/"', html)


def show(client: Client, public: PublicCase) -> str:
    forget_everything()
    return client.get(reverse("public-case", args=[public.number])).content.decode()


def test_the_list_tells_how_many_and_how_long(client: Client, press: Press) -> None:
    one = press.public(state=State.CLOSED)
    press.public("电话打不通,没人接。")
    html = page(client)
    assert "找到 2 件,已整改 1 件,平均 0.0 个工作日答复" in html
    assert len(numbers(html)) == 2
    assert one.number in html


def test_nothing_public_says_what_will_be_here(client: Client, press: Press) -> None:
    press.draft()
    html = page(client)
    assert "还没有公示的差评" in html
    assert SAID[:8] not in html, "nobody has looked at it yet"


@pytest.mark.parametrize(
    ("words", "found"),
    [("窗口", 1), ("身份证复印", 1), ("复印件 三趟", 1), ("停车", 0), ("身份证复印机", 0), ("窗", 1), ("公安局", 2)],
)
def test_search_finds_words_of_one_two_and_more_characters(
    client: Client, press: Press, words: str, found: int
) -> None:
    press.public()
    press.public("排队太久")
    assert len(numbers(page(client, q=words))) == found


def test_every_filter_narrows_the_list(client: Client, press: Press) -> None:
    public = press.public(state=State.CLOSED)
    unit = press.cast.unit
    right: dict[str, object] = {
        "region": unit.region.code,
        "unit": unit.code,
        "reason": public.tags[0],
        "level": 1,
        "result": "rectified",
        "since": public.rated_on,
        "until": public.rated_on,
    }
    wrong = {
        "level": 2,
        "result": "handling",
        "since": public.rated_on + timedelta(days=1),
        "until": public.rated_on - timedelta(days=1),
    }
    for name, value in right.items():
        assert numbers(page(client, **{name: value})) == [public.number], name
    for name, value in wrong.items():
        assert numbers(page(client, **{name: value})) == [], name
    assert numbers(page(client, **right)) == [public.number]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("level", "9", "这一项不能选"),
        ("unit", "nowhere", "这一项不能选"),
        ("since", "2026-13-99", "请写成 2026-11-27 这样的日期"),
        ("sort", "'--", "这一项不能选"),
        ("q", "x" * 41, "最多 40 个字"),
        ("q", "。,!", "请写要搜索的字"),
    ],
)
def test_a_bad_filter_is_told_and_lists_nothing(client: Client, press: Press, name: str, value: str, said: str) -> None:
    press.public()
    html = page(client, **{name: value})
    assert said in html
    assert "error-summary" in html
    assert numbers(html) == []


def test_the_other_filters_are_shown_open_where_one_is_used(client: Client, press: Press) -> None:
    opened = "<details open>"
    assert opened not in page(client, q="窗口", region="", level="", sort="newest"), "the form sends all its fields"
    assert opened in page(client, level=1)
    assert opened in page(client, sort="longest")


def test_a_period_that_ends_before_it_begins_is_told(client: Client, press: Press) -> None:
    assert "结束日期要在开始日期之后" in page(client, since="2026-11-02", until="2026-11-01")


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "1-2-3", "١", "1-", ""])
def test_a_position_that_is_none_is_the_start(client: Client, press: Press, after: str) -> None:
    public = press.public()
    assert numbers(page(client, after=after)) == [public.number]


def test_pages_follow_one_another_without_gap_or_double(client: Client, press: Press) -> None:
    rows = [press.public(f"第{n}件,窗口不收现金") for n in range(SHOWN + 3)]
    first = page(client, q="现金")
    assert len(numbers(first)) == SHOWN
    [rest] = re.findall(r'rel="next" href="([^"]+)"', first)
    forget_everything()
    second = client.get(LIST + rest.replace("&amp;", "&")).content.decode()
    assert 'rel="next"' not in second
    assert "回到第一页" in second
    assert [*numbers(first), *numbers(second)] == [row.number for row in reversed(rows)]


def test_the_longest_come_first_and_ties_page_well(client: Client, press: Press) -> None:
    rows = [press.public(f"第{n}件") for n in range(SHOWN + 2)]
    for place, row in enumerate(rows):
        PublicCase.objects.filter(pk=row.pk).update(working_days=place // 3)
    PublicCase.objects.filter(pk=rows[0].pk).update(working_days=None)
    first = page(client, sort="longest")
    [rest] = re.findall(r'rel="next" href="([^"]+)"', first)
    second = client.get(LIST + rest.replace("&amp;", "&")).content.decode()
    both = [*numbers(first), *numbers(second)]
    wanted = sorted(rows[1:], key=lambda row: (-(rows.index(row) // 3), -row.pk))
    assert both == [row.number for row in wanted]
    assert "还没有答复的不在内" in first


def test_an_empty_list_names_the_condition_to_drop(client: Client, press: Press) -> None:
    for n in range(3):
        press.public(f"第{n}件,窗口不收现金")
    press.public("电话没人接", state=State.CLOSED)
    html = page(client, q="现金", result="rectified", level=1)
    assert "没有符合这些条件的公示" in html
    assert "去掉“处理结果”这个条件" in html
    assert "就有 3 件" in html
    assert 'href="?q=%E7%8E%B0%E9%87%91&amp;level=1"' in html


def test_where_no_single_condition_helps_none_is_named(press: Press) -> None:
    press.public()
    assert loosened(Asked(words="停车", result="rectified")) is None
    assert loosened(Asked()) is None


def test_a_case_shows_before_and_after_and_its_way(client: Client, press: Press, monday: Any, settings: Any) -> None:
    settings.DISCLOSURE_CROWD = 0
    public = press.public(state=State.CLOSED)
    monday.shift(timedelta(hours=3))
    html = show(client, public)
    for said in (
        "整改前",
        "整改后",
        SAID,
        "补齐样本并上墙",
        "您反映的问题已经改正",
        "已整改",
        "评价人对整改:",
        "按期办结",
    ):
        assert said in html, said
    assert html.count("已完成") == 4
    assert "2026年11月23日" in html
    assert "10:00" not in html, "the hour is never told"


def test_no_day_of_a_case_is_told_more_exactly_than_another(client: Client, press: Press) -> None:
    """The day of the reply less the working days it took would be the day of the rating."""
    public = press.public(state=State.CLOSED)
    html = show(client, public) + page(client)
    assert "2026年第4季度评价 → 2026年第4季度答复" in html
    assert "11月23日" not in html
    told = json.loads(client.get("/cases/data/cases.json").getvalue())[0]  # type: ignore[attr-defined]
    assert {told[name] for name in ("rated_on", "replied_on", "published_on")} == {"2026-10-01"}


def test_a_case_on_its_way_says_so(client: Client, press: Press) -> None:
    html = show(client, press.public())
    assert "还在办理,有结果后公示" in html
    assert 'aria-current="step"' in html


def test_hidden_words_are_not_shown_and_still_count(client: Client, press: Press) -> None:
    public = press.public()
    cases.hide_text(Disclosure.objects.get(number=public.number).case, at=NOW, hidden=True)
    press.follow()
    assert "应评价人要求不再展示文字" in show(client, public)
    assert SAID not in show(client, public)
    html = page(client)
    assert "找到 1 件" in html
    assert "应评价人要求不再展示文字" in html


def test_what_is_withheld_and_what_never_was_are_one_page(client: Client, press: Press, cast: Cast) -> None:
    withheld = press.draft()
    withhold_disclosure(withheld, by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")
    down = press.public()
    one = Disclosure.objects.get(number=down.number)
    take_down_disclosure(one, by=cast.lin, at=NOW, reason=Reason.MISTAKE, note="写错")
    waiting = press.draft()
    answers = []
    for number in (withheld.number, down.number, waiting.number, "ZZZZ-9999", "x" * 300):
        for more in ("", "met/"):
            response = client.get(f"/cases/{number}/{more}")
            headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
            answers.append((response.status_code, response.content, str(headers)))
    assert {status for status, _, _ in answers} == {404}
    assert len({content for _, content, _ in answers}) == 1
    assert len({headers for _, _, headers in answers[::2]}) == 1
    assert "还没有公示的差评" in page(client)
    assert "没有符合这些条件的公示" in page(client, q=SAID[:8])


def test_a_number_may_be_typed_in_small_letters(client: Client, press: Press) -> None:
    public = press.public()
    assert client.get(f"/cases/{public.number.lower()}/").status_code == 200


def test_nothing_of_staff_or_evaluator_is_on_any_page(client: Client, press: Press, cast: Cast) -> None:
    public = press.public("给我打13800138000,窗口态度不好", state=State.CLOSED)
    case = Disclosure.objects.get(number=public.number).case
    for address in (
        LIST,
        f"/cases/{public.number}/",
        f"/cases/{public.number}/met/",
        f"/cases/units/{cast.unit.code}/",
    ):
        html = client.get(address).content.decode()
        for secret in ("13800138000", "13800000001", case.number, *(person.name for person in cast.everybody.values())):
            assert secret not in html, f"{secret} on {address}"


# --- 我也遇到过 ----------------------------------------------------------------------------------------------------


def press_met(client: Client, public: PublicCase) -> Any:
    address = reverse("public-met", args=[public.number])
    html = client.get(address).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    return client.post(address, {"csrfmiddlewaretoken": token[1] if token else "none"})


def test_each_browser_counts_once(press: Press) -> None:
    public = press.public()
    one, other = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    assert press_met(one, public).status_code == 302
    assert press_met(one, public).status_code == 403, "the form is not offered again, so there is no token"
    assert "已经记下您也遇到过" in one.get(f"/cases/{public.number}/met/").content.decode()
    press_met(other, public)
    assert Echo.objects.filter(case=public).count() == 2
    assert '<span class="count">2</span>' in show(one, public)


def test_a_second_press_of_the_same_form_counts_once(client: Client, press: Press) -> None:
    public = press.public()
    client.get(f"/cases/{public.number}/met/")
    for _press in range(3):
        client.post(f"/cases/{public.number}/met/")
    assert Echo.objects.count() == 1


def test_without_the_mark_or_the_token_nothing_is_counted(press: Press) -> None:
    public = press.public()
    assert Client(enforce_csrf_checks=True).post(f"/cases/{public.number}/met/").status_code == 403
    assert Client().post(f"/cases/{public.number}/met/").status_code == 200
    assert not Echo.objects.exists()


def test_a_browser_cannot_be_followed_from_case_to_case(client: Client, press: Press) -> None:
    for public in (press.public(), press.public("电话没人接")):
        client.get(f"/cases/{public.number}/met/")
        client.post(f"/cases/{public.number}/met/")
    marks = set(Echo.objects.values_list("device", flat=True))
    assert len(marks) == 2
    assert not any(client.cookies["csrf"].value in mark for mark in marks)


def test_one_network_is_stopped_in_time(press: Press, settings: Any) -> None:
    settings.ECHOES_PER_ADDRESS_HOUR = 2
    public = press.public()
    codes = [press_met(Client(), public).status_code for _browser in range(3)]
    assert codes == [302, 302, 429]
    assert Echo.objects.count() == 2
