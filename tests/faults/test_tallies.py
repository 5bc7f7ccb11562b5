"""Killed between any two steps of counting: the change rows are still there, and the next sweep counts them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assessment.actions import refresh, refreshing
from assessment.models import UnitDay
from assessment.queries import verify_tallies
from common.actors import SYSTEM
from evaluations.actions import exclude_rating, exclusions
from evaluations.enums import ExclusionReason
from evaluations.models import ChangedDay, Exclusion
from rectification import actions
from rectification.enums import State
from rectification.models import ChangedCase
from tests.factories import NOW, Cast
from tests.faults.test_failpoints import PLACES, everything, killed_at, stop_at

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ("tallies_claimed", "tallies_counted", "tallies_before_commit")
HOW = pytest.mark.parametrize("how", ["raised", "killed"])


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {**dict.fromkeys(STEPS, refreshing), "rating_excluded": exclusions}
    monkeypatch.setattr("tests.faults.test_failpoints.PLACES", {**PLACES, **here})


def whole_or_not_at_all(
    how: str, steps: tuple[str, ...], act: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    for name in steps:
        stop_at(how, name, act, monkeypatch)
        assert everything() == before, name
    act()
    assert everything() != before


@HOW
def test_a_sweep_that_is_killed_gives_back_what_it_claimed(
    live_cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for level in (1, 4, 5):
        live_cast.submit(level)
    waiting = ChangedDay.objects.count()
    whole_or_not_at_all(how, STEPS, lambda: refresh(at=NOW), monkeypatch)
    assert waiting > 0 == ChangedDay.objects.count()
    assert sum(row.n1 + row.n4 + row.n5 for row in UnitDay.objects.all()) == 3
    assert verify_tallies().difference is None


def test_a_sweep_killed_after_its_commit_is_done(live_cast: Cast) -> None:
    live_cast.submit(5)
    killed_at("", lambda: refresh(at=NOW))
    after = everything()
    assert ChangedDay.objects.count() == 0
    assert refresh(at=NOW).days == 0
    assert {name: rows for name, rows in everything().items() if name != "assessment.AsOf"} == {
        name: rows for name, rows in after.items() if name != "assessment.AsOf"
    }


@HOW
def test_a_rating_is_taken_out_with_its_note_or_not_at_all(
    live_cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rating = live_cast.submit(5).evaluation
    refresh(at=NOW)

    def exclude() -> Exclusion:
        return exclude_rating(rating, reason=ExclusionReason.TEST, note="演示", by=live_cast.qian, at=NOW)

    whole_or_not_at_all(how, ("rating_excluded",), exclude, monkeypatch)
    refresh(at=NOW)
    assert [(row.n5, row.left_out) for row in UnitDay.objects.all()] == [(0, 1)]


@HOW
def test_a_void_case_leaves_its_note_or_is_not_void(live_cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    case = live_cast.upto(live_cast.rate(1), State.SIGNED)
    refresh(at=NOW)
    actions.suspend_case(case, by=SYSTEM, at=NOW)
    assert ChangedCase.objects.count() == 0, "a pause changes no figure"
    steps = ("before_case_saved", "after_case_saved", "before_commit")
    whole_or_not_at_all(how, steps, lambda: actions.void_case(case, by=SYSTEM, at=NOW, note="对象错误"), monkeypatch)
    assert ChangedCase.objects.get().case == case
    refresh(at=NOW)
    assert [(row.n1, row.negative, row.invalid, row.invalid1) for row in UnitDay.objects.all()] == [(1, 1, 1, 1)]
