"""A tablet that stands at a window in a real browser, and the hands of its clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from common.models import TokenBucket
from evaluations.models import Service
from tests.factories import Cast
from tests.support.tablet import Tablet, call, put_up

UPRIGHT, LYING = (768, 1024), (1280, 800)
SECOND = 1000
SUBMIT, WARNING, OFFLINE, HEADING = "#rating button[type=submit]", "#warning", "#offline", "#screen h1"


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
        asked = under_way[page] = set()
        page.on("request", lambda request: asked.add(request))
        page.on("requestfinished", lambda request: asked.discard(request))
        page.on("requestfailed", lambda request: asked.discard(request))
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


under_way: dict[Page, set[Request]] = {}


def passes(page: Page, seconds: int) -> None:
    """Lets time pass in the page, second by second, and lets every request be answered before more of it passes."""
    for _second in range(seconds):
        page.clock.run_for(SECOND)
        page.wait_for_timeout(5)
        while under_way[page]:
            page.wait_for_timeout(10)


def face(level: int) -> str:
    return f".faces li:nth-child({6 - level}) a"


def at_rest(page: Page) -> None:
    """Nothing of a person is on the screen."""
    expect(page.locator("#screen[data-kind=idle]")).to_be_visible()
    assert page.locator("input:checked").count() == 0
    assert page.locator(WARNING).is_hidden()


def chosen(desk: Desk) -> Page:
    """Somebody has touched 不满意 and ticked a reason."""
    desk.call()
    page = desk.page(clock=True)
    page.click(face(2))
    page.click("[data-level='2'] .chip >> nth=0")
    return page
