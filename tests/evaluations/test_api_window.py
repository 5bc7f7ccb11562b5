"""The window system calls: what is taken, what is refused by which name, and never an error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.models import AuditEntry
from evaluations.actions import add_window_key, revoke_window_key
from evaluations.models import CalledService, Evaluation, Service, WindowKey
from organizations.models import Hall, Window
from tests.factories import NOW, Cast
from tests.support.bad_input import VALUES
from tests.support.tablet import put_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
ADDRESS = "/api/v1/window/called"
Post = Callable[..., Any]


@pytest.fixture
def secret(cast: Cast) -> str:
    return add_window_key(hall=cast.window.hall, name="叫号系统", by=cast.xu, at=NOW)[1]


@pytest.fixture
def told(cast: Cast) -> dict[str, Any]:
    """One call as a window system sends it."""
    return {
        "hall": cast.window.hall.code,
        "window": cast.window.number,
        "project_number": "370600202611230001",
        "service_number": 1,
        "item_code": cast.item.code,
        "served_at": "2026-11-23T09:58:00+08:00",
        "staff_number": "ruan",
        "applicant": "王演示",
    }


@pytest.fixture
def post(client: Client, secret: str) -> Post:
    def _post(body: Any, *, key: str = secret, kind: str = "application/json", **headers: str) -> Any:
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.post(ADDRESS, data, content_type=kind, headers={"Authorization": f"Bearer {key}", **headers})

    return _post


def errors(answer: Any) -> dict[str, str]:
    """The names of what is wrong, by field; each with words."""
    assert answer["Content-Type"].startswith("application/json")
    found = answer.json()["errors"]
    assert found
    assert all(one["message"] for one in found)
    return {one["field"]: one["error"] for one in found}


def test_a_call_is_put_before_the_windows_tablet(cast: Cast, post: Post, told: dict[str, Any]) -> None:
    tablet = put_up(cast)
    answer = post(told)
    assert answer.status_code == 200
    assert answer.json()["rated"] is False
    assert answer.json()["shown_until"].startswith("2026-11-23T10:15:")
    service = Service.objects.get()
    assert (service.project_number, service.window, service.item, service.staff, service.source) == (
        "370600202611230001",
        cast.window,
        cast.item,
        cast.rated,
        "hall",
    )
    assert service.served_at == NOW - timedelta(minutes=2)
    assert "王演示" not in str(Service.objects.values())
    assert "请评价本次服务" in tablet.client().get("/kiosk/").content.decode()
    with time_machine.travel(NOW + timedelta(minutes=16)):
        assert "请评价本次服务" not in tablet.client().get("/kiosk/").content.decode()


def test_the_same_call_again_changes_nothing_but_the_time(cast: Cast, post: Post, told: dict[str, Any]) -> None:
    post(told)
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert post(told).json()["shown_until"].startswith("2026-11-23T10:20:")
    assert Service.objects.count() == 1
    assert CalledService.objects.count() == 1


def test_what_was_rated_is_said_to_be(cast: Cast, post: Post, told: dict[str, Any]) -> None:
    post(told)
    cast.submit(5, service=Service.objects.get())
    assert post(told).json() == {"rated": True, "shown_until": None}


def test_staff_and_applicant_may_be_left_out(post: Post, told: dict[str, Any]) -> None:
    del told["staff_number"], told["applicant"]
    assert post(told).status_code == 200
    assert (Service.objects.get().staff, Service.objects.get().applicant_index) == (None, "")


def test_a_moment_without_an_offset_is_meant_here_and_others_are_turned(post: Post, told: dict[str, Any]) -> None:
    assert post({**told, "served_at": "2026-11-23 09:58:00"}).status_code == 200
    assert post({**told, "served_at": "2026-11-23T01:58:00Z", "project_number": "2"}).status_code == 200
    assert set(Service.objects.values_list("served_at", flat=True)) == {NOW - timedelta(minutes=2)}


def test_a_part_of_a_matter_stands_for_the_matter(cast: Cast, post: Post, told: dict[str, Any]) -> None:
    assert post({**told, "item_code": cast.item.code + "01"}).status_code == 200
    assert Service.objects.get().item == cast.item


@pytest.mark.parametrize(
    ("change", "status", "field", "name"),
    [
        ({"window": "Z99"}, 422, "window", "window_unknown"),
        ({"item_code": "1" * 31}, 422, "item_code", "item_unknown"),
        ({"staff_number": "nobody"}, 422, "staff_number", "staff_unknown"),
        ({"hall": "YT-ZF"}, 403, "hall", "hall_not_yours"),
        ({"hall": "nowhere"}, 403, "hall", "hall_not_yours"),
        ({"served_at": "2026-11-23T10:06:00+08:00"}, 422, "served_at", "served_at_not_today"),
        ({"served_at": "2026-11-22T23:59:00+08:00"}, 422, "served_at", "served_at_not_today"),
        ({"served_at": "0001-01-01T00:00:00+14:00"}, 422, "served_at", "not_a_moment"),
        ({"served_at": "9999-12-31T23:59:59-14:00"}, 422, "served_at", "not_a_moment"),
        ({"served_at": "yesterday"}, 422, "served_at", "not_a_moment"),
        ({"service_number": 0}, 422, "service_number", "min_value"),
        ({"service_number": 70000}, 422, "service_number", "max_value"),
        ({"service_number": "x"}, 422, "service_number", "invalid"),
        ({"service_number": True}, 422, "service_number", "required"),
        ({"project_number": ""}, 422, "project_number", "required"),
        ({"project_number": "9" * 61}, 422, "project_number", "max_length"),
        ({"project_number": "a\0b"}, 422, "project_number", "null_characters_not_allowed"),
        ({"applicant": "\ud800"}, 422, "applicant", "invalid"),
        ({"project_number": ["1"]}, 422, "project_number", "required"),
    ],
)
def test_what_is_wrong_has_a_name(
    post: Post, told: dict[str, Any], change: dict[str, Any], status: int, field: str, name: str
) -> None:
    answer = post({**told, **change})
    assert answer.status_code == status
    assert errors(answer) == {field: name}
    assert not Service.objects.exists()
    assert not CalledService.objects.exists()


def test_everything_wrong_is_named_at_once(post: Post) -> None:
    assert set(errors(post({}))) == {"hall", "window", "project_number", "service_number", "item_code", "served_at"}


def test_a_service_of_another_window_is_a_conflict(cast: Cast, post: Post, told: dict[str, Any]) -> None:
    post(told)
    other = Window.objects.filter(hall=cast.window.hall, closed_on=None).exclude(pk=cast.window.pk)[0]
    answer = post({**told, "window": other.number})
    assert (answer.status_code, errors(answer)) == (409, {"window": "served_elsewhere"})


def test_a_closed_window_calls_nobody(cast: Cast, post: Post, told: dict[str, Any]) -> None:
    Window.objects.filter(pk=cast.window.pk).update(closed_on=NOW.date())
    assert errors(post(told)) == {"window": "window_unknown"}


def test_the_words_are_in_the_callers_language(post: Post, told: dict[str, Any]) -> None:
    chinese = post({**told, "project_number": ""}).json()["errors"][0]["message"]
    english = post({**told, "project_number": ""}, **{"Accept-Language": "en"}).json()["errors"][0]["message"]
    assert chinese == "请填写“project_number”"
    assert english != chinese
    assert english.isascii() or "“project_number”" in english


# --- keys -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wk_wrong", "Basic eDp5", "Bearer \xff\xfe"])
def test_without_its_key_nobody_calls(client: Client, secret: str, told: dict[str, Any], header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    answer = client.post(ADDRESS, told, content_type="application/json", headers=headers)
    assert (answer.status_code, errors(answer)) == (401, {"": "key_unknown"})
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert not Service.objects.exists()


def test_an_ended_key_and_the_key_of_another_hall_call_nobody(cast: Cast, post: Post, told: dict[str, Any]) -> None:
    other, secret = add_window_key(hall=Hall.objects.get(code="YT-ZF"), name="别处", by=cast.xu, at=NOW)
    assert errors(post(told, key=secret)) == {"hall": "hall_not_yours"}
    revoke_window_key(other, note="x", by=cast.xu, at=NOW)
    assert errors(post(told, key=secret)) == {"": "key_unknown"}


def test_keys_cannot_be_guessed_and_no_key_calls_without_end(
    post: Post, secret: str, told: dict[str, Any], settings: Any
) -> None:
    for number in range(30):
        assert post(told, key=f"wk_{number}").status_code == 401
    refused = post(told, key="wk_more")
    assert (refused.status_code, errors(refused)) == (429, {"": "too_many_requests"})
    assert refused["Retry-After"]
    assert post(told).status_code == 200, "the right key of the same network is not held back by it"
    settings.KIOSK_CALLS_PER_MINUTE = 3
    answers = [post(told).status_code for _ in range(4)]
    assert answers[-1] == 429
    assert 200 in answers


def test_the_use_of_a_key_is_noted_and_the_key_never(post: Post, secret: str, told: dict[str, Any]) -> None:
    post(told)
    key = WindowKey.objects.get()
    assert key.last_used_at is not None
    assert NOW <= key.last_used_at < NOW + timedelta(minutes=1)
    assert secret not in str(list(AuditEntry.objects.values()))


# --- what no window system sends --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "kind", "status", "name"),
    [
        (" ", "application/json", 400, "unreadable"),
        ("{", "application/json", 400, "unreadable"),
        ("[]", "application/json", 400, "unreadable"),
        ("null", "application/json", 400, "unreadable"),
        ("[" * 9000, "application/json", 400, "unreadable"),
        ('{"hall":' * 1500, "application/json", 400, "unreadable"),
        (b"\xff\xfe\x00", "application/json", 400, "unreadable"),
        ('"' + "x" * 17000 + '"', "application/json", 413, "too_large"),
        ("x" * 6_000_000, "application/json", 413, "too_large"),
        ("hall=YT-CITY", "application/x-www-form-urlencoded", 415, "not_json"),
        ("--x--", "multipart/form-data; boundary=x", 415, "not_json"),
        ("{}", "text/plain", 415, "not_json"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_bodies_that_are_no_call(post: Post, body: Any, kind: str, status: int, name: str) -> None:
    answer = post(body, kind=kind)
    assert (answer.status_code, errors(answer)) == (status, {"": name})


def test_only_post(client: Client, post: Post) -> None:
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Allow"], errors(answer)) == (405, "POST", {"": "method_not_allowed"})


value = st.one_of(st.sampled_from(VALUES), st.text(max_size=80), st.integers(), st.floats(), st.booleans(), st.none())
anything = st.recursive(
    value, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
)
FIELDS = ("hall", "window", "project_number", "service_number", "item_code", "served_at", "staff_number", "applicant")


@settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(spoilt=st.dictionaries(st.sampled_from(FIELDS), anything, min_size=1, max_size=4))
def test_whatever_is_sent_is_taken_or_refused_by_name(post: Post, told: dict[str, Any], spoilt: dict[str, Any]) -> None:
    answer = post({**told, **spoilt})
    assert answer.status_code < 500
    if answer.status_code != 200:
        assert errors(answer)
    assert not Evaluation.objects.exists()
