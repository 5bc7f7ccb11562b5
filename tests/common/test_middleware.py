"""What a request may leave in the log, and how much of it is read."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from common.middleware import RequestLog
from tests.factories import Cast


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("/r/secret-token/", "GET /r/…/"),
        ("/f/secret-token/", "GET /f/…/"),
        ("/v/secret-token/", "GET /v/…/"),
        ("/receipt/secret-token/", "GET /receipt/…/"),
        ("/suggest/receipt/secret-token/", "GET /suggest/receipt/…/"),
        ("/rate/service/secret-token/", "GET /rate/service/…/"),
        ("/accounts/password/reset/key/secret-token/", "GET /accounts/password/reset/key/…/"),
        ("/t/HCP202611240001/", "GET /t/HCP202611240001/"),
        ("/desk/cases/?q=13800000000", "GET /desk/cases/"),
    ],
)
def test_keys_and_questions_are_not_logged(address: str, line: str) -> None:
    assert RequestLog.format_request(RequestFactory().get(address)) == line


@pytest.mark.django_db
def test_a_whole_request_leaves_no_token(client: Client) -> None:
    with capture_logs() as lines:
        client.get("/r/secret-token/?from=secret-sms")
    assert [line["request"] for line in lines if "request" in line]
    assert "secret" not in repr(lines)


class Untouchable:
    """A body nobody may read."""

    def read(self, *_size: object) -> bytes:
        raise AssertionError("it was read")

    readline = read


@pytest.mark.django_db
class TestBodySize:
    def send(self, client: Client, path: str, length: int) -> int:
        extra = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
        return client.generic("POST", path, b"", **{**extra, "wsgi.input": Untouchable()}).status_code  # type: ignore[arg-type]

    def test_what_is_longer_than_any_form_is_refused_unread(self, client: Client, settings: Any) -> None:
        for path in ("/t/", "/desk/intake/new/", "/nowhere/"):
            assert self.send(client, path, settings.REQUEST_MAX_BYTES + 1) == 413

    def test_large_files_come_from_people_who_are_signed_in(self, client: Client, settings: Any) -> None:
        most = settings.LARGE_UPLOADS["/desk/intake/new/"]
        client.force_login(Cast().xu)
        with pytest.raises(AssertionError, match="it was read"):
            self.send(client, "/desk/intake/new/", settings.REQUEST_MAX_BYTES + 1)
        assert self.send(client, "/desk/intake/new/", most + 1) == 413
        assert self.send(client, "/t/", settings.REQUEST_MAX_BYTES + 1) == 413
        client.cookies["session"] = "x" * 32
        assert self.send(client, "/desk/intake/new/", settings.REQUEST_MAX_BYTES + 1) == 413

    @pytest.mark.parametrize("length", ["", "x", "-1", "１２", "9" * 40])
    def test_lengths_that_are_none_are_none_of_ours(self, client: Client, length: str) -> None:
        answer = client.generic("POST", "/t/", b"", CONTENT_LENGTH=length)
        assert answer.status_code in (200, 400, 403)
