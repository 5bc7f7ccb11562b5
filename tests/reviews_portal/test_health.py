"""healthz and readyz: what a load balancer and an operator ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from common.queries import schema_is_current
from stack.services import Valkey
from tests.support.portal import free_port

pytestmark = pytest.mark.django_db


def ask(client: Client, address: str) -> tuple[int, dict[str, Any]]:
    response = client.get(address)
    return response.status_code, response.json()


def test_all_well(client: Client) -> None:
    assert ask(client, "/healthz") == (200, {"alive": True})
    assert ask(client, "/readyz") == ask(client, "/readyz?strict=1") == (200, {"ready": True, "broker": True})


def test_without_a_broker_the_portal_is_ready_unless_asked_strictly(client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
    assert ask(client, "/readyz") == (200, {"ready": True, "broker": False})
    assert ask(client, "/readyz?strict=1") == (503, {"ready": False, "broker": False})


def test_a_broker_of_its_own_that_is_stopped_is_noticed(client: Client, settings: Any, tmp_path: Path) -> None:
    valkey = Valkey(tmp_path)
    valkey.start()
    settings.CELERY_BROKER_URL = valkey.url
    try:
        assert ask(client, "/readyz?strict=1")[0] == 200
    finally:
        valkey.stop()
    assert ask(client, "/readyz?strict=1")[0] == 503


def test_a_schema_behind_the_code_is_not_ready(client: Client) -> None:
    schema_is_current.cache_clear()
    try:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'rectification'")
        assert ask(client, "/readyz") == (503, {"ready": False})
        assert ask(client, "/healthz")[0] == 200
    finally:
        schema_is_current.cache_clear()
