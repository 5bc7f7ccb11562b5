"""A quarter's close: what is refused, what is frozen, what comes out again bit for bit, what is noted afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from assessment import actions
from assessment.enums import Check, EventKind, Found, LineKind, QuarterState, SchemeKind
from assessment.models import Correction, Exemption, Quarter, ScoreEvent, UnitScore
from assessment.queries.bases import gather
from assessment.queries.reads import by_unit
from assessment.queries.rebuild import rebuild
from assessment.queries.recount import recount
from assessment.queries.scores import score_quarter
from assessment.scoring import read_scheme
from assessment.scoring.preset import CITY
from assessment.scoring.record import lines_of
from common.actors import SYSTEM
from common.models import AuditEntry, Notice
from evaluations.actions import exclude_rating
from evaluations.enums import ExclusionReason
from evaluations.models import Evaluation
from organizations.actions import Refused
from tests.assessment.quarters import (
    BEFORE,
    CHECKED,
    FROZEN,
    Q3,
    Close,
    behind_the_triggers,
    late_rating,
    moment,
)
from tests.factories import Cast


@pytest.fixture
def close(cast: Cast) -> Close:
    return Close(cast)


@pytest.fixture
def frozen(close: Close) -> tuple[Close, Quarter]:
    close.adopt_both()
    close.praise()
    close.late_case()
    close.share()
    return close, close.freeze(close.upto_objections())


# --- steps ------------------------------------------------------------------------------------------------------------


def test_a_quarter_is_opened_when_it_is_over_and_a_scheme_was_in_force(close: Close) -> None:
    with pytest.raises(Refused, match="办法"):
        actions.open_quarter(Q3, by=SYSTEM, at=CHECKED)
    close.adopt()
    with pytest.raises(Refused, match="结束"):
        actions.open_quarter(Q3, by=SYSTEM, at=moment(9, 30))
    assert actions.open_quarter(Q3, by=SYSTEM, at=moment(10, 1)) == actions.open_quarter(Q3, by=SYSTEM, at=CHECKED)


def test_steps_come_in_their_order(close: Close) -> None:
    close.adopt()
    quarter = actions.open_quarter(Q3, by=SYSTEM, at=CHECKED)
    for step in (actions.preview_quarter, actions.open_objections, actions.freeze_quarter):
        with pytest.raises(Refused):
            step(quarter, by=SYSTEM, at=FROZEN)
        with pytest.raises(PermissionDenied):
            step(quarter, by=close.cast.he, at=FROZEN)


def test_what_is_bad_needs_a_word(close: Close) -> None:
    close.adopt()
    close.praise(2)  # not counted yet: tallies lag
    quarter = actions.open_quarter(Q3, by=SYSTEM, at=CHECKED)
    quarter = actions.check_quarter(quarter, by=SYSTEM, at=CHECKED)
    assert quarter.checks.get(check_of=Check.TALLIES).found == Found.BAD
    with pytest.raises(Refused, match="需要处理"):
        actions.preview_quarter(quarter, by=SYSTEM, at=CHECKED)
    with pytest.raises(Refused, match="说明"):
        actions.confirm_checks(quarter, "好", by=close.cast.qian, at=CHECKED)
    actions.confirm_checks(quarter, "只有两条尚未统计", by=close.cast.qian, at=CHECKED)
    assert actions.preview_quarter(quarter, by=SYSTEM, at=CHECKED).state == QuarterState.PREVIEWED


def test_what_sources_say_is_compared(close: Close) -> None:
    close.adopt()
    close.praise(3)
    actions.refresh(at=CHECKED)
    quarter = actions.open_quarter(Q3, by=SYSTEM, at=CHECKED)
    for said, found in ((4, Found.BAD), (3, Found.GOOD)):
        actions.declare_total(quarter, "hall", ratings=said, services=None, by=close.cast.qian, at=CHECKED)
        actions.check_quarter(quarter, by=SYSTEM, at=CHECKED)
        check = quarter.checks.get(check_of=Check.RECONCILED)
        assert check.found == found
    assert check.detail == []


def test_a_score_is_told_line_by_line(frozen: tuple[Close, Quarter]) -> None:
    close, _quarter = frozen
    score = close.score()
    lines = lines_of(score.lines)
    case = Evaluation.objects.get(level=1).case_id
    lost = [(line.item, line.points, line.key) for line in lines if line.kind == LineKind.LOSS]
    assert lost == [
        ("timely", Decimal("-0.50"), f"case:{case}/signed_late"),
        ("timely", Decimal("-0.50"), f"case:{case}/contact_late"),
    ]
    assert sum(line.points for line in lines) == score.total
    assert score.rank == score.ranked == 1  # nobody else of its size has ratings
    assert Notice.objects.filter(staff=close.cast.zheng, kind="quarter.objections").count() == 1


def test_an_upheld_objection_changes_the_score_and_only_in_its_time(close: Close) -> None:
    close.adopt_both()
    close.praise()
    close.late_case()
    zheng, qian = close.cast.zheng, close.cast.qian
    quarter = close.upto_objections()
    score = close.score()
    [line, *_more] = [line for line in lines_of(score.lines) if line.kind == LineKind.LOSS]
    with pytest.raises(PermissionDenied):
        actions.object_to_score(score, line, "这一件当天已经签收,请核对记录", by=close.cast.song, at=CHECKED)
    with pytest.raises(Refused, match="至少"):
        actions.object_to_score(score, line, "不对", by=zheng, at=CHECKED)
    made = actions.object_to_score(score, line, "这一件当天已经签收,请核对记录", by=zheng, at=CHECKED)
    with pytest.raises(Refused, match="正在处理"):
        actions.object_to_score(score, line, "这一件当天已经签收,请核对记录", by=zheng, at=CHECKED)
    with pytest.raises(Refused, match="没有答复"):
        close.freeze(quarter)
    actions.answer_objection(made, upheld=True, answer="经核对系统当日中断,不扣分", by=qian, at=CHECKED)
    actions.preview_quarter(quarter, by=qian, at=CHECKED)
    assert close.score().total == score.total + Decimal("0.50")
    frozen = close.freeze(quarter)
    assert frozen.frozen
    assert close.score().total == score.total + Decimal("0.50")
    with pytest.raises(Refused, match="异议期"):
        actions.object_to_score(close.score(), line, "这一件当天已经签收,请核对记录", by=zheng, at=FROZEN)


def test_nothing_that_was_just_decided_slips_behind_the_cut(close: Close) -> None:
    close.adopt_both()
    quarter = close.upto_objections()
    actions.exempt(SchemeKind.CITY, "unit:370600-JYJ", "试点", by=close.cast.qian, at=FROZEN, first=Q3)
    with pytest.raises(Refused, match="10分钟"):
        close.freeze(quarter, at=FROZEN + timedelta(minutes=5))
    assert close.freeze(quarter, at=FROZEN + timedelta(minutes=11)).frozen


def test_a_freeze_waits_for_the_end_of_objections_and_a_check_after_it(close: Close) -> None:
    close.adopt()
    quarter = close.upto_objections()
    with pytest.raises(Refused, match="还没有结束"):
        actions.freeze_quarter(quarter, by=SYSTEM, at=CHECKED + timedelta(days=3))
    with pytest.raises(Refused, match="再核对"):
        actions.freeze_quarter(quarter, by=SYSTEM, at=FROZEN)


# --- what was frozen --------------------------------------------------------------------------------------------------


def test_a_frozen_quarter_comes_out_again_bit_for_bit(frozen: tuple[Close, Quarter]) -> None:
    _close, quarter = frozen
    found = rebuild(quarter)
    assert found.same(quarter)
    assert found.scores == UnitScore.objects.filter(quarter=quarter).count() > 40
    out = StringIO()
    call_command("rebuild_quarter", "2026Q3", "--check", stdout=out)
    assert "bit for bit" in out.getvalue()


def test_freezing_twice_is_freezing_once(frozen: tuple[Close, Quarter]) -> None:
    close, quarter = frozen
    again = actions.freeze_quarter(quarter, by=close.cast.qian, at=FROZEN + timedelta(days=1))
    assert (again.frozen_at, again.fingerprint) == (quarter.frozen_at, quarter.fingerprint)
    assert AuditEntry.objects.filter(action="quarter.freeze").count() == 1


def _touch_score(quarter: Quarter) -> Any:
    return UnitScore.objects.filter(quarter=quarter).update(total=99)


def _add_score(quarter: Quarter) -> Any:
    row = UnitScore.objects.filter(quarter=quarter).first()
    assert row is not None
    row.pk, row.subject = None, "unit:X"
    row.save(force_insert=True)


@pytest.mark.parametrize(
    "touch",
    [
        _touch_score,
        _add_score,
        lambda quarter: UnitScore.objects.filter(quarter=quarter).delete(),
        lambda quarter: quarter.checks.all().delete(),
        lambda quarter: Quarter.objects.filter(pk=quarter.pk).update(state="open"),
        lambda quarter: Quarter.objects.filter(pk=quarter.pk).update(frozen_at=None),
        lambda quarter: connection.cursor().execute("TRUNCATE assessment_unitscore CASCADE"),
    ],
)
def test_the_database_keeps_what_was_frozen(frozen: tuple[Close, Quarter], touch: Callable[[Quarter], Any]) -> None:
    _close, quarter = frozen
    with pytest.raises(DatabaseError), transaction.atomic():
        touch(quarter)


def late(close: Close) -> None:
    late_rating(close.cast, received=moment(11, 2))


def exclude(close: Close) -> None:
    rating = Evaluation.objects.filter(level=5).first()
    exclude_rating(rating, reason=ExclusionReason.TEST, by=close.cast.qian, at=moment(11, 1), note="测试")


def withdraw(close: Close) -> None:
    actions.withdraw_score_event(ScoreEvent.objects.get(), "销号率有误", by=close.cast.qian, at=moment(11, 1))


@pytest.mark.parametrize("later", [late, exclude, withdraw])
def test_what_comes_later_changes_nothing_and_is_noted_once(
    frozen: tuple[Close, Quarter], later: Callable[[Close], None]
) -> None:
    close, quarter = frozen
    later(close)
    actions.refresh(at=moment(11, 3))
    assert rebuild(quarter).same(quarter)
    assert actions.correct_quarters(at=moment(11, 3)) == 1
    assert actions.correct_quarters(at=moment(11, 4)) == 0
    [noted] = Correction.objects.all()
    assert (noted.subject, noted.before) == (f"unit:{close.cast.unit.code}", close.score().total)
    assert noted.differences
    with pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.all().delete()


def test_whoever_changes_a_row_behind_its_triggers_is_found(frozen: tuple[Close, Quarter]) -> None:
    close, _quarter = frozen
    rating = Evaluation.objects.filter(level=5).first()
    assert rating is not None
    behind_the_triggers("UPDATE evaluations_evaluation SET origin = 'check' WHERE id = %s", [str(rating.pk)])
    out = StringIO()
    with pytest.raises(CommandError, match="1 scores differ"):
        call_command("rebuild_quarter", "2026Q3", "--check", stdout=out)
    assert "facts.measures.active" in out.getvalue()
    assert f"unit:{close.cast.unit.code}" in out.getvalue()


@pytest.mark.parametrize("name", ["2026Q4", "2026", "Q3", "2026Q5"])
def test_what_is_not_frozen_cannot_be_made_again(db: None, name: str) -> None:
    with pytest.raises(CommandError):
        call_command("rebuild_quarter", name)


def test_tallies_and_raw_rows_say_the_same_of_now(frozen: tuple[Close, Quarter]) -> None:
    assert recount(Q3, at=FROZEN) == by_unit(Q3)


def test_scores_ask_as_many_questions_for_one_unit_as_for_all(
    frozen: tuple[Close, Quarter], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(26):
        gathered = gather(Q3, at=FROZEN)
        for kind in SchemeKind:
            assert score_quarter(Q3, kind, CITY, at=FROZEN, gathered=gathered)


# --- the schedule -----------------------------------------------------------------------------------------------------


def test_the_schedule_takes_a_quarter_as_far_as_it_can_go(close: Close) -> None:
    close.adopt_both()
    close.praise()
    actions.refresh(at=CHECKED)
    assert actions.close_quarters(at=moment(10, 10)) == 0  # ten days are not over
    assert actions.close_quarters(at=CHECKED) == 3
    quarter = Quarter.objects.get()
    assert quarter.state == QuarterState.OBJECTING
    assert actions.close_quarters(at=CHECKED + timedelta(days=2)) == 0
    assert actions.close_quarters(at=FROZEN) == 2  # checked again, frozen
    assert actions.close_quarters(at=FROZEN + timedelta(hours=1)) == 0
    quarter.refresh_from_db()
    assert rebuild(quarter).same(quarter)


def test_the_schedule_waits_for_people_where_data_are_bad(close: Close) -> None:
    close.adopt()
    close.praise(2)
    assert actions.close_quarters(at=CHECKED) == 1
    assert actions.close_quarters(at=CHECKED + timedelta(minutes=10)) == 0
    actions.refresh(at=CHECKED)
    assert actions.close_quarters(at=CHECKED + timedelta(hours=2)) == 3


def test_a_scheme_that_begins_later_leaves_a_quarter_alone(close: Close) -> None:
    close.adopt(valid_from=Q3.after)
    assert actions.close_quarters(at=FROZEN) == 0
    assert not Quarter.objects.exists()


def test_an_exemption_says_itself_when_it_ends(close: Close) -> None:
    row = actions.exempt(SchemeKind.CITY, "unit:370600-JYJ", "试点", by=close.cast.qian, at=BEFORE, first=Q3)
    assert actions.lift_exemption(row, by=close.cast.qian, at=CHECKED)
    assert not actions.lift_exemption(row, by=close.cast.qian, at=CHECKED)
    assert not Exemption.objects.known(Q3.begins, FROZEN).exists()
    assert read_scheme(close.adopt().content) == CITY
    assert EventKind.CAMPAIGN in CITY.by_code
