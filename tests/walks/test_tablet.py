"""The tablet at a window in a real browser: touches, keys, its clock, its network, and the next person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from common.models import TokenBucket
from evaluations.actions import revoke_device
from evaluations.models import DevicePulse, Evaluation, Service
from rectification.models import Case
from tests.factories import Cast
from tests.support.tablet import Tablet, call, put_up
from tests.ui.checks import Mode, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
UPRIGHT, LYING = (768, 1024), (1280, 800)
SECOND = 1000
SUBMIT, WARNING, OFFLINE = "#rating button[type=submit]", "#warning", "#offline"


@dataclass
class Desk:
    """A tablet that stands at the cast's window, in front of somebody."""

    cast: Cast
    tablet: Tablet
    address: str
    browser: Browser
    contexts: list[BrowserContext]

    def page(self, size: tuple[int, int] = LYING, *, javascript: bool = True, clock: bool = False) -> Page:
        """The resting screen in a browser that holds the tablet's key."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, locale="zh-CN", has_touch=True
        )
        self.contexts.append(context)
        context.add_cookies([{"name": "tablet", "value": self.tablet.cookie, "url": f"{self.address}/kiosk/"}])
        page = context.new_page()
        if clock:
            page.clock.install()
        page.goto(f"{self.address}/kiosk/")
        return page

    def call(self, number: str = "370600202611230001") -> Service:
        return call(self.cast, at=timezone.now(), number=number)


@pytest.fixture
def desk(live_cast: Cast, live_server: object, browser: Browser) -> Iterator[Desk]:
    made = Desk(live_cast, put_up(live_cast, at=timezone.now()), live_server.url, browser, [])  # type: ignore[attr-defined]
    yield made
    for context in made.contexts:
        context.close()
    TokenBucket.objects.all().delete()


def face(level: int) -> str:
    return f".faces li:nth-child({6 - level}) a"


def at_rest(page: Page) -> None:
    """Nothing of a person is on the screen."""
    expect(page.locator("#screen[data-kind=idle]")).to_be_visible()
    assert page.locator("input:checked").count() == 0
    assert page.locator(WARNING).is_hidden()


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
    expect(page.locator("h1")).to_contain_text("已收到")
    stored = Evaluation.objects.get()
    assert (stored.level, stored.channel) == (level, "kiosk")
    assert Case.objects.count() == (level <= 2)


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
def test_five_faces_are_alike_and_everything_is_wide_enough_for_a_finger(desk: Desk, size: tuple[int, int]) -> None:
    desk.call()
    page = desk.page(size)
    for where in (".faces a", ".faces label .tile"):
        boxes = [box.bounding_box() for box in page.locator(where).all()]
        assert len(boxes) == 5
        assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1
        assert all(box and box["y"] + box["height"] < size[1] for box in boxes)
        small = page.evaluate(
            "[...document.querySelectorAll('#screen a, #screen button, #screen summary, .chip')]"
            ".filter(e => e.offsetParent).map(e => [e.innerText, e.getBoundingClientRect()])"
            ".filter(([words, box]) => box.height < 59.5 || box.width < 59.5).map(([words]) => words)"
        )
        assert small == []
        if where == ".faces a":
            page.click(face(1))
            page.wait_for_selector("#rating")
    assert page.locator(SUBMIT).bounding_box()["y"] < size[1]  # type: ignore[index]


def test_praise_and_blame_weigh_the_same(desk: Desk) -> None:
    desk.call()
    page = desk.page()
    weights = {}
    for level in (5, 4, 3, 2, 1):
        answer = page.request.get(
            page.locator(face(level)).get_attribute("href")
            and f"{desk.address}{page.locator(face(level)).get_attribute('href')}"
        )
        weights[level] = len(answer.body())
    assert max(weights.values()) <= 1.1 * min(weights.values()), weights


# --- time -------------------------------------------------------------------------------------------------------


def chosen(desk: Desk) -> Page:
    """Somebody has touched 不满意 and ticked a reason."""
    desk.call()
    page = desk.page(clock=True)
    page.click(face(2))
    page.click("[data-level='2'] .chip >> nth=0")
    return page


def test_after_a_minute_it_asks_and_twenty_seconds_later_everything_is_gone(desk: Desk) -> None:
    page = chosen(desk)
    page.clock.run_for(59 * SECOND)
    assert page.locator(WARNING).is_hidden()
    page.clock.run_for(2 * SECOND)
    expect(page.locator(WARNING)).to_be_visible()
    expect(page.locator(WARNING)).to_contain_text("20 秒后清屏")
    expect(page.locator("input[name=level]:checked")).to_have_count(1)
    page.clock.run_for(18 * SECOND)
    expect(page.locator("input[name=level]:checked")).to_have_count(1)
    page.clock.run_for(2 * SECOND)
    at_rest(page)
    assert not Evaluation.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize("how", ["touch", "key"])
def test_wait_a_little_gives_another_minute_and_loses_nothing(desk: Desk, how: str) -> None:
    page = chosen(desk)
    page.clock.run_for(75 * SECOND)
    button = page.locator(f"{WARNING} button")
    expect(button).to_be_focused()
    button.tap() if how == "touch" else page.keyboard.press("Enter")
    expect(page.locator(WARNING)).to_be_hidden()
    assert page.evaluate("document.activeElement.name") == "tags", "the focus is back where it was"
    page.clock.run_for(59 * SECOND)
    assert page.locator(WARNING).is_hidden()
    page.click(SUBMIT)
    expect(page.locator("h1")).to_contain_text("已收到")
    assert Evaluation.objects.get().level == 2


def test_any_touch_or_key_is_a_sign_that_somebody_is_there(desk: Desk) -> None:
    page = chosen(desk)
    for sign in (
        lambda: page.touchscreen.tap(600, 300),
        lambda: page.keyboard.press("Tab"),
        lambda: page.mouse.wheel(0, 5),
    ):
        page.clock.run_for(55 * SECOND)
        sign()
    page.clock.run_for(55 * SECOND)
    assert page.locator(WARNING).is_hidden()


def test_the_resting_screen_never_asks(desk: Desk) -> None:
    desk.call()
    page = desk.page(clock=True)
    page.clock.run_for(300 * SECOND)
    at_rest(page)


@pytest.mark.parametrize("level", [5, 1])
def test_the_receipt_is_cleared_after_twenty_seconds_or_when_somebody_asks_later(desk: Desk, level: int) -> None:
    desk.call()
    page = desk.page(clock=True)
    page.click(face(level))
    if level == 1:
        page.click("[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    expect(page.locator("h1")).to_contain_text("已收到")
    page.clock.run_for(15 * SECOND)
    page.click("text=再等等")
    page.clock.run_for(19 * SECOND)
    expect(page.locator("h1")).to_contain_text("已收到")
    page.clock.run_for(2 * SECOND)
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
    expect(page.locator("h1")).not_to_contain_text("How")
    page.clock.run_for(21 * SECOND)
    expect(page.locator("html[lang=zh-hans][data-text=normal]")).to_have_count(1)
    at_rest(page)


# --- the network ------------------------------------------------------------------------------------------------


def test_without_a_network_it_shows_the_windows_code_and_comes_back_by_itself(desk: Desk) -> None:
    page = desk.page(clock=True)
    pulse = re.compile("/kiosk/pulse/")
    page.route(pulse, lambda route: route.abort())
    page.clock.run_for(31 * SECOND)
    expect(page.locator(OFFLINE)).to_be_visible()
    expect(page.locator(OFFLINE)).to_contain_text("请扫码评价")
    expect(page.locator(f"{OFFLINE} svg")).to_be_visible()
    assert page.locator("#screen").is_hidden()
    box = page.locator(f"{OFFLINE} .qr").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 300
    page.unroute(pulse)
    page.clock.run_for(6 * SECOND)
    expect(page.locator(OFFLINE)).to_be_hidden()
    at_rest(page)


def test_a_portal_that_answers_with_errors_is_no_network_either(desk: Desk) -> None:
    page = desk.page(clock=True)
    page.route(re.compile("/kiosk/pulse/"), lambda route: route.fulfill(status=503, body="x"))
    page.clock.run_for(31 * SECOND)
    expect(page.locator(OFFLINE)).to_be_visible()


def test_a_portal_that_never_answers_is_given_up_after_ten_seconds(desk: Desk) -> None:
    page = desk.page(clock=True)
    held: list[Route] = []
    page.route(re.compile("/kiosk/pulse/"), held.append)
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
    page.clock.run_for(6 * SECOND)
    expect(page.locator(OFFLINE)).to_be_hidden()
    expect(page.locator("input[value='2']")).to_be_checked()
    assert not Evaluation.objects.exists(), "nobody has pressed again"
    page.click(SUBMIT)
    expect(page.locator("h1")).to_contain_text("已收到")


def test_what_was_left_without_a_network_is_cleared_all_the_same(desk: Desk) -> None:
    page = chosen(desk)
    page.context.set_offline(True)
    page.clock.run_for(90 * SECOND)
    expect(page.locator(OFFLINE)).to_be_visible()
    assert page.locator("#screen input[name=level]").count() == 0
    page.context.set_offline(False)
    page.clock.run_for(6 * SECOND)
    at_rest(page)
    assert not Evaluation.objects.exists()


def test_the_pulse_is_heard_and_brings_the_next_call(desk: Desk) -> None:
    page = desk.page(clock=True)
    DevicePulse.objects.update(last_seen_at=timezone.now() - timezone.timedelta(minutes=9))
    desk.call()
    page.clock.run_for(31 * SECOND)
    expect(page.locator("h1")).to_have_text("请评价本次服务")
    assert DevicePulse.objects.get().last_seen_at > timezone.now() - timezone.timedelta(minutes=1)
    page.click(face(3))
    page.wait_for_selector("#rating")
    desk.call("370600202611230002")
    page.clock.run_for(31 * SECOND)
    expect(page.locator("input[value='3']")).to_be_checked()


def test_a_tablet_that_is_revoked_clears_itself(desk: Desk) -> None:
    page = desk.page(clock=True)
    revoke_device(desk.tablet.device, note="丢失", by=desk.cast.zheng, at=timezone.now())
    page.clock.run_for(31 * SECOND)
    expect(page.locator("h1")).to_have_text("登记评价器")


# --- the next person --------------------------------------------------------------------------------------------


def test_back_finds_nothing_of_the_one_before(desk: Desk) -> None:
    desk.call()
    page = desk.page(clock=True)
    page.click(face(1))
    page.click("[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    expect(page.locator("h1")).to_contain_text("已收到")
    number = Case.objects.get().number
    page.clock.run_for(21 * SECOND)
    at_rest(page)
    for move in (page.go_back, page.go_forward, page.reload):
        move()
        assert number not in page.content()
        assert page.locator("input:checked").count() == 0
        assert "level=" not in page.url


def test_back_finds_nothing_without_javascript_either(desk: Desk) -> None:
    desk.call()
    page = desk.page(javascript=False)
    page.click(face(1))
    page.click("[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    number = Case.objects.get().number
    expect(page.locator("main")).to_contain_text(number)
    page.wait_for_url(re.compile("/kiosk/$"), timeout=30_000)
    page.wait_for_timeout(6 * SECOND)
    for _step in range(3):
        page.go_back()
        assert number not in page.content()
        assert page.locator("#rating input:checked").count() == 0


# --- keys, old browsers, looks ----------------------------------------------------------------------------------


def tab_to(page: Page, selector: str, most: int = 30) -> None:
    """Presses Tab until something has the focus, and it can be seen that it has."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            shown = page.evaluate(
                "() => { const e = document.activeElement; const t = e.nextElementSibling || e;"
                " return [e, t].some(x => getComputedStyle(x).boxShadow !== 'none'"
                " || getComputedStyle(x).outlineStyle !== 'none'); }"
            )
            assert shown, f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"no way to {selector} by Tab")


def test_with_the_keyboard_alone(desk: Desk) -> None:
    desk.call()
    page = desk.page()
    tab_to(page, ".faces li:nth-child(4) a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rating")
    tab_to(page, "input[name=level]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[value='1']")).to_be_checked()
    tab_to(page, "[data-level='1'] input[name=tags]")
    page.keyboard.press("Space")
    tab_to(page, SUBMIT)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("已收到")
    assert Evaluation.objects.get().level == 1
    tab_to(page, "[data-wait]")
    tab_to(page, "a.button")
    page.keyboard.press("Enter")
    at_rest(page)


def without_has(route: Route) -> None:
    """A browser of 2019: it knows no :has(), in the sheet or when it is asked."""
    answer = route.fetch()
    route.fulfill(
        response=answer, body=answer.text().replace("@supports selector(:has(*))", "@supports (display:unknown)")
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_an_old_webview_shows_the_reasons_of_the_face_or_all_of_them(desk: Desk, javascript: bool) -> None:
    desk.call()
    page = desk.page(javascript=javascript)
    page.route(re.compile(r"kiosk\.css"), without_has)
    if javascript:
        page.add_init_script("CSS.supports = () => false")
    page.reload()
    page.click(face(2))
    page.wait_for_selector("#rating")
    visible = [group.get_attribute("data-level") for group in page.locator(".reasons").all() if group.is_visible()]
    assert visible == (["2"] if javascript else list("54321"))
    if javascript:
        page.click("label:has(input[value='1'])")
        assert page.locator(".reasons[data-level='1']").is_visible()
        assert page.locator(".reasons[data-level='2']").is_hidden()
    page.click("[data-level='2'] .chip >> nth=0" if not javascript else "[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    expect(page.locator("h1")).to_contain_text("已收到")


SCREENS: dict[str, Callable[[Page], object]] = {
    "rest": lambda page: None,
    "rate": lambda page: (page.click(face(2)), page.wait_for_selector("#rating")),
    "error": lambda page: (page.click(SUBMIT), page.wait_for_selector(".error-summary")),
    "done": lambda page: (
        page.click("[data-level='2'] .chip >> nth=0"),
        page.click(SUBMIT),
        page.wait_for_selector(".slip"),
    ),
    "warning": lambda page: page.evaluate("document.getElementById('warning').hidden = false"),
    "offline": lambda page: page.evaluate(
        "document.getElementById('offline').hidden = !(document.getElementById('screen').hidden = true)"
    ),
}


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
@pytest.mark.parametrize("look", ["", "?text=elder", "?contrast=high"])
def test_every_screen_holds_what_every_page_must(desk: Desk, size: tuple[int, int], look: str) -> None:
    desk.call()
    page = desk.page(size)
    page.goto(f"{desk.address}/kiosk/{look}")
    wrong = []
    for name, step in SCREENS.items():
        step(page)
        wrong += [f"{name}: {complaint}" for complaint in complaints(page, Mode(width=size[0]), desk=False)]
    assert wrong == []
