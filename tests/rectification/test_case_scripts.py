"""What scripts add to the acts in a real browser, and that without them everything is still there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from organizations.models import Staff
from rectification.enums import State
from rectification.models import Case, Draft, Presence
from tests.factories import Cast
from tests.ui.checks import Mode, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]


def enter(page: Page, address: str, person: Staff) -> None:
    """Opens the browser as somebody who has signed in."""
    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


def in_work(cast: Cast) -> Case:
    at = timezone.now() - timedelta(hours=1)
    return cast.upto(cast.rate(1, at=at, text="窗口不收现金"), State.RECTIFYING, at=at)


def test_what_is_typed_is_kept_by_itself(live_cast: Cast, live_server: object, open_page: OpenPage) -> None:
    case, page, base = in_work(live_cast), open_page(), live_server.url  # type: ignore[attr-defined]
    enter(page, base, live_cast.wu)
    page.clock.install()
    page.goto(base + reverse("act", args=[case.number, "submit_report"]))
    page.get_by_label("问题是什么").fill("没有提供样本")
    page.clock.fast_forward(21_000)
    expect(page.locator("[data-draft-line]")).to_contain_text("草稿已于")
    assert Draft.objects.get().data["wrong"] == "没有提供样本"
    page.reload()
    expect(page.get_by_label("问题是什么")).to_have_value("没有提供样本")


def test_two_people_see_each_other(live_cast: Cast, live_server: object, open_page: OpenPage) -> None:
    case, base = in_work(live_cast), live_server.url  # type: ignore[attr-defined]
    first, second = open_page(), open_page()
    for page, person in ((first, live_cast.wu), (second, live_cast.zheng)):
        enter(page, base, person)
        with page.expect_response("**/presence/"):
            page.goto(base + reverse("case", args=[case.number]))
    expect(second.locator("[data-presence-line]")).to_have_text("吴经办正在查看")
    assert Presence.objects.filter(case=case).count() == 2


@pytest.mark.parametrize("width", [360, 1280])
def test_a_contact_and_a_report_without_scripts(
    live_cast: Cast, live_server: object, open_page: OpenPage, width: int
) -> None:
    at = timezone.now() - timedelta(hours=1)
    case = live_cast.upto(live_cast.rate(1, at=at), State.DISPATCHED, at=at)
    page, base = open_page(width=width, javascript=False), live_server.url  # type: ignore[attr-defined]
    enter(page, base, live_cast.wu)
    page.goto(base + reverse("case", args=[case.number]))
    page.get_by_role("button", name="签收").click()
    page.get_by_role("link", name="联系评价人").click()
    page.get_by_role("button", name="呼叫").click()
    expect(page.get_by_text("正在为您接通评价人")).to_be_visible()
    page.get_by_label("接通").check()
    page.get_by_label("通话要点").fill("已致歉")
    page.get_by_role("button", name="记录联系").click()
    page.get_by_role("link", name="提交整改").click()
    page.get_by_label("整改", exact=True).check()
    for label, words in {"问题是什么": "没有样本", "改了什么": "补齐样本", "怎样防止再发生": "每周核对"}.items():
        page.get_by_label(label).fill(words)
    page.get_by_label("答复模板").select_option("fixed")
    page.get_by_role("button", name="套用模板").click()
    page.get_by_role("button", name="提交整改").click()
    expect(page.get_by_role("alert")).to_contain_text("还有没填的空")
    page.get_by_label("给评价人的答复").fill("您好,问题已经改正。")
    page.get_by_role("button", name="提交整改").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待质检")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_to_complain_of(live_cast: Cast, live_server: object, open_page: OpenPage, width: int) -> None:
    case, base = in_work(live_cast), live_server.url  # type: ignore[attr-defined]
    page = open_page(width=width)
    enter(page, base, live_cast.wu)
    page.goto(base + reverse("case", args=[case.number]))
    assert not list(complaints(page, Mode(width=width), desk=True))
    page.goto(base + reverse("act", args=[case.number, "submit_report"]))
    page.get_by_label("给评价人的答复").fill("请拨打13812345678,【哪一天】改正。")
    page.get_by_role("button", name="提交整改").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert not list(complaints(page, Mode(width=width), desk=True))
