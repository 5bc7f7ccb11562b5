"""Many at once, each on a connection of its own: one ruling, one appeal, one vote each, nothing half."""

from __future__ import annotations

import pytest

from appeals import actions
from appeals.enums import OPEN_STAGES, Stage, Vote
from appeals.models import Appeal, Ballot, Place, Ruling, Service
from appeals.queries import sitting
from common.models import AuditEntry
from rectification.actions.core import Refused
from rectification.enums import Action, State
from rectification.models import Case
from rectification.workflow import NotAllowed
from tests.appeals.court import REASON, Court
from tests.factories import NOW
from tests.rectification.test_concurrency import all_at_once, split

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
TIMES = 10


def test_fifty_last_votes_are_one_ruling(live_court: Court) -> None:
    """Two have voted; the last two press fifty times between them, and a sweep settles beside them."""
    for _ in range(3):
        appeal = live_court.file("W5")
        one, two, three = live_court.panel(appeal)
        live_court.vote(appeal, one)

        def press(number: int, appeal: Appeal = appeal, hands: tuple = (two, three)) -> Appeal:
            if number % 10 == 9:
                return actions.settle_appeal(appeal, at=NOW)
            return actions.cast_vote(appeal, by=hands[number % 2], at=NOW, vote=Vote.UPHOLD, reason=REASON)

        won, lost = split(all_at_once(press, hands=50))
        assert sum(isinstance(answer, Appeal) for answer in won) == 2 + 5
        assert {type(error) for error in lost} == {Refused}
        appeal.refresh_from_db()
        assert (appeal.stage, Ruling.objects.filter(appeal=appeal).count()) == (Stage.RULED, 1)
        assert Ballot.objects.filter(place__appeal=appeal).count() == 3
        assert appeal.ruling.votes == {Vote.UPHOLD: 3}
        assert appeal.case.events.filter(action=Action.VOID).count() == 1
        assert AuditEntry.objects.filter(action="appeal.settle", object_id=appeal.number).count() == 1
        assert Case.objects.get(pk=appeal.case_id).state == State.INVALID


def test_two_filings_are_one_appeal(live_court: Court) -> None:
    for _ in range(TIMES):
        case = live_court.case()
        drafts = [(live_court.draft("W8", case, by=by), by) for by in (live_court.cast.zheng, live_court.cast.rated)]
        won, lost = split(all_at_once(lambda n, d=drafts: actions.file_appeal(d[n % 2][0], by=d[n % 2][1], at=NOW), 6))
        assert len(won) == 1
        assert {type(error) for error in lost} <= {NotAllowed, Refused}
        assert Appeal.objects.filter(case=case, stage__in=OPEN_STAGES).count() == 1
        assert case.events.filter(action=Action.SUSPEND).count() == 1
        assert Appeal.objects.filter(case=case, stage=Stage.DRAFT).count() == 1, "the slower draft is still there"


def test_a_vote_and_a_withdrawal_leave_one_story(live_court: Court) -> None:
    for _ in range(TIMES):
        appeal = live_court.file("W5")
        one, two, three = live_court.panel(appeal)
        live_court.vote(appeal, one)
        live_court.vote(appeal, two)

        def act(number: int, appeal: Appeal = appeal, last: object = three) -> Appeal:
            if number:
                return actions.withdraw_appeal(appeal, by=live_court.cast.zheng, at=NOW)
            return actions.cast_vote(appeal, by=last, at=NOW, vote=Vote.UPHOLD, reason=REASON)  # type: ignore[arg-type]

        won, lost = split(all_at_once(act, hands=2))
        assert (len(won), [type(error) for error in lost]) == (1, [Refused])
        appeal.refresh_from_db()
        case = Case.objects.get(pk=appeal.case_id)
        assert (appeal.stage, case.state) in [
            (Stage.RULED, State.INVALID),
            (Stage.WITHDRAWN, State.RECTIFYING),
        ]
        assert Ruling.objects.filter(appeal=appeal).exists() == (appeal.stage == Stage.RULED)


def test_recusals_at_once_seat_each_deputy_once(live_court: Court) -> None:
    appeal = live_court.file("W8")
    members = live_court.panel(appeal)
    won, lost = split(all_at_once(lambda n: actions.ask_recusal(appeal, by=members[n % 3], at=NOW, note="相识"), 9))
    assert (len(won), {type(error) for error in lost}) == (3, {Refused})
    assert len({place.staff_id for place in sitting(appeal)}) == 3
    assert Place.objects.filter(appeal=appeal, left_at=None, sits_from__isnull=False).count() == 3


def test_sweeps_at_once_do_each_thing_once(live_court: Court) -> None:
    appeals = [live_court.decide(live_court.file("W8"), Vote.REJECT) for _ in range(4)]
    late = NOW.replace(day=28)
    served, _ = split(all_at_once(lambda _: actions.serve_late(at=late), hands=4))
    assert (sum(served), Service.objects.count()) == (4, 4)
    assert AuditEntry.objects.filter(action="appeal.serve").count() == len(appeals)
