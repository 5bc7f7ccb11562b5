"""What a request may leave in the log."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from common.middleware import RequestLog


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
