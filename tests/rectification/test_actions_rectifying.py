"""联系、复杂件、延期、协办、联动、整改、质检、答复: lawful steps, and what each is turned down for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from common.models import OutboxMessage
from rectification import actions
from rectification.actions.rectifying import QUALITY_CHECKS, Findings
from rectification.enums import ContactResult, Duty, JointWork, ReportKind, State
from rectification.models import Case, Report
from rectification.workflow import NotAllowed
from tests.factories import NOW, Cast

FINDINGS = Findings(ReportKind.RECTIFIED, "缺样本", "您好,已改正。", changed="补样本", prevention="每周核对")


def unmet(case: Case, duty: Duty) -> bool:
    return case.deadlines.unmet().filter(duty=duty).exists()


@pytest.mark.parametrize(
    ("result", "state", "met"),
    [
        (ContactResult.REACHED, State.RECTIFYING, True),
        (ContactResult.REFUSED, State.RECTIFYING, True),
        (ContactResult.NO_ANSWER, State.SIGNED, False),
        (ContactResult.WRONG_NUMBER, State.SIGNED, False),
    ],
)
def test_speaking_meets_the_duty_and_ringing_does_not(
    cast: Cast, result: ContactResult, state: State, met: bool
) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    case = actions.record_contact(case, by=cast.wu, at=NOW, result=result, note="要点")
    assert case.state == state
    assert unmet(case, Duty.CONTACT) is not met
    assert (case.contacted_at == NOW) is met


def test_who_left_no_number_cannot_be_contacted(cast: Cast) -> None:
    case = cast.upto(cast.rate(1, phone=""), State.RECTIFYING)
    with pytest.raises(actions.Refused):
        actions.record_contact(case, by=cast.wu, at=NOW, result=ContactResult.REACHED)


def test_going_on_without_contact_needs_enough_tries_and_a_contact_still_owed(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    for tries in range(3):
        with pytest.raises(actions.Refused):
            actions.start_without_contact(case, by=cast.wu, at=NOW, note="打不通", attempts_min=3)
        at = NOW + timedelta(hours=tries)
        actions.record_contact(case, by=cast.wu, at=at, result=ContactResult.NO_ANSWER)
    case = actions.start_without_contact(case, by=cast.wu, at=NOW, note="三次未接", attempts_min=3)
    assert case.state == State.RECTIFYING
    assert case.contacted_at is None
    assert not unmet(case, Duty.CONTACT)
    with pytest.raises(actions.Refused):
        actions.start_without_contact(case, by=cast.wu, at=NOW, note="再来", attempts_min=3)


def test_a_complex_case_counts_anew_from_its_original_start(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.request_complex(case, by=cast.wu, at=NOW, reason="涉及三个部门")
    with pytest.raises(actions.Refused):
        actions.request_complex(case, by=cast.zheng, at=NOW, reason="再次申请")
    with pytest.raises(NotAllowed):
        actions.decide_complex(case, by=cast.zheng, at=NOW, approved=True)
    actions.decide_complex(case, by=cast.qian, at=NOW + timedelta(days=2), approved=True)
    row = case.deadlines.get(duty=Duty.RECTIFY)
    assert (row.started_at, row.amount, row.due_at.date()) == (NOW, 15, date(2026, 12, 14))
    with pytest.raises(actions.Refused):
        actions.request_complex(case, by=cast.wu, at=NOW, reason="又一次")


def test_a_denied_request_changes_nothing_and_may_be_made_again(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    due = case.deadlines.get(duty=Duty.RECTIFY).due_at
    actions.request_complex(case, by=cast.wu, at=NOW, reason="难")
    actions.decide_complex(case, by=cast.lin, at=NOW, approved=False, note="理由不足")
    assert case.deadlines.get(duty=Duty.RECTIFY).due_at == due
    actions.request_complex(case, by=cast.wu, at=NOW, reason="补充了理由")


@pytest.mark.parametrize(
    ("until", "good"),
    [
        (date(2026, 11, 30), False),
        (date(2026, 12, 1), True),
        (date(2026, 12, 14), True),
        (date(2026, 12, 15), False),
    ],
)
def test_an_extension_lies_after_the_due_day_and_within_the_rule(cast: Cast, until: date, good: bool) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    ask = {"by": cast.wu, "at": NOW, "reason": "等批复", "until": until, "limit": 1}
    if not good:
        with pytest.raises(actions.Refused):
            actions.request_extension(case, **ask)
        return
    actions.request_extension(case, **ask)
    actions.decide_extension(case, by=cast.qian, at=NOW, approved=True)
    row = case.deadlines.get(duty=Duty.RECTIFY)
    assert row.due_at.astimezone(NOW.tzinfo).date() == row.extended_to == until
    with pytest.raises(actions.Refused):
        actions.request_extension(case, **{**ask, "until": until + timedelta(days=1)})


def test_neither_asked_nor_approved_once_it_is_overdue(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    late = case.deadlines.get(duty=Duty.RECTIFY).due_at
    until = date(2026, 12, 4)
    with pytest.raises(actions.Refused):
        actions.request_extension(case, by=cast.wu, at=late, reason="x", until=until, limit=1)
    actions.request_extension(case, by=cast.wu, at=NOW, reason="x", until=until, limit=1)
    with pytest.raises(actions.Refused):
        actions.decide_extension(case, by=cast.qian, at=late, approved=True)
    assert case.requests.get().approved is None
    actions.decide_extension(case, by=cast.qian, at=late, approved=False, note="已逾期")


def test_a_co_handler_has_a_duty_of_its_own_and_holds_up_the_report(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    for unit in (cast.unit, cast.other_unit, cast.other_unit):
        refused = unit == cast.unit or case.co_handlings.exists()
        if refused:
            with pytest.raises(actions.Refused):
                actions.add_co_handler(case, by=cast.wu, at=NOW, unit=unit, task="说明政策")
        else:
            actions.add_co_handler(case, by=cast.wu, at=NOW, unit=unit, task="说明政策")
    assert case.deadlines.unmet().get(duty=Duty.CO_HANDLE).unit == cast.other_unit
    assert Case.objects.visible_to(cast.song).filter(pk=case.pk).exists()
    with pytest.raises(actions.Refused, match="尚未反馈"):
        actions.submit_report(case, by=cast.wu, at=NOW, findings=FINDINGS)
    with pytest.raises(NotAllowed):
        actions.answer_co_handling(case, by=cast.wu, at=NOW, answer="代答")
    actions.answer_co_handling(case, by=cast.song, at=NOW, answer="可以一并受理")
    with pytest.raises(actions.Refused):
        actions.answer_co_handling(case, by=cast.song, at=NOW, answer="再答")
    assert not unmet(case, Duty.CO_HANDLE)
    assert actions.submit_report(case, by=cast.wu, at=NOW, findings=FINDINGS).state == State.CHECKING


def test_joint_work_is_not_recorded_before_it_happened(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    facts = {"kind": JointWork.VISIT, "place": "社区", "participants": "两局", "result": "已解决"}
    with pytest.raises(actions.Refused):
        actions.record_joint_work(case, by=cast.wu, at=NOW, held_on=NOW.date() + timedelta(days=1), **facts)
    actions.record_joint_work(case, by=cast.wu, at=NOW, held_on=NOW.date(), **facts)
    assert case.joint_records.get().place == "社区"


@pytest.mark.parametrize(
    "findings",
    [
        Findings(ReportKind.RECTIFIED, "缺样本", "您好。", changed=" "),
        Findings(ReportKind.EXPLAINED, "缺样本", "您好。", changed="补样本"),
    ],
)
def test_each_kind_of_report_says_what_it_must(cast: Cast, findings: Findings) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    with pytest.raises(actions.Refused):
        actions.submit_report(case, by=cast.wu, at=NOW, findings=findings)
    assert not case.reports.exists()


def test_a_report_goes_back_and_forth_on_the_same_clock(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.CHECKING)
    due = case.deadlines.unmet().get(duty=Duty.RECTIFY).due_at
    case = actions.return_report(case, by=cast.zheng, at=NOW, note="缺照片")
    assert case.state == State.RECTIFYING
    cast.report(case)
    assert case.deadlines.unmet().get(duty=Duty.RECTIFY).due_at == due
    assert list(case.reports.values_list("passed", flat=True)) == [False, None]


def test_the_author_does_not_check_the_own_report(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    actions.submit_report(case, by=cast.zheng, at=NOW, findings=FINDINGS)
    with pytest.raises(actions.Refused):
        actions.send_reply(case, by=cast.zheng, at=NOW, ticks=QUALITY_CHECKS)
    with pytest.raises(NotAllowed):
        actions.send_reply(case, by=cast.wu, at=NOW, ticks=QUALITY_CHECKS)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(case=case).update(checked_by=cast.zheng)


@pytest.mark.parametrize("missing", QUALITY_CHECKS)
def test_a_missing_tick_holds_the_reply_back(cast: Cast, missing: str) -> None:
    case = cast.upto(cast.rate(1), State.CHECKING)
    with pytest.raises(actions.Refused):
        actions.send_reply(case, by=cast.zheng, at=NOW, ticks=set(QUALITY_CHECKS) - {missing})


def test_the_reply_meets_the_duty_and_begins_the_callback(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    assert case.replied_at == NOW
    assert not unmet(case, Duty.RECTIFY)
    assert unmet(case, Duty.CALLBACK)
    assert not OutboxMessage.objects.filter(body__contains="13800000001").exists()
