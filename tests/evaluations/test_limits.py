"""Limits of ratings: a hall is never refused, a flood is, and whoever is stopped has a way on."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from altcha import Challenge, Payload, solve_challenge
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from common.models import TokenBucket
from evaluations import limits
from evaluations.actions import make_rating_link
from evaluations.checks import limits_are_readable
from evaluations.enums import Limited, LimitMode, LinkKind
from evaluations.models import Evaluation, OverLimit
from organizations.models import Window
from rectification.models import Case
from tests.factories import NOW, Cast

OPEN = {"token": "9/60/off", "device": "9/60/off", "tablet": "9/60/off", "window": "9/60/off"}
ONE_AN_HOUR = {**OPEN, "address": "1/3600/block"}


def at_window(window: Window) -> str:
    return f"{reverse('rate-window', args=[window.sign_code])}?matter=none"


def nonce(number: int) -> str:
    return f"{number:027d}"


def send(client: Client, address: str, number: int, level: int = 5, **data: Any) -> Any:
    return client.post(address, {"level": level, "nonce": nonce(number), **data})


def text_of(response: Any) -> str:
    return response.content.decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def solved(page: str) -> str:
    told = re.search(r'data-challenge="([^"]*)"', page)
    assert told
    challenge = Challenge.from_dict(json.loads(told[1].replace("&quot;", '"')))
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution).to_base64()


class TestRules:
    def test_as_operators_write_them(self) -> None:
        assert limits.read_limit("X", "200/60/block") == limits.Limit(200, timedelta(minutes=1), LimitMode.BLOCK)

    @pytest.mark.parametrize(
        "told", ["", "200", "200/60", "200/60/stop", "x/60/flag", "0/60/flag", "1/0/off", "1/2/3/4"]
    )
    def test_anything_else_is_named(self, told: str) -> None:
        with pytest.raises(ImproperlyConfigured, match="RATING_LIMIT_X"):
            limits.read_limit("RATING_LIMIT_X", told)

    def test_the_start_says_which_cannot_be_read(self, settings: Any) -> None:
        assert limits_are_readable(None) == []
        settings.RATING_LIMITS = {**ONE_AN_HOUR, "window": "30/60", "address": "many"}
        assert [error.id for error in limits_are_readable(None)] == ["evaluations.E002"] * 2

    def test_what_is_off_has_no_bucket(self) -> None:
        buckets = limits.in_force(ONE_AN_HOUR, {Limited.WINDOW: "7", Limited.ADDRESS: "127.0.0.1"})
        assert list(buckets) == ["rate:address:127.0.0.1"]

    def test_a_flag_stops_nobody(self) -> None:
        told = {"window": "1/60/flag", "address": "1/60/block"}
        buckets = limits.in_force(told, {Limited.WINDOW: "7", Limited.ADDRESS: "a"})
        assert limits.over(buckets, {"rate:address:a"}) == ((Limited.WINDOW,), False)
        assert limits.over(buckets, {"rate:window:7"}) == ((Limited.ADDRESS,), True)
        assert limits.over(buckets, set(buckets)) == ((), False)


@pytest.mark.django_db
class TestHalls:
    def test_three_hundred_in_ten_minutes_through_forty_windows(self, cast: Cast) -> None:
        """One address, as a hall's Wi-Fi is: none is refused and none is marked (reliability.md §8.1)."""
        windows = list(Window.objects.open().order_by("pk")[:40])
        assert len(windows) == 40
        answers = []
        with time_machine.travel(NOW, tick=False) as clock:
            for number in range(300):
                clock.shift(2)
                visitor = Client()
                visitor.get(at_window(windows[number % 40]))
                answers.append(send(visitor, at_window(windows[number % 40]), number).status_code)
        assert answers == [302] * 300
        assert (Evaluation.objects.count(), OverLimit.objects.count()) == (300, 0)

    def test_a_flooded_window_still_takes_the_next_person(self, cast: Cast, settings: Any) -> None:
        """Whoever floods a window must not keep a bad word from it."""
        settings.RATING_LIMITS = {**OPEN, "window": "2/3600/flag", "address": "99/60/block"}
        address = at_window(cast.window)
        for number in range(4):
            assert send(Client(), address, number).status_code == 302
        assert send(Client(), address, 9, 1, text="等了两个小时").status_code == 302
        marked = OverLimit.objects.values_list("evaluation__level", "limit")
        assert sorted(marked) == [(1, "window"), (5, "window"), (5, "window")]
        assert Case.objects.count() == 1

    def test_services_do_not_share_the_halls_limit(self, cast: Cast, settings: Any) -> None:
        settings.RATING_LIMITS = ONE_AN_HOUR
        for number in range(3):
            link = make_rating_link(cast.service(), kind=LinkKind.SLIP, at=NOW)
            with time_machine.travel(NOW):
                assert send(Client(), reverse("rate-link", args=[link]), number).status_code == 302


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
class TestStopped:
    @pytest.fixture(autouse=True)
    def one_an_hour(self, settings: Any, cast: Cast) -> None:
        settings.RATING_LIMITS, settings.PROOF_STEPS = ONE_AN_HOUR, 12
        self.address = at_window(cast.window)
        assert send(Client(), self.address, 0).status_code == 302

    def stopped(self, number: int = 1, **data: Any) -> Any:
        response = send(Client(), self.address, number, 1, text="排队一小时", **data)
        assert (response.status_code, response["Retry-After"]) == (429, "20")
        assert "排队一小时" in text_of(response)
        assert Evaluation.objects.count() == 1
        return response

    def test_work_leads_on(self) -> None:
        page = text_of(self.stopped())
        assert "js/proof.js" in page
        response = send(Client(), self.address, 1, 1, text="排队一小时", proof=solved(page))
        assert response.status_code == 302
        assert OverLimit.objects.get().limit == Limited.ADDRESS
        assert Case.objects.count() == 1

    def test_work_is_good_for_one_form(self) -> None:
        proof = solved(text_of(self.stopped()))
        self.stopped(2, proof=proof)

    @pytest.mark.parametrize("rubbish", ["x", "e30=", "{}", "W10=", "5" * 5000, "eyJjaGFsbGVuZ2UiOiB7fX0="])
    def test_rubbish_is_no_work(self, rubbish: str) -> None:
        self.stopped(1, proof=rubbish, patience=rubbish)

    def test_work_grows_old(self) -> None:
        proof = solved(text_of(self.stopped()))
        with time_machine.travel(NOW + timedelta(minutes=21)):
            self.stopped(1, proof=proof)

    def test_patience_leads_on_without_scripts(self) -> None:
        page = text_of(self.stopped())
        assert "也可以稍等后再次提交" in page
        ticket = hidden(page, "patience")
        again = text_of(self.stopped(patience=ticket))
        assert hidden(again, "patience") == ticket, "pressing early must not begin the waiting anew"
        with time_machine.travel(NOW + timedelta(seconds=25)):
            response = send(Client(), self.address, 1, 1, text="排队一小时", patience=ticket)
        assert response.status_code == 302
        assert OverLimit.objects.count() == 1

    def test_patience_is_good_for_one_form(self) -> None:
        ticket = hidden(text_of(self.stopped()), "patience")
        with time_machine.travel(NOW + timedelta(seconds=25)):
            self.stopped(2, patience=ticket)

    def test_not_more_wait_than_press(self) -> None:
        tickets = {n: hidden(text_of(self.stopped(n)), "patience") for n in (1, 2)}
        with time_machine.travel(NOW + timedelta(seconds=25)):
            answers = [send(Client(), self.address, n, patience=ticket).status_code for n, ticket in tickets.items()]
        assert answers == [302, 429]

    def test_a_second_press_leads_to_the_same_receipt(self) -> None:
        proof = solved(text_of(self.stopped()))
        first, second = (send(Client(), self.address, 1, 1, text="排队一小时", proof=proof) for _press in range(2))
        assert first["Location"].partition(":")[0] == second["Location"].partition(":")[0]
        assert (Evaluation.objects.count(), Case.objects.count()) == (2, 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("monday")
class TestBuckets:
    def test_one_browser_many_ratings(self, client: Client, cast: Cast, settings: Any) -> None:
        """Also where each is of a service of its own: that is how a hall would praise itself."""
        settings.RATING_LIMITS = {**OPEN, "device": "2/3600/flag", "address": "99/60/block"}
        for number in range(3):
            address = reverse("rate-link", args=[make_rating_link(cast.service(), kind=LinkKind.SLIP, at=NOW)])
            client.get(address)
            assert send(client, address, number).status_code == 302
        assert [mark.limit for mark in OverLimit.objects.all()] == ["device"]
        assert not TokenBucket.objects.filter(key__contains=client.cookies["csrf"].value[:10]).exists()

    def test_a_link_is_not_hammered(self, cast: Cast, settings: Any) -> None:
        settings.RATING_LIMITS = {**OPEN, "token": "2/3600/block", "address": "99/60/block"}
        address = reverse("rate-link", args=[make_rating_link(cast.service(), kind=LinkKind.SLIP, at=NOW)])
        assert [send(Client(), address, number).status_code for number in (1, 2, 3)] == [302, 409, 429]

    def test_wrong_links_are_slowed_and_right_ones_are_not(self, client: Client, cast: Cast) -> None:
        right = reverse("rate-link", args=[make_rating_link(cast.service(), kind=LinkKind.SLIP, at=NOW)])
        answers = [client.get(reverse("rate-link", args=[f"wrong{n}"])).status_code for n in range(22)]
        assert answers == [404] * 20 + [429] * 2
        assert client.get(right).status_code == 200

    def test_the_desk_sees_what_was_marked(self, client: Client, cast: Cast, settings: Any) -> None:
        settings.RATING_LIMITS = {**OPEN, "window": "1/3600/flag", "address": "99/60/block"}
        for number in range(2):
            send(Client(), at_window(cast.window), number)
        client.force_login(cast.qian)
        assert text_of(client.get(reverse("ratings"))).count("超出频次限制: 同一窗口") == 1
        page = text_of(client.get(reverse("ratings"), {"over": "1"}))
        assert page.count('data-label="评价时间"') == 1


def test_exactly_ten_of_fifty_at_once(live_cast: Cast, settings: Any) -> None:
    settings.RATING_LIMITS = {**OPEN, "address": "10/36000/block"}
    address, answers = at_window(live_cast.window), []

    def press(number: int) -> None:
        answers.append(send(Client(), address, number).status_code)
        connection.close()

    threads = [threading.Thread(target=press, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302] * 10 + [429] * 40
    assert Evaluation.objects.count() == 10


@pytest.mark.browser
def test_a_real_browser_does_the_work(
    live_cast: Cast, live_server: Any, open_page: Callable[..., Page], settings: Any
) -> None:
    settings.RATING_LIMITS = ONE_AN_HOUR
    page, address = open_page(width=360), live_server.url + at_window(live_cast.window)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if "Security" in message.text else None)
    for number in range(2):
        page.goto(address)
        page.get_by_text("非常满意", exact=True).click()
        page.get_by_role("button", name="提交评价").click()
        if number:
            expect(page.get_by_role("status")).to_have_text("确认好了,现在可以提交。", timeout=30_000)
            page.get_by_role("button", name="提交评价").click()
        expect(page.get_by_text("已收到。")).to_be_visible()
    assert Evaluation.objects.count() == 2
    assert problems == []
