"""Old paper: taken for some days, and after that never a dead end."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from evaluations.models import Evaluation
from organizations import actions
from organizations.models import RetiredSign, Window
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.support.pages import forms_in

pytestmark = pytest.mark.django_db
NONCE = "n" * 27
GRACE = timedelta(days=settings.SIGN_GRACE_DAYS)


def renewed(cast: Cast, **more: Any) -> tuple[str, Window]:
    """The address on the old paper, and the window with its new code."""
    old = cast.window.sign_code
    by = cast.xu if more.get("misused") else cast.zheng
    window = actions.renew_sign(cast.window, seen=old, reason="台卡破损", by=by, at=NOW, **more)
    return reverse("rate-window", args=[old]), window


def text_of(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize("after", [timedelta(0), GRACE - timedelta(minutes=1)])
def test_old_paper_still_takes_ratings_under_the_window(client: Client, cast: Cast, after: timedelta) -> None:
    sign, _window = renewed(cast)
    with time_machine.travel(NOW + after, tick=False):
        assert 'name="level"' in text_of(client.get(sign))
        sent = client.post(sign, {"level": 1, "nonce": NONCE, "text": "窗口没人"})
    assert sent.status_code == 302
    rating = Evaluation.objects.get()
    assert (rating.window, rating.channel) == (cast.window, "window_qr")
    assert Case.objects.get().rated_unit == cast.window.unit


def test_after_the_days_of_grace_the_page_leads_on(client: Client, cast: Cast) -> None:
    sign, window = renewed(cast)
    with time_machine.travel(NOW + GRACE, tick=False):
        answer = client.get(sign)
        page = text_of(answer)
        assert answer.status_code == 410
        assert "这个二维码已换新" in page
        ways = [reverse("rate-window", args=[window.sign_code]), reverse("rate-about", args=["hall", window.hall.code])]
        for way in [*ways, reverse("rate-start"), reverse("track")]:
            assert f'href="{way}"' in page
            assert client.get(way).status_code == 200


def test_misuse_stops_at_once_and_does_not_give_the_new_code_away(client: Client, cast: Cast) -> None:
    sign, window = renewed(cast, misused=True)
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        page = text_of(client.get(sign))
    assert window.sign_code not in page
    assert reverse("rate-about", args=["hall", window.hall.code]) in page


@pytest.mark.parametrize("misused", [False, True])
def test_a_rating_on_its_way_is_kept_and_one_press_away(client: Client, cast: Cast, misused: bool) -> None:
    """Somebody wrote it before the code stopped: nothing typed is lost, and the same words arrive."""
    sign, _window = renewed(cast, misused=misused)
    said = {"level": "1", "nonce": NONCE, "tags": ["108", "111"], "text": '窗口没人<b>"', "phone": "13800000001"}
    with time_machine.travel(NOW + GRACE, tick=False):
        answer = client.post(sign, said)
        assert answer.status_code == 410
        assert not Evaluation.objects.exists()
        assert "非常不满意" in text_of(answer)
        [form] = [form for form in forms_in(text_of(answer), sign) if "nonce" in form.controls]
        kept = {name: value for name, value in form.untouched.items() if name}
        assert client.post(form.action, kept).status_code == 302
    rating = Evaluation.objects.get()
    assert (rating.level, rating.text, sorted(rating.tags)) == (1, said["text"], ["108", "111"])
    assert rating.target == ("hall" if misused else "window")
    assert rating.case.reachable


def test_a_code_renewed_twice_leads_to_the_newest(client: Client, cast: Cast) -> None:
    first, window = renewed(cast)
    newest = actions.renew_sign(window, seen=window.sign_code, reason="又换", by=cast.zheng, at=NOW)
    assert RetiredSign.objects.count() == 2
    with time_machine.travel(NOW + GRACE, tick=False):
        assert reverse("rate-window", args=[newest.sign_code]) in text_of(client.get(first))


def test_the_code_as_typed_from_the_paper(client: Client, cast: Cast) -> None:
    code = cast.window.sign_code
    for typed in (code.lower(), code.replace("-", ""), f"{code}"):
        address = f"/w/{typed}"
        assert 'name="level"' in text_of(client.get(address, follow=True)), typed
    assert client.get("/w/2222-2222/").status_code == 404


def test_grace_is_a_setting(client: Client, cast: Cast, settings: Any) -> None:
    settings.SIGN_GRACE_DAYS = 0
    sign, _window = renewed(cast)
    with time_machine.travel(NOW, tick=False):
        assert client.get(sign).status_code == 410


def test_a_live_sign_costs_no_more_than_before(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        assert re.search('name="level"', text_of(client.get(reverse("rate-window", args=[cast.window.sign_code]))))
