"""docs/intake.md says what the code does, and the example client is understood."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from evaluations import envelopes
from evaluations.envelopes import Fault, HmacKey, sm2
from evaluations.profiles import CANONICAL, canonical_rating, canonical_service, missing_fields, shipped_profiles
from tests.support.receivers import CLOSES_WITHIN
from tests.support.source import ROOT

TEXT = (ROOT / "docs" / "intake.md").read_text()
CLIENT = ROOT / "docs" / "examples" / "partner_client.py"
PROFILES = shipped_profiles()
EXAMPLE = dict(line.split(maxsplit=1) for line in re.search(r"```text\n(.*?)\n```", TEXT, re.S)[1].splitlines())


def table(first):
    """The rows of the table whose headings begin with `first`, as dictionaries by heading."""
    lines = TEXT[TEXT.index(f"| {first} |") :].split("\n\n")[0].splitlines()
    headings, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(headings, row, strict=True)) for row in rows]


# --- the text -------------------------------------------------------------------------------------------------


def test_the_worked_example_is_computed_as_it_is_written():
    body = EXAMPLE["body"].encode()
    assert sm2.sm3(body).hex() == EXAMPLE["hash"]
    assert EXAMPLE["text"] == EXAMPLE["timestamp"] + EXAMPLE["nonce"] + EXAMPLE["hash"]
    key, at = HmacKey(EXAMPLE["secret"].encode()), datetime.fromtimestamp(int(EXAMPLE["timestamp"]), UTC)
    headers = envelopes.sign(body, app_id="demo-app", key=key, at=at, nonce=EXAMPLE["nonce"])
    assert headers.signature == EXAMPLE["signature"]
    envelopes.verify(headers, body, key=key, at=at)
    rating = canonical_rating(PROFILES["default"], json.loads(body))
    assert (rating["level"], rating["channel"]) == ("2", "kiosk")


@pytest.mark.parametrize("kind", ["rating", "service"])
def test_the_tables_of_names_are_those_of_the_profiles(kind):
    rows = {row.pop(kind.capitalize()): row for row in table(kind.capitalize())}
    assert tuple(rows) == CANONICAL[kind]
    for field, row in rows.items():
        for code, profile in PROFILES.items():
            names = profile.fields[kind].get(field, ())
            if code == "default" and field != "name":
                assert names[-1] == field, "the default profile takes our own names too, the page says it once"
                names = names[:-1]
            assert row[code] == (", ".join(names) or "–"), f"{field} of {code}"


def test_every_error_code_is_explained():
    explained = {code for row in table("Code | What to do") for code in re.findall(r"`(\w+)`", row["Code"])}
    assert {fault.value for fault in Fault} <= explained
    assert explained - {fault.value for fault in Fault} == {
        "nested",
        "inexact",
        "not_text",
        "not_object",
        "conflict",
        "away",
    }


def test_the_page_is_short():
    assert len(TEXT.splitlines()) <= 200


# --- the client -----------------------------------------------------------------------------------------------


@pytest.fixture
def receiver():
    """A real receiver that checks every request as the portal does; yields (address, what came, verdicts)."""
    came = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                headers = envelopes.read_headers(dict(self.headers.items()))
                key = HmacKey(EXAMPLE["secret"].encode())
                envelopes.verify(headers, body, key=key, at=datetime.now(UTC))
                verdict = "taken"
            except envelopes.BadEnvelope as error:
                verdict = str(error.code)
            came.append((self.path, envelopes.read_object(body), verdict))
            self.send_response(200 if verdict == "taken" else 401)
            self.end_headers()
            self.wfile.write(json.dumps({"code": verdict}).encode())

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[CLOSES_WITHIN])
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", came
    server.shutdown()
    thread.join()
    server.server_close()


def run(url, secret):
    words = [sys.executable, str(CLIENT), "--url", url, "--app-id", "demo-app"]
    return subprocess.run(words, env={"PORTAL_SECRET": secret, "NO_PROXY": "*"}, capture_output=True, text=True)


def test_the_client_is_believed_and_understood(receiver):
    url, came = receiver
    done = run(url, EXAMPLE["secret"])
    assert done.returncode == 0, done.stderr
    assert [(path, verdict) for path, _, verdict in came] == [
        (f"/api/v1/intake/{name}", "taken") for name in ("services", "ratings", "batches")
    ]
    service, rating, batch = (body for _, body, _ in came)
    profile = PROFILES["default"]
    for message in (service, *batch["services"]):
        assert missing_fields(profile, "service", message) == []
        assert canonical_service(profile, message)["item_code"] == message["taskCode"]
    for message in (rating, *batch["ratings"]):
        assert missing_fields(profile, "rating", message) == []
        assert canonical_rating(profile, message)["channel"] == "kiosk"
    assert rating["projectNo"] == service["projectNo"] != batch["services"][0]["projectNo"]


def test_the_client_tells_when_it_is_refused(receiver):
    url, came = receiver
    done = run(url, "another-secret-of-the-page")
    assert done.returncode == 1
    assert done.stdout.count("401") == 3
    assert "bad_signature" in done.stdout
    assert {verdict for _, _, verdict in came} == {"bad_signature"}
    assert run(url, "").returncode == 2
    assert run("file:///etc/hostname", "x" * 16).returncode == 2


def test_the_client_needs_nothing_of_ours():
    spec = importlib.util.spec_from_file_location("partner_client", CLIENT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.sm3(b"abc") == sm2.sm3(b"abc").hex()
    imported = set(re.findall(r"^(?:import|from) (\w+)", CLIENT.read_text(), re.M)) - {"__future__", "cryptography"}
    assert imported <= sys.stdlib_module_names
