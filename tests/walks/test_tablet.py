"""The tablet at a window in a real browser: touches, its clock, its network, and the next person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from evaluations.actions import change_device, revoke_device
from evaluations.models import Device, DevicePulse, Evaluation
from organizations.models import Window
from rectification.models import Case
from tests.walks.tablet import HEADING, OFFLINE, SECOND, SUBMIT, WARNING, Desk, at_rest, chosen, face, passes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
@pytest.mark.parametrize("level", [5, 4, 3, 2, 1])
def test_good_is_two_touches_and_bad_is_three(desk: Desk, level: int, javascript: bool) -> None:
    desk.call()
    page = desk.page(javascript=javascript)
    page.click(face(level))
    expect(page.locator(f"input[name=level][value='{level}']")).to_be_checked()
    if level <= 2:
        page.click(f"[data-level='{level}'] .chip >> nth=0")
    page.click(SUBMIT)
    expect(page.locator(HEADING)).to_contain_text("已收到")
    stored = Evaluation.objects.get()
    assert (stored.level, stored.channel) == (level, "kiosk")
    assert Case.objects.count() == (level <= 2)


# --- time -------------------------------------------------------------------------------------------------------


def test_after_a_minute_it_asks_and_twenty_seconds_later_everything_is_gone(desk: Desk) -> None:
    page = chosen(desk)
    passes(page, 59)
    assert page.locator(WARNING).is_hidden()
    passes(page, 2)
    expect(page.locator(WARNING)).to_be_visible()
    expect(page.locator(WARNING)).to_contain_text("20 秒后清屏")
    expect(page.locator("input[name=level]:checked")).to_have_count(1)
    passes(page, 18)
    expect(page.locator("input[name=level]:checked")).to_have_count(1)
    passes(page, 2)
    at_rest(page)
    assert not Evaluation.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize("how", ["touch", "key"])
def test_wait_a_little_gives_another_minute_and_loses_nothing(desk: Desk, how: str) -> None:
    page = chosen(desk)
    passes(page, 75)
    button = page.locator(f"{WARNING} button")
    expect(button).to_be_focused()
    button.tap() if how == "touch" else page.keyboard.press("Enter")
    expect(page.locator(WARNING)).to_be_hidden()
    assert page.evaluate("document.activeElement.name") == "tags", "the focus is back where it was"
    passes(page, 59)
    assert page.locator(WARNING).is_hidden()
    page.click(SUBMIT)
    expect(page.locator(HEADING)).to_contain_text("已收到")
    assert Evaluation.objects.get().level == 2


def test_any_touch_or_key_is_a_sign_that_somebody_is_there(desk: Desk) -> None:
    page = chosen(desk)
    for sign in (
        lambda: page.touchscreen.tap(600, 300),
        lambda: page.keyboard.press("Tab"),
        lambda: page.mouse.wheel(0, 5),
    ):
        passes(page, 55)
        sign()
    passes(page, 55)
    assert page.locator(WARNING).is_hidden()


def test_the_resting_screen_never_asks(desk: Desk) -> None:
    desk.call()
    page = desk.page(clock=True)
    passes(page, 130)
    at_rest(page)


@pytest.mark.parametrize("level", [5, 1])
def test_the_receipt_is_cleared_after_twenty_seconds_or_when_somebody_asks_later(desk: Desk, level: int) -> None:
    desk.call()
    page = desk.page(clock=True)
    page.click(face(level))
    if level == 1:
        page.click("[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    expect(page.locator(HEADING)).to_contain_text("已收到")
    passes(page, 15)
    page.click("text=再等等")
    passes(page, 19)
    expect(page.locator(HEADING)).to_contain_text("已收到")
    passes(page, 2)
    at_rest(page)
    for case in Case.objects.all():
        assert case.number not in page.content()


def test_done_clears_at_once(desk: Desk) -> None:
    desk.call()
    page = desk.page()
    page.click(face(5))
    page.click(SUBMIT)
    page.click("text=完成")
    at_rest(page)


def test_language_and_size_are_everybodys_again_for_the_next_person(desk: Desk) -> None:
    desk.call()
    page = desk.page(clock=True)
    page.click("text=English")
    expect(page.locator("html[lang=en]")).to_have_count(1)
    page.click(face(4))
    page.click(".turns button >> nth=1")
    expect(page.locator("html[lang=en][data-text=elder]")).to_have_count(1)
    expect(page.locator("input[value='4']")).to_be_checked()
    page.click(SUBMIT)
    expect(page.locator(HEADING)).not_to_contain_text("How")
    passes(page, 21)
    expect(page.locator("html[lang=zh-hans][data-text=normal]")).to_have_count(1)
    at_rest(page)


# --- the network ------------------------------------------------------------------------------------------------


def test_without_a_network_it_shows_the_windows_code_and_comes_back_by_itself(desk: Desk) -> None:
    page = desk.page(clock=True)
    pulse = re.compile("/kiosk/pulse/")
    page.route(pulse, lambda route: route.abort())
    passes(page, 31)
    expect(page.locator(OFFLINE)).to_be_visible()
    expect(page.locator(OFFLINE)).to_contain_text("请扫码评价")
    expect(page.locator(f"{OFFLINE} svg")).to_be_visible()
    assert page.locator("#screen").is_hidden()
    box = page.locator(f"{OFFLINE} .qr").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 300
    page.unroute(pulse)
    passes(page, 6)
    expect(page.locator(OFFLINE)).to_be_hidden()
    at_rest(page)


def test_a_portal_that_answers_with_errors_is_no_network_either(desk: Desk) -> None:
    page = desk.page(clock=True)
    page.route(re.compile("/kiosk/pulse/"), lambda route: route.fulfill(status=503, body="x"))
    passes(page, 31)
    expect(page.locator(OFFLINE)).to_be_visible()


def test_a_portal_that_never_answers_is_given_up_after_ten_seconds(desk: Desk) -> None:
    page = desk.page(clock=True)
    held: list[Route] = []
    page.route(re.compile("/kiosk/pulse/"), lambda route: held.append(route))
    page.clock.run_for(31 * SECOND)
    expect(page.locator(OFFLINE)).to_be_hidden()
    page.clock.run_for(11 * SECOND)
    expect(page.locator(OFFLINE)).to_be_visible()


def test_what_could_not_be_sent_is_still_there_when_the_network_is(desk: Desk) -> None:
    page = chosen(desk)
    page.context.set_offline(True)
    page.clock.run_for(100)
    page.evaluate("document.querySelector('#rating button[type=submit]').click()")
    expect(page.locator(OFFLINE)).to_be_visible()
    assert not Evaluation.objects.exists()
    page.context.set_offline(False)
    passes(page, 6)
    expect(page.locator(OFFLINE)).to_be_hidden()
    expect(page.locator("input[value='2']")).to_be_checked()
    assert not Evaluation.objects.exists(), "nobody has pressed again"
    page.click(SUBMIT)
    expect(page.locator(HEADING)).to_contain_text("已收到")


def test_what_was_left_without_a_network_is_cleared_all_the_same(desk: Desk) -> None:
    page = chosen(desk)
    page.context.set_offline(True)
    passes(page, 90)
    expect(page.locator(OFFLINE)).to_be_visible()
    assert page.locator("#screen input[name=level]").count() == 0
    page.context.set_offline(False)
    passes(page, 6)
    at_rest(page)
    assert not Evaluation.objects.exists()


def test_the_pulse_is_heard_and_brings_the_next_call(desk: Desk) -> None:
    page = desk.page(clock=True)
    DevicePulse.objects.update(last_seen_at=timezone.now() - timezone.timedelta(minutes=9))
    desk.call()
    passes(page, 31)
    expect(page.locator(HEADING)).to_have_text("请评价本次服务")
    assert DevicePulse.objects.get().last_seen_at > timezone.now() - timezone.timedelta(minutes=1)
    page.click(face(3))
    page.wait_for_selector("#rating")
    desk.call("370600202611230002")
    passes(page, 31)
    expect(page.locator("input[value='3']")).to_be_checked()


def test_a_tablet_that_is_revoked_clears_itself(desk: Desk) -> None:
    page = desk.page(clock=True)
    revoke_device(desk.tablet.device, note="丢失", by=desk.cast.zheng, at=timezone.now())
    passes(page, 31)
    expect(page.locator(HEADING)).to_have_text("登记评价器")


def test_a_tablet_that_is_moved_shows_its_new_window_and_that_windows_code(desk: Desk) -> None:
    page = desk.page(clock=True)
    drawn = page.locator(f"{OFFLINE} svg").inner_html()
    other = Window.objects.filter(unit=desk.cast.unit).exclude(pk=desk.cast.window.pk).select_related("hall__unit")[0]
    change_device(desk.tablet.device, window=other, by=desk.cast.zheng, at=timezone.now())
    passes(page, 31)
    expect(page.locator("header")).to_contain_text(str(other))
    assert page.locator(f"{OFFLINE} svg").inner_html() != drawn


def test_a_stray_tablet_tries_again_and_comes_back(desk: Desk) -> None:
    Device.objects.update(network="203.0.113.0/24")
    page = desk.page(clock=True)
    expect(page.locator(HEADING)).to_contain_text("不在登记的网络")
    page.context.set_offline(True)
    passes(page, 70)
    Device.objects.update(network="127.0.0.0/24")
    page.context.set_offline(False)
    passes(page, 10)
    at_rest(page)
    assert page.locator(OFFLINE).count() == 1, "with the window's code for the next time"


def test_a_screen_some_hours_old_is_loaded_anew(desk: Desk) -> None:
    page = desk.page(clock=True)
    page.evaluate("window.old = true")
    passes(page, 31)
    assert page.evaluate("window.old") is True
    page.clock.fast_forward("06:00:00")
    passes(page, 31)
    expect(page.locator("#screen[data-kind=idle]")).to_be_visible()
    assert page.evaluate("window.old") is None


# --- the next person --------------------------------------------------------------------------------------------


def test_back_finds_nothing_of_the_one_before(desk: Desk) -> None:
    desk.call()
    page = desk.page(clock=True)
    page.click(face(1))
    page.click("[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    expect(page.locator(HEADING)).to_contain_text("已收到")
    number = Case.objects.get().number
    passes(page, 21)
    at_rest(page)
    for move in (page.go_back, page.go_forward, page.reload):
        move()
        assert number not in page.content()
        assert page.locator("input:checked").count() == 0
        assert "level=" not in page.url


def test_back_finds_nothing_without_javascript_either(desk: Desk, settings: Any) -> None:
    settings.KIOSK_RECEIPT_SECONDS = 2
    desk.call()
    page = desk.page(javascript=False)
    page.click(face(1))
    page.click("[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    number = Case.objects.get().number
    expect(page.locator("#main")).to_contain_text(number)
    page.wait_for_url(re.compile("/kiosk/$"), timeout=30_000)
    page.wait_for_timeout(6 * SECOND)
    for _step in range(3):
        page.go_back()
        assert number not in page.content()
        assert page.locator("#rating input:checked").count() == 0
