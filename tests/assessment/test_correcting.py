"""更正 and 归类规则: by whom, with what refused; one answer everywhere; nothing reaches back behind a freeze."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from assessment import actions
from assessment.classing import Rule, read_rules
from assessment.enums import ClassSource, SchemeState
from assessment.models import ClassCorrection, ClassRules
from assessment.periods import period_of
from assessment.queries import class_names, classes_of, loop_of, suggestion_for
from assessment.queries.rebuild import rebuild
from assessment.seed import load_class_rules
from common.actors import SYSTEM
from common.models import AuditEntry
from organizations.actions import Refused
from organizations.enums import Role
from organizations.models import Staff
from rectification.enums import State
from rectification.models import Case
from tests.assessment.quarters import AUGUST, FROZEN, Close, behind_the_triggers
from tests.factories import NOW, Cast, staff

DAY, PHONE, FEES = timedelta(days=1), "咨询与电话", "收费与支付"
RULES = (Rule("排号", "新的类别", 90, words=("排号",)),)


@pytest.fixture
def case(cast: Cast, monday: object) -> Case:
    return cast.upto(cast.rate(1, text="窗口排号半天"), State.DISPATCHED)


@pytest.fixture
def fang(cast: Cast) -> Staff:
    return staff("fang", "方督导", (Role.CITY_SUPERVISOR, cast.body))


def name_at(case: Case, at: datetime) -> str:
    return classes_of([case.pk], at=at)[case.pk].name


def test_a_correction_holds_from_its_moment_on(cast: Cast, case: Case) -> None:
    was = name_at(case, NOW)
    made = actions.correct_class(case, PHONE, " 文字说的是电话 ", by=cast.qian, at=NOW + DAY)
    actions.correct_class(case, FEES, "再看一遍是收费", by=cast.qian, at=NOW + 2 * DAY)
    actions.correct_class(case, "", "按规则即可", by=cast.qian, at=NOW + 3 * DAY)
    assert [name_at(case, NOW + day * DAY) for day in range(4)] == [was, PHONE, FEES, was]
    assert (made.before, made.reason, made.actor_name) == (was, "文字说的是电话", "钱督导")
    assert classes_of([case.pk], at=NOW + DAY)[case.pk].source == ClassSource.CORRECTED
    entry = AuditEntry.objects.filter(action="class.correct").latest("id")
    assert (entry.before, entry.after, entry.object_id) == ({"class": FEES}, {"class": ""}, case.number)


def test_only_whoever_oversees_the_unit_corrects(cast: Cast, case: Case) -> None:
    for person in (cast.zheng, cast.wu, cast.lin, cast.zhao, cast.he, cast.zhou, cast.xu, cast.song):
        with pytest.raises(PermissionDenied):
            actions.correct_class(case, PHONE, "理由", by=person, at=NOW)
    assert not ClassCorrection.objects.exists()
    assert not AuditEntry.objects.filter(action="class.correct").exists()


def test_nobody_corrects_for_the_own_body(cast: Cast, monday: object) -> None:
    case = cast.rate(1)
    Case.objects.filter(pk=case.pk).update(unit=cast.body)
    case.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.correct_class(case, PHONE, "理由", by=cast.qian, at=NOW)


@pytest.mark.parametrize(("name", "reason"), [(PHONE, "  "), ("没有的类别", "理由"), ("", "理由"), ("类" * 31, "理由")])
def test_a_correction_is_refused(cast: Cast, case: Case, name: str, reason: str) -> None:
    with pytest.raises(Refused):
        actions.correct_class(case, name, reason, by=cast.qian, at=NOW)
    assert not ClassCorrection.objects.exists()


def test_the_same_twice_is_no_correction(cast: Cast, case: Case) -> None:
    actions.correct_class(case, PHONE, "理由", by=cast.qian, at=NOW)
    with pytest.raises(Refused):
        actions.correct_class(case, PHONE, "理由", by=cast.qian, at=NOW)


def test_the_database_keeps_corrections(cast: Cast, case: Case) -> None:
    actions.correct_class(case, PHONE, "理由", by=cast.qian, at=NOW)
    for act in (lambda rows: rows.update(name=FEES), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(ClassCorrection.objects.all())


def test_the_metric_reads_the_same_class(cast: Cast, monday: object) -> None:
    """Two cases of one class are a repeat; once somebody has said that one is of another, they are none."""
    first, second = cast.rate(1, at=NOW - 2 * DAY), cast.rate(1, at=NOW - DAY)
    quarter = period_of(NOW.date(), "quarter")

    def repeated() -> tuple[int, ...]:
        return loop_of(quarter)[cast.unit.pk].repeated

    assert repeated() == (second.pk,)
    actions.correct_class(second, PHONE, "说的是电话", by=cast.qian, at=NOW)
    assert repeated() == ()
    assert loop_of(quarter, at=NOW - timedelta(minutes=1))[cast.unit.pk].repeated == (second.pk,)
    actions.correct_class(first, PHONE, "也是电话", by=cast.qian, at=NOW)
    assert repeated() == (second.pk,)


def draft(cast: Cast, *rules: Rule, valid_from: date = date(2026, 10, 1)) -> ClassRules:
    made = actions.draft_class_rules(by=cast.qian, at=NOW, valid_from=valid_from)
    before = read_rules(made.content)
    actions.change_class_rules(made, (*before, *(rules or RULES)), by=cast.qian, at=NOW, valid_from=valid_from)
    made.refresh_from_db()
    return made


def test_a_version_takes_two_people_and_a_trial(cast: Cast, case: Case, fang: Staff) -> None:
    before = name_at(case, NOW)
    made = draft(cast)
    with pytest.raises(Refused, match="试算"):
        actions.propose_class_rules(made, by=cast.qian, at=NOW)
    actions.try_class_rules(made, by=cast.qian, at=NOW)
    made.refresh_from_db()
    [_last, running] = made.trial
    assert (running["period"], running["total"], running["moved"]) == ("2026-Q4", 1, 1)
    assert running["moves"] == [{"before": before, "after": "新的类别", "cases": [case.number]}]
    assert name_at(case, NOW) == before, "a trial changes nothing"
    actions.propose_class_rules(made, by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="另一位"):
        actions.adopt_class_rules(made, by=cast.qian, at=NOW + DAY)
    actions.adopt_class_rules(made, by=fang, at=NOW + DAY)
    assert name_at(case, NOW + DAY) == "新的类别"
    assert name_at(case, NOW) == before
    assert "新的类别" in class_names(NOW + DAY)
    assert "新的类别" not in class_names(NOW)


def test_earlier_cases_keep_their_class(cast: Cast, case: Case, fang: Staff) -> None:
    made = draft(cast, valid_from=date(2026, 11, 24))
    actions.try_class_rules(made, by=cast.qian, at=NOW)
    made.refresh_from_db()
    assert [one["moved"] for one in made.trial] == [0, 0]
    actions.propose_class_rules(made, by=cast.qian, at=NOW)
    actions.adopt_class_rules(made, by=fang, at=NOW)
    later = cast.rate(1, text="又排号", at=NOW + DAY)
    assert (name_at(case, NOW + DAY), name_at(later, NOW + DAY)) == (name_at(case, NOW), "新的类别")


def test_what_a_person_said_stays_in_a_trial(cast: Cast, case: Case) -> None:
    actions.correct_class(case, PHONE, "理由", by=cast.qian, at=NOW)
    made = actions.try_class_rules(draft(cast), by=cast.qian, at=NOW)
    assert [one["moved"] for one in made.trial] == [0, 0]


def test_a_change_takes_the_trial_away(cast: Cast, case: Case) -> None:
    made = actions.try_class_rules(draft(cast), by=cast.qian, at=NOW)
    assert actions.change_class_rules(
        made, read_rules(made.content), by=cast.qian, at=NOW, valid_from=made.valid_from, note="说明"
    )
    made.refresh_from_db()
    assert made.tried_at, "a note changes no rule"
    assert not actions.change_class_rules(
        made, read_rules(made.content), by=cast.qian, at=NOW, valid_from=made.valid_from, note="说明"
    )
    actions.change_class_rules(made, RULES, by=cast.qian, at=NOW, valid_from=made.valid_from)
    made.refresh_from_db()
    assert (made.tried_at, made.trial) == (None, [])


def test_what_a_version_refuses(cast: Cast, case: Case, fang: Staff) -> None:
    made = draft(cast, Rule("空", "类", 5))
    with pytest.raises(Refused, match="未审定"):
        actions.draft_class_rules(by=fang, at=NOW, valid_from=date(2027, 1, 1))
    for act in (actions.try_class_rules, actions.propose_class_rules):
        with pytest.raises(Refused, match="至少写一样"):
            act(made, by=cast.qian, at=NOW)
    for act in (actions.adopt_class_rules, actions.send_back_class_rules):
        with pytest.raises(Refused, match="刷新"):
            act(made, by=fang, at=NOW)
    actions.discard_class_rules(made, by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="刷新"):
        actions.discard_class_rules(made, by=cast.qian, at=NOW)
    assert AuditEntry.objects.filter(action="class_rules.discard").get().before["content"]["rules"]


def test_only_city_supervisors_keep_rules(cast: Cast) -> None:
    for person in (cast.he, cast.lin, cast.zheng, cast.zhou, cast.xu):
        with pytest.raises(PermissionDenied):
            actions.draft_class_rules(by=person, at=NOW, valid_from=date(2027, 1, 1))
    made = draft(cast)
    for act in (actions.try_class_rules, actions.propose_class_rules, actions.discard_class_rules):
        with pytest.raises(PermissionDenied):
            act(made, by=cast.he, at=NOW)
    assert made.state == SchemeState.DRAFT


def test_sent_back_it_is_a_draft_again(cast: Cast, case: Case, fang: Staff) -> None:
    made = actions.try_class_rules(draft(cast), by=cast.qian, at=NOW)
    actions.propose_class_rules(made, by=cast.qian, at=NOW)
    with pytest.raises(Refused):
        actions.change_class_rules(made, RULES, by=cast.qian, at=NOW, valid_from=made.valid_from)
    back = actions.send_back_class_rules(made, by=fang, at=NOW)
    assert (back.state, back.proposed_by) == (SchemeState.DRAFT, None)


def test_the_database_keeps_what_was_adopted(cast: Cast) -> None:
    first = ClassRules.objects.get(version=1)
    for changes in ({"content": {"rules": []}}, {"valid_from": date(2027, 1, 1)}, {"state": "draft"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ClassRules.objects.filter(pk=first.pk).update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        ClassRules.objects.filter(pk=first.pk).delete()


def test_a_frozen_quarter_stays_what_it_was(cast: Cast, monday: object) -> None:
    close = Close(cast)
    close.adopt_both()
    close.praise()
    cases = [close.late_case(at=AUGUST + n * DAY) for n in range(3)]
    quarter = close.freeze(close.upto_objections())
    score = close.score()
    assert {"repeat"} <= set(score.facts["measures"]), "the quarter's scores rest on repeats"
    actions.correct_class(cases[1], PHONE, "说的是电话", by=cast.qian, at=FROZEN + DAY)
    made = draft(cast, Rule("全部", "全部", 100, tags=("108", "109", "110")), valid_from=date(2026, 1, 1))
    actions.try_class_rules(made, by=cast.qian, at=FROZEN + DAY)
    actions.propose_class_rules(made, by=cast.qian, at=FROZEN + DAY)
    actions.adopt_class_rules(made, by=close.fang, at=FROZEN + DAY)
    assert name_at(cases[1], FROZEN + DAY) != name_at(cases[1], FROZEN)
    assert rebuild(quarter).same(quarter)


@pytest.mark.parametrize("frozen", [False, True])
def test_the_first_rules_of_a_running_portal_reach_back_behind_no_freeze(
    cast: Cast, monday: object, frozen: bool
) -> None:
    close = Close(cast)
    if frozen:
        close.adopt_both()
        close.praise()
        close.freeze(close.upto_objections())
    case = cast.rate(1, at=AUGUST, text="窗口不收现金")
    behind_the_triggers("DELETE FROM assessment_classrules WHERE version = %s", [1])
    assert name_at(case, NOW) == "违规增设条件"
    load_class_rules(at=NOW)
    load_class_rules(at=NOW + DAY)
    assert name_at(case, NOW) == FEES
    assert (name_at(case, NOW - DAY) == FEES) is not frozen


def test_suggestions_wait_for_corrections(cast: Cast, monday: object, settings: object) -> None:
    texts = ["电话忙音没人接", "打电话一直忙音", "材料清单不全", "又补材料清单"]
    cases = [cast.rate(1, text=text) for text in texts]
    asked = cast.rate(1, text="电话总是忙音,找王小明也没用")
    settings.CLASS_SUGGEST_CORRECTIONS = 4  # type: ignore[attr-defined]
    for case, name in zip(cases, (PHONE, PHONE, "办事指南与材料", "办事指南与材料"), strict=True):
        assert suggestion_for(asked, at=NOW) is None
        actions.correct_class(case, name, "理由", by=SYSTEM, at=NOW)
    found = suggestion_for(asked, at=NOW)
    assert found is not None
    assert found.name == PHONE
    assert "王小" not in "".join(found.words)
    assert suggestion_for(asked, at=NOW - DAY) is None
    assert name_at(asked, NOW) != PHONE or classes_of([asked.pk], at=NOW)[asked.pk].source != ClassSource.CORRECTED
