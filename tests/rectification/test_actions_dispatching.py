"""预审、转办、签收、退回、指定、移交: what moves, what stays, and what is turned down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common.models import AuditEntry, Notice
from rectification import actions
from rectification.enums import Action, Duty, Judgement, State
from rectification.models import Case
from rectification.workflow import NotAllowed
from tests.factories import NOW, Cast

LATER = NOW + timedelta(days=1)


def running(case: Case) -> set[str]:
    return set(case.deadlines.unmet().values_list("duty", flat=True))


def test_a_precheck_keeps_three_judgements_apart_and_stops_nothing(cast: Cast) -> None:
    case = cast.rate(1)
    actions.precheck_case(
        case, by=cast.lin, at=NOW, true=Judgement.NO, reasonable=Judgement.UNCLEAR, malicious=Judgement.YES
    )
    case.refresh_from_db()
    assert (case.judged_true, case.judged_reasonable, case.judged_malicious) == ("no", "unclear", "yes")
    assert case.state == State.PRECHECKED


def test_each_act_is_one_event_one_audit_row_and_one_version(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    assert case.version == case.events.count() - 1 == 3
    told = AuditEntry.objects.filter(object_type="case", object_id=case.number)
    assert told.filter(action__startswith="case.").count() == case.events.count()


def test_dispatch_begins_the_duties_of_the_unit_and_tells_it(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    assert running(case) == {Duty.SIGN, Duty.CONTACT, Duty.RECTIFY}
    assert case.dwells.get().unit == cast.unit
    assert Notice.objects.filter(staff=cast.wu, text__contains=case.number).exists()
    assert not Notice.objects.filter(staff=cast.rated, text__contains=case.number).exists()


def test_nobody_dispatches_to_a_closed_unit(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.PRECHECKED)
    cast.other_unit.closed_on = NOW.date()
    with pytest.raises(actions.Refused):
        actions.dispatch_case(case, by=cast.lin, at=NOW, unit=cast.other_unit)
    case.refresh_from_db()
    assert case.state == State.PRECHECKED


def test_who_signs_becomes_the_handler_unless_a_supervisor_signs(cast: Cast) -> None:
    by_window, by_supervisor = (cast.upto(cast.rate(1), State.DISPATCHED) for _ in range(2))
    assert actions.sign_case(by_window, by=cast.wu, at=NOW).handler == cast.wu
    assert actions.sign_case(by_supervisor, by=cast.zheng, at=NOW).handler is None


@pytest.mark.parametrize("name", ["rated", "sun", "lin", "qian", "zhou", "xu"])
def test_others_cannot_sign(cast: Cast, name: str) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    with pytest.raises(NotAllowed) as caught:
        actions.sign_case(case, by=cast.everybody[name], at=NOW)
    assert caught.value.reason == "party"


def test_a_refusal_keeps_the_original_start_and_records_each_units_time(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    due = case.deadlines.get(duty=Duty.RECTIFY).due_at
    actions.refuse_case(case, by=cast.wu, at=NOW, reason="属医保局职责", limit=1)
    actions.accept_refusal(case, by=cast.qian, at=LATER, note="同意")
    with pytest.raises(actions.Refused):
        actions.dispatch_case(case, by=cast.lin, at=LATER, unit=cast.unit)
    actions.dispatch_case(case, by=cast.lin, at=LATER, unit=cast.other_unit)
    case.refresh_from_db()
    rectify = case.deadlines.get(duty=Duty.RECTIFY)
    assert (rectify.due_at, rectify.unit, rectify.started_at) == (due, cast.other_unit, NOW)
    assert case.deadlines.unmet().get(duty=Duty.SIGN).started_at == LATER
    assert [(dwell.unit, dwell.began_at, dwell.ended_at) for dwell in case.dwells.all()] == [
        (cast.unit, NOW, LATER),
        (cast.other_unit, LATER, None),
    ]


def test_a_denied_refusal_leaves_the_clocks_running(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    before = list(case.deadlines.values_list("pk", "due_at"))
    actions.refuse_case(case, by=cast.wu, at=NOW, reason="不属本单位", limit=1)
    actions.deny_refusal(case, by=cast.qian, at=LATER, note="属于你单位")
    assert list(case.deadlines.values_list("pk", "due_at")) == before
    with pytest.raises(actions.Refused):
        actions.refuse_case(case, by=cast.wu, at=LATER, reason="还是不属", limit=1)
    case.refresh_from_db()
    assert (case.state, case.refusals) == (State.DISPATCHED, 1)


def test_no_refusal_at_all_where_the_setting_says_so(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    with pytest.raises(actions.Refused):
        actions.refuse_case(case, by=cast.wu, at=NOW, reason="x", limit=0)


def test_a_handler_is_on_duty_in_the_unit_and_not_the_rated_person(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    for person in (cast.rated, cast.sun, cast.zheng):
        with pytest.raises(actions.Refused):
            actions.assign_handler(case, by=cast.zheng, at=NOW, handler=person)
    assert actions.assign_handler(case, by=cast.zheng, at=NOW, handler=cast.wei).handler == cast.wei
    assert not Case.objects.visible_to(cast.wu).filter(pk=case.pk).exists()


def test_a_leavers_cases_are_handed_over_in_one_act_or_not_at_all(cast: Cast) -> None:
    cases = [cast.upto(cast.rate(1), State.RECTIFYING) for _ in range(2)]
    with pytest.raises(actions.Refused):
        actions.hand_over_cases(cast.wu, cast.sun, by=cast.zheng, at=NOW)
    assert set(Case.objects.filter(handler=cast.wu)) == set(cases)
    assert len(actions.hand_over_cases(cast.wu, cast.wei, by=cast.zheng, at=NOW)) == 2
    assert not Case.objects.filter(handler=cast.wu).exists()
    assert {case.events.last().action for case in cases} == {Action.HAND_OVER}


def test_a_stale_version_writes_nothing(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    events = case.events.count()
    with pytest.raises(actions.Conflict) as caught:
        actions.sign_case(case, by=cast.wu, at=NOW, seen=case.version - 1)
    assert caught.value.case.version == case.version
    assert case.events.count() == events
