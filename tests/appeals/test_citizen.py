"""The evaluator is heard before a panel decides on what they said, by a link that opens nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from appeals import actions
from appeals.enums import Stage, Vote
from appeals.models import Appeal, CitizenFact, Place, Ruling
from appeals.queries import Withdrawal, token_hash, was_pressed, withdrawal_of
from common.models import AuditEntry, Notice, OutboxMessage
from rectification.actions import add_statement, settle_pressure_report
from rectification.actions.core import Refused
from rectification.enums import Action, PressureKind, PressureOutcome, State
from rectification.models import Case, PressureReport
from tests.appeals.court import Court
from tests.factories import NOW

HEARD_BY = datetime(2026, 11, 25, 17, tzinfo=timezone.get_default_timezone())


@pytest.mark.parametrize("code", ["W6", "W7"])
def test_nobody_votes_before_the_evaluator_had_a_say(court: Court, code: str) -> None:
    appeal = court.file(code)
    assert appeal.heard_by == HEARD_BY, "two working days"
    member = court.panel(appeal)[0]
    with pytest.raises(Refused, match="等评价人补充事实"):
        court.vote(appeal, member, at=HEARD_BY - timedelta(seconds=1))
    fact = court.answer(appeal, text="  我当天有取号纸。 ")
    assert (fact.text, fact.said_at) == ("我当天有取号纸。", NOW)
    assert court.decide(appeal, Vote.REJECT).stage == Stage.RULED
    assert Notice.objects.filter(kind="appeal.facts").count() == 3


def test_silence_delays_no_ruling(court: Court) -> None:
    appeal = court.file("W6")
    assert court.decide(appeal, Vote.UPHOLD, at=HEARD_BY).stage == Stage.RULED


def test_an_empty_answer_is_an_answer(court: Court) -> None:
    appeal = court.file("W6")
    assert court.answer(appeal, text="").text == ""
    assert court.decide(appeal, Vote.UPHOLD).stage == Stage.RULED


@pytest.mark.parametrize("code", ["W1", "W2", "W3", "W4", "W5", "W8", "W9"])
def test_other_grounds_ask_nobody(court: Court, code: str) -> None:
    assert court.file(code).heard_by is None
    assert not CitizenFact.objects.exists()


def test_who_left_no_number_is_not_waited_for(court: Court) -> None:
    appeal = court.file("W6", court.case(phone=""))
    assert appeal.heard_by is None
    assert not OutboxMessage.objects.filter(about=appeal.number).exists()
    assert court.serve(court.decide(appeal, Vote.REJECT)).stage == Stage.RULED
    assert not OutboxMessage.objects.filter(about=appeal.number).exists()


def test_the_link_is_kept_hashed_and_its_message_is_short(court: Court) -> None:
    appeal = court.file("W6")
    token, fact = court.token(appeal), CitizenFact.objects.get()
    assert fact.token_hash == token_hash(token)
    assert token not in str(vars(fact))
    message = OutboxMessage.objects.get(about=appeal.number)
    assert len(message.body) <= settings.SMS_MAX_CHARACTERS
    assert "13800000001" not in str(vars(message))
    assert not AuditEntry.objects.filter(after__icontains=token).exists()


def test_refused_links(court: Court) -> None:
    appeal = court.file("W6")
    token = court.token(appeal)
    with pytest.raises(Refused, match="链接不正确"):
        actions.answer_facts(token[:-1], "x", at=NOW)
    with pytest.raises(Refused, match="时间已过"):
        actions.answer_facts(token, "x", at=HEARD_BY + timedelta(seconds=1))
    assert CitizenFact.objects.get().said_at is None
    actions.answer_facts(token, "有取号纸", at=HEARD_BY)
    with pytest.raises(Refused, match="已补充过"):
        actions.answer_facts(token, "再说一句", at=HEARD_BY)
    assert CitizenFact.objects.get().text == "有取号纸"


@pytest.mark.parametrize("end", ["ruled", "withdrawn"])
def test_when_it_is_over_nothing_is_taken_any_more(court: Court, end: str) -> None:
    appeal = court.file("W6")
    token = court.token(appeal)
    if end == "ruled":
        CitizenFact.objects.update(said_at=NOW)
        court.decide(appeal, Vote.REJECT)
        CitizenFact.objects.update(said_at=None)
    else:
        actions.withdraw_appeal(appeal, by=court.cast.zheng, at=NOW)
    with pytest.raises(Refused, match="时间已过"):
        actions.answer_facts(token, "x", at=NOW)


def test_what_was_said_first_stays_as_it_was(court: Court) -> None:
    appeal = court.file("W6")
    court.answer(appeal)
    case = appeal.case
    case.refresh_from_db()
    assert case.text == "等了三个小时"
    assert not case.events.filter(action=Action.ADD_STATEMENT).exists(), "it lies with the appeal"


# --- an error that is confirmed after the unit has called -------------------------------------------------------------


def settle(court: Court, outcome: PressureOutcome) -> None:
    report = PressureReport.objects.get()
    settle_pressure_report(report, by=court.cast.qian, at=NOW, outcome=outcome, finding="已向评价人核实")


def test_an_error_confirmed_after_the_units_call_is_flagged(court: Court) -> None:
    appeal = court.file("W1")
    report = PressureReport.objects.get()
    assert (report.kind, report.case_id) == (PressureKind.WITHDRAWAL, appeal.case_id)
    assert withdrawal_of(appeal) == Withdrawal(NOW, "")
    settle(court, PressureOutcome.NOT_FOUND)
    assert withdrawal_of(appeal) == Withdrawal(NOW, PressureOutcome.NOT_FOUND)
    assert not was_pressed(appeal)


def test_before_the_unit_has_called_nothing_is_suspected(court: Court) -> None:
    appeal = court.file("W1", court.case(State.SIGNED))
    assert not PressureReport.objects.exists()
    assert withdrawal_of(appeal) is None


@pytest.mark.parametrize("outcome", [PressureOutcome.FOUND, PressureOutcome.PARTLY])
def test_what_was_pressed_out_of_somebody_is_no_ground(court: Court, outcome: PressureOutcome) -> None:
    draft = court.draft("W1")
    settle(court, outcome)
    with pytest.raises(Refused, match="被评价单位联系后评价人改口或撤回"):
        actions.file_appeal(draft, by=court.cast.zheng, at=NOW)
    assert not draft.case.events.filter(action=Action.SUSPEND).exists()
    other = court.draft("W8", draft.case)
    assert actions.file_appeal(other, by=court.cast.zheng, at=NOW).stage == Stage.VOTING, "of this ground only"


# --- nothing that tells who it was ------------------------------------------------------------------------------------

CANARIES = ("13912345678", "鲁F88888", "zhang.san@example.com")


def test_no_row_of_an_appeal_and_no_notice_tells_who_it_was(court: Court) -> None:
    """Though the evaluator has written it into rating, statement and facts themselves."""
    case = court.cast.rate(1, text=f"等了三个小时,打我电话{CANARIES[0]}")
    case = add_statement(court.cast.upto(case, State.RECTIFYING), at=NOW, text=f"车停在门口{CANARIES[1]}")
    appeal = court.file("W6", case)
    court.answer(appeal, text=f"材料发到{CANARIES[2]}")
    court.serve(court.decide(appeal, Vote.UPHOLD))
    rows = [*Appeal.objects.values_list(), *Ruling.objects.values_list(), *Place.objects.values_list()]
    rows += [*AuditEntry.objects.filter(object_type="appeal").values_list(), *Notice.objects.values_list()]
    rows += [*OutboxMessage.objects.filter(about=appeal.number).values_list()]
    assert not [canary for canary in (*CANARIES, "13800000001") if canary in f"{rows}"]
    assert CANARIES[0] in f"{list(Case.objects.values_list())}", "it would be found where it is"
