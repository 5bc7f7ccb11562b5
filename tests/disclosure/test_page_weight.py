"""What a public page costs: at most five questions to the database, and 40 KB with everything it loads."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessment.actions import refresh
from common.memory import forget_everything
from rectification.enums import State
from tests.disclosure.press import Press
from tests.factories import NOW, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
MOST_QUERIES, MOST_BYTES = 5, 40 * 1024
LONG = "窗口要求重复提交身份证复印件,跑了三趟,每次说法都不一样,电话也打不通。" * 12


def weight(client: Client, address: str) -> int:
    """What a browser loads that has nothing yet: the page, its sheets and its scripts, each packed by itself."""
    html = client.get(address).content
    files = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html.decode())
    assert files
    packed = [html, *(Path(str(finders.find(name))).read_bytes() for name in files)]
    return sum(len(gzip.compress(part)) for part in packed)


@pytest.fixture
def full(press: Press, cast: Cast) -> str:
    """A list of more than a page with long texts; the number of one case."""
    for n in range(21):
        one = press.public(f"第{n}件,{LONG}"[:500], state=State.CLOSED if n < 3 else State.DISPATCHED)
        cast.submit(5, at=NOW - timedelta(days=n))
    refresh(at=NOW)
    return one.number


def test_every_page_asks_little_and_weighs_little(client: Client, full: str, cast: Cast) -> None:
    pages = [
        "/",
        "/cases/",
        "/cases/?q=窗口&level=1&since=2026-10-01",
        "/cases/?q=停车&level=1&result=handling",
        "/cases/?sort=longest",
        "/cases/?level=x",
        f"/cases/{full}/",
        "/cases/units/",
        f"/cases/units/{cast.unit.code}/",
        "/cases/figures/",
        "/cases/data/",
    ]
    wrong = []
    for address in pages:
        wrong += asks_too_much(client, address)
        if (bytes_ := weight(client, address)) > MOST_BYTES:
            wrong.append(f"{address} weighs {bytes_}")
    files = ["feed.xml", "data/cases.csv", "data/cases.json", "data/figures.csv"]
    for address in ["/sitemap.xml", "/sitemap-cases.xml", *(f"/cases/{name}" for name in files)]:
        wrong += asks_too_much(client, address)
    assert not wrong, "\n".join(wrong)


def asks_too_much(client: Client, address: str) -> list[str]:
    """A complaint with every question, if there are too many."""
    forget_everything()
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
        assert response.status_code == 200
        assert response.getvalue()  # type: ignore[attr-defined]
    questions = "\n".join(query["sql"][:150] for query in asked)
    return [f"{address} asks {len(asked)}: {questions}"] if len(asked) > MOST_QUERIES else []
