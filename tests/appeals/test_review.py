"""复核: once, on new evidence, before other people and more of them; it can turn a ruling round either way."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from appeals import actions
from appeals.enums import Appellant, Effect, Proof, Recusal, Stage, Vote
from appeals.models import Appeal, Place, Ruling
from appeals.queries import contested, needs_of, rulings_in_force, sitting
from organizations.enums import Role
from organizations.models import Unit
from rectification import actions as cases
from rectification.actions.core import Refused
from rectification.enums import Action, Duty, Outcome, State
from rectification.models import Case, ChangedCase
from rectification.workflow import NotAllowed
from tests.appeals.court import Court, pdf, piece
from tests.appeals.test_panel import trail
from tests.factories import NOW, staff

U, R = Vote.UPHOLD, Vote.REJECT
UNTIL = datetime(2026, 11, 30, 17, tzinfo=timezone.get_default_timezone())


def decide_review(court: Court, review: Appeal, vote: Vote) -> Appeal:
    if review.heard_by is not None:
        court.answer(review)
    return court.decide(review, vote)


# --- either way -------------------------------------------------------------------------------------------------------


def test_a_rejection_that_is_overturned_acts_like_an_upheld_appeal(court: Court) -> None:
    first = court.ruled("W6", R)
    review = court.review(first, court.cast.zheng)
    assert (review.round, review.side, review.seats, len(sitting(review))) == (2, Appellant.UNIT, 5, 5)
    assert Case.objects.get(pk=first.case_id).state == State.SUSPENDED
    review = decide_review(court, review, U)
    case = Case.objects.get(pk=first.case_id)
    assert (case.state, case.outcome) == (State.INVALID, Outcome.INVALID)
    assert review.ruling.public == Effect.MARK
    assert [ruling.appeal_id for ruling in rulings_in_force()] == [review.pk]
    assert Ruling.objects.count() == 2, "the first ruling stands beside"


def test_a_rejection_that_stands_lets_the_case_go_on(court: Court) -> None:
    first = court.ruled("W6", R)
    decide_review(court, court.review(first, court.cast.zheng), R)
    case = Case.objects.get(pk=first.case_id)
    assert (case.state, case.outcome) == (State.RECTIFYING, "")
    assert not case.deadlines.exclude(paused_at=None).exists()
    assert case.deadlines.filter(duty=Duty.APPEAL).count() == 2


@pytest.mark.parametrize("state", [State.DISPATCHED, State.SIGNED, State.RECTIFYING, State.CHECKING])
def test_an_upheld_appeal_that_is_overturned_restores_the_case(court: Court, state: State) -> None:
    first = court.ruled("W5", U, case=court.case(state))
    ChangedCase.objects.all().delete()
    review = court.review(first, court.cast.qian)
    assert (review.side, review.stage) == (Appellant.SUPERVISOR, Stage.VOTING)
    assert Case.objects.get(pk=first.case_id).state == State.INVALID, "invalid until the new ruling"
    later = NOW + timedelta(days=3)
    court.decide(review, R, at=later)
    case = Case.objects.get(pk=first.case_id)
    assert (case.state, case.outcome, case.suspended_from) == (state, "", "")
    running = case.deadlines.running()
    assert running.get(duty=Duty.RECTIFY).started_at == later, "the whole time once more"
    assert running.filter(duty=Duty.SIGN).exists() == (state == State.DISPATCHED)
    assert running.filter(duty=Duty.CONTACT).exists() == (state in (State.DISPATCHED, State.SIGNED))
    assert case.dwells.filter(ended_at=None).count() == 1
    assert ChangedCase.objects.filter(case=case).count() == 1, "the figures hear of it"
    assert case.events.filter(action=Action.RESTORE).count() == 1


def test_an_upheld_appeal_that_stands_changes_nothing(court: Court) -> None:
    first = court.ruled("W5", U)
    before = Case.objects.get(pk=first.case_id).version
    court.decide(court.review(first, court.cast.qian), U)
    case = Case.objects.get(pk=first.case_id)
    assert (case.state, case.version) == (State.INVALID, before)


def test_half_a_success_that_is_overturned(court: Court) -> None:
    first = court.ruled("W8", U)
    review = court.review(first, court.cast.qian)
    assert Case.objects.get(pk=first.case_id).state == State.SUSPENDED
    assert court.decide(review, R).ruling.unit_score == Effect.KEEP
    assert Case.objects.get(pk=first.case_id).state == State.RECTIFYING


# --- the panel --------------------------------------------------------------------------------------------------------


def test_nobody_who_ruled_rules_again(court: Court) -> None:
    first = court.ruled("W6", R)
    review = court.review(first, court.cast.zheng)
    ruled = set(Place.objects.filter(appeal=first, sits_from__isnull=False).values_list("staff_id", flat=True))
    assert contested(review).earlier == ruled
    assert not ruled & set(review.places.values_list("staff_id", flat=True))


def test_the_evaluator_is_heard_once_more(court: Court) -> None:
    review = court.review(court.ruled("W6", R), court.cast.zheng)
    with pytest.raises(Refused, match="等评价人"):
        court.vote(review, court.panel(review)[0])


# --- new evidence only ------------------------------------------------------------------------------------------------


def test_what_was_there_is_not_new(court: Court) -> None:
    first = court.ruled("W8", R)
    draft = actions.begin_review(first, by=court.cast.zheng, at=NOW, statement="请再看")
    with pytest.raises(Refused, match="新证据"):
        actions.file_review(draft, by=court.cast.zheng, at=NOW)
    court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng, words=" 见 说明\n")
    with pytest.raises(Refused, match="新证据"):
        actions.file_review(draft, by=court.cast.zheng, at=NOW)
    court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng, words="第十二条第三款")
    assert [need.met for need in needs_of(draft)] == [True], "what was there still counts"
    assert actions.file_review(draft, by=court.cast.zheng, at=NOW).stage == Stage.VOTING


def test_the_same_file_is_not_new_whatever_is_written_beside_it(court: Court) -> None:
    appeal = court.draft("W5")
    first = court.serve(court.decide(actions.file_appeal(appeal, by=court.cast.zheng, at=NOW), R))
    draft = actions.begin_review(first, by=court.cast.zheng, at=NOW, statement="请再看")
    same = piece(Proof.DOCUMENT)
    actions.add_exhibit(draft, same, by=court.cast.zheng, at=NOW)
    with pytest.raises(Refused, match="新证据"):
        actions.file_review(draft, by=court.cast.zheng, at=NOW)
    actions.add_exhibit(draft, piece(Proof.DOCUMENT, file=pdf(b"another")), by=court.cast.zheng, at=NOW)
    assert actions.file_review(draft, by=court.cast.zheng, at=NOW).stage == Stage.VOTING


# --- who, when, how often ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rated", "qian", "lin", "song", "zhou", "wei"])
def test_against_a_rejection_only_the_appellant(court: Court, name: str) -> None:
    first = court.ruled("W8", R)
    with pytest.raises(Refused, match="原申诉人"):
        actions.begin_review(first, by=court.cast.everybody[name], at=NOW, statement="x")


@pytest.mark.parametrize("name", ["zheng", "wu", "rated", "lin", "zhao", "he", "song", "zhou"])
def test_against_an_upheld_appeal_only_a_supervisor_of_the_division(court: Court, name: str) -> None:
    first = court.ruled("W5", U)
    with pytest.raises(Refused, match="督导代评价人"):
        actions.begin_review(first, by=court.cast.everybody[name], at=NOW, statement="x")


def test_five_working_days_after_service(court: Court) -> None:
    appeal = court.decide(court.file("W8"), R)
    with pytest.raises(Refused, match="送达后"):
        actions.begin_review(appeal, by=court.cast.zheng, at=NOW, statement="x")
    first = court.serve(appeal)
    draft = actions.begin_review(first, by=court.cast.zheng, at=UNTIL, statement="请再看")
    court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng, words="新条文")
    with pytest.raises(Refused, match="申请复核的期限"):
        actions.file_review(draft, by=court.cast.zheng, at=UNTIL + timedelta(seconds=1))
    assert actions.file_review(draft, by=court.cast.zheng, at=UNTIL).stage == Stage.VOTING


def test_one_review_and_no_more(court: Court) -> None:
    first = court.ruled("W8", R)
    review = court.serve(court.decide(court.review(first, court.cast.zheng), R))
    for ruled in (first, review):
        with pytest.raises(Refused, match="只有一次"):
            actions.begin_review(ruled, by=court.cast.zheng, at=NOW, statement="x")


def test_a_draft_of_a_review_is_filed_as_one_and_by_its_writer(court: Court) -> None:
    first = court.ruled("W8", R)
    draft = actions.begin_review(first, by=court.cast.zheng, at=NOW, statement="")
    assert actions.begin_review(first, by=court.cast.zheng, at=NOW, statement=" ").pk == draft.pk
    court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng, words="新条文")
    with pytest.raises(Refused, match="按复核提出"):
        actions.file_appeal(draft, by=court.cast.zheng, at=NOW)
    with pytest.raises(Refused, match="没有可以提出"):
        actions.file_review(draft, by=court.cast.wu, at=NOW)
    with pytest.raises(Refused, match="写明申诉理由"):
        actions.file_review(draft, by=court.cast.zheng, at=NOW)
    with pytest.raises(Refused, match="没有可以提出"):
        actions.file_review(court.draft("W9", first.case), by=court.cast.zheng, at=NOW)


def test_what_went_to_another_unit_is_not_reviewed(court: Court) -> None:
    first = court.ruled("W4", U)
    with pytest.raises(Refused, match="其他单位"):
        actions.begin_review(first, by=court.cast.qian, at=NOW, statement="x")


def test_a_case_that_has_been_answered_is_not_paused_again(court: Court) -> None:
    first = court.ruled("W8", R)
    court.cast.upto(first.case, State.REPLIED)
    draft = actions.begin_review(first, by=court.cast.zheng, at=NOW, statement="请再看")
    court.prove(draft, Proof.LEGAL_BASIS, by=court.cast.zheng, words="新条文")
    with pytest.raises(NotAllowed):
        actions.file_review(draft, by=court.cast.zheng, at=NOW)


def test_taking_back_a_review_leaves_the_first_ruling(court: Court) -> None:
    first = court.ruled("W5", U)
    review = court.review(first, court.cast.qian)
    with pytest.raises(Refused, match="只有申诉人"):
        actions.withdraw_appeal(review, by=court.cast.zheng, at=NOW)
    actions.withdraw_appeal(review, by=court.cast.qian, at=NOW)
    assert Case.objects.get(pk=first.case_id).state == State.INVALID
    assert [ruling.appeal_id for ruling in rulings_in_force()] == [first.pk]


# --- one draft, one level up ------------------------------------------------------------------------------------------


def test_a_colleague_goes_on_with_the_draft(court: Court) -> None:
    first = court.ruled("W8", R)
    mine = actions.begin_review(first, by=court.cast.zheng, at=NOW, statement="请再看")
    theirs = actions.begin_review(first, by=court.cast.wu, at=NOW, statement="有新条文")
    assert (theirs.pk, theirs.by, theirs.statement) == (mine.pk, court.cast.wu, "有新条文")
    with pytest.raises(Refused, match="只有起草人"):
        actions.revise_draft(mine, by=court.cast.zheng, at=NOW, ground=mine.ground, statement="x")


def test_two_reviews_of_one_case_may_be_drafted_at_a_time(court: Court) -> None:
    case = court.case()
    first, second = court.ruled("W8", R, case=case), court.ruled("W9", R, case=case)
    drafts = [actions.begin_review(one, by=court.cast.zheng, at=NOW, statement="请再看") for one in (first, second)]
    assert len({draft.pk for draft in drafts}) == 2


def test_a_countys_case_is_reviewed_by_the_city(court: Court) -> None:
    """Two of the pool sit in counties: they may rule first, and never on the review."""
    counties = list(Unit.objects.filter(level="county", code__startswith="370612").order_by("code")[:2])
    for person, home in zip(court.pool[:2], counties, strict=True):
        person.memberships.update(unit=home)
    unit = Unit.objects.get(code="370602-GAJ")
    handler = staff("county", "区经办", (Role.WINDOW, unit))
    case = court.cast.upto(court.cast.rate(1), State.PRECHECKED)
    case = cases.sign_case(cases.dispatch_case(case, by=court.cast.lin, at=NOW, unit=unit), by=handler, at=NOW)
    first = court.ruled("W8", R, case=case, by=handler)
    (drawn,) = trail(first, "draw")
    assert {person.pk for person in court.pool[:2]} <= set(drawn["candidates"])
    review = court.review(first, handler)
    (drawn,) = trail(review, "draw")
    assert not {person.pk for person in court.pool[:2]} & set(drawn["candidates"])
    member = court.panel(review)[0]
    member.memberships.update(unit=counties[0])
    with pytest.raises(Refused, match="不能评审本件"):
        court.vote(review, member)
    assert Place.objects.get(appeal=review, staff=member).left_for == Recusal.LEVEL
