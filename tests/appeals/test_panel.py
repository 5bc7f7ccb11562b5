"""The panel: drawn by a lot that can be drawn again, without anybody who had to do with it, and kept full."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appeals import actions, ballot
from appeals.enums import Recusal, Stage, Vote
from appeals.models import Appeal, PanelMember, Place
from appeals.queries import contested, deputies, sitting
from common.models import AuditEntry, Notice
from organizations.models import Membership, Staff
from rectification.actions.core import Refused
from tests.appeals.court import DAY, Court
from tests.factories import NOW

LATE = NOW + timedelta(days=8)


def trail(appeal: Appeal, action: str) -> list[dict[str, object]]:
    found = AuditEntry.objects.filter(action=f"appeal.{action}", object_id=appeal.number).order_by("id")
    return [entry.after for entry in found]


def leaves_the_pool(person: Staff) -> None:
    Membership.objects.filter(staff=person).update(valid_to=NOW.date() - timedelta(days=1))


def test_the_lot_can_be_drawn_again_from_the_trail(court: Court) -> None:
    appeal = court.file("W8")
    (seed,), (drawn,) = trail(appeal, "seed"), trail(appeal, "draw")
    assert seed["seed"] == appeal.seed
    again = ballot.draw(drawn["candidates"], seats=3, deputies=3, seed=appeal.seed)  # type: ignore[arg-type]
    assert [place.staff_id for place in sitting(appeal)] == list(again.members) == drawn["members"]
    assert [place.staff_id for place in deputies(appeal)] == list(again.deputies)
    ids = AuditEntry.objects.filter(object_id=appeal.number, action__in=["appeal.seed", "appeal.draw"])
    assert list(ids.order_by("id").values_list("action", flat=True)) == ["appeal.seed", "appeal.draw"], "seed first"


def test_every_draw_has_its_own_seed(court: Court) -> None:
    assert court.file("W8").seed != court.file("W8").seed


def test_nobody_who_had_to_do_with_it_is_drawn(court: Court) -> None:
    pool, cast = court.pool, court.cast
    court.joins(pool[0], cast.unit)
    court.joins(pool[1], cast.other_unit)
    actions.declare_relation(court.listed(pool[2]), by=pool[2], at=NOW, note="配偶在该单位", unit=cast.unit)
    actions.declare_relation(court.listed(pool[3]), by=cast.qian, at=NOW, note="同学", staff=cast.wu)
    ended = actions.declare_relation(court.listed(pool[6]), by=pool[6], at=NOW, note="原同事", staff=cast.wu)
    actions.end_relation(ended, by=cast.qian, at=NOW, note="已调离三年")
    actions.list_member(pool[4], by=cast.qian, at=NOW, active=False)
    leaves_the_pool(pool[5])
    appeal = court.file("W4")
    (drawn,) = trail(appeal, "draw")
    assert sorted(drawn["candidates"]) == sorted(person.pk for person in pool[6:])  # type: ignore[call-overload]


def test_everybody_of_the_case_is_barred(court: Court) -> None:
    about = contested(court.file("W8"))
    cast = court.cast
    assert {cast.lin.pk, cast.wu.pk, cast.zheng.pk} <= about.handlers
    assert about.rated_staff == cast.rated.pk
    assert about.paths == {cast.unit.path}


# --- too few ------------------------------------------------------------------------------------------------------


def test_too_few_wait_and_a_sweep_tries_again(court: Court) -> None:
    for person in court.pool[2:]:
        leaves_the_pool(person)
    appeal = court.file("W8")
    assert (appeal.stage, Place.objects.count()) == (Stage.DRAWING, 0)
    assert Notice.objects.filter(kind="appeal.waiting", staff=court.cast.qian).count() == 1
    assert trail(appeal, "too_few")[0]["there"] == 2
    with pytest.raises(Refused, match="不在本件的评审小组"):
        court.vote(appeal, court.pool[0])
    assert actions.draw_waiting(at=NOW + DAY) == 0
    Membership.objects.filter(staff__in=court.pool).update(valid_to=None)
    assert actions.draw_waiting(at=NOW + DAY) == 1
    appeal.refresh_from_db()
    assert (appeal.stage, len(sitting(appeal))) == (Stage.VOTING, 3)
    assert len({str(entry["seed"]) for entry in trail(appeal, "seed")}) == 3, "a new seed for every draw"
    assert actions.draw_waiting(at=NOW + DAY) == 0


# --- leaving ------------------------------------------------------------------------------------------------------


def test_who_asks_leaves_and_the_next_deputy_steps_in(court: Court) -> None:
    appeal = court.file("W8")
    first, second = deputies(appeal)[:2]
    leaver = court.panel(appeal)[0]
    leaves_the_pool(Staff.objects.get(pk=first.staff_id))
    actions.ask_recusal(appeal, by=leaver, at=NOW, note="与申诉人相识")
    place = Place.objects.get(appeal=appeal, staff=leaver)
    assert (place.left_for, place.left_at, place.asked_note) == (Recusal.ASKED, NOW, "与申诉人相识")
    assert second.staff_id in {seat.staff_id for seat in sitting(appeal)}
    assert first.staff_id not in {seat.staff_id for seat in sitting(appeal)}
    assert len(sitting(appeal)) == 3
    assert Notice.objects.filter(kind="appeal.seated", staff=second.staff_id).exists()


def test_recusal_is_refused_to_strangers_without_words_and_after_the_vote(court: Court) -> None:
    appeal = court.file("W8")
    member = court.panel(appeal)[0]
    deputy = Staff.objects.get(pk=deputies(appeal)[0].staff_id)
    for person, note, words in (
        (court.cast.sun, "x", "不在本件"),
        (member, "  ", "说明回避理由"),
    ):
        with pytest.raises(Refused, match=words):
            actions.ask_recusal(appeal, by=person, at=NOW, note=note)
    court.vote(appeal, member)
    with pytest.raises(Refused, match="已表决"):
        actions.ask_recusal(appeal, by=member, at=NOW, note="想起来了")
    actions.ask_recusal(appeal, by=deputy, at=NOW, note="与申诉人相识")
    assert deputy.pk not in {place.staff_id for place in deputies(appeal)}, (
        "a deputy who knows of a tie says so at once"
    )
    court.decide(court.file("W9"), Vote.REJECT)
    with pytest.raises(Refused, match="不在本件"):
        actions.ask_recusal(Appeal.objects.get(ground="W9"), by=member, at=NOW, note="晚了")


def test_without_deputies_the_pool_is_drawn_from_once_more(court: Court) -> None:
    appeal = court.file("W8")
    first_seed, known = appeal.seed, set(appeal.places.values_list("staff_id", flat=True))
    for _ in range(4):
        actions.ask_recusal(appeal, by=court.panel(appeal)[0], at=NOW, note="与申诉人相识")
    appeal.refresh_from_db()
    assert (appeal.stage, len(sitting(appeal))) == (Stage.VOTING, 3)
    assert appeal.seed != first_seed
    new = set(appeal.places.values_list("staff_id", flat=True)) - known
    assert len(new) == 4, "one who sits and three deputies"
    left = set(appeal.places.exclude(left_at=None).values_list("staff_id", flat=True))
    assert not left & {place.staff_id for place in sitting(appeal)}, "nobody comes back"


def test_an_empty_pool_makes_the_appeal_wait_and_keeps_the_votes(court: Court) -> None:
    appeal = court.file("W8")
    voter = court.panel(appeal)[2]
    court.vote(appeal, voter)
    for person in court.pool:
        if person.pk not in {place.staff_id for place in sitting(appeal)}:
            leaves_the_pool(person)
    actions.ask_recusal(appeal, by=court.panel(appeal)[0], at=NOW, note="与申诉人相识")
    appeal.refresh_from_db()
    assert (appeal.stage, len(sitting(appeal))) == (Stage.DRAWING, 2)
    Membership.objects.filter(staff__in=court.pool).update(valid_to=None)
    assert actions.draw_waiting(at=NOW) == 1
    appeal.refresh_from_db()
    for member in court.panel(appeal):
        if member != voter:
            appeal = court.vote(appeal, member)
    assert appeal.ruling.votes == {Vote.UPHOLD: 3}, "a vote once given is not asked for again"


def test_the_sweep_finds_who_may_sit_no_longer(court: Court) -> None:
    appeal = court.file("W8")
    joined, tied, gone = court.panel(appeal)
    court.joins(joined, court.cast.unit)
    actions.declare_relation(court.listed(tied), by=tied, at=NOW, note="配偶", staff=court.cast.rated)
    leaves_the_pool(gone)
    assert actions.renew_panels(at=NOW) == 1
    found = dict(Place.objects.exclude(left_at=None).values_list("staff_id", "left_for"))
    assert found == {joined.pk: Recusal.OWN_UNIT, tied.pk: Recusal.RELATION, gone.pk: Recusal.OFF}
    assert len(sitting(appeal)) == 3
    before = list(Place.objects.values_list("pk", "left_at", "sits_from"))
    actions.renew_panels(at=NOW)
    assert list(Place.objects.values_list("pk", "left_at", "sits_from")) == before, "nothing more the second time"


# --- time is up ---------------------------------------------------------------------------------------------------


def test_who_was_silent_is_replaced_when_time_is_up_without_a_quorum(court: Court) -> None:
    appeal = court.file("W8")
    voter, *silent = court.panel(appeal)
    court.vote(appeal, voter)
    assert actions.settle_due(at=LATE) == 0
    actions.renew_panels(at=LATE)
    appeal.refresh_from_db()
    assert {place.staff_id for place in Place.objects.filter(left_for=Recusal.SILENT)} == {p.pk for p in silent}
    assert (len(sitting(appeal)), appeal.stage) == (3, Stage.VOTING)
    assert voter.pk in {place.staff_id for place in sitting(appeal)}
    assert appeal.due_at > LATE, "the new panel has the time of a ruling"
    assert appeal.case.deadlines.unmet().get(duty="appeal").due_at < LATE, (
        "and the case's own clock says that it is late"
    )
    actions.renew_panels(at=LATE)
    assert Place.objects.filter(left_for=Recusal.SILENT).count() == 2


def test_a_quorum_is_not_renewed_but_settled(court: Court) -> None:
    appeal = court.file("W8")
    one, two, silent = court.panel(appeal)
    court.vote(appeal, one)
    court.vote(appeal, two)
    actions.renew_panels(at=LATE)
    assert not Place.objects.exclude(left_at=None).exists()
    assert actions.settle_due(at=LATE) == 1
    appeal.refresh_from_db()
    assert (appeal.stage, appeal.ruling.votes) == (Stage.RULED, {Vote.UPHOLD: 2})
    assert actions.settle_due(at=LATE) == 0
    with pytest.raises(Refused, match="评审已结束"):
        court.vote(appeal, silent)


def test_who_cannot_be_replaced_may_still_vote(court: Court) -> None:
    appeal = court.file("W8")
    for person in court.pool:
        if person.pk not in {place.staff_id for place in sitting(appeal)}:
            leaves_the_pool(person)
    actions.renew_panels(at=LATE)
    appeal.refresh_from_db()
    assert (len(sitting(appeal)), appeal.stage) == (3, Stage.VOTING)
    assert appeal.due_at > LATE
    assert court.decide(appeal, Vote.REJECT, at=LATE + DAY).stage == Stage.RULED


# --- the pool -----------------------------------------------------------------------------------------------------


def test_who_keeps_the_pool(court: Court) -> None:
    member, cast = court.listed(court.pool[0]), court.cast
    for by in (cast.zheng, cast.lin, cast.he, court.pool[1], cast.xu):
        with pytest.raises(Refused):
            actions.list_member(court.pool[0], by=by, at=NOW, active=False)
        with pytest.raises(Refused):
            actions.declare_relation(member, by=by, at=NOW, note="听说", unit=cast.unit)
    with pytest.raises(Refused, match="不能列入本人"):
        actions.list_member(cast.qian, by=cast.qian, at=NOW)
    for words in ({"unit": cast.unit, "staff": cast.wu}, {}):
        with pytest.raises(Refused, match="一个单位或一个人"):
            actions.declare_relation(member, by=court.pool[0], at=NOW, note="配偶", **words)
    tie = actions.declare_relation(member, by=court.pool[0], at=NOW, note="配偶", unit=cast.unit)
    with pytest.raises(Refused, match="市级督导解除"):
        actions.end_relation(tie, by=court.pool[0], at=NOW, note="已离异")
    assert PanelMember.objects.get(pk=member.pk).active
