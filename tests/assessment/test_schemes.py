"""Schemes by version, score events and exemptions: who may, in what order, and what can never be changed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from assessment import actions
from assessment.enums import SchemeKind, SchemeState, Unranked
from assessment.models import Quarter, Scheme, ScoreEvent
from assessment.queries.rebuild import rebuild
from organizations.actions import Refused
from tests.assessment.quarters import BEFORE, CHECKED, FROZEN, Q3, Close, moment
from tests.factories import Cast


@pytest.fixture
def close(cast: Cast) -> Close:
    return Close(cast)


@pytest.fixture
def frozen(close: Close) -> tuple[Close, Quarter]:
    close.adopt_both()
    close.praise()
    close.late_case()
    close.share()
    return close, close.freeze(close.upto_objections())


# --- schemes ----------------------------------------------------------------------------------------------------------


def test_a_version_is_simulated_then_proposed_then_adopted_by_another(close: Close) -> None:
    qian, draft = (
        close.cast.qian,
        actions.draft_scheme(SchemeKind.CITY, by=close.cast.qian, at=BEFORE, valid_from=Q3.begins),
    )
    with pytest.raises(Refused, match="模拟"):
        actions.propose_scheme(draft, by=qian, at=BEFORE)
    actions.simulate_scheme(draft, by=qian, at=BEFORE)
    actions.propose_scheme(draft, by=qian, at=BEFORE)
    with pytest.raises(Refused, match="提请的人"):
        actions.adopt_scheme(draft, by=qian, at=BEFORE)
    adopted = actions.adopt_scheme(draft, by=close.fang, at=BEFORE)
    assert adopted.state == SchemeState.ADOPTED
    assert Scheme.objects.in_force(SchemeKind.CITY, Q3.begins) == adopted
    assert Scheme.objects.in_force(SchemeKind.CITY, Q3.before().begins) is None
    assert Scheme.objects.in_force(SchemeKind.COUNTY, Q3.begins) is None


def test_only_a_city_supervisor_keeps_schemes(close: Close) -> None:
    for person in (close.cast.he, close.cast.zheng, close.cast.zhou, close.cast.xu):
        with pytest.raises(PermissionDenied):
            actions.draft_scheme(SchemeKind.CITY, by=person, at=BEFORE, valid_from=Q3.begins)


def test_what_is_not_sound_may_be_kept_and_not_proposed(close: Close) -> None:
    qian = close.cast.qian
    draft = actions.draft_scheme(SchemeKind.CITY, by=qian, at=BEFORE, valid_from=Q3.begins)
    content = {**draft.content, "items": draft.content["items"][1:]}
    actions.change_scheme(draft, actions.Wording("新办法", Q3.begins, content), by=qian, at=BEFORE)
    with pytest.raises(Refused, match="85"):
        actions.simulate_scheme(draft, by=qian, at=BEFORE)


def test_a_change_after_the_simulation_asks_for_another(close: Close) -> None:
    qian = close.cast.qian
    draft = actions.draft_scheme(SchemeKind.CITY, by=qian, at=BEFORE, valid_from=Q3.begins)
    actions.simulate_scheme(draft, by=qian, at=BEFORE)
    actions.change_scheme(draft, actions.Wording("新", Q3.begins, {**draft.content, "least": 31}), by=qian, at=BEFORE)
    with pytest.raises(Refused, match="模拟"):
        actions.propose_scheme(draft, by=qian, at=BEFORE)


@pytest.mark.parametrize("change", [{"content": {}}, {"valid_from": "2026-01-01"}, {"state": "draft"}, {"version": 9}])
def test_the_database_keeps_what_was_adopted(close: Close, change: dict[str, Any]) -> None:
    scheme = close.adopt()
    with pytest.raises(DatabaseError), transaction.atomic():
        Scheme.objects.filter(pk=scheme.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Scheme.objects.filter(pk=scheme.pk).delete()


def test_a_version_begins_with_a_quarter_nobody_was_told_a_score_of(close: Close) -> None:
    close.adopt_both()
    close.upto_objections()
    qian = close.cast.qian
    late = actions.draft_scheme(SchemeKind.CITY, by=qian, at=CHECKED, valid_from=Q3.begins)
    actions.simulate_scheme(late, by=qian, at=CHECKED)
    with pytest.raises(Refused, match="已经告知"):
        actions.propose_scheme(late, by=qian, at=CHECKED)


def test_what_was_told_between_proposal_and_adoption_refuses_it(close: Close) -> None:
    close.adopt_both()
    qian = close.cast.qian
    late = actions.draft_scheme(SchemeKind.CITY, by=qian, at=BEFORE, valid_from=Q3.begins)
    actions.simulate_scheme(late, by=qian, at=BEFORE)
    actions.propose_scheme(late, by=qian, at=BEFORE)
    close.upto_objections()
    with pytest.raises(Refused, match="已经告知"):
        actions.adopt_scheme(late, by=close.fang, at=CHECKED)
    late.refresh_from_db()
    assert late.state == SchemeState.PROPOSED


def test_a_simulation_says_who_moves_and_why(frozen: tuple[Close, Quarter]) -> None:
    close, quarter = frozen
    qian = close.cast.qian
    draft = actions.draft_scheme(
        SchemeKind.CITY,
        by=qian,
        at=FROZEN,
        valid_from=moment(10, 1).date().replace(year=2027),
        base=quarter.city_scheme,
    )
    harder = {**draft.content["items"][2], "losses": [{"cases": "signed_late", "points": "4"}]}
    content = {**draft.content, "items": [*draft.content["items"][:2], harder, *draft.content["items"][3:]]}
    actions.change_scheme(draft, actions.Wording("加重", draft.valid_from, content), by=qian, at=FROZEN)
    found = actions.simulate_scheme(draft, by=qian, at=FROZEN).simulation
    [row] = [row for row in found[0]["rows"] if row["subject"] == f"unit:{close.cast.unit.code}"]
    assert found[0]["quarter"] == "2026-Q3"
    assert Decimal(row["before"]) - Decimal(row["after"]) == Decimal("3.00") == -Decimal(row["why"][0][1])
    assert row["why"][0][0] == "timely"


# --- score events and exemptions --------------------------------------------------------------------------------------


def test_the_same_fact_is_one_event(close: Close) -> None:
    close.share("0.8")
    close.share("0.3")
    assert [event.value for event in ScoreEvent.objects.all()] == [Decimal("0.8")]


@pytest.mark.parametrize("value", ["-1", "1.5"])
def test_a_share_is_a_share(close: Close, value: str) -> None:
    with pytest.raises(ValueError, match="no score event"):
        close.share(value)


def test_an_event_is_withdrawn_with_a_reason_and_never_deleted(close: Close) -> None:
    close.share()
    event = ScoreEvent.objects.get()
    with pytest.raises(Refused):
        actions.withdraw_score_event(event, " ", by=close.cast.qian, at=CHECKED)
    assert actions.withdraw_score_event(event, "计算有误", by=close.cast.qian, at=CHECKED)
    assert not actions.withdraw_score_event(event, "计算有误", by=close.cast.qian, at=CHECKED)
    assert ScoreEvent.objects.known(Q3.begins, CHECKED - timedelta(1)).exists()
    assert not ScoreEvent.objects.known(Q3.begins, CHECKED).exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreEvent.objects.all().delete()


def test_a_fact_about_a_frozen_quarter_counts_in_the_next(frozen: tuple[Close, Quarter]) -> None:
    close, quarter = frozen
    close.share(key="campaign:late", at=FROZEN)
    event = ScoreEvent.objects.get(key="campaign:late")
    assert event.quarter == Q3.after
    assert "2026-Q3" in event.source
    assert rebuild(quarter).same(quarter)


def test_who_is_exempt_is_scored_and_not_ranked(close: Close) -> None:
    close.adopt_both()
    close.praise()
    subject = f"unit:{close.cast.unit.code}"
    actions.exempt(SchemeKind.CITY, subject, "机构改革过渡期", by=close.cast.qian, at=BEFORE, first=Q3, last=Q3)
    close.upto_objections()
    score = close.score()
    assert (score.unranked, score.why, score.rank) == (Unranked.EXEMPT, "机构改革过渡期", None)
    assert score.total > 0
