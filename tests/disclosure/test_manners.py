"""Pages for everybody: kept for seconds, the same for all, in a reader's own language, and only so many at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from disclosure.actions import take_down_disclosure
from disclosure.enums import Reason
from disclosure.models import Disclosure
from disclosure.views import manners
from organizations.models import Staff
from tests.disclosure.press import SAID, Press
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db
PAGES = ["/", "/cases/", "/cases/units/", "/cases/figures/", "/cases/data/", "/cases/feed.xml", "/sitemap.xml"]
FILES = ["/cases/data/cases.csv", "/cases/data/cases.json", "/cases/data/figures.csv"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds by which pages are kept; moved by hand."""
    now = [0.0]
    monkeypatch.setattr(manners, "ANSWERS", type(manners.ANSWERS)(manners.KEPT_SECONDS, clock=lambda: now[0]))
    return now


@pytest.mark.parametrize("address", PAGES)
def test_a_page_may_be_kept_by_everybody_and_sets_no_cookie(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=20"
    assert {name.strip() for name in response["Vary"].split(",")} == {"Accept-Language", "Cookie"}
    assert not response.cookies


@pytest.mark.parametrize("address", PAGES)
def test_somebody_signed_in_gets_a_page_that_nobody_keeps(
    sign_in: Callable[[Staff], Client], cast: Cast, address: str
) -> None:
    response = sign_in(cast.wu).get(address)
    assert response["Cache-Control"] == "no-store"


def test_a_page_is_made_once_in_ten_seconds(
    client: Client, press: Press, clock: list[float], django_assert_num_queries: Any
) -> None:
    press.public()
    client.get("/cases/")
    with django_assert_num_queries(0):
        assert SAID[:10] in client.get("/cases/").content.decode()
    clock[0] = manners.KEPT_SECONDS
    press.public("电话没人接")
    assert "电话没人接" in client.get("/cases/").content.decode()


def test_what_is_taken_down_is_gone_everywhere_within_a_minute(
    client: Client, press: Press, cast: Cast, clock: list[float]
) -> None:
    public = press.public()
    addresses = ["/", "/cases/", f"/cases/{public.number}/", f"/cases/units/{cast.unit.code}/", "/cases/feed.xml"]
    shared = {}
    for address in addresses:
        shared[address] = client.get(address)
    assert all(SAID[:10] in shared[address].content.decode() for address in addresses[1:])
    one = Disclosure.objects.get(number=public.number)
    take_down_disclosure(one, by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="认得出")
    # The worst case: this process has just kept the page, and a cache asks at the last moment.
    clock[0] = manners.KEPT_SECONDS - 0.1
    late = client.get("/cases/")
    assert SAID[:10] in late.content.decode()
    worst = clock[0] + int(late["Cache-Control"].rpartition("=")[2])
    assert worst < 60
    clock[0] = worst
    for address in addresses:
        assert SAID[:10] not in client.get(address).content.decode(), address
    for address in FILES:
        assert SAID[:10] not in client.get(address).getvalue().decode(), address


def test_language_and_display_are_the_readers_own(client: Client, press: Press) -> None:
    chinese = client.get("/cases/").content.decode()
    client.post("/i18n/setlang/", {"language": "en", "next": "/cases/"})
    english = client.get("/cases/").content.decode()
    client.post("/display/", {"contrast": "high", "text": "elder"})
    large = client.get("/cases/").content.decode()
    assert 'lang="zh-hans"' in chinese
    assert 'lang="en"' in english
    assert 'data-text="elder" data-contrast="high"' in large
    assert client.get("/cases/").content.decode() == large
    assert Client().get("/cases/").content.decode() == chinese


def test_the_switches_need_no_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/display/", {"text": "elder"}).cookies["portal_view"].value == "elder.normal"
    assert strict.post("/i18n/setlang/", {"language": "en"}).cookies["language"].value == "en"
    assert "csrfmiddlewaretoken" not in strict.get("/cases/").content.decode()


def test_addresses_on_kept_pages_are_the_portals_own(client: Client, press: Press) -> None:
    public = press.public()
    for address in (*PAGES, "/sitemap-cases.xml", "/robots.txt", f"/cases/{public.number}/"):
        assert b"evil.example" not in client.get(address, headers={"host": "evil.example"}).content, address


def test_a_question_nobody_else_asks_is_not_kept(client: Client, press: Press, clock: list[float]) -> None:
    response = client.get("/cases/?x=" + "y" * 500)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/cases/", "/cases/figures/", *FILES])
def test_beyond_so_many_readers_the_next_is_asked_to_come_again(client: Client, settings: Any, address: str) -> None:
    settings.PUBLIC_AT_ONCE = 1
    assert manners.READING.enter()
    try:
        response = client.get(address)
    finally:
        manners.READING.leave()
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert response["Cache-Control"] == "no-store"
    assert "请 5 秒后再看" in response.content.decode()
    again = client.get(address)
    assert again.status_code == 200
    again.close()


def test_rating_goes_on_while_reading_is_full(client: Client, settings: Any) -> None:
    settings.PUBLIC_AT_ONCE = 0
    assert client.get("/cases/").status_code == 503
    assert client.get("/rate/").status_code == 200


def hang_up(response: Any) -> None:
    """What a server does when a reader has gone; without the end of the request, which would close the database."""
    for close in response._resource_closers:
        close()


def test_a_file_holds_its_place_until_it_is_read_and_lets_go_whatever_happens(
    client: Client, press: Press, settings: Any
) -> None:
    settings.PUBLIC_AT_ONCE = 2
    press.public()
    slow = client.get(FILES[0])
    assert client.get(FILES[1]).status_code == 503, "half of the places are for files"
    assert client.get("/cases/").status_code == 200, "and the other half are not"
    hang_up(slow)
    hang_up(slow)
    assert client.get(FILES[1]).getvalue()
    given_up = client.get(FILES[0])
    next(iter(given_up))
    hang_up(given_up)
    assert client.get(FILES[2]).getvalue()


def test_a_place_is_left_when_a_page_fails(client: Client, settings: Any) -> None:
    settings.PUBLIC_AT_ONCE = 1
    for _try in range(3):
        assert client.get("/cases/ZZZZ-9999/").status_code == 404
    assert client.get("/cases/").status_code == 200


def test_the_time_of_caches_and_of_this_process_stays_below_a_minute(monday: time_machine.Traveller) -> None:
    assert timedelta(seconds=manners.KEPT_SECONDS + manners.MAX_AGE) < timedelta(minutes=1)
