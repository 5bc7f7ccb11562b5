"""Somebody without a name reads what is public: searches, opens, says "me too", prints; with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from assessment.actions import refresh
from common.models import TokenBucket
from disclosure.models import Echo, PublicCase
from rectification.enums import State
from tests.disclosure.press import Press
from tests.factories import Cast
from tests.support.paper import Paper
from tests.ui.checks import Mode, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BORDER = 2  # modules of white that the drawing of a code brings along; the paper around it gives the others
CASH, PHONE = "窗口不收现金,老人没有手机支付。", "咨询电话打了三天没人接。"


@dataclass
class Town:
    """A town with three public cases: one about cash that was put right, two about telephones."""

    address: str
    cash: PublicCase


@pytest.fixture
def town(live_cast: Cast, live_server: Any, settings: Any) -> Iterator[Town]:
    settings.PORTAL_URL = live_server.url
    press, now = Press(live_cast), timezone.now()
    one = press.draft(CASH, state=State.CLOSED, at=now)
    cash = press.publish(one, at=now)
    for text in (PHONE, PHONE + "第二次了。"):
        press.publish(press.draft(text, at=now), at=now)
    refresh(at=now)
    yield Town(live_server.url, cash)
    TokenBucket.objects.all().delete()


def goes(page: Page, click: Callable[[], None]) -> None:
    with page.expect_navigation():
        click()


@pytest.mark.parametrize(("width", "javascript"), [(360, False), (1280, True)])
def test_from_the_front_door_to_a_case_and_back(
    open_page: Callable[..., Page], town: Town, width: int, javascript: bool
) -> None:
    page = open_page(width=width, javascript=javascript)
    page.goto(town.address)
    assert "因为您,改了什么" in page.inner_text("main")
    goes(page, page.get_by_role("link", name="看差评和整改").click)
    assert "找到 3 件,已整改 1 件" in page.inner_text("main")
    page.get_by_label("搜索问题、事项、单位").fill("电话")
    goes(page, page.get_by_role("button", name="搜索").click)
    assert page.locator("article").count() == 2
    page.locator("form.filter-bar summary").click()
    page.get_by_label("处理结果").select_option("已整改")
    goes(page, page.get_by_role("button", name="搜索").click)
    assert "没有符合这些条件的公示" in page.inner_text("main")
    goes(page, page.get_by_role("link", name="去掉“处理结果”这个条件").click)
    assert page.locator("article").count() == 2
    page.get_by_label("搜索问题、事项、单位").fill("现金")
    goes(page, page.get_by_role("button", name="搜索").click)
    [article] = page.locator("article").all()
    assert CASH in article.inner_text()
    goes(page, article.get_by_role("link").first.click)
    before, after = page.locator(".before-after > section").all()
    assert CASH in before.inner_text()
    assert "补齐样本并上墙" in after.inner_text()
    side_by_side = before.bounding_box()["y"] == after.bounding_box()["y"]  # type: ignore[index]
    assert side_by_side == (width == 1280)


@pytest.mark.parametrize("javascript", [False, True])
def test_saying_me_too_twice_counts_once(open_page: Callable[..., Page], town: Town, javascript: bool) -> None:
    page = open_page(width=360, javascript=javascript)
    for _time in range(2):
        page.goto(f"{town.address}/cases/{town.cash.number}/")
        goes(page, page.get_by_role("link", name=re.compile("我也遇到过")).click)
        button = page.get_by_role("button", name="我也遇到过")
        if button.count():
            goes(page, button.click)
        assert "已经记下您也遇到过" in page.inner_text("main")
        assert "1 人说遇到过" in page.inner_text("main")
    other = open_page(width=360, javascript=javascript)
    other.goto(f"{town.address}/cases/{town.cash.number}/met/")
    goes(other, other.get_by_role("button", name="我也遇到过").click)
    assert Echo.objects.count() == 2


@pytest.mark.parametrize("javascript", [False, True])
def test_language_and_size_change_at_once_though_pages_are_kept(
    open_page: Callable[..., Page], town: Town, javascript: bool
) -> None:
    page = open_page(width=1280, javascript=javascript)
    page.goto(f"{town.address}/cases/?q=现金")
    goes(page, page.get_by_role("button", name="English").click)
    assert "1 found" in page.inner_text("main")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_role("button", name="Large text").click()
    page.wait_for_selector("html[data-text=elder]")
    page.goto(f"{town.address}/cases/?q=现金")
    assert page.locator("html").get_attribute("data-text") == "elder"
    goes(page, page.get_by_role("button", name="中文").click)
    assert "找到 1 件" in page.inner_text("main")


def test_a_case_prints_on_one_page_with_its_address_as_words_and_code(
    open_page: Callable[..., Page], town: Town
) -> None:
    page = open_page()
    address = f"{town.address}/cases/{town.cash.number}/"
    page.goto(address)
    paper = Paper(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(paper) == 1
    words = paper.text()
    assert CASH in words
    assert address in words
    for chrome in ("English", "大字版", "我也遇到过", "12345"):
        assert chrome not in words, chrome
    assert code_of(page, paper) == address


def code_of(page: Page, paper: Paper) -> str:
    """What the code at the right edge says, wherever within a third of a millimetre the browser has put it."""
    module = 26 / int(str(page.locator(".print-qr svg").get_attribute("viewBox")).split()[2])
    left, side = 210 - 16 - 26 + BORDER * module, 26 - 2 * BORDER * module
    for tenths in range(-3, 4):
        with suppress(ValueError):
            return paper.code(left + tenths / 10, None, side)
    raise AssertionError("no code on the paper")


def test_a_long_case_still_fits_on_one_page(open_page: Callable[..., Page], town: Town, live_cast: Cast) -> None:
    press, now = Press(live_cast), timezone.now()
    case = live_cast.rate(1, text=(CASH * 40)[:500], at=now)
    live_cast.upto(case, State.CLOSED, at=now)
    press.follow(at=now)
    public = press.publish(press.of(case), at=now)
    PublicCase.objects.filter(pk=public.pk).update(changed="改" * 500, reply="答" * 600)
    page = open_page()
    page.goto(f"{town.address}/cases/{public.number}/")
    paper = Paper(page.pdf(format="A4", prefer_css_page_size=True))
    assert len(paper) == 1
    assert "答" * 600 in paper.text()


def test_every_page_on_a_narrow_screen_and_in_large_letters(open_page: Callable[..., Page], town: Town) -> None:
    case = f"/cases/{town.cash.number}/"
    pages = ["/", "/cases/", "/cases/units/", "/cases/figures/", "/cases/data/", case, f"{case}met/"]
    for mode in (Mode(width=320), Mode(width=360, text="elder", contrast="high")):
        page = open_page(width=mode.width)
        cookie = {"name": "portal_view", "value": f"{mode.text}.{mode.contrast}", "url": town.address}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        for address in pages:
            page.goto(town.address + address)
            assert list(complaints(page, mode, desk=False)) == [], f"{address} {mode}"
