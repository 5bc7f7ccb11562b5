"""Many hands at once: a follow-up, a rung and a clue once each; a level confirmed once, an answer taken once."""

from __future__ import annotations

import pytest

from assessment.models import ScoreEvent
from oversight import actions
from oversight.enums import ClueSort, Kind
from oversight.models import Dossier, Insider, Rung, Statement
from oversight.queries.clue_rules import Proposal
from tests.appeals.test_concurrency import all_at_once, split
from tests.factories import NOW, Cast
from tests.oversight.clues import HOUR, asked, heard, judged, raised, second
from tests.oversight.lowly import Ranks

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 6


def test_clocks_that_run_at_once_open_and_climb_once(live_cast: Cast) -> None:
    ranks = Ranks(live_cast)
    for _quarter in range(3):
        at = ranks.frozen_at() + HOUR
        ranks.freeze({ranks.subject: 8})
        _made, refused = split(all_at_once(lambda _n, at=at: actions.follow_low(at=at), HANDS))
        assert refused == []
    assert Dossier.objects.get().number == "KH-2026-001"
    assert list(Rung.objects.values_list("place", flat=True)) == [1, 2]
    assert Dossier.objects.get().tasks.count() == 2


def test_a_fact_is_proposed_once(live_cast: Cast) -> None:
    found = Proposal("clue:finding:1", ClueSort.BRUSHING, "finding", live_cast.unit, ("一条",))
    _made, refused = split(all_at_once(lambda _n: actions.propose_clue(found, at=NOW), HANDS))
    assert refused == []
    assert Dossier.objects.get(kind=Kind.CLUE).number == "WZ-2026-001"
    assert Insider.objects.get().staff == live_cast.qian


def test_a_unit_answers_once(live_cast: Cast) -> None:
    one = asked(live_cast, raised(live_cast))
    said, refused = split(
        all_at_once(lambda n: actions.answer_question(one, f"说明 {n}", by=live_cast.zheng, at=NOW + HOUR), HANDS)
    )
    assert (len(said), len(refused)) == (1, HANDS - 1)
    assert Statement.objects.get().answer == said[0].answer


def test_a_level_is_confirmed_and_counted_once(live_cast: Cast) -> None:
    row, pei = heard(live_cast), second(live_cast)
    actions.let_in(row, pei, "复核", by=live_cast.qian, at=NOW + HOUR)
    actions.propose_level(row, judged(), by=live_cast.qian, at=NOW + HOUR)
    done, refused = split(all_at_once(lambda _n: actions.confirm_level(row, by=pei, at=NOW + 2 * HOUR), HANDS))
    assert (len(done), len(refused)) == (1, HANDS - 1)
    assert ScoreEvent.objects.count() == 1
