"""Killed while an appeal is filed, or with its last vote: case, panel, votes and ruling are all there or none is."""

from __future__ import annotations

import pytest

from appeals import actions
from appeals.enums import Stage, Vote
from appeals.models import Ballot, Ruling
from rectification.enums import State
from rectification.models import Case
from tests.appeals.court import Court
from tests.factories import NOW, Cast
from tests.faults.test_failpoints import STEPS, everything, stop_at

pytestmark = pytest.mark.django_db(transaction=True)
EACH_WAY = pytest.mark.parametrize("how", ["raised", "killed"])


@EACH_WAY
def test_a_filing_is_whole_or_not_at_all(live_cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    court = Court(live_cast)
    draft = court.draft("W8")
    before = everything()
    for name in STEPS:
        stop_at(how, name, lambda: actions.file_appeal(draft, by=live_cast.zheng, at=NOW), monkeypatch)
        assert everything() == before, name
    filed = actions.file_appeal(draft, by=live_cast.zheng, at=NOW)
    assert (filed.stage, len(court.panel(filed))) == (Stage.VOTING, 3)
    assert Case.objects.get(pk=filed.case_id).state == State.SUSPENDED


@EACH_WAY
def test_the_last_vote_and_its_ruling_are_one(live_cast: Cast, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    court = Court(live_cast)
    appeal = court.file("W5")
    *first, last = court.panel(appeal)
    for member in first:
        court.vote(appeal, member, Vote.UPHOLD)
    before = everything()
    for name in STEPS:
        stop_at(how, name, lambda: court.vote(appeal, last, Vote.UPHOLD), monkeypatch)
        assert everything() == before, name
    assert court.vote(appeal, last, Vote.UPHOLD).stage == Stage.RULED
    assert (Ballot.objects.count(), Ruling.objects.count()) == (3, 1)
    assert Case.objects.get(pk=appeal.case_id).state == State.INVALID
