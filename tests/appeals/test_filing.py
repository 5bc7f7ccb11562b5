"""Filing and withdrawing: who, when, on what evidence; what is refused leaves draft and case as they were."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from appeals import actions
from appeals.actions import Piece
from appeals.enums import Appellant, Effect, NotAGround, Proof, Stage, Vote
from appeals.models import Appeal, Ground
from appeals.queries import needs_of
from common.models import AuditEntry, Notice
from organizations.models import Staff
from rectification import actions as cases
from rectification.actions.core import Refused
from rectification.enums import Action, Duty, Source, State
from rectification.models import Case
from rectification.workflow import NotAllowed
from tests.appeals.court import STATEMENT, Court, pdf, piece
from tests.factories import NOW

STATES = [State.DISPATCHED, State.SIGNED, State.RECTIFYING, State.CHECKING]


def untouched(appeal: Appeal, exhibits: int) -> None:
    appeal.refresh_from_db()
    assert (appeal.stage, appeal.number, appeal.statement) == (Stage.DRAFT, "", STATEMENT)
    assert appeal.exhibits.count() == exhibits
    assert not appeal.places.exists()
    assert not appeal.case.events.filter(action=Action.SUSPEND).exists()


# --- what succeeds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_a_case_is_paused_in_the_same_breath(court: Court, state: State) -> None:
    appeal = court.file("W8", court.case(state))
    case = Case.objects.get(pk=appeal.case_id)
    assert (case.state, case.suspended_from) == (State.SUSPENDED, state)
    assert (appeal.stage, appeal.number[:2], appeal.seats) == (Stage.VOTING, "A-", 3)
    stopped = set(case.deadlines.unmet().exclude(paused_at=None).values_list("duty", flat=True))
    assert Duty.RECTIFY in stopped
    assert (Duty.SIGN in stopped) == (state == State.DISPATCHED), "a receipt that cannot be given is not owed meanwhile"
    assert Duty.CONTACT not in stopped, "the first contact goes on"
    running = case.deadlines.running().get(duty=Duty.APPEAL)
    assert running.due_at == appeal.due_at == datetime(2026, 11, 30, 17, tzinfo=timezone.get_default_timezone())
    assert AuditEntry.objects.filter(action="appeal.file", object_id=appeal.number).count() == 1


def test_the_rated_person_contests_for_themselves(court: Court) -> None:
    appeal = court.file("W6", by=court.cast.rated)
    assert (appeal.side, appeal.by, appeal.unit) == (Appellant.PERSON, court.cast.rated, court.cast.unit)


def test_the_panel_the_supervisors_and_the_parties_are_told(court: Court) -> None:
    appeal = court.file("W8")
    told = {(notice.kind, notice.staff_id) for notice in Notice.objects.filter(key__contains=appeal.number)}
    assert {staff for kind, staff in told if kind == "appeal.seated"} == {person.pk for person in court.panel(appeal)}
    assert ("appeal.filed", court.cast.qian.pk) in told
    assert ("appeal.filed", court.cast.lin.pk) in told
    assert ("appeal.filed", court.cast.rated.pk) in told
    assert ("appeal.filed", court.cast.sun.pk) not in told


def test_a_draft_is_gone_on_with_and_revised(court: Court) -> None:
    case = court.case()
    first = court.draft("W8", case, proven=False)
    again = court.draft("W9", case)
    assert (again.pk, again.ground_id) == (first.pk, "W9")
    revised = actions.revise_draft(
        again, by=court.cast.zheng, at=NOW, ground=Ground.objects.get(code="W8"), statement=" 依法不予办理 "
    )
    assert (revised.ground_id, revised.statement, revised.exhibits.count()) == ("W8", "依法不予办理", 1)


# --- evidence ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("W1", "督导记录的评价人确认"),
        ("W2", "同一办件的另一条评价"),
        ("W3", "系统日志"),
        ("W4", "应由哪个单位负责及依据"),
        ("W5", "书面材料或图片"),
        ("W6", "音视频或系统时间记录或书面材料"),
        ("W7", "多次评价的规律; 书面材料或音视频或系统日志"),
        ("W8", "法律政策依据条文"),
        ("W9", "故障或中断记录"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_lost(court: Court, code: str, words: str) -> None:
    appeal = court.draft(code, proven=False)
    with pytest.raises(Refused, match=words):
        actions.file_appeal(appeal, by=court.cast.zheng, at=NOW)
    untouched(appeal, 0)
    assert not any(need.met for need in needs_of(appeal))
    for kinds in appeal.ground.needs:
        court.prove(appeal, Proof(kinds[-1]), by=court.cast.zheng)
    assert actions.file_appeal(appeal, by=court.cast.zheng, at=NOW).stage == Stage.VOTING


def test_text_alone_proves_no_bad_faith(court: Court) -> None:
    appeal = court.draft("W7", proven=False)
    court.prove(appeal, Proof.PATTERN, by=court.cast.zheng)
    assert [need.met for need in needs_of(appeal)] == [True, False]
    with pytest.raises(Refused, match="书面材料或音视频或系统日志"):
        actions.file_appeal(appeal, by=court.cast.zheng, at=NOW)


@pytest.mark.parametrize("name", ["zhao", "qian"])
def test_what_the_evaluator_confirmed_is_recorded_by_the_management_body(court: Court, name: str) -> None:
    appeal = court.draft("W1", proven=False)
    recorder = court.cast.everybody[name]
    actions.add_exhibit(appeal, piece(Proof.CONFIRMATION, words="电话核实,本人点错"), by=recorder, at=NOW)
    assert actions.file_appeal(appeal, by=court.cast.zheng, at=NOW).stage == Stage.VOTING


@pytest.mark.parametrize("name", ["zheng", "wu", "rated", "song", "lin", "zhou", "xu"])
def test_nobody_else_says_that_the_evaluator_erred(court: Court, name: str) -> None:
    appeal = court.draft("W1", proven=False)
    with pytest.raises(Refused, match="不能办理"):
        actions.add_exhibit(appeal, piece(Proof.CONFIRMATION), by=court.cast.everybody[name], at=NOW)
    untouched(appeal, 0)


# --- who and when -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["lin", "zhao", "qian", "he", "sun", "song", "zhou", "xu", "gu", "meng", "rated", "wei"]
)
@pytest.mark.parametrize("side", [Appellant.UNIT, Appellant.PERSON, Appellant.SUPERVISOR])
def test_nobody_else_contests(court: Court, name: str, side: Appellant) -> None:
    """Wu handles the case, so Wei of the same unit does not; the rated person only for themselves."""
    if (name, side) == ("rated", Appellant.PERSON):
        return
    ground = Ground.objects.get(code="W8")
    with pytest.raises(NotAllowed):
        actions.begin_draft(
            court.case(), by=court.cast.everybody[name], at=NOW, side=side, ground=ground, statement=STATEMENT
        )
    assert not Appeal.objects.exists()


def test_another_persons_draft_is_not_filed_changed_or_added_to(court: Court) -> None:
    appeal, other = court.draft("W8"), court.cast.wu
    with pytest.raises(Refused, match="只有起草人"):
        actions.file_appeal(appeal, by=other, at=NOW)
    with pytest.raises(Refused, match="只有起草人"):
        actions.revise_draft(appeal, by=other, at=NOW, ground=appeal.ground, statement="x")
    with pytest.raises(Refused, match="只有起草人"):
        court.prove(appeal, Proof.LEGAL_BASIS, by=other)
    untouched(appeal, 1)


@pytest.mark.parametrize("state", [State.RECEIVED, State.PRECHECKED, State.REPLIED, State.VERIFIED, State.CLOSED])
def test_only_a_case_that_lies_with_a_unit_is_contested(court: Court, state: State) -> None:
    case = court.cast.rate(1) if state == State.RECEIVED else court.case(state)
    with pytest.raises(NotAllowed):
        court.draft("W8", case)


def test_a_draft_waits_for_no_case(court: Court) -> None:
    appeal = court.draft("W8")
    court.cast.upto(appeal.case, State.REPLIED)
    with pytest.raises(NotAllowed):
        actions.file_appeal(appeal, by=court.cast.zheng, at=NOW)
    untouched(appeal, 1)


def test_what_the_portal_said_to_itself_is_not_contested(court: Court) -> None:
    appeal = court.draft("W8")
    appeal.case.source = Source.TEST
    with transaction.atomic(), pytest.raises(InternalError):
        appeal.case.save()  # a case cannot become a test; where it was born as one, it never reaches a unit


def test_three_working_days_with_a_holiday_between(court: Court, monday: time_machine.Traveller) -> None:
    """转办 on September 28: the 29th, the 30th and October 8 are the working days; October 1 to 7 are off."""
    sent = datetime(2026, 9, 28, 10, tzinfo=timezone.get_default_timezone())
    limit = datetime(2026, 10, 8, 17, tzinfo=timezone.get_default_timezone())
    monday.move_to(sent)
    late, just = (court.draft("W8", court.case(at=sent), at=sent) for _ in range(2))
    with pytest.raises(Refused, match="超过提出申诉的期限"):
        actions.file_appeal(late, by=court.cast.zheng, at=limit + timedelta(seconds=1))
    untouched(late, 1)
    assert actions.file_appeal(just, by=court.cast.zheng, at=limit).stage == Stage.VOTING


def test_who_gets_a_case_later_has_the_same_days(court: Court) -> None:
    case = court.case(State.DISPATCHED)
    later = NOW + timedelta(days=10)
    cases.refuse_case(case, by=court.cast.zheng, at=later, reason="非本单位", limit=1)
    cases.accept_refusal(case, by=court.cast.qian, at=later, note="同意")
    case = cases.dispatch_case(case, by=court.cast.lin, at=later, unit=court.cast.other_unit)
    appeal = court.draft("W8", case, by=court.cast.song, at=later)
    assert actions.file_appeal(appeal, by=court.cast.song, at=later + timedelta(days=1)).unit == court.cast.other_unit


def test_the_wrong_unit_names_the_right_one(court: Court) -> None:
    appeal = court.draft("W4")
    for unit, words in ((None, "应由哪个单位"), (court.cast.unit, "不能是现在的责任单位")):
        actions.revise_draft(
            appeal, by=court.cast.zheng, at=NOW, ground=appeal.ground, statement=STATEMENT, other_unit=unit
        )
        with pytest.raises(Refused, match=words):
            actions.file_appeal(appeal, by=court.cast.zheng, at=NOW)
        untouched(appeal, 1)


def test_no_reasons_no_appeal_and_no_ground_out_of_use(court: Court) -> None:
    appeal = court.draft("W8")
    actions.revise_draft(appeal, by=court.cast.zheng, at=NOW, ground=appeal.ground, statement="  ")
    with pytest.raises(Refused, match="写明申诉理由"):
        actions.file_appeal(appeal, by=court.cast.zheng, at=NOW)
    actions.revise_draft(appeal, by=court.cast.zheng, at=NOW, ground=appeal.ground, statement=STATEMENT)
    Ground.objects.filter(code="W8").update(active=False)
    with pytest.raises(Refused, match="已停用"):
        actions.file_appeal(appeal, by=court.cast.zheng, at=NOW)
    untouched(appeal, 1)


def test_one_at_a_time(court: Court) -> None:
    case = court.case()
    mine, theirs = court.draft("W6", case), court.draft("W8", case, by=court.cast.rated)
    actions.file_appeal(mine, by=court.cast.zheng, at=NOW)
    with pytest.raises(NotAllowed):
        actions.file_appeal(theirs, by=court.cast.rated, at=NOW)


def test_once_for_a_ground_and_any_side_but_other_grounds_may_follow(court: Court) -> None:
    first = court.ruled("W8", Vote.REJECT)
    again = court.draft("W8", first.case, by=court.cast.rated)
    with pytest.raises(Refused, match="同一理由"):
        actions.file_appeal(again, by=court.cast.rated, at=NOW)
    assert Case.objects.get(pk=first.case_id).state == State.RECTIFYING
    other = court.draft("W9", first.case)
    assert actions.file_appeal(other, by=court.cast.zheng, at=NOW).stage == Stage.VOTING
    assert first.case.deadlines.filter(duty=Duty.APPEAL).count() == 2, "each appeal has its own clock"


# --- what is no ground, and what is not written -----------------------------------------------------------------------


@pytest.mark.parametrize("no_ground", list(NotAGround))
def test_what_is_no_ground_is_refused_by_its_name(court: Court, no_ground: NotAGround) -> None:
    case = court.case()
    with pytest.raises(Refused, match=f"“{no_ground.label}”不能作为申诉理由"):
        actions.begin_draft(
            case, by=court.cast.zheng, at=NOW, side=Appellant.UNIT, ground=no_ground, statement=STATEMENT
        )
    assert not Appeal.objects.exists()
    draft = court.draft("W8", case)
    with pytest.raises(Refused, match=str(no_ground.label)):
        actions.revise_draft(draft, by=court.cast.zheng, at=NOW, ground=no_ground, statement=STATEMENT)
    untouched(draft, 1)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("评价人电话１３８-0000 ００００,多次纠缠", "手机号"),
        ("评价人车牌鲁F12345", "车牌号"),
        ("身份证11010519491231002X", "身份证号"),
        ("邮箱 zhang3@example.com", "邮箱"),
    ],
)
def test_nothing_that_tells_who_the_evaluator_is_comes_before_a_panel(court: Court, words: str, kind: str) -> None:
    case, by = court.case(), court.cast.zheng
    ground = Ground.objects.get(code="W8")
    with pytest.raises(Refused, match=kind):
        actions.begin_draft(case, by=by, at=NOW, side=Appellant.UNIT, ground=ground, statement=words)
    draft = court.draft("W8", case)
    with pytest.raises(Refused, match=kind):
        court.prove(draft, Proof.LEGAL_BASIS, by=by, words=words)
    with pytest.raises(Refused, match=kind):
        actions.add_exhibit(draft, Piece(Proof.DOCUMENT, upload=pdf(), name=f"{words}.pdf"), by=by, at=NOW)
    untouched(draft, 1)
    appeal = actions.file_appeal(draft, by=by, at=NOW)
    with pytest.raises(Refused, match=kind):
        actions.cast_vote(appeal, by=court.panel(appeal)[0], at=NOW, vote=Vote.UPHOLD, reason=words + "好" * 20)
    court.decide(appeal, Vote.REJECT)
    for text, plain in ((words, "已有认定"), ("裁定书", words)):
        with pytest.raises(Refused, match=kind):
            actions.serve_ruling(appeal, by=court.cast.lin, at=NOW, text=text, plain=plain)


def test_numbers_of_services_and_offices_are_evidence(court: Court) -> None:
    draft = court.draft("W2", proven=False)
    words = "与370600TEST00000001为同一办件,咨询电话0535-6601234可核"
    assert court.prove(draft, Proof.SAME_KEY, by=court.cast.zheng, words=words).text == words


# --- W4 within a unit -------------------------------------------------------------------------------------------------


def w4(court: Court, person: Staff | None, *, by: Staff | None = None) -> Appeal:
    writer = by or court.cast.rated
    draft = actions.begin_draft(
        court.case(),
        by=writer,
        at=NOW,
        side=Appellant.PERSON if writer == court.cast.rated else Appellant.UNIT,
        ground=Ground.objects.get(code="W4"),
        statement=STATEMENT,
        other_staff=person,
    )
    court.prove(draft, Proof.OTHER_UNIT, by=writer)
    return actions.file_appeal(draft, by=writer, at=NOW)


def test_another_person_of_the_unit_should_have_been_rated(court: Court) -> None:
    appeal = court.decide(w4(court, court.cast.wei), Vote.UPHOLD)
    case = Case.objects.get(pk=appeal.case_id)
    assert case.state == State.RECTIFYING, "the unit goes on"
    assert tuple(appeal.ruling.effects) == (Effect.KEEP, Effect.KEEP, Effect.MOVE)
    assert "另一位工作人员" in appeal.ruling.plain
    assert appeal.other_staff == court.cast.wei


@pytest.mark.parametrize("name", ["rated", "sun", ""])
def test_w4_names_somebody_who_can_be_meant(court: Court, name: str) -> None:
    with pytest.raises(Refused, match="请写明应"):
        w4(court, court.cast.everybody.get(name))
    assert Appeal.objects.get().stage == Stage.DRAFT


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_a_draft_follows_its_case_to_another_unit(court: Court) -> None:
    """The rated person's draft of last week is filed about the unit that has the case now."""
    case = court.case(State.DISPATCHED)
    mine = court.draft("W8", case, by=court.cast.rated)
    court.decide(court.file("W4", case), Vote.UPHOLD)
    case = cases.dispatch_case(Case.objects.get(pk=case.pk), by=court.cast.lin, at=NOW, unit=court.cast.other_unit)
    with pytest.raises(Refused, match="已转给其他单位"):
        actions.file_appeal(mine, by=court.cast.rated, at=NOW)
    again = court.draft("W8", case, by=court.cast.rated, proven=False)
    assert (again.pk, again.unit) == (mine.pk, court.cast.other_unit)
    assert actions.file_appeal(again, by=court.cast.rated, at=NOW).stage == Stage.VOTING


# --- withdrawing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["zheng", "wu"])
def test_the_unit_takes_its_appeal_back(court: Court, name: str) -> None:
    """Not if Wu were not the handler any more, and not the other side's: see below."""
    appeal = court.file("W8")
    case = appeal.case
    withdrawn = actions.withdraw_appeal(appeal, by=court.cast.everybody[name], at=NOW, note="证据有误")
    case = Case.objects.get(pk=case.pk)
    assert (withdrawn.stage, withdrawn.ended_at, case.state) == (Stage.WITHDRAWN, NOW, State.RECTIFYING)
    assert not case.deadlines.exclude(paused_at=None).exists()


def test_taken_back_is_taken_back(court: Court) -> None:
    """Or a unit would draw panels until one pleases it. The rated person has a turn of their own."""
    case = court.case()
    actions.withdraw_appeal(court.file("W8", case), by=court.cast.zheng, at=NOW)
    for writer in (court.cast.zheng, court.cast.wu):
        with pytest.raises(Refused, match="申诉并撤回"):
            actions.file_appeal(court.draft("W8", case, by=writer), by=writer, at=NOW)
    own = court.file("W8", case, by=court.cast.rated)
    actions.withdraw_appeal(own, by=court.cast.rated, at=NOW)
    with pytest.raises(Refused, match="申诉并撤回"):
        court.file("W8", case, by=court.cast.rated)
    actions.withdraw_appeal(court.file("W9", case), by=court.cast.zheng, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(case=case, by=court.cast.wu).update(
            stage=Stage.WITHDRAWN, number="A-2222-2222", filed_at=NOW, due_at=NOW, ended_at=NOW
        )


@pytest.mark.parametrize("name", ["zheng", "wu", "lin", "qian", "song", "zhou"])
def test_nobody_takes_back_what_the_rated_person_filed(court: Court, name: str) -> None:
    appeal = court.file("W8", by=court.cast.rated)
    with pytest.raises(Refused, match="只有申诉人"):
        actions.withdraw_appeal(appeal, by=court.cast.everybody[name], at=NOW)
    assert actions.withdraw_appeal(appeal, by=court.cast.rated, at=NOW).stage == Stage.WITHDRAWN


def test_nothing_to_take_back(court: Court) -> None:
    for appeal in (court.draft("W8"), court.ruled("W8", Vote.REJECT)):
        with pytest.raises(Refused, match="没有可以撤回"):
            actions.withdraw_appeal(appeal, by=court.cast.zheng, at=NOW)


# --- what the database holds ------------------------------------------------------------------------------------------


def test_what_was_filed_is_not_changed_or_deleted_by_any_hand(court: Court) -> None:
    appeal = court.file("W8")
    for name, value in (("statement", "另一种说法"), ("number", "A-2222-2222"), ("side", Appellant.PERSON)):
        with pytest.raises(InternalError), transaction.atomic():
            Appeal.objects.filter(pk=appeal.pk).update(**{name: value})
    with pytest.raises(InternalError), transaction.atomic():
        appeal.exhibits.all().delete()
    with pytest.raises(InternalError), transaction.atomic():
        appeal.exhibits.update(text="另一种说法")
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Appeal.objects.filter(pk=appeal.pk)._raw_delete("default")


def test_half_filed_appeals_cannot_be_stored(court: Court) -> None:
    draft = court.draft("W8")
    for values in ({"stage": Stage.VOTING}, {"stage": Stage.RULED, "ended_at": NOW}, {"seats": 2}, {"round": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.filter(pk=draft.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.exhibits.create(kind=Proof.DOCUMENT, by=court.cast.zheng, at=NOW)


def test_filed_is_filed(court: Court) -> None:
    appeal = court.file("W8")
    exhibit = appeal.exhibits.get()
    for act in (
        lambda: actions.add_exhibit(appeal, Piece(Proof.LEGAL_BASIS, "第二条"), by=court.cast.zheng, at=NOW),
        lambda: actions.drop_exhibit(exhibit, by=court.cast.zheng, at=NOW),
        lambda: actions.file_appeal(appeal, by=court.cast.zheng, at=NOW),
        lambda: actions.revise_draft(appeal, by=court.cast.zheng, at=NOW, ground=appeal.ground, statement="x"),
    ):
        with pytest.raises(Refused, match="已提出"):
            act()
