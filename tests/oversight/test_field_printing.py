"""The file on paper: one entry a page of A4, and what only supervisors read stays off it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from organizations.enums import Role
from oversight import actions
from tests.factories import Cast, staff
from tests.oversight.fieldwork import warning
from tests.oversight.test_field_offline import enter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_entry_a_page(live_cast: Cast, live_server: object, open_page: Callable[..., Page]) -> None:
    base = live_server.url  # type: ignore[attr-defined]
    second = staff("tan", "谭督导", (Role.CITY_SUPERVISOR, live_cast.body))
    at = timezone.now() - timedelta(hours=1)
    rows = [warning(live_cast, at=at, title=f"案例{number}") for number in range(3)]
    for row in rows:
        actions.approve_warning(row, by=second, at=at)
    page = open_page()
    enter(page, base, live_cast.qian)
    page.goto(base + reverse("warnings-print"))
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 3
    page.goto(base + reverse("warning", args=[rows[0].number]))
    expect(page.get_by_text("实际单位")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("实际单位")).to_be_hidden()
    expect(page.get_by_text("某单位")).to_be_visible()
