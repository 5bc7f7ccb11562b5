"""Killed at each step of a quarter's close: the step is done or it is not, and the next sweep takes it from there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment import actions
from assessment.actions import closing, sweeping
from assessment.enums import QuarterState
from assessment.models import Quarter, UnitScore
from assessment.queries.reads import by_unit
from assessment.queries.rebuild import rebuild
from common.models import AuditEntry, Notice
from tests.assessment.quarters import CHECKED, FROZEN, Q3, Close, late_rating
from tests.factories import Cast
from tests.faults.test_failpoints import PLACES, everything, killed_at, stop_at

pytestmark = pytest.mark.django_db(transaction=True)
INSIDE = ("quarter_checked", "quarter_previewed", "quarter_opened", "quarter_scored", "quarter_frozen")


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {**dict.fromkeys(INSIDE, closing), "quarter_between_steps": sweeping}
    monkeypatch.setattr("tests.faults.test_failpoints.PLACES", {**PLACES, **here})


@pytest.fixture
def close(live_cast: Cast) -> Close:
    made = Close(live_cast)
    made.adopt()
    made.praise(35)
    made.late_case()
    actions.refresh(at=CHECKED)
    return made


def sweep() -> None:
    """As the clock does it, first when scores are due, then when objections are over."""
    for at in (CHECKED, FROZEN):
        actions.close_quarters(at=at)


@pytest.mark.parametrize("how", ["raised", "killed"])
def test_a_close_killed_at_every_step_comes_to_the_same_end(
    close: Close, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in INSIDE:
        stop_at(how, name, sweep, monkeypatch)
        before = everything()
        stop_at(how, name, sweep, monkeypatch)
        assert everything() == before, f"{name}: a step that was not finished left something behind"
    sweep()
    quarter = Quarter.objects.get()
    assert quarter.state == QuarterState.FROZEN
    assert rebuild(quarter).same(quarter)
    acts = list(AuditEntry.objects.filter(object_type="quarter").order_by("id").values_list("action", flat=True))
    assert acts == [f"quarter.{verb}" for verb in ("check", "preview", "open_objections", "check", "freeze")]
    assert Notice.objects.filter(kind="quarter.objections", staff=close.cast.zheng).count() == 1
    scores = UnitScore.objects.count()
    sweep()
    assert UnitScore.objects.count() == scores


def test_killed_between_two_steps_the_next_sweep_goes_on(close: Close) -> None:
    states = []
    for _kill in range(3):
        killed_at("quarter_between_steps", lambda: actions.close_quarters(at=CHECKED))
        states.append(Quarter.objects.get().state)
    assert states == [QuarterState.CHECKED, QuarterState.PREVIEWED, QuarterState.OBJECTING]
    assert actions.close_quarters(at=CHECKED) == 0
    assert actions.close_quarters(at=FROZEN) == 2


def test_ratings_that_arrive_while_a_quarter_is_frozen_are_after_its_cut(close: Close) -> None:
    """reliability.md §6.6: the frozen figures equal a recount at the cut, whatever came in meanwhile."""
    actions.close_quarters(at=CHECKED)
    late_rating(close.cast, received=FROZEN - timedelta(minutes=5))
    actions.refresh(at=FROZEN)
    actions.close_quarters(at=FROZEN)
    quarter = Quarter.objects.get()
    assert quarter.frozen
    assert close.score().tallies["origins"]["active"][4] == 35
    assert by_unit(Q3)[close.cast.unit.pk].active.n5 == 36
    assert rebuild(quarter).same(quarter)
