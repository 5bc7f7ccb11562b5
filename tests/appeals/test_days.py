"""The days of a case around an appeal, in numbers; and a case that goes to the unit it should have gone to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from appeals import actions
from appeals.enums import Vote
from rectification import actions as cases
from rectification.actions.core import Refused
from rectification.actions.rectifying import Findings
from rectification.enums import ContactResult, Duty, ReportKind, State
from rectification.models import Case, Deadline
from tests.appeals.court import Court
from tests.factories import NOW

ZONE = timezone.get_default_timezone()


def on(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE)


def rectify(case: Case) -> Deadline:
    return case.deadlines.get(duty=Duty.RECTIFY)


@pytest.mark.parametrize(
    ("sent", "filed", "ruled", "before", "after"),
    [
        # Filed the day after dispatch: that day does not count, five are left, counted from the day after the ruling.
        (on(11, 23), on(11, 24), on(11, 26), on(11, 30, 17), on(12, 3, 17)),
        # Two days gone, three left; ruled on a Friday.
        (on(11, 23), on(11, 26), on(11, 27), on(11, 30, 17), on(12, 2, 17)),
        # Filed and rejected within a day: that day is given back.
        (on(11, 23), on(11, 25, 9), on(11, 25, 16), on(11, 30, 17), on(12, 1, 17)),
        # October 1 to 7 are off, Saturday the 10th is worked: due on the 10th.
        (on(9, 28), on(9, 29), on(10, 9), on(10, 10, 17), on(10, 15, 17)),
        # One day gone before the holidays, four left, ruled right after them.
        (on(9, 28), on(9, 30), on(10, 8), on(10, 10, 17), on(10, 13, 17)),
    ],
)
def test_a_rejected_appeal_gives_back_the_days_that_were_left(
    court: Court,
    monday: time_machine.Traveller,
    sent: datetime,
    filed: datetime,
    ruled: datetime,
    before: datetime,
    after: datetime,
) -> None:
    monday.move_to(sent)
    case = court.case(at=sent)
    assert rectify(case).due_at == before
    appeal = court.file("W8", case, at=filed)
    assert rectify(case).due_at == before, "a paused clock does not move"
    court.decide(appeal, Vote.REJECT, at=ruled)
    row = rectify(case)
    assert (row.due_at, row.paused_at, row.started_at) == (after, None, sent)
    assert len(row.pauses) == 1


def test_taking_it_back_gives_back_the_same_days(court: Court) -> None:
    case = court.case(at=on(11, 23))
    appeal = court.file("W8", case, at=on(11, 24))
    actions.withdraw_appeal(appeal, by=court.cast.zheng, at=on(11, 26))
    assert rectify(case).due_at == on(12, 3, 17)


def test_the_right_unit_goes_on_with_the_original_start(court: Court) -> None:
    case = court.case(State.DISPATCHED, at=on(11, 23))
    appeal = court.file("W4", case, at=on(11, 24))
    court.decide(appeal, Vote.UPHOLD, at=on(11, 26))
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.handler, case.suspended_from) == (State.PRECHECKED, None, "")
    assert (rectify(case).started_at, rectify(case).due_at) == (on(11, 23), on(12, 3, 17))
    assert court.cast.other_unit.name in case.events.last().note, "the dispatcher reads where it belongs"
    with pytest.raises(Refused, match="不归该单位"):
        cases.dispatch_case(case, by=court.cast.lin, at=on(11, 26), unit=court.cast.unit)
    case = cases.dispatch_case(case, by=court.cast.lin, at=on(11, 26), unit=court.cast.other_unit)
    row = rectify(case)
    assert (row.started_at, row.due_at, row.unit) == (on(11, 23), on(12, 3, 17), court.cast.other_unit)
    assert case.dispatched_at == on(11, 23)
    assert case.deadlines.running().get(duty=Duty.SIGN).started_at == on(11, 26), "only the receipt is a new duty"
    assert case.rated_unit == court.cast.unit, "what was said stays as it was said"


def test_a_report_in_check_is_not_in_the_next_units_way(court: Court) -> None:
    appeal = court.ruled("W4", Vote.UPHOLD, case=court.case(State.CHECKING))
    kept = appeal.case.reports.get()
    assert (kept.passed, kept.checked_by, appeal.number in kept.check_note) == (False, None, True)
    other = court.cast.other_unit
    case = cases.dispatch_case(Case.objects.get(pk=appeal.case_id), by=court.cast.lin, at=NOW, unit=other)
    case = cases.sign_case(case, by=court.cast.sun, at=NOW)
    case = cases.record_contact(case, by=court.cast.sun, at=NOW, result=ContactResult.REACHED, note="已了解")
    findings = Findings(kind=ReportKind.RECTIFIED, wrong="未告知", changed="已补齐", reply="您反映的问题已经改正。")
    cases.submit_report(case, by=court.cast.sun, at=NOW, findings=findings)
    assert Case.objects.get(pk=case.pk).state == State.CHECKING


def test_in_a_second_round_the_second_rounds_duty_goes_on(court: Court) -> None:
    """Answered, reopened and then contested as the wrong unit's, all within the time for filing."""
    case = court.case(State.REPLIED)
    case = cases.reopen_case(case, at=NOW, reason="还是老样子", within=timedelta(days=30), reworks_max=2)
    row = case.deadlines.get(duty=Duty.REWORK)
    appeal = court.decide(court.file("W4", case), Vote.UPHOLD)
    other = court.cast.other_unit
    case = cases.dispatch_case(Case.objects.get(pk=appeal.case_id), by=court.cast.lin, at=NOW, unit=other)
    running = case.deadlines.running().filter(duty__in=[Duty.RECTIFY, Duty.REWORK])
    assert [(one.pk, one.unit) for one in running] == [(row.pk, other)]


def test_a_void_case_owes_nothing(court: Court) -> None:
    appeal = court.ruled("W5", Vote.UPHOLD)
    assert not appeal.case.deadlines.unmet().exists()
    assert appeal.case.deadlines.get(duty=Duty.APPEAL).met_at == NOW


def test_the_supervisors_are_warned_of_a_ruling_that_is_late(court: Court) -> None:
    court.file("W8", at=NOW)
    cases.warn_due(at=on(12, 1))
    found = court.cast.qian.notices.filter(kind="due.overdue.appeal")
    assert found.count() == 1
