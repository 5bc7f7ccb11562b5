"""申诉统计 for everybody: copied by ground, true to the register, and nothing of who was concerned."""

from __future__ import annotations

import pytest
from django.test import Client

from appeals.enums import Vote
from disclosure.actions import refresh_grounds
from disclosure.models import PublicGround
from tests.appeals.court import Court
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def test_counts_follow_the_register_and_a_second_sweep_moves_nothing(cast: Cast, client: Client) -> None:
    court = Court(cast)
    court.file("W2")
    assert refresh_grounds() == 1
    row = PublicGround.objects.get(code="W2")
    assert (row.filed, row.ruled, row.upheld, row.days) == (1, 0, 0, None)
    court.ruled("W8", Vote.REJECT)
    court.ruled("W8", Vote.UPHOLD)
    assert refresh_grounds() == 1
    assert refresh_grounds() == 0
    row = PublicGround.objects.get(code="W8")
    assert (row.filed, row.ruled, row.upheld) == (2, 2, 1)
    page = client.get("/cases/figures/").content.decode()
    assert "申诉统计" in page
    assert row.name in page
    assert cast.unit.name not in page


def test_a_review_counts_in_place_of_the_first_ruling(cast: Cast) -> None:
    court = Court(cast)
    first = court.ruled("W8", Vote.REJECT)
    refresh_grounds()
    court.decide(court.review(first, cast.zheng), Vote.UPHOLD)
    refresh_grounds()
    row = PublicGround.objects.get(code="W8")
    assert (row.filed, row.ruled, row.upheld) == (1, 1, 1)


def test_without_appeals_the_page_says_so(client: Client) -> None:
    assert "还没有申诉" in client.get("/cases/figures/").content.decode()
