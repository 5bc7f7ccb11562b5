"""The partners' interface, driven as a partner would: signed, counted, and answered by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from common.actors import SYSTEM
from evaluations.actions.messages import forget_codes, take_rating, take_service
from evaluations.actions.partners import keys_of, register_partner, switch_partner
from evaluations.actions.releases import map_code, release_arrived, release_mapped
from evaluations.enums import CodeKind, Origin, Scope, SigningMethod
from evaluations.envelopes import HmacKey, Sm2Private, new_nonce, seal_legacy, sign, sm2
from evaluations.models import Batch, Evaluation, LeftRow, Partner, Service, Source
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monday: None) -> Iterator[None]:
    forget_codes()
    yield
    forget_codes()


class Caller:
    """A partner's engineer."""

    def __init__(
        self, client: Client, *, source: str = "hall", scopes: tuple[Scope, ...] = tuple(Scope), **more: Any
    ) -> None:
        self.client = client
        self.partner, self.secret = register_partner(
            "演示系统",
            source=Source.objects.get(pk=source),
            scopes=scopes,
            method=more.pop("method", SigningMethod.HMAC),
            by=SYSTEM,
            at=NOW,
            **more,
        )

    def post(self, route: str, message: Any, **more: Any) -> Any:
        body = more.get("body") or json.dumps(message).encode()
        key = more.get("key") or HmacKey(self.secret.encode())
        at = more.get("at") or timezone.now()
        headers = sign(body, app_id=self.partner.app_id, key=key, at=at, nonce=more.get("nonce") or new_nonce())
        sent = more.get("sent") or body
        return self.client.post(reverse(route), sent, content_type="application/json", headers=headers.as_http())


def rating(cast: Cast, number: str = "370600API0001", level: int = 5, **more: Any) -> dict[str, Any]:
    return {
        "projectNo": number,
        "satisfaction": level,
        "assessTime": "2026-11-23 09:30:00",
        "pf": "4",
        "isDefault": "0",
        "orgcode": cast.unit.code,
        "taskCode": cast.item.code,
        "writingEvaluation": "没有样本" if level < 3 else "",
        **more,
    }


def test_a_rating_is_stored_once(client: Client, cast: Cast) -> None:
    caller = Caller(client)
    first = caller.post("api-ratings", rating(cast))
    again = caller.post("api-ratings", rating(cast, assessTime="2026-11-23 09:45:00"))
    assert (first.status_code, first.json()["outcome"]) == (201, "stored")
    assert (again.status_code, again.json()["outcome"]) == (200, "duplicate")
    assert again.json()["id"] == first.json()["id"]
    other = caller.post("api-ratings", rating(cast, level=4))
    assert (other.status_code, other.json()["errors"][0]["code"]) == (422, "other_content")
    stored = Evaluation.objects.get(pk=first.json()["id"])
    assert (stored.channel, stored.origin, stored.unit) == ("kiosk", "imported", cast.unit)


def test_a_negative_rating_has_its_case(client: Client, cast: Cast) -> None:
    answer = Caller(client).post("api-ratings", rating(cast, level=1, mobile="13800000001")).json()
    stored = Evaluation.objects.get(pk=answer["id"])
    assert stored.case is not None
    assert stored.case.number == answer["case"]
    assert stored.case.reachable


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"satisfaction": 6}, "level_wrong"),
        ({"evalDetail": "115"}, "tag_level"),
        ({"assessTime": "2026-11-24 09:30:00"}, "time_future"),
        ({"pf": "9"}, "channel_unknown"),
        ({"isDefault": ""}, "flag_missing"),
        ({"satisfaction": 1, "writingEvaluation": ""}, "reason_missing"),
    ],
)
def test_what_is_wrong_is_named(client: Client, cast: Cast, change: dict[str, Any], code: str) -> None:
    answer = Caller(client).post("api-ratings", {**rating(cast), **change})
    assert answer.status_code == 422
    assert code in [error["code"] for error in answer.json()["errors"]]
    assert all(error["reason"] and error["fix"] for error in answer.json()["errors"])
    assert not Evaluation.objects.filter(source="hall", project_number="370600API0001").exists()


def test_an_unknown_unit_waits_until_somebody_says_what_it_means(client: Client, cast: Cast) -> None:
    answer = Caller(client).post("api-ratings", rating(cast, level=2, orgcode="OLD-GAJ", taskCode=""))
    assert (answer.status_code, answer.json()["outcome"]) == (202, "quarantined")
    row = LeftRow.objects.get(waits_kind="unit", waits_for="OLD-GAJ")
    assert release_mapped(at=NOW) == 0
    map_code("hall", CodeKind.UNIT, "OLD-GAJ", cast.unit, by=SYSTEM, staff=cast.xu, at=NOW)
    assert release_mapped(at=NOW) == 1
    stored = Evaluation.objects.get(project_number="370600API0001")
    assert (stored.unit, stored.case is not None) == (cast.unit, True)
    row.refresh_from_db()
    assert (row.outcome, bytes(row.sealed)) == ("stored", b"")
    batch = Batch.objects.get(pk=row.batch_id)
    assert (batch.received, batch.stored, batch.quarantined, batch.cases) == (1, 1, 0, 1)
    assert release_mapped(at=NOW) == 0


def test_a_rating_before_its_service_is_held_and_joined(client: Client, cast: Cast) -> None:
    caller = Caller(client)
    bare = rating(cast, orgcode="", taskCode="")
    assert caller.post("api-ratings", bare).json()["outcome"] == "held"
    assert release_arrived(at=NOW) == 0
    service = {
        "projectNo": "370600API0001",
        "serviceTime": "2026-11-23 09:00:00",
        "taskCode": cast.item.code,
        "orgcode": cast.unit.code,
        "userName": "王演示",
    }
    assert caller.post("api-services", service).json()["outcome"] == "stored"
    assert caller.post("api-services", service).json()["outcome"] == "duplicate"
    assert release_arrived(at=NOW) == 1
    stored = Evaluation.objects.get(project_number="370600API0001")
    assert (stored.unit, stored.item) == (cast.unit, cast.item)
    assert Service.objects.filter(project_number="370600API0001").count() == 1


def test_a_batch_adds_up_and_counts_once(client: Client, cast: Cast) -> None:
    caller = Caller(client)
    ratings = [rating(cast, f"370600API{n:04d}", 1 + n % 5) for n in range(20)]
    ratings += [ratings[0], rating(cast, "370600APIX", 9), rating(cast, "370600APIY", orgcode="?", taskCode="")]
    message = {"batch": "2026-11-23/1".replace("/", "-"), "ratings": ratings}
    first = caller.post("api-batches", message).json()
    assert {
        name: first["ratings"][name] for name in ("received", "stored", "duplicates", "refused", "quarantined")
    } == {
        "received": 23,
        "stored": 20,
        "duplicates": 1,
        "refused": 1,
        "quarantined": 1,
    }
    assert first["ratings"]["cases"] == 8
    assert [error["row"] for error in first["ratings"]["errors"]] == [22, 23]
    assert caller.post("api-batches", message).json() == first
    assert Evaluation.objects.filter(source="hall", batch__isnull=False).count() == 20


def test_who_may_not_ask_is_told_so(client: Client, cast: Cast) -> None:
    caller = Caller(client, scopes=(Scope.RATINGS,))
    good = rating(cast)
    assert caller.post("api-services", good).json()["code"] == "out_of_scope"
    assert caller.post("api-ratings", good, key=HmacKey(b"another secret of 16")).json()["code"] == "bad_signature"
    late = timezone.now() - timedelta(minutes=6)
    assert caller.post("api-ratings", good, at=late).json()["code"] == "stale"
    swapped = json.dumps({**good, "satisfaction": 4}).encode()
    assert caller.post("api-ratings", good, sent=swapped).json()["code"] == "bad_signature"
    nonce = new_nonce()
    assert caller.post("api-ratings", good, nonce=nonce).status_code == 201
    assert caller.post("api-ratings", good, nonce=nonce).json()["code"] == "replayed"
    assert client.post(reverse("api-ratings"), good, content_type="application/json").json()["code"] == "missing_header"
    switch_partner(caller.partner, active=False, by=SYSTEM, at=NOW, reason="停用")
    answer = caller.post("api-ratings", good)
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_app")


def test_a_quota_is_kept(client: Client, cast: Cast) -> None:
    caller = Caller(client, per_minute=3)
    answers = [caller.post("api-ratings", rating(cast, f"370600Q{n}")) for n in range(5)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    assert answers[-1]["Retry-After"]


def test_who_had_to_wait_may_send_the_same_again(client: Client, cast: Cast, monday: Any) -> None:
    caller, nonce = Caller(client, per_minute=1), new_nonce()
    assert caller.post("api-ratings", rating(cast, "370600Q1")).status_code == 201
    assert caller.post("api-ratings", rating(cast, "370600Q2"), nonce=nonce).status_code == 429
    monday.shift(60)
    assert caller.post("api-ratings", rating(cast, "370600Q2"), nonce=nonce).status_code == 201
    monday.shift(60)
    assert caller.post("api-ratings", rating(cast, "370600Q3"), nonce=nonce).json()["code"] == "replayed"


def test_a_request_counts_once_for_as_long_as_it_could_be_accepted(client: Client, cast: Cast, monday: Any) -> None:
    """From a clock five minutes fast, repeated until ours is five minutes past it: never taken twice."""
    caller, nonce, ahead = Caller(client), new_nonce(), timezone.now() + timedelta(minutes=5)
    good = rating(cast, "370600R1")
    assert caller.post("api-ratings", good, nonce=nonce, at=ahead).status_code == 201
    codes = []
    for seconds in [59] * 10 + [30]:
        monday.shift(seconds)
        codes.append(caller.post("api-ratings", good, nonce=nonce, at=ahead).json()["code"])
    assert codes == ["replayed"] * 10 + ["stale"]


class TestShortWay:
    """Signed requests go straight to their view; what surrounds pages surrounds them no less where it matters."""

    def test_the_answer_is_no_page_and_nobody_keeps_it(self, client: Client, cast: Cast) -> None:
        answer = Caller(client).post("api-ratings", rating(cast))
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert not answer.cookies

    def test_it_speaks_the_language_that_was_asked_for(self, client: Client) -> None:
        said = {
            language: client.post(reverse("api-ratings"), headers={"Accept-Language": language, "X-App-Id": "x"})
            for language in ("en", "zh-hans")
        }
        assert [answer.headers["Content-Language"] for answer in said.values()] == ["en", "zh-hans"]

    def test_a_signed_in_member_of_staff_is_nobody_there(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.xu)
        assert client.post(reverse("api-ratings"), {}, content_type="application/json").status_code == 401

    def test_a_foreign_host_is_refused(self, client: Client, cast: Cast, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["portal.example.invalid"]
        assert client.post(reverse("api-ratings"), {}, content_type="application/json").status_code == 400

    def test_addresses_and_methods_that_are_none(self, client: Client) -> None:
        assert client.post("/api/v1/intake/nowhere").status_code == 404
        assert client.post("/api/v1/intake/legacy/nowhere/ratings").status_code == 404
        assert client.get(reverse("api-ratings")).status_code == 405

    def test_without_the_database_it_is_told_when_to_come_again(
        self, client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_values: object, **_more: object) -> None:
            raise OperationalError("the database is away")

        caller = Caller(client)
        monkeypatch.setattr("evaluations.api.guard.take_turn", away)
        answer = caller.post("api-ratings", rating(cast))
        assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "away", "10")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b'{"a": 1e999}', b"[" * 5000, b'{"projectNo": {"a": 1}}', b"null"]
)
def test_broken_bodies_are_named(client: Client, cast: Cast, body: bytes) -> None:
    answer = Caller(client).post("api-ratings", None, body=body or b" ")
    assert answer.status_code in (400, 422)
    assert answer.json()["outcome"] in ("denied", "refused")


def test_a_multipart_form_is_told_what_is_wanted(client: Client, cast: Cast) -> None:
    secret = Caller(client)
    headers = sign(
        b"", app_id=secret.partner.app_id, key=HmacKey(secret.secret.encode()), at=timezone.now(), nonce=new_nonce()
    )
    answer = client.post(reverse("api-ratings"), {"a": "b"}, headers=headers.as_http())
    assert (answer.status_code, answer.json()["code"]) == (415, "bad_form")
    legacy = client.post(reverse("api-legacy", args=["shandong", "ratings"]), {"a": "b"}).json()
    assert legacy["C-Response-Desc"] == "fail"


def test_a_partner_may_sign_by_sm2(client: Client, cast: Cast) -> None:
    pair = sm2.generate()
    caller = Caller(client, method=SigningMethod.SM2, public_key=pair.public)
    answer = caller.post("api-ratings", rating(cast), key=Sm2Private(pair.private))
    assert answer.status_code == 201, answer.json()


def test_the_secret_is_not_in_the_database_in_clear(client: Client, cast: Cast) -> None:
    caller = Caller(client)
    assert caller.secret.encode() not in bytes(Partner.objects.get().sealed_key)
    assert keys_of(caller.partner).key == caller.secret


def test_shandongs_own_envelope(client: Client, cast: Cast) -> None:
    caller = Caller(client, source="shandong", method=SigningMethod.LEGACY, word="demo-word")
    message = {
        "projectNo": "37370600SD1",
        "serviceNumber": "1",
        "satisfaction": "2",
        "evalDetail": "213",
        "assessTime": "2026-11-23 09:30:00",
        "pf": "4",
        "isdefault": "0",
        "orgcode": f"{cast.unit.region.code}_{cast.unit.uscc}",
        "taskCode": cast.item.code,
    }
    body = seal_legacy(
        "txn",
        "evaluate",
        [message],
        app_mark=caller.partner.app_id,
        app_word="demo-word",
        public_key=keys_of(caller.partner).public,
        at=timezone.now(),
    )
    address = reverse("api-legacy", args=["shandong", "ratings"])
    answer = client.post(address, body, content_type="application/json").json()
    assert answer["C-Response-Desc"] == "success", answer
    stored = Evaluation.objects.get(source="shandong")
    assert (stored.level, stored.unit, stored.case is not None) == (2, cast.unit, True)
    again = client.post(address, body, content_type="application/json").json()
    assert again["C-Response-Desc"] == "fail"
    assert (
        client.post(reverse("api-legacy", args=["hall", "ratings"]), body, content_type="application/json").status_code
        == 404
    )


def test_shandongs_prefix_is_one_number_with_and_without(client: Client, cast: Cast) -> None:
    service = {
        "projectNo": "370600SD9",
        "serviceNumber": "1",
        "serviceTime": "2026-11-23 09:00:00",
        "taskCode": cast.item.code,
        "orgcode": f"{cast.unit.region.code}_{cast.unit.uscc}",
    }
    source, at = Source.objects.get(pk="shandong"), timezone.now()
    assert take_service(source, service, at=at).outcome == "stored"
    said = {"serviceNumber": "1", "satisfaction": "5", "assessTime": "2026-11-23 09:30:00", "pf": "4", "isdefault": "0"}
    first = take_rating(source, {**said, "projectNo": "37370600SD9"}, origin=Origin.IMPORTED, at=at)
    again = take_rating(source, {**said, "projectNo": "370600SD9"}, origin=Origin.IMPORTED, at=at)
    assert (first.outcome, again.outcome) == ("stored", "duplicate")
    assert Evaluation.objects.get(source="shandong").project_number == "370600SD9"
    placed = {**said, "orgcode": service["orgcode"], "taskCode": service["taskCode"]}
    third = take_rating(source, {**placed, "projectNo": "37370600SD9"}, origin=Origin.IMPORTED, at=at)
    assert third.outcome == "duplicate"
    for number, outcome in (("370600SD10", "stored"), ("37370600SD10", "duplicate")):
        assert take_rating(source, {**placed, "projectNo": number}, origin=Origin.IMPORTED, at=at).outcome == outcome


def test_the_interface_describes_itself(client: Client) -> None:
    document = client.get(reverse("api-description")).json()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {reverse(f"api-{name}") for name in ("ratings", "services", "batches")}
    page = client.get(reverse("api-explorer")).content.decode()
    assert reverse("api-description") in page
    assert "https://" not in page.replace("https://www.w3.org", "")
