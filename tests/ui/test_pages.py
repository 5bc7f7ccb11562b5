"""Every page, in every language, width and display: status, accessibility, width, targets, weight, pictures.

`make test` looks at every page once per language and at a seeded sample of the other modes, and keeps a picture of what
is wrong; contrast is measured at the first look at each state and whenever the display is another. PAGES=all looks at
all of them, with everything, and keeps every picture.
"""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, Page

from reviews_portal.demo.people import PASSWORD
from tests.support.portal import Portal, demo_portal
from tests.ui.checks import ALL_MODES, Mode, complaints, shoot
from tests.ui.table import NOT_PAGES, PAGES

EVERYTHING = os.environ.get("PAGES") == "all"
SEED = 20261123
HEAVIEST = 60 * 1024
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages"), pytest.mark.timeout(400)]


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every named address of the portal, as "name"."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from routes(entry, space)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}"


def test_every_route_has_a_row() -> None:
    listed = {name.partition("#")[0] for name in PAGES} | set(NOT_PAGES)
    missing = sorted(set(routes()) - listed)
    assert not missing, f"add to tests/ui/table.py: {missing}"
    gone = sorted(listed - set(routes()))
    assert not gone, f"no longer routes: {gone}"


def looks() -> list[tuple[str, str, Mode, bool]]:
    """(page, state, mode, whether contrast is measured) for this run."""
    if EVERYTHING:
        return [(name, state, mode, True) for name, row in PAGES.items() for state in row.states for mode in ALL_MODES]
    dice = random.Random(SEED)
    chosen = []
    for name, row in PAGES.items():
        first = dice.choice((360, 1280))
        chosen += [(name, "default", Mode("zh-hans", first), True), (name, "default", Mode("en", 1640 - first), False)]
        chosen += [(name, state, dice.choice(ALL_MODES), True) for state in row.states[1:]]
        if dice.random() < 0.25:
            other = dice.choice([mode for mode in ALL_MODES if mode.text == "elder" or mode.contrast == "high"])
            chosen.append((name, "default", other, other.contrast == "high"))
    return chosen


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    demo = demo_portal("pages")
    try:
        demo.start_web()
        yield demo
    finally:
        demo.stop()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """One tab for all looks: a new one for each would start a process that knows neither fonts nor stylesheets."""
    context = browser.new_context()
    context.add_init_script(AXE_SCRIPT)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def signed_in(portal: Portal, tab: Page) -> dict[str, list]:
    """The cookies of every account, after a real sign-in."""
    cookies: dict[str, list] = {"": []}
    for account in sorted({row.account for row in PAGES.values()} - {""}):
        tab.context.clear_cookies()
        tab.goto(f"{portal.address}/accounts/login/")
        tab.fill("input[name=login]", account)
        tab.fill("input[name=password]", PASSWORD)
        tab.press("input[name=password]", "Enter")
        tab.wait_for_url("**/desk/**")
        cookies[account] = tab.context.cookies()
    return cookies


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """The tab as a browser that has never been here, and whose mouse points at nothing."""
    tab.context.clear_cookies()
    tab.mouse.move(0, 0)
    yield tab
    tab.evaluate("localStorage.clear(), sessionStorage.clear()")


def dress(page: Page, portal: Portal, mode: Mode) -> None:
    """Gives the page the mode's width, language and display."""
    page.set_viewport_size({"width": mode.width, "height": 740})
    page.context.add_cookies(
        [
            {"name": "language", "value": mode.language, "url": portal.address},
            {"name": "portal_view", "value": f"{mode.text}.{mode.contrast}", "url": portal.address},
        ]
    )


@pytest.mark.parametrize(("name", "state", "mode", "colours"), looks(), ids=str)
def test_page(
    name: str, state: str, mode: Mode, colours: bool, portal: Portal, signed_in: dict[str, list], page: Page
) -> None:
    row = PAGES[name]
    page.context.add_cookies(signed_in[row.account])
    dress(page, portal, mode)
    answer = page.goto(portal.address + row.url(portal, state))
    assert answer is not None
    assert answer.status == row.status
    body = answer.body()
    if state == "error":
        *before, last = row.presses
        for selector in before:
            page.click(selector)
        with page.expect_navigation():
            page.click(last)
    wrong = list(complaints(page, mode, desk=bool(row.account), colours=colours))
    if len(gzip.compress(body)) > HEAVIEST:
        wrong.append(f"weighs {len(gzip.compress(body))} bytes")
    if wrong or EVERYTHING:
        shoot(page, f"{name.replace(':', '_')}-{state}", mode)
    assert not wrong, "\n".join(wrong)
