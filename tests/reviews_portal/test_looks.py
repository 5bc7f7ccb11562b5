"""身份查看: everybody's looks of a week by purpose, those out of hours marked, never what was seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from common.actors import SYSTEM
from identity.actions import look_at
from identity.enums import Purpose
from identity.queries import outside_hours
from organizations.models import Staff
from organizations.queries import staff_actor, working_calendar
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.reviews_portal.test_desk_pages import html

SignIn = Callable[[Staff], Client]
LOOKS = "/desk/audit/looks/"
PHONE = "13800000077"
HERE = ZoneInfo("Asia/Shanghai")


def look(case: Case, by: Staff | None, purpose: Purpose, at: datetime = NOW) -> None:
    assert case.evaluator_id is not None
    actor = staff_actor(by) if by else SYSTEM
    look_at(case.evaluator_id, by=actor, purpose=purpose, about=case.number, at=at)


@pytest.fixture
def looked(cast: Cast) -> Case:
    case = cast.rate(1, phone=PHONE)
    look(case, cast.wu, Purpose.CONTACT)
    look(case, cast.wu, Purpose.CONTACT, NOW + timedelta(hours=10))
    look(case, cast.zhao, Purpose.CALLBACK)
    look(case, None, Purpose.MESSAGE)
    look(case, cast.zhao, Purpose.CALLBACK, NOW - timedelta(days=1))
    return case


def test_looks_of_the_week_are_counted_and_listed(cast: Cast, looked: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.zhou)
    context = client.get(LOOKS).context
    assert (context["total"], context["outside"], context["clock"]) == (3, 1, 1)
    assert context["purposes"] == [Purpose.CONTACT, Purpose.CALLBACK]
    people = [(one.name, one.counts, one.total, one.outside) for one in context["people"]]
    assert people == [("吴经办", [2, 0], 2, 1), ("赵回访", [0, 1], 1, 0)]
    page = html(client, LOOKS)
    assert page.count(f'href="/desk/cases/{looked.number}/"') == 3
    assert page.count("办理单位联系评价人") > 1
    assert PHONE not in page


def test_weeks_begin_on_monday_and_lead_to_one_another(cast: Cast, looked: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.meng)
    context = client.get(LOOKS).context
    assert (context["first"], context["last"], context["after_url"]) == (date(2026, 11, 23), date(2026, 11, 29), "")
    before = client.get(context["before_url"]).context
    assert (before["total"], before["outside"], before["first"]) == (1, 1, date(2026, 11, 16))
    assert client.get(before["after_url"]).context["total"] == 3
    assert "这一周没有符合条件的查看" in html(client, LOOKS, day="2020-01-01")
    assert client.get(LOOKS, {"day": "0001-01-01"}).context["form"].errors
    assert client.get(LOOKS, {"day": "后天"}).context["form"].errors


def test_looks_are_narrowed(cast: Cast, looked: Case, sign_in: SignIn) -> None:
    client = sign_in(cast.zhou)
    for chosen, total in (
        ({"who": "吴"}, 2),
        ({"who": "zhao"}, 1),
        ({"who": "zh"}, 0),
        ({"purpose": "callback"}, 1),
        ({"outside": "on"}, 1),
        ({"outside": "on", "who": "赵"}, 0),
    ):
        assert client.get(LOOKS, chosen).context["total"] == total, chosen


def test_an_audit_administrator_reads_who_looked_and_opens_no_case(cast: Cast, looked: Case, sign_in: SignIn) -> None:
    page = html(sign_in(cast.meng), LOOKS)
    assert looked.number in page
    assert f"/desk/cases/{looked.number}/" not in page


@pytest.mark.parametrize(
    ("moment", "purpose", "outside"),
    [
        ("2026-11-23 08:29", Purpose.CONTACT, True),
        ("2026-11-23 08:30", Purpose.CONTACT, False),
        ("2026-11-23 17:00", Purpose.CALLBACK, False),
        ("2026-11-23 17:01", Purpose.CALLBACK, True),
        ("2026-11-21 10:00", Purpose.CONTACT, True),
        ("2026-10-01 10:00", Purpose.CONTACT, True),
        ("2026-10-10 10:00", Purpose.CONTACT, False),  # a Saturday that is worked for the holiday
        ("2026-11-21 10:00", Purpose.SURVEY, False),
        ("2026-11-23 19:59", Purpose.SURVEY, False),
        ("2026-11-23 20:01", Purpose.SURVEY, True),
    ],
)
@pytest.mark.django_db
def test_when_nobody_works(moment: str, purpose: Purpose, outside: bool) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=HERE)
    assert outside_hours(at, purpose, working_calendar(at.date(), at.date())) is outside
