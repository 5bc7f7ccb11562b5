"""Notices, audit trail, outbox, pressure reports and rules: who may read them, what they say, what a press does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from common.actions import NoticeText, notify, post_message, seal_audit
from common.enums import Channel, MessageState
from common.models import AuditEntry, Notice, OutboxMessage
from organizations.models import Staff
from rectification import actions
from rectification.actions.closing import Answers
from rectification.enums import ContactResult, Duty, PressureOutcome, State, Verdict
from rectification.models import DutyRule, PressureReport
from rectification.queries import rule_for, rules_in_force
from tests.factories import NOW, Cast

SignIn = Callable[[Staff], Client]
READERS: dict[str, set[str]] = {
    "/desk/audit/": {"zhou", "meng"},
    "/desk/audit/checks/": {"zhou", "meng"},
    "/desk/audit/looks/": {"zhou", "meng"},
    "/desk/audit/exports/": {"zhou", "meng"},
    "/desk/audit/file/": {"zhou", "meng"},
    "/desk/outbox/": {"xu"},
    "/desk/pressure/": {"qian"},
}


def html(client: Client, address: str, **chosen: str) -> str:
    response = client.get(address, chosen)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", READERS)
def test_only_these_may_read(sign_in: SignIn, cast: Cast, address: str) -> None:
    assert Client().get(address).status_code == 302
    answers = {name: sign_in(person).get(address).status_code for name, person in cast.everybody.items()}
    assert {name for name, status in answers.items() if status == 200} == READERS[address]
    assert set(answers.values()) == {200, 403}


# --- notices ---------------------------------------------------------------------------------------------------------


def test_notices_are_ones_own_newest_first_and_read_once(sign_in: SignIn, cast: Cast) -> None:
    for n in range(3):
        text = NoticeText(key=f"k{n}", kind="due.half.rectify", text=f"第{n}件", url="/desk/cases/", due_at=NOW)
        notify([cast.wu.pk, cast.wei.pk], text, at=NOW)
        notify([cast.wu.pk], text, at=NOW)
    mine, other = sign_in(cast.wu), sign_in(cast.wei)
    page = html(mine, "/desk/notices/")
    places = [page.index(f"第{n}件") for n in (2, 1, 0)]
    assert places == sorted(places)
    assert page.count("<strong>整改答复: 时间过半</strong>") == 3
    assert mine.post("/desk/notices/").url == "/desk/notices/"
    assert "<strong>" not in html(mine, "/desk/notices/").partition("<tbody>")[2].partition("</tbody>")[0]
    assert html(other, "/desk/notices/").count("<strong>整改答复") == 3
    assert Notice.objects.filter(staff=cast.wu, read_at=NOW).count() == 3
    assert "没有通知" in html(sign_in(cast.sun), "/desk/notices/")


def test_an_unknown_kind_is_still_a_sentence(sign_in: SignIn, cast: Cast) -> None:
    for kind in ("case.nothing", "due.half", "", "x.y.z"):
        notify([cast.wu.pk], NoticeText(key=kind, kind=kind, text="件"), at=NOW)
    assert html(sign_in(cast.wu), "/desk/notices/").count("<strong>通知</strong>") == 4


# --- audit -----------------------------------------------------------------------------------------------------------


def shown(client: Client, **chosen: str) -> list[AuditEntry]:
    response = client.get("/desk/audit/", chosen)
    assert response.status_code == 200
    return [line.entry for line in response.context["lines"]]


def test_the_trail_is_searched_by_who_what_which_and_when(sign_in: SignIn, cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    late = cast.rate(1, at=NOW + timedelta(days=2))
    client = sign_in(cast.zhou)
    signed = AuditEntry.objects.get(action="case.sign")
    assert shown(client, who="吴经", what="sign", about=case.number) == [signed]
    assert {entry.object_id for entry in shown(client, about=case.number[:4])} == {case.number}
    assert {entry.object_id for entry in shown(client, what="case.open", since="2026-11-25")} == {late.number}
    assert {entry.object_id for entry in shown(client, what="case.open", until="2026-11-24")} == {case.number}
    assert shown(client, who="无此人") == []
    assert len(shown(client, since="昨天")) > 0
    assert client.get("/desk/audit/", {"since": "昨天"}).context["form"].errors


def test_the_trail_names_the_last_seal(sign_in: SignIn, cast: Cast) -> None:
    client = sign_in(cast.meng)
    assert "还没有封存" in html(client, "/desk/audit/")


@pytest.mark.django_db(transaction=True)
def test_a_seal_is_shown(live_cast: Cast, sign_in: SignIn) -> None:
    live_cast.rate(1)
    seal = seal_audit(at=NOW)
    assert seal is not None
    assert seal.hash[:16] in html(sign_in(live_cast.meng), "/desk/audit/")


def test_the_trail_is_walked_to_its_end(sign_in: SignIn, cast: Cast) -> None:
    for _ in range(30):
        cast.rate(1)
    client, address, met = sign_in(cast.zhou), "?who=评价人", []
    while address:
        context = client.get(f"/desk/audit/{address}").context
        met += [line.entry.pk for line in context["lines"]]
        address = context["next_url"]
    expected = AuditEntry.objects.filter(actor_name__icontains="评价人").order_by("-pk").values_list("pk", flat=True)
    assert met == list(expected)
    assert len(met) > 0


def test_nobody_changes_the_trail_by_a_post(sign_in: SignIn, cast: Cast) -> None:
    assert sign_in(cast.zhou).post("/desk/audit/").status_code == 405


# --- outbox ----------------------------------------------------------------------------------------------------------


def dead_letter(cast: Cast) -> OutboxMessage:
    post_message(
        "reply:X:0",
        channel=Channel.SMS,
        kind="citizen.reply",
        address=("evaluator", "13800000001"),
        body="密码链接 https://portal.invalid/f/secret",
        at=NOW,
    )
    OutboxMessage.objects.update(state=MessageState.DEAD, attempts=8, last_error="HTTP 500")
    return OutboxMessage.objects.get()


def test_a_dead_letter_is_listed_without_text_and_sent_again_once(sign_in: SignIn, cast: Cast) -> None:
    letter, client = dead_letter(cast), sign_in(cast.xu)
    page = html(client, "/desk/outbox/")
    assert "HTTP 500" in page
    assert [word for word in ("secret", "密码链接", "13800000001") if word in page] == []
    address = f"/desk/outbox/{letter.pk}/resend/"
    assert sign_in(cast.gu).post(address).status_code == 403
    assert client.get(address).status_code == 405
    assert client.post(address).url == "/desk/outbox/"
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.next_attempt_at) == (MessageState.WAITING, 0, NOW)
    assert client.post(address).status_code == 404
    entry = AuditEntry.objects.get(action="outbox.resend")
    assert (entry.actor, entry.object_id) == (cast.xu, letter.key)
    assert "没有发送失败的消息" in html(client, "/desk/outbox/")


def test_what_is_late_is_named(sign_in: SignIn, cast: Cast, monday: time_machine.Traveller) -> None:
    cast.rate(1)
    client = sign_in(cast.xu)
    assert "请检查网关和任务进程" not in html(client, "/desk/outbox/")
    monday.move_to(NOW + timedelta(minutes=5), tick=False)
    assert "请检查网关和任务进程" in html(client, "/desk/outbox/")


def test_the_demo_outbox_is_in_the_demo_only(client: Client, cast: Cast, settings: Any) -> None:
    cast.rate(1)
    assert client.get("/demo/outbox/").status_code == 404
    settings.DEMO = True
    page = html(client, "/demo/outbox/")
    assert OutboxMessage.objects.get().body.split("。")[0] in page
    assert "13800000001" not in page
    assert client.post("/demo/outbox/").status_code == 405


# --- pressure --------------------------------------------------------------------------------------------------------

PRESSED = Answers(True, True, Verdict.SATISFIED, pressed=True, retaliated=False, note="主任让我改成满意")


def test_a_report_of_pressure_is_settled_once_and_never_seen_by_the_unit(sign_in: SignIn, cast: Cast) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    actions.record_callback(
        case, by=cast.zhao, at=NOW, result=ContactResult.REACHED, reworks_max=2, answers=PRESSED, note="回访"
    )
    report, client = PressureReport.objects.get(), sign_in(cast.qian)
    address = f"/desk/pressure/{report.pk}/"
    assert report.text in html(client, "/desk/pressure/")
    for name in ("wu", "zheng", "he", "zhao", "zhou"):
        assert sign_in(cast.everybody[name]).get(address).status_code == 403
    assert client.post(address, {"outcome": "found", "finding": " "}).context["form"].errors
    assert client.post(address, {"outcome": "found", "finding": "已核查,批评教育"}).url == "/desk/pressure/"
    page = html(client, "/desk/pressure/")
    assert "已核查,批评教育 · 钱督导" in page
    assert address not in page
    second = client.post(address, {"outcome": "not_found", "finding": "改口"})
    assert [word for word in ("已有核查结果", "改口") if word not in second.content.decode()] == []
    report.refresh_from_db()
    assert (report.finding, report.settled_by, report.settled_at) == ("已核查,批评教育", cast.qian, NOW)
    assert AuditEntry.objects.filter(action="pressure.settle", object_id=case.number).count() == 1


def test_open_reports_come_first(sign_in: SignIn, cast: Cast) -> None:
    first, second = cast.rate(1), cast.rate(1)
    reports = [actions.report_pressure(case, at=NOW, text=f"被要求改评价{case.number}") for case in (first, second)]
    actions.settle_pressure_report(reports[1], by=cast.qian, at=NOW, outcome=PressureOutcome.FOUND, finding="已核查")
    page = html(sign_in(cast.qian), "/desk/pressure/")
    assert page.index(reports[0].text) < page.index(reports[1].text)


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_rule_is_revised_from_a_date_on_and_never_in_place(
    sign_in: SignIn, cast: Cast, monday: time_machine.Traveller
) -> None:
    rule = rule_for(rules_in_force(date(2026, 11, 23)), Duty.RECTIFY, "simple")
    running = cast.upto(cast.rate(1), State.DISPATCHED).deadlines.get(duty=Duty.RECTIFY)
    client, address = sign_in(cast.xu), f"/desk/rules/{rule.pk}/"
    form = {"amount": "3", "time_unit": "wd", "extension_max": "5", "source": "烟政办〔2026〕7号"}
    refused = client.post(address, {**form, "valid_from": "2026-11-23"})
    assert "新规则最早从明天起用" in refused.content.decode()
    for bad in ({"amount": "0"}, {"amount": "366"}, {"time_unit": "x"}, {"source": ""}, {"valid_from": "明天"}):
        assert client.post(address, {**form, "valid_from": "2026-11-24", **bad}).context["form"].errors
    assert DutyRule.objects.filter(duty=Duty.RECTIFY, preset="yantai", complexity="simple").count() == 1
    assert client.post(address, {**form, "valid_from": "2026-11-24"}).url == "/desk/rules/"
    assert "已经开始的期限不变" in html(client, "/desk/rules/")
    rule.refresh_from_db()
    running.refresh_from_db()
    assert (rule.amount, running.amount, running.due_at.date()) == (5, 5, date(2026, 11, 30))
    entry = AuditEntry.objects.get(action="rule.revise")
    assert (entry.before["amount"], entry.after["amount"], entry.reason) == (5, 3, "烟政办〔2026〕7号")
    tomorrow = NOW + timedelta(days=1)
    monday.move_to(tomorrow, tick=False)
    new = cast.upto(cast.rate(1, at=tomorrow), State.DISPATCHED, at=tomorrow).deadlines.get(duty=Duty.RECTIFY)
    assert (new.amount, timezone.localdate(new.due_at)) == (3, date(2026, 11, 27))


def test_rules_are_read_by_all_and_edited_by_one(sign_in: SignIn, cast: Cast) -> None:
    rule = DutyRule.objects.filter(preset="yantai").order_by("pk")[0]
    address = f"/desk/rules/{rule.pk}/"
    for name, person in cast.everybody.items():
        client = sign_in(person)
        assert (address in html(client, "/desk/rules/")) is (name == "xu")
        assert client.get(address).status_code == (200 if name == "xu" else 403)
