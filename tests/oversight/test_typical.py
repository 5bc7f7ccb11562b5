"""Which cases are offered for the notice, and why: the rule alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.enums import Why
from oversight.typical import MOMENT, Offer, Traits, offer, ordered, without_moments

EXCELLENT = {"solved": True, "satisfied": True, "days": 3, "prevented": True}
BAD = {"overdue": Why.OVERDUE, "reworked": Why.REWORKED, "reopened": Why.REOPENED, "unhappy": Why.UNHAPPY}
flags = st.booleans()
traits = st.builds(
    Traits,
    solved=flags,
    satisfied=flags,
    days=st.none() | st.integers(0, 30),
    prevented=flags,
    marked=flags,
    overdue=flags,
    reworked=flags,
    reopened=flags,
    unhappy=flags,
)


def test_a_good_case_is_solved_content_quick_and_explained() -> None:
    found = offer(Traits(**EXCELLENT), quick=5)  # type: ignore[arg-type]
    assert found == Offer(True, (Why.SOLVED, Why.SATISFIED, Why.QUICK, Why.PREVENTED))
    for missing in ({"solved": False}, {"satisfied": False}, {"days": None}, {"days": 6}, {"prevented": False}):
        assert offer(Traits(**{**EXCELLENT, **missing}), quick=5) is None, missing  # type: ignore[arg-type]


@pytest.mark.parametrize("name", BAD)
def test_one_bad_thing_makes_it_a_bad_case_whatever_else_is_good(name: str) -> None:
    assert offer(Traits(**{**EXCELLENT, name: True}), quick=5) == Offer(False, (BAD[name],))  # type: ignore[arg-type]


@given(traits, st.integers(0, 30))
def test_every_reason_is_true_and_every_bad_one_is_named(one: Traits, quick: int) -> None:
    found = offer(one, quick=quick)
    wrong = [why for name, why in BAD.items() if getattr(one, name)]
    if wrong:
        assert found == Offer(False, tuple(wrong))
    elif found is not None:
        assert found.good
        assert one.solved
        assert one.satisfied
        assert one.days is not None
        assert one.days <= quick
        assert (Why.MARKED in found.why) == one.marked


def test_good_ones_come_first_and_those_with_more_reasons_before_others() -> None:
    good, best = Offer(True, (Why.SOLVED,)), Offer(True, (Why.SOLVED, Why.MARKED))
    bad = Offer(False, (Why.OVERDUE, Why.UNHAPPY))
    found = ordered([("D", bad), ("C", good), ("B", best), ("A", good)], 2)
    assert [number for number, _offer in found] == ["B", "A", "D"]


@pytest.mark.parametrize(
    "text",
    [
        "9月3日",
        "二〇二六年九月三日",
        "2026-09-03",
        "上午9点",
        "9:02",
        "九点零二分",
        "8点半",
        "十一点",
        "9月12号",
        "一点钟",
    ],
)
def test_days_and_times_of_day_are_hidden(text: str) -> None:
    assert without_moments(f"在{text}排队") == f"在{MOMENT}排队" or MOMENT in without_moments(text)
    assert not any(letter.isdigit() for letter in without_moments(text))


STAYS = ["等了三天", "慢了一点", "法定时限", "三点意见", "2026年9月", "3小时", "第5窗口", "12345"]


@pytest.mark.parametrize("text", STAYS)
def test_what_is_no_moment_stays(text: str) -> None:
    assert without_moments(text) == text
