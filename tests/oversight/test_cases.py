"""Typical cases in a notice: only in words that somebody has published, and in which nobody can be found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from disclosure.actions import prepare_disclosures, publish_disclosure, take_down_disclosure
from disclosure.enums import Reason
from disclosure.models import Disclosure
from organizations.models import Staff
from oversight import actions
from oversight.enums import Stage, Why
from oversight.models import CaseText
from oversight.paper import load
from oversight.queries import typical_cases
from rectification.actions import hide_text
from rectification.enums import State
from rectification.models import Case
from tests.factories import NOW, Cast
from tests.oversight.conftest import QUARTER, SEPTEMBER, issued

SignIn = Callable[[Staff], Client]
pytestmark = pytest.mark.django_db
STAFF = "柳国强"


def told(cast: Cast, text: str, state: State = State.CLOSED, *, hours: int = 0, days: int = 0) -> Case:
    """A case of September that went its way so many days later, and is public."""
    at = SEPTEMBER + timedelta(hours=hours)
    case = cast.upto(cast.rate(1, at=at, text=text), State.DISPATCHED, at=at + timedelta(hours=1))
    case = cast.upto(case, state, at=at + timedelta(days=days, hours=1))
    prepare_disclosures(at=NOW)
    publish_disclosure(Disclosure.objects.get(case=case), by=cast.lin, at=NOW)
    return case


def number_of(case: Case) -> str:
    return Disclosure.objects.get(case=case).number


def test_a_good_and_a_bad_case_are_offered_with_their_reasons(cast: Cast, monday: object) -> None:
    good = told(cast, "没有材料样本,填了三遍。")
    bad = told(cast, "等了一上午没有人理。", hours=1, days=20)
    first, second = typical_cases(QUARTER, at=NOW)
    assert (first.number, first.good) == (number_of(good), True)
    assert first.why == (Why.SOLVED, Why.SATISFIED, Why.QUICK, Why.PREVENTED)
    assert (second.number, second.good, second.why) == (number_of(bad), False, (Why.OVERDUE,))
    assert second.problem == "等了一上午没有人理。"


def test_what_nobody_has_published_is_not_offered(cast: Cast, monday: object) -> None:
    at = SEPTEMBER
    cast.upto(cast.rate(1, at=at, text="没有样本。"), State.CLOSED, at=at + timedelta(hours=1))
    assert typical_cases(QUARTER, at=NOW) == []
    prepare_disclosures(at=NOW)
    assert typical_cases(QUARTER, at=NOW) == []
    assert not CaseText.objects.exists()


def test_what_is_taken_down_or_hidden_by_its_writer_is_gone(cast: Cast, monday: object) -> None:
    first, second = told(cast, "没有样本。"), told(cast, "清单不全。", hours=1)
    assert len(typical_cases(QUARTER, at=NOW)) == 2
    take_down_disclosure(
        Disclosure.objects.get(case=first), by=cast.lin, at=NOW, reason=Reason.PRIVACY, note="仍能认出是谁"
    )
    assert [one.number for one in typical_cases(QUARTER, at=NOW)] == [number_of(second)]
    hide_text(Case.objects.get(pk=second.pk), at=NOW, hidden=True)
    assert typical_cases(QUARTER, at=NOW) == []
    prepare_disclosures(at=NOW)
    assert not CaseText.objects.exists()


def test_no_name_phone_moment_or_staff_comes_near_a_notice(cast: Cast, monday: object) -> None:
    """What was published by mistake with a name in it, or needs a person to look, is not offered at all."""
    case = told(cast, "9月3日上午9点在窗口排队,等了一上午。")
    [one] = typical_cases(QUARTER, at=NOW)
    assert one.problem == "〔时间〕〔时间〕在窗口排队,等了一上午。"
    for words in (f"窗口的{STAFF}态度差", "请打13800000001", "我孩子住院"):
        CaseText.objects.filter(case=case).update(problem=words)
        assert typical_cases(QUARTER, at=NOW) == [], words


def test_a_case_in_dispute_or_found_invalid_is_nobodys_example(cast: Cast, monday: object) -> None:
    case = told(cast, "等了一上午没有人理。", State.DISPATCHED, days=1)
    assert [one.why for one in typical_cases(QUARTER, at=NOW)] == [(Why.OVERDUE,)]
    for state in (State.SUSPENDED, State.INVALID):
        Case.objects.filter(pk=case.pk).update(state=state)
        assert typical_cases(QUARTER, at=NOW) == [], state


def test_as_many_questions_for_many_cases_as_for_one(cast: Cast, monday: object) -> None:
    told(cast, "没有样本。")
    typical_cases(QUARTER, at=NOW)
    counted = []
    for more in range(2):
        with CaptureQueriesContext(connection) as asked:
            typical_cases(QUARTER, at=NOW)
        counted.append(len(asked))
        told(cast, "清单不全。", hours=more + 1)
    assert counted[0] == counted[1]


def test_the_writer_picks_and_the_paper_has_the_public_number_only(quarter: Cast, sign_in: SignIn) -> None:
    case = told(quarter, "没有材料样本。", hours=3)
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    address = reverse("circular-act", args=[notice.pk, "write"])
    client = sign_in(quarter.lin)
    page: Any = client.get(address)
    assert number_of(case) in page.content.decode()
    assert case.number not in page.content.decode()
    fields = {name: page.context["form"][name].value() for name in ("summary", "problems", "demands", "made", "seen")}
    wrong = client.post(address, {**fields, "cases": "", "picked": ["XXXX-XXXX"]})
    assert 'aria-invalid="true"' in wrong.content.decode()
    client.post(address, {**fields, "cases": "另有一例。", "picked": [number_of(case)]})
    actions.submit_notice(notice, by=quarter.lin, at=NOW)
    actions.approve_notice(notice, by=quarter.qian, at=NOW)
    signed = actions.issue_notice(notice, by=quarter.qian, at=NOW)
    lines = [str(block) for block in load(signed.content).blocks]
    [line] = [line for line in lines if number_of(case) in line]
    assert "没有材料样本" in line
    assert "问题已解决" in line
    assert "另有一例。" in lines
    for secret in (case.number, "13800000001", quarter.rated.name, quarter.wu.name, f"{case.received_at:%Y-%m-%d}"):
        assert secret not in str(signed.content), secret


def test_a_picked_case_that_is_taken_down_before_signing_is_not_in_the_paper(quarter: Cast) -> None:
    case = told(quarter, "没有材料样本。", hours=3)
    number = number_of(case)
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    actions.write_notice(notice, {"picked": [number]}, by=quarter.lin, at=NOW)
    take_down_disclosure(
        Disclosure.objects.get(case=case), by=quarter.lin, at=NOW, reason=Reason.PRIVACY, note="仍能认出是谁"
    )
    signed = issued(quarter)
    assert signed.pk == notice.pk
    assert signed.stage == Stage.ISSUED
    assert number not in str(signed.content)
