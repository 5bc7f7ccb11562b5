"""有人要求改评价: a ledger with outcomes, for city supervisors and never for the unit; and what is noted by itself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from common.models import AuditEntry, Notice
from organizations.enums import Role
from rectification import actions
from rectification.actions.core import Refused
from rectification.enums import ContactResult, PressureKind, PressureOutcome, State
from rectification.models import Case, PressureReport
from rectification.queries import pressure_figures
from tests.factories import NOW, Cast, staff

FOUND = PressureOutcome.FOUND


def settle(report: PressureReport, cast: Cast, outcome: PressureOutcome = FOUND) -> PressureReport:
    return actions.settle_pressure_report(report, by=cast.qian, at=NOW, outcome=outcome, finding="已约谈当事人")


@pytest.mark.parametrize("outcome", list(PressureOutcome))
def test_every_report_has_an_outcome(cast: Cast, outcome: PressureOutcome) -> None:
    report = actions.report_pressure(cast.rate(1), at=NOW, text="窗口打电话让我改评价")
    settled = settle(report, cast, outcome)
    assert (settled.outcome, settled.settled_by, settled.settled_at) == (outcome, cast.qian, NOW)
    entry = AuditEntry.objects.get(action="pressure.settle")
    assert (entry.after, entry.reason) == ({"outcome": outcome}, "已约谈当事人")
    with pytest.raises(Refused, match="已有核查结果"):
        settle(report, cast)


@pytest.mark.parametrize("name", ["wu", "zheng", "lin", "zhao", "he", "song", "zhou", "xu"])
def test_nobody_else_settles_or_reads(cast: Cast, name: str) -> None:
    report = actions.report_pressure(cast.rate(1), at=NOW, text="窗口打电话让我改评价")
    by = cast.everybody[name]
    with pytest.raises(Refused, match="由市级督导核查"):
        actions.settle_pressure_report(report, by=by, at=NOW, outcome=FOUND, finding="没有的事")
    assert not PressureReport.objects.visible_to(by).exists()
    assert not Notice.objects.filter(kind="case.report_pressure", staff=by).exists()
    report.refresh_from_db()
    assert report.settled_at is None


def test_a_unit_does_not_look_into_itself(cast: Cast) -> None:
    """A report about a case that lies with the management body itself goes to the other city supervisor."""
    other = staff("fang", "方督导", (Role.CITY_SUPERVISOR, cast.other_unit))
    case = actions.dispatch_case(cast.upto(cast.rate(1), State.PRECHECKED), by=cast.lin, at=NOW, unit=cast.body)
    report = actions.report_pressure(case, at=NOW, text="有人打电话")
    assert not PressureReport.objects.visible_to(cast.qian).exists()
    with pytest.raises(Refused, match="不能自查"):
        settle(report, cast)
    told = set(Notice.objects.filter(kind="case.report_pressure").values_list("staff_id", flat=True))
    assert told == {other.pk}
    actions.settle_pressure_report(report, by=other, at=NOW, outcome=FOUND, finding="属实,已通报")


def test_an_outcome_needs_words(cast: Cast) -> None:
    report = actions.report_pressure(cast.rate(1), at=NOW, text="有人打电话")
    with pytest.raises(Refused, match="请写明"):
        actions.settle_pressure_report(report, by=cast.qian, at=NOW, outcome=FOUND, finding=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        PressureReport.objects.filter(pk=report.pk).update(outcome=FOUND)


# --- what is noted by itself ------------------------------------------------------------------------------------------


def test_taking_words_back_after_the_unit_spoke_with_one_is_looked_into(cast: Cast) -> None:
    case = cast.upto(cast.rate(1, text="等了半天"), State.RECTIFYING)
    with translation.override("en"):
        case = actions.hide_text(case, at=NOW, hidden=True)
    assert case.text_hidden, "their wish is done at once"
    report = case.pressure_reports.get()
    assert (report.kind, report.text) == (PressureKind.WITHDRAWAL, "评价人撤下了公开文字")
    assert Notice.objects.filter(kind="case.report_pressure", staff=cast.qian).count() == 1
    case = cast.upto(case, State.VERIFIED)
    with pytest.raises(Refused):
        actions.close_case(case, by=cast.qian, at=NOW)
    settle(report, cast, PressureOutcome.NOT_FOUND)
    assert actions.close_case(case, by=cast.qian, at=NOW).state == State.CLOSED


def test_nothing_is_suspected_where_nobody_spoke_with_them(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    actions.record_contact(case, by=cast.wu, at=NOW, result=ContactResult.NO_ANSWER, note="未接")
    actions.hide_text(case, at=NOW, hidden=True)
    assert not PressureReport.objects.exists()
    actions.record_contact(
        Case.objects.get(pk=case.pk), by=cast.wu, at=NOW, result=ContactResult.REACHED, note="已通话"
    )
    actions.hide_text(case, at=NOW, hidden=False)
    assert not PressureReport.objects.exists(), "showing it again takes nothing back"


def test_the_same_withdrawal_is_looked_into_once(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    for hidden in (True, False, True):
        actions.hide_text(case, at=NOW, hidden=hidden)
    assert PressureReport.objects.count() == 1
    settle(PressureReport.objects.get(), cast)
    actions.hide_text(case, at=NOW, hidden=True)
    assert PressureReport.objects.count() == 2


# --- what it adds up to -----------------------------------------------------------------------------------------------


def test_the_ledger_counts_by_origin_and_outcome(cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    settle(actions.report_pressure(case, at=NOW, text="一"), cast)
    settle(actions.report_pressure(case, at=NOW, text="二"), cast, PressureOutcome.UNPROVEN)
    actions.report_pressure(case, at=NOW, text="三")
    actions.hide_text(case, at=NOW, hidden=True)
    with translation.override("zh-hans"):
        figures = pressure_figures(PressureReport.objects.visible_to(cast.qian))
    assert figures.kinds == [("评价人反映", 3), ("回访中说到", 0), ("单位联系后撤回或改口", 1)]
    assert figures.outcomes == [("属实", 1), ("部分属实", 0), ("不属实", 0), ("无法查实", 1)]
    assert figures.waiting == 2
