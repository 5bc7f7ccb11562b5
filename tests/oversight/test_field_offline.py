"""现场填表 in a real browser: a dead network loses nothing, a lost answer doubles nothing, nothing stays behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from organizations.models import Staff
from oversight.models import Dossier, Visit
from tests.factories import Cast
from tests.oversight.fieldwork import inspection
from tests.ui.checks import Mode, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
TYPED = "中午没有人,等了四十分钟"


def enter(page: Page, stop: str, person: Staff) -> None:
    """Opens the browser as somebody who has signed in."""
    client = Client()
    client.force_login(person)
    name, origin = settings.SESSION_COOKIE_NAME, "/".join(stop.split("/")[:3])
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": origin}])


@pytest.fixture
def row(live_cast: Cast) -> Dossier:
    now = timezone.now()
    today = timezone.localdate(now)
    return inspection(live_cast, at=now - timedelta(hours=1), begins=today, ends=today)


@pytest.fixture
def stop(row: Dossier, live_server: object) -> str:
    return live_server.url + reverse("inspection-stop", args=[row.number, 1])  # type: ignore[attr-defined,no-any-return]


def fill(page: Page) -> None:
    """What somebody at the window types: the first line is wrong, the others are fine."""
    for number, answer in enumerate(("not_ok", "ok", "ok"), 1):
        page.locator(f"[name=seen_{number}][value={answer}]").check()
    page.locator("[name=note_1]").fill(TYPED)


def kept(page: Page) -> int:
    """How many forms this browser keeps."""
    found: int = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('field:')).length")
    return found


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()


def test_on_a_dead_network_nothing_is_lost(live_cast: Cast, row: Dossier, stop: str, open_page: OpenPage) -> None:
    page = open_page(width=360)
    enter(page, stop, live_cast.lin)
    page.goto(stop)
    page.context.set_offline(True)
    fill(page)
    save(page)
    expect(page.locator("[data-keep-line]")).to_have_text("网络不通。已存在本机,恢复网络后提交。")
    expect(page.locator("[name=note_1]")).to_have_value(TYPED)
    assert not Visit.objects.exists()
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[name=note_1]")).to_have_value(TYPED)
    expect(page.locator("[name=seen_1][value=not_ok]")).to_be_checked()
    expect(page.locator("[data-keep-line]")).to_contain_text("已从本机取回")
    save(page)
    page.wait_for_url(f"**/{row.number}/")
    assert Visit.objects.get().findings.get(number=1).note == TYPED
    assert kept(page) == 0
    page.goto(stop)
    expect(page.locator("[name=note_1]")).to_have_value("")


def test_a_lost_answer_doubles_nothing(live_cast: Cast, row: Dossier, stop: str, open_page: OpenPage) -> None:
    page = open_page(width=360)
    enter(page, stop, live_cast.lin)
    page.goto(stop)
    fill(page)

    def lose(route: Route) -> None:
        """The portal has it, and its answer never comes."""
        if route.request.method == "POST":
            route.fetch(max_redirects=0)
            route.abort("failed")
        else:
            route.continue_()

    page.route(stop, lose)
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        save(page)
    page.unroute(stop)
    assert Visit.objects.count() == 1
    page.goto(stop)
    expect(page.locator("[name=note_1]")).to_have_value(TYPED)
    save(page)
    page.wait_for_url(f"**/{row.number}/")
    assert Visit.objects.count() == 1
    assert kept(page) == 0


def test_what_a_browser_keeps_is_its_owners(
    live_cast: Cast, row: Dossier, stop: str, live_server: object, open_page: OpenPage
) -> None:
    page = open_page()
    enter(page, stop, live_cast.lin)
    page.goto(stop)
    fill(page)
    assert kept(page) == 1
    enter(page, stop, live_cast.qian)
    page.goto(stop)
    expect(page.locator("[name=note_1]")).to_have_value("")
    assert kept(page) == 0
    fill(page)
    page.get_by_role("button", name="退出").first.click()
    page.wait_for_url(live_server.url + "/**")  # type: ignore[attr-defined]
    page.goto(live_server.url + "/")  # type: ignore[attr-defined]
    assert kept(page) == 0


def test_without_scripts_it_is_a_form(live_cast: Cast, row: Dossier, stop: str, open_page: OpenPage) -> None:
    page = open_page(width=360, javascript=False)
    enter(page, stop, live_cast.lin)
    page.goto(stop)
    fill(page)
    save(page)
    page.wait_for_url(f"**/{row.number}/")
    assert Visit.objects.get().findings.get(number=1).note == TYPED


def test_what_the_server_refuses_is_not_overwritten_by_what_was_kept(
    live_cast: Cast, row: Dossier, stop: str, open_page: OpenPage
) -> None:
    page = open_page()
    enter(page, stop, live_cast.lin)
    page.goto(stop)
    fill(page)
    page.locator("[name=note_1]").fill("")
    save(page)
    expect(page.locator(".error-summary")).to_contain_text("请写明情况")
    expect(page.locator("[name=seen_1][value=not_ok]")).to_be_checked()
    page.locator("[name=note_1]").fill(TYPED)
    save(page)
    page.wait_for_url(f"**/{row.number}/")
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_is_sound(live_cast: Cast, stop: str, open_page: OpenPage, width: int) -> None:
    page = open_page(width=width)
    enter(page, stop, live_cast.lin)
    page.goto(stop)
    assert not list(complaints(page, Mode(width=width), desk=True))
