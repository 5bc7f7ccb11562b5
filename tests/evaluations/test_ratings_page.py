"""评价明细: what it shows of a rating and what it never shows; pages; too wide a question; taking a rating out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import AuditEntry
from evaluations.actions import exclude_rating
from evaluations.enums import ExclusionReason
from evaluations.models import Evaluation, Exclusion
from organizations.models import Staff
from rectification import actions
from rectification.enums import State
from tests.factories import NOW, Cast
from tests.rectification.conftest import sign_in

__all__ = ["sign_in"]
SignIn = Callable[[Staff], Client]
LIST = "/desk/ratings/"


def rows(client: Client, query: str = "") -> list[Any]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    assert not response.context["form"].errors, response.context["form"].errors
    return list(response.context["rows"])


def test_no_identity_no_second_no_whole_number_no_text(sign_in: SignIn, cast: Cast) -> None:
    at = NOW.replace(second=37, microsecond=123_000)
    receipt = cast.submit(1, at=at, phone="13800000077", text="我叫王演示,电话13800000077")
    for person in (cast.zheng, cast.qian, cast.zhou):
        page = sign_in(person).get(LIST).content.decode()
        assert "2026-11-23 10:00" in page
        assert "…" + receipt.evaluation.project_number[-4:] in page
        leaked = ("13800000077", "王演示", receipt.evaluation.project_number, "10:00:37", "阮窗口", cast.rated.username)
        assert [word for word in leaked if word in page] == []
        assert "有文字" in page


def test_a_case_is_a_link_for_those_who_may_open_it(sign_in: SignIn, cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.PRECHECKED)
    actions.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.other_unit)
    address = f"/desk/cases/{case.number}/"
    assert address in sign_in(cast.qian).get(LIST).content.decode()
    mine = sign_in(cast.zheng).get(LIST).content.decode()
    assert address not in mine
    assert case.number not in mine


def test_the_newest_come_first_and_the_last_page_ends(sign_in: SignIn, cast: Cast) -> None:
    rated = [cast.submit(5, at=NOW - timedelta(minutes=n)).evaluation.pk for n in range(60)]
    client, address, met = sign_in(cast.qian), LIST, []
    while address:
        with CaptureQueriesContext(connection) as asked:
            context = client.get(address).context
        assert not [one for one in asked if "COUNT(" in one["sql"] and "evaluations_evaluation" in one["sql"]]
        assert len(asked) <= 15
        met += [row.rating.pk for row in context["rows"]]
        address = LIST + context["next_url"] if context["next_url"] else ""
    assert met == rated
    assert len(met) == 60


def test_filters_narrow_and_keep_their_words_on_the_next_page(sign_in: SignIn, cast: Cast) -> None:
    for day in range(3):
        for level in (1, 3, 5):
            cast.submit(level, at=NOW - timedelta(days=day))
    client = sign_in(cast.qian)
    assert len(rows(client)) == 9
    assert len(rows(client, "level=5")) == 3
    assert len(rows(client, "since=2026-11-22&until=2026-11-22")) == 3
    assert len(rows(client, "since=2026-11-23")) == len(rows(client, "until=2026-11-21")) == 3
    assert len(rows(client, "negative=received")) == len(rows(client, "negative=effective")) == 3
    assert rows(client, "negative=invalid") == rows(client, "left_out=1") == rows(client, "origin=default") == []
    assert len(rows(client, f"unit={cast.unit.code}&own=1&channel=slip&origin=active")) == 9
    for _ in range(30):
        cast.submit(4)
    answer = client.get(f"{LIST}?level=4&channel=slip")
    assert "level=4" in answer.context["next_url"]
    assert "channel=slip" in answer.context["next_url"]


def test_what_counts_nowhere_is_in_a_list_of_its_own(sign_in: SignIn, cast: Cast) -> None:
    rating = cast.submit(5).evaluation
    exclude_rating(rating, reason=ExclusionReason.DOUBLE, note="重复", by=cast.qian, at=NOW)
    client = sign_in(cast.qian)
    assert rows(client) == []
    [row] = rows(client, "left_out=1")
    assert (row.rating.pk, row.may_exclude) == (rating.pk, False)


@pytest.mark.django_db(transaction=True)
def test_a_question_that_takes_too_long_is_answered_with_advice(
    live_cast: Cast, sign_in: SignIn, settings: Any
) -> None:
    """Somebody holds the table; in earnest it is a walk through millions of rows to find one."""
    live_cast.submit(5)
    client = sign_in(live_cast.qian)
    settings.PATIENCE_SECONDS = 0.2
    with table_held():
        page = client.get(LIST)
    assert page.status_code == 200
    assert "请缩短起止日期" in page.content.decode()
    assert len(rows(client)) == 1, "the next question has all the time it needs"
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@contextmanager
def table_held() -> Iterator[None]:
    other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    try:
        other.cursor().execute("LOCK TABLE evaluations_exclusion IN ACCESS EXCLUSIVE MODE")
        yield
    finally:
        other.close()


# --- taking out ------------------------------------------------------------------------------------------------------


def test_a_rating_is_taken_out_on_a_page_of_its_own(sign_in: SignIn, cast: Cast) -> None:
    rating = cast.submit(5).evaluation
    address = f"/desk/ratings/{rating.pk}/exclude/"
    client = sign_in(cast.qian)
    assert address in client.get(LIST).content.decode()
    refused = client.post(address, {"reason": "test", "note": " "})
    assert refused.context["form"].errors["note"]
    assert client.post(address, {"reason": "praise", "note": "x"}).context["form"].errors["reason"]
    assert client.post(address, {"reason": "test", "note": "压力测试"}).url == LIST
    assert Exclusion.objects.get().note == "压力测试"
    again = client.post(address, {"reason": "test", "note": "压力测试"})
    assert "已经不计入统计" in again.content.decode()
    assert AuditEntry.objects.filter(action="rating.exclude").count() == 1


def test_for_everybody_else_the_page_is_not_there(sign_in: SignIn, cast: Cast) -> None:
    rating = cast.submit(5).evaluation
    for name, person in cast.everybody.items():
        answers = {sign_in(person).get(f"/desk/ratings/{pk}/exclude/").status_code for pk in (rating.pk, uuid.uuid4())}
        assert answers == ({200, 404} if name == "qian" else {404}), name
    assert "/exclude/" not in sign_in(cast.zhou).get(LIST).content.decode()
    assert Evaluation.objects.count() == 1
