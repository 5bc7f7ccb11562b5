"""The masked call: against a real switchboard of our own on the loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from identity.calls import CallFailed, place_call
from identity.enums import Purpose
from identity.models import Look
from organizations.queries import staff_actor
from tests.factories import Cast
from tests.support.receivers import CLOSES_WITHIN


class Switchboard(HTTPServer):
    """Keeps what it was sent and answers as told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.status, self.answer = 200, b'{"reference": "SB-1"}'
        self.calls: list[tuple[dict[str, str], bytes]] = []


class _Answering(BaseHTTPRequestHandler):
    server: Switchboard

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.answer)))
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def switchboard(settings: Any) -> Iterator[Switchboard]:
    server = Switchboard()
    thread = threading.Thread(target=server.serve_forever, args=[CLOSES_WITHIN], daemon=True)
    thread.start()
    settings.CALL_GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/calls"
    settings.CALL_GATEWAY_KEY = "switchboard-key"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def ring(cast: Cast) -> str:
    case = cast.rate(1)
    assert case.evaluator_id is not None
    return place_call(case.evaluator_id, by=staff_actor(cast.wu), purpose=Purpose.CONTACT, about=case.number)


def test_the_switchboard_gets_a_signed_call_and_names_it(cast: Cast, switchboard: Switchboard) -> None:
    assert ring(cast) == "SB-1"
    [(headers, body)] = switchboard.calls
    sent = json.loads(body)
    assert (sent["phone"], sent["staff"]) == ("13800000001", cast.wu.pk)
    text = f"{headers['X-Timestamp']}\n{headers['X-Nonce']}\n{hashlib.sha256(body).hexdigest()}"
    assert headers["X-Signature"] == hmac.new(b"switchboard-key", text.encode(), hashlib.sha256).hexdigest()
    assert Look.objects.get().purpose == Purpose.CONTACT


def test_without_a_name_of_its_own_the_call_keeps_ours(cast: Cast, switchboard: Switchboard) -> None:
    switchboard.answer = b""
    assert ring(cast) == json.loads(switchboard.calls[0][1])["key"]


@pytest.mark.parametrize(("status", "answer"), [(500, b"{}"), (302, b"{}"), (200, b"<html>"), (200, b"[]")])
def test_a_switchboard_that_does_not_answer_well_is_a_failed_call(
    cast: Cast, switchboard: Switchboard, status: int, answer: bytes
) -> None:
    switchboard.status, switchboard.answer = status, answer
    with pytest.raises(CallFailed) as caught:
        ring(cast)
    assert "138" not in str(caught.value)
    assert Look.objects.count() == 1


def test_an_unreachable_switchboard_is_a_failed_call(cast: Cast, switchboard: Switchboard, settings: Any) -> None:
    settings.CALL_GATEWAY_URL = "http://127.0.0.1:1/"
    with pytest.raises(CallFailed):
        ring(cast)


def test_production_without_a_switchboard_calls_nobody(cast: Cast, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(CallFailed):
        ring(cast)


def test_a_number_sealed_with_a_lost_key_is_a_failed_call(cast: Cast, settings: Any) -> None:
    case = cast.rate(1)
    settings.IDENTITY_KEYS = f"k9:{base64.b64encode(bytes(range(32))).decode()}"
    with pytest.raises(CallFailed):
        place_call(case.evaluator_id, by=staff_actor(cast.wu), purpose=Purpose.CONTACT, about=case.number)
