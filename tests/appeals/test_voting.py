"""Votes: one each, once, with reasons, of who may sit in that moment, and secret until the ruling; and the ruling."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from appeals import actions
from appeals.enums import Effect, Recusal, Stage, Vote
from appeals.grounds import NO_EFFECT
from appeals.models import Appeal, Ballot, Place, Ruling
from appeals.queries import rulings_in_force, sitting, votes_seen_by
from common.models import AuditEntry, Notice
from organizations.models import Staff
from rectification.actions.core import Refused
from rectification.enums import Action, State
from rectification.models import Case
from tests.appeals.court import REASON, Court
from tests.factories import NOW

U, P, R, N = Vote.UPHOLD, Vote.PARTLY, Vote.REJECT, Vote.UNPROVEN
LATE = NOW + timedelta(days=8)


def test_the_last_vote_settles(court: Court) -> None:
    appeal = court.file("W8")
    one, two, three = court.panel(appeal)
    assert court.vote(appeal, one, U).stage == Stage.VOTING
    assert court.vote(appeal, two, U).stage == Stage.VOTING, "a majority does not silence the third"
    appeal = court.vote(appeal, three, R)
    assert (appeal.stage, appeal.ended_at, appeal.ruling.outcome) == (Stage.RULED, NOW, U)
    assert appeal.ruling.votes == {U: 2, R: 1}
    assert Notice.objects.filter(kind="appeal.ruled", staff=court.cast.lin).exists()


@pytest.mark.parametrize(("votes", "outcome"), [([U, R, R], R), ([U, R, N], N), ([U, P, R], P), ([P, P, U], P)])
def test_what_was_voted_is_what_was_ruled(court: Court, votes: list[Vote], outcome: Vote) -> None:
    assert court.decide(court.file("W8"), *votes).ruling.outcome == outcome


def test_bad_faith_needs_two_even_where_only_two_voted(court: Court) -> None:
    appeal = court.file("W7")
    court.answer(appeal)
    one, two, _silent = court.panel(appeal)
    court.vote(appeal, one, U)
    court.vote(appeal, two, N)
    actions.settle_due(at=LATE)
    assert Ruling.objects.get().outcome == N


@pytest.mark.parametrize(
    "reason", ["", "   ", "不成立。", "一二三四五六七八九十一二三四五六七八九", " " * 40 + "证据不足"]
)
def test_a_vote_has_its_reason(court: Court, reason: str) -> None:
    appeal = court.file("W8")
    with pytest.raises(Refused, match="至少20个字"):
        actions.cast_vote(appeal, by=court.panel(appeal)[0], at=NOW, vote=U, reason=reason)
    assert not Ballot.objects.exists()


def test_twenty_characters_are_enough(court: Court) -> None:
    appeal = court.file("W8")
    actions.cast_vote(appeal, by=court.panel(appeal)[0], at=NOW, vote=U, reason="查" * 20)
    assert Ballot.objects.get().reason == "查" * 20


def test_one_vote_once(court: Court) -> None:
    appeal = court.file("W8")
    member = court.panel(appeal)[0]
    court.vote(appeal, member, R)
    with pytest.raises(Refused, match="不能更改"):
        court.vote(appeal, member, U)
    assert Ballot.objects.get().vote == R
    for change in (lambda: Ballot.objects.update(vote=U), lambda: Ballot.objects.all().delete()):
        with pytest.raises(InternalError), transaction.atomic():
            change()


def test_only_who_sits_votes(court: Court) -> None:
    appeal = court.file("W8")
    seated = {place.staff_id for place in appeal.places.all()}
    stranger = next(person for person in court.pool if person.pk not in seated)
    deputy = Staff.objects.get(pk=appeal.places.filter(sits_from=None).first().staff_id)
    for person in (stranger, deputy, court.cast.zheng, court.cast.qian, court.cast.sun):
        with pytest.raises(Refused, match="不在本件"):
            court.vote(appeal, person)
    assert not Ballot.objects.exists()


# --- asked again at the vote ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", [Recusal.OWN_UNIT, Recusal.RELATION, Recusal.OFF, Recusal.HANDLED])
def test_who_may_sit_no_longer_is_locked_out_in_the_moment_of_voting(court: Court, why: Recusal) -> None:
    appeal = court.file("W8")
    member = court.panel(appeal)[0]
    if why == Recusal.OWN_UNIT:
        court.joins(member, court.cast.unit)
    elif why == Recusal.RELATION:
        actions.declare_relation(court.listed(member), by=member, at=NOW, note="亲属", unit=court.cast.unit)
    elif why == Recusal.OFF:
        actions.list_member(member, by=court.cast.qian, at=NOW, active=False)
    else:
        appeal.case.reports.create(
            kind="rectified", wrong="x", changed="x", reply="x", by=member, submitted_at=NOW, passed=True
        )
    with pytest.raises(Refused, match="不能评审本件"):
        court.vote(appeal, member)
    place = Place.objects.get(appeal=appeal, staff=member)
    assert (place.left_for, place.sits) == (why, False)
    assert not Ballot.objects.exists()
    assert len(sitting(appeal)) == 3, "a deputy stepped in"
    with pytest.raises(Refused, match="不在本件"):
        court.vote(appeal, member)
    appeal = court.decide(appeal, R)
    assert appeal.ruling.votes == {R: 3}


def test_a_vote_of_who_left_afterwards_is_not_counted(court: Court) -> None:
    appeal = court.file("W8")
    voter = court.panel(appeal)[0]
    court.vote(appeal, voter, U)
    court.joins(voter, court.cast.unit)
    actions.renew_panels(at=NOW)
    appeal = court.decide(Appeal.objects.get(pk=appeal.pk), R)
    assert appeal.ruling.votes == {R: 3}
    assert Ballot.objects.count() == 4, "and it is not deleted either"


# --- secrecy ----------------------------------------------------------------------------------------------------------


def test_votes_are_secret_until_the_ruling(court: Court) -> None:
    appeal = court.file("W8", by=court.cast.rated)
    one, two, three = court.panel(appeal)
    court.vote(appeal, one, R)
    court.vote(appeal, two, U)
    everybody = {**court.cast.everybody, "three": three}
    for name, person in everybody.items():
        seen = votes_seen_by(person, appeal)
        assert (seen.counts, seen.votes) == ({}, []), name
    assert [(vote.vote, vote.name) for vote in votes_seen_by(one, appeal).votes] == [(R, one.name)]
    for entry in AuditEntry.objects.filter(object_id=appeal.number):
        assert REASON not in f"{entry.after}{entry.reason}"
        assert not {"uphold", "reject"} & set(map(str, entry.after.values())), "nor does the trail tell"


def test_after_the_ruling_everybody_sees_what_is_theirs(court: Court) -> None:
    appeal = court.file("W8", by=court.cast.rated)
    one, two, three = court.panel(appeal)
    for member, vote in ((one, R), (two, U), (three, N)):
        appeal = court.vote(appeal, member, vote)
    counts = {R: 1, U: 1, N: 1}
    for person in (one, two, three, court.cast.qian, court.cast.zhou):
        seen = votes_seen_by(person, appeal)
        assert seen.counts == counts
        assert [vote.name for vote in seen.votes] == [one.name, two.name, three.name]
    for name in ("zheng", "wu", "rated", "lin"):
        seen = votes_seen_by(court.cast.everybody[name], appeal)
        assert seen.counts == counts
        assert [(vote.vote, vote.reason, vote.name) for vote in seen.votes] == [(U, REASON, "")], "dissent, no name"
    for name in ("sun", "song", "he", "xu", "gu", "meng", "zhao", "wei"):
        seen = votes_seen_by(court.cast.everybody[name], appeal)
        assert (seen.counts, seen.votes) == ({}, []), name


def test_who_left_the_panel_sees_no_votes_ever(court: Court) -> None:
    appeal = court.file("W8")
    leaver = court.panel(appeal)[0]
    actions.ask_recusal(appeal, by=leaver, at=NOW, note="与申诉人相识")
    appeal = court.decide(Appeal.objects.get(pk=appeal.pk), R)
    assert votes_seen_by(leaver, appeal).counts == {}
    assert not Appeal.objects.visible_to(leaver).exists()


# --- the ruling -------------------------------------------------------------------------------------------------------


def test_the_text_is_made_from_the_fields_and_names_nobody(court: Court) -> None:
    appeal = court.decide(court.file("W8"), U, U, R)
    text, plain = appeal.ruling.text, appeal.ruling.plain
    for words in (
        appeal.number,
        appeal.case.number,
        "W8 政策法律限制",
        "成立 2 票, 不成立 1 票",
        "裁定: 成立。",
        REASON,
    ):
        assert words in text
    assert "公开计数: 照常计入; 单位考核: 减半计入; 个人考核: 不计入" in text
    assert "不同意见" in text
    names = [person.name for person in [*court.pool, *court.cast.everybody.values()]]
    assert not [name for name in names if name in text + plain]
    assert "13800000001" not in text + plain
    assert "仍公开计入" in plain


def test_a_ruling_is_never_changed(court: Court) -> None:
    court.decide(court.file("W8"), U)
    for change in (
        lambda: Ruling.objects.update(public=Effect.EXCLUDE),
        lambda: Ruling.objects.all().delete(),
    ):
        with pytest.raises(InternalError), transaction.atomic():
            change()
    assert rulings_in_force().count() == 1


def test_leniency_is_a_note_with_a_basis(court: Court) -> None:
    appeal = court.file("W8")
    member = court.panel(appeal)[0]
    actions.cast_vote(appeal, by=member, at=NOW, vote=R, reason=REASON, lenient_basis="容错办法第五条")
    kept = Ballot.objects.get()
    assert (kept.lenient, kept.lenient_basis) == (True, "容错办法第五条")
    place = sitting(appeal)[1]
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(place=place, vote=U, reason=REASON, lenient=True, at=NOW)
    for other in court.panel(appeal)[1:]:
        appeal = court.vote(appeal, other, R)
    plain = court.decide(court.file("W8"), R)
    assert appeal.ruling.effects == plain.ruling.effects == NO_EFFECT, "it has no effect of its own"
    assert "容错考虑(只作记录,不自动产生效果):\n1. 容错办法第五条" in appeal.ruling.text
    assert "容错" not in plain.ruling.text


def test_the_case_knows_nothing_of_who_voted(court: Court) -> None:
    appeal = court.decide(court.file("W5"), U)
    event = appeal.case.events.get(action=Action.VOID)
    assert event.actor_id is None
    assert appeal.number in event.note
    assert Case.objects.get(pk=appeal.case_id).state == State.INVALID
