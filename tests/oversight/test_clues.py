"""问责线索: nothing automatic against a unit, the unit heard, two for a level, fingerprints, proof at the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from assessment.enums import EventKind
from assessment.models import ScoreEvent
from common.models import Notice
from organizations.actions import Refused
from oversight import actions
from oversight.actions.levels import COUNTS_AS
from oversight.enums import ClueSort, ClueStage, Level
from oversight.models import Clue, CluePaper, Decision, Dossier, Feedback, Handover, Hearing, Statement
from oversight.paper import load
from oversight.queries.clues import next_level, statements_for, statements_waiting
from tests.factories import NOW, Cast
from tests.oversight.clues import ANSWER, HOUR, QUESTION, SECRET, asked, final, heard, judged, raised, second
from tests.oversight.desk import jpeg

LATER = NOW + 3 * HOUR


def test_who_raises_it_may_know_of_it_and_nobody_else(cast: Cast) -> None:
    row = raised(cast)
    second(cast)
    assert (row.number, row.stage) == ("WZ-2026-001", ClueStage.RAISED)
    everybody = {**cast.everybody, "pei": second(cast)}
    assert {name for name, who in everybody.items() if row in Dossier.objects.visible_to(who)} == {"qian"}


@pytest.mark.parametrize("who", ["lin", "zheng", "zhou", "he", "xu"])
def test_only_who_leads_the_division_raises(cast: Cast, who: str) -> None:
    said = actions.Raised(cast.unit, ClueSort.SLACK, "拖延")
    with pytest.raises(PermissionDenied):
        actions.raise_clue(cast.body.region, said, by=getattr(cast, who), at=NOW)
    assert not Dossier.objects.exists()


def test_nobody_raises_one_about_the_body_they_sit_in_or_another_division(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        raised(cast, unit=cast.body)
    said = actions.Raised(cast.unit, ClueSort.SLACK, "拖延")
    with pytest.raises(Refused, match="不在本地区"):
        actions.raise_clue(cast.county_body.region, said, by=cast.he, at=NOW)
    with pytest.raises(Refused, match="写明"):
        raised(cast, about=" ")


def test_a_supervisor_who_was_not_let_in_does_nothing(cast: Cast) -> None:
    row, pei = raised(cast), second(cast)
    with pytest.raises(PermissionDenied):
        actions.ask_unit(row, "?", by=pei, at=NOW)


# --- the unit is heard ----------------------------------------------------------------------------------------


def test_the_unit_is_asked_by_a_working_day_and_answers_once(cast: Cast) -> None:
    row = raised(cast)
    one = asked(cast, row)
    assert timezone.localtime(one.due_at).strftime("%m-%d %H:%M") == "11-30 17:00"
    assert Notice.objects.get(staff=cast.zheng).kind == "clue.asked"
    actions.answer_question(one, ANSWER, by=cast.zheng, at=LATER)
    row.refresh_from_db()
    assert row.stage == ClueStage.ANSWERED
    with pytest.raises(Refused, match="已经作过"):
        actions.answer_question(one, "再说", by=cast.zheng, at=LATER)
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.update(answer="改口")


def test_what_a_unit_may_ask_for_is_its_own(cast: Cast) -> None:
    one = asked(cast, raised(cast))
    seen = {name for name, who in cast.everybody.items() if one in statements_for(who)}
    assert seen == {"zheng"}
    assert list(statements_waiting(cast.zheng)) == [one]


@pytest.mark.parametrize("who", ["wu", "song", "qian", "lin"])
def test_only_who_speaks_for_the_unit_answers(cast: Cast, who: str) -> None:
    one = asked(cast, raised(cast))
    with pytest.raises(PermissionDenied):
        actions.answer_question(one, ANSWER, by=getattr(cast, who), at=LATER)


def test_one_question_at_a_time_and_none_that_is_empty(cast: Cast) -> None:
    row = raised(cast)
    with pytest.raises(Refused, match="说明什么"):
        actions.ask_unit(row, " ", by=cast.qian, at=NOW)
    asked(cast, row)
    with pytest.raises(Refused, match="不能"):
        asked(cast, row)


def test_time_that_is_over_goes_on_without_an_answer_once(cast: Cast) -> None:
    row = raised(cast)
    one = asked(cast, row)
    assert actions.lapse_questions(at=one.due_at - HOUR) == 0
    assert actions.lapse_questions(at=one.due_at + HOUR) == 1
    assert actions.lapse_questions(at=one.due_at + HOUR) == 0
    row.refresh_from_db()
    assert row.stage == ClueStage.ANSWERED
    with pytest.raises(Refused, match="还没有收到"):
        asked(cast, row, at=one.due_at + HOUR)
    actions.answer_question(one, ANSWER, by=cast.zheng, at=one.due_at + 2 * HOUR)  # late is better than never


def test_nothing_is_decided_before_the_unit_was_heard(cast: Cast) -> None:
    row = raised(cast)
    for step in (lambda: None, lambda: asked(cast, row)):
        step()
        with pytest.raises(Refused, match="不能"):
            actions.propose_level(row, judged(), by=cast.qian, at=NOW)


def test_after_a_level_is_proposed_no_answer_is_taken(cast: Cast) -> None:
    row = raised(cast)
    one = asked(cast, row)
    actions.lapse_questions(at=one.due_at + HOUR)
    actions.propose_level(row, judged(), by=cast.qian, at=one.due_at + HOUR)
    with pytest.raises(Refused, match="已经结束"):
        actions.answer_question(one, ANSWER, by=cast.zheng, at=one.due_at + 2 * HOUR)


def test_a_hearing_is_recorded(cast: Cast) -> None:
    row = heard(cast)
    actions.record_hearing(row, NOW.date(), "该局分管领导", "陈述:已整改", by=cast.qian, at=LATER)
    assert Hearing.objects.get().record == "陈述:已整改"
    with pytest.raises(Refused, match="今天"):
        actions.record_hearing(row, NOW.date() + timedelta(days=1), "谁", "话", by=cast.qian, at=LATER)


# --- levels ---------------------------------------------------------------------------------------------------


def test_nobody_confirms_what_they_proposed(cast: Cast) -> None:
    row = heard(cast)
    actions.propose_level(row, judged(), by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="自己复核"):
        actions.confirm_level(row, by=cast.qian, at=LATER)
    with pytest.raises(IntegrityError, match="a_level_needs_two"), transaction.atomic():
        Decision.objects.update(confirmed_by=cast.qian, confirmed_at=LATER)
    with pytest.raises(PermissionDenied):
        actions.confirm_level(row, by=second(cast), at=LATER)


@pytest.mark.parametrize("missing", ["facts", "document", "article", "clause"])
def test_a_level_rests_on_facts_and_a_clause(cast: Cast, missing: str) -> None:
    row = heard(cast)
    with pytest.raises(Refused, match="写明事实"):
        actions.propose_level(row, judged(**{missing: " "}), by=cast.qian, at=LATER)


def test_levels_are_climbed_and_never_skipped_silently(cast: Cast) -> None:
    row = heard(cast)
    assert next_level(cast.unit, at=LATER) == Level.REMINDER
    with pytest.raises(Refused, match="提醒"):
        actions.propose_level(row, judged(Level.CIRCULAR), by=cast.qian, at=LATER)
    final(cast, Level.TALK)
    assert next_level(cast.unit, at=LATER) == Level.CIRCULAR
    assert next_level(cast.other_unit, at=LATER) == Level.REMINDER
    assert next_level(cast.unit, at=LATER + timedelta(days=366)) == Level.REMINDER
    with pytest.raises(Refused, match="通报"):
        actions.propose_level(row, judged(Level.REMINDER), by=cast.qian, at=LATER)


def test_a_level_that_is_refused_or_withdrawn_does_not_count_for_the_next(cast: Cast) -> None:
    row = final(cast, Level.TALK)
    actions.withdraw_level(row, "证据有误", by=cast.qian, at=LATER)
    assert next_level(cast.unit, at=LATER) == Level.REMINDER


def test_what_is_refused_goes_back_and_stays_readable(cast: Cast) -> None:
    row, pei = heard(cast), second(cast)
    actions.let_in(row, pei, "复核", by=cast.qian, at=LATER)
    actions.propose_level(row, judged(), by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="理由"):
        actions.refuse_level(row, " ", by=pei, at=LATER)
    assert actions.refuse_level(row, "事实不清", by=pei, at=LATER).stage == ClueStage.ANSWERED
    assert Decision.objects.get().withdrawn_why == "事实不清"
    actions.propose_level(row, judged(), by=pei, at=LATER)
    assert actions.confirm_level(row, by=cast.qian, at=LATER).stage == ClueStage.FINAL
    assert not ScoreEvent.objects.exclude(withdrawn_at=None).exists()


@pytest.mark.parametrize("sort", list(ClueSort))
def test_every_sort_counts_as_something(sort: ClueSort) -> None:
    assert COUNTS_AS[sort] in EventKind


def test_a_confirmed_level_counts_once_and_is_taken_back_with_it(cast: Cast) -> None:
    row = final(cast)
    event = ScoreEvent.objects.get()
    assert (event.kind, event.unit, event.withdrawn_at) == (EventKind.REPEAT_OFFENCE, cast.unit, None)
    for hidden in (row.number, SECRET, "三次"):
        assert hidden not in event.source + event.key + event.url
    back = actions.withdraw_level(row, SECRET, by=cast.qian, at=LATER)
    event.refresh_from_db()
    assert (back.stage, event.withdrawn_at) == (ClueStage.ANSWERED, LATER)
    assert SECRET not in event.withdrawn_why
    pei = second(cast)
    actions.propose_level(row, judged(), by=cast.qian, at=LATER)
    actions.confirm_level(row, by=pei, at=LATER)
    assert ScoreEvent.objects.filter(withdrawn_at=None).count() == 1


def test_a_mistake_that_is_seen_after_the_end_is_taken_back(cast: Cast) -> None:
    row = actions.close_clue(final(cast), "已提醒", "谈话记录", by=cast.qian, at=LATER)
    back = actions.withdraw_level(row, "上级认定不成立", by=cast.qian, at=LATER)
    assert (back.stage, Decision.objects.get().withdrawn_at) == ("closed", LATER)
    assert ScoreEvent.objects.get().withdrawn_at == LATER
    assert list(row.events.values_list("act", flat=True))[-1] == "withdraw"
    with pytest.raises(Refused, match="没有处理意见"):
        actions.withdraw_level(row, "再撤", by=cast.qian, at=LATER)
    with pytest.raises(PermissionDenied):
        actions.withdraw_level(row, "再撤", by=cast.he, at=LATER)


def test_decisions_are_not_rewritten(cast: Cast) -> None:
    final(cast)
    changes: list[dict[str, Any]] = [{"facts": "别的"}, {"level": "talk"}, {"confirmed_at": LATER + HOUR}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            Decision.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.all().delete()


# --- paper, feedback, the end ---------------------------------------------------------------------------------


def test_a_circular_is_named_to_the_leaders_by_letter(cast: Cast) -> None:
    row = final(cast, Level.CIRCULAR)
    with pytest.raises(Refused, match="通报函"):
        actions.close_clue(row, "已通报", "演发〔2026〕9号", by=cast.qian, at=LATER)
    paper = actions.write_letter(row, "市公安局主要领导、分管领导", by=cast.qian, at=LATER)
    words = "\n".join(str(block) for block in load(paper.content).blocks)
    assert ANSWER in words
    assert "第八条" in words
    with paper.file.open() as file:
        assert file.read()[:4] == b"%PDF"
    assert actions.close_clue(row, "已通报", "演发〔2026〕9号", by=cast.qian, at=LATER).stage == "closed"


def test_a_hand_over_lists_its_evidence_with_fingerprints(cast: Cast) -> None:
    case = cast.rate(1, at=NOW - timedelta(days=3))
    row = heard(cast, cases=[case])
    actions.add_pictures(row, [jpeg()], by=cast.qian, at=LATER)
    pei = second(cast)
    actions.let_in(row, pei, "复核", by=cast.qian, at=LATER)
    actions.propose_level(row, judged(Level.TRANSFER, why_level="涉嫌弄虚作假"), by=cast.qian, at=LATER)
    actions.confirm_level(row, by=pei, at=LATER)
    with pytest.raises(Refused, match="回执"):
        actions.close_clue(row, "已移送", "回执", by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="回执编号"):
        actions.hand_over(row, "派驻纪检监察组", "综合室", NOW.date(), " ", by=cast.qian, at=LATER)
    made = actions.hand_over(row, "派驻纪检监察组", "综合室", NOW.date(), "演纪收〔2026〕3号", by=cast.qian, at=LATER)
    table = load(made.paper.content).tables[0]
    said = {str(cell) for line in table.rows for cell in line}
    assert {ANSWER, QUESTION, SECRET, row.pictures.get().sha256} <= said
    assert any(case.number in cell for cell in said)
    assert all(len(str(line[-1])) == 64 for line in table.rows)
    with pytest.raises(Refused, match="反馈"):
        actions.close_clue(row, "已移送", "回执", by=cast.qian, at=LATER)
    actions.record_feedback(row, NOW.date(), "已收到,正在核查", by=cast.qian, at=LATER)
    assert actions.close_clue(row, "已移送并收到反馈", "回执存档", by=cast.qian, at=LATER).stage == "closed"


def test_nothing_of_another_level_is_written(cast: Cast) -> None:
    row = final(cast)
    with pytest.raises(Refused, match="才需要"):
        actions.write_letter(row, "主要领导", by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="才需要"):
        actions.hand_over(row, "纪检", "室", NOW.date(), "1", by=cast.qian, at=LATER)


def test_nothing_is_closed_without_proof(cast: Cast) -> None:
    row = final(cast)
    with pytest.raises(Refused, match="依据"):
        actions.close_clue(row, "已提醒", " ", by=cast.qian, at=LATER)
    with pytest.raises(Refused, match="结果"):
        actions.close_clue(row, " ", "谈话记录", by=cast.qian, at=LATER)
    closed = actions.close_clue(row, "已提醒", by=cast.qian, at=LATER, pictures=[jpeg()])
    assert (closed.stage, Clue.objects.get().reference) == ("closed", "")


def test_what_left_the_house_stays_as_it_was(cast: Cast) -> None:
    row = final(cast, Level.TRANSFER)
    actions.hand_over(row, "纪检", "室", NOW.date(), "1号", by=cast.qian, at=LATER)
    actions.record_feedback(row, NOW.date(), "收到", by=cast.qian, at=LATER)
    for model in (CluePaper, Handover, Feedback):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()  # type: ignore[attr-defined]


def test_a_clue_that_is_set_aside_needs_a_reason(cast: Cast) -> None:
    row = raised(cast)
    with pytest.raises(Refused, match="理由"):
        actions.drop_dossier(row, " ", by=cast.qian, at=LATER)
    assert actions.drop_dossier(row, "核查不属实", by=cast.qian, at=LATER).stage == "dropped"
