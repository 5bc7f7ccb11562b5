"""The acts as forms: what is asked, what is kept, what stops a reply, and what is said when somebody was faster."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from identity.actions import erase_evaluator
from identity.models import Look
from organizations.enums import Role
from organizations.models import Staff, Unit
from organizations.queries import staff_actor
from rectification import actions
from rectification.enums import ContactResult, State, Verdict
from rectification.models import Case, Draft
from rectification.replies import BEGINNINGS, fingerprint
from tests.factories import NOW, Cast, staff

SignIn = Callable[[Staff], Client]
REPORT = {
    "kind": "rectified",
    "wrong": "未提供材料样本",
    "changed": "补齐样本并上墙",
    "prevention": "每周核对样本",
    "reply": "您好,您反映的问题已经改正,感谢监督。",
}
FORGED = {"999999", "9" * 40, "maybe"}  # choices no page offers; there is nothing of them to keep
ANSWERS = {"was_contacted": "yes", "solved": "yes", "verdict": "satisfied", "pressed": "no", "retaliated": "no"}


def at(case: Case, door: str, name: str = "act") -> str:
    return reverse(name, args=[case.number, door])


def press(client: Client, case: Case, door: str, data: dict[str, Any] | None = None) -> HttpResponse:
    """Opens the form and sends it in, as a person would: with the version that was seen."""
    return client.post(at(case, door), {"seen": Case.objects.get(pk=case.pk).version, **(data or {})})


def state_of(case: Case) -> State:
    return State(Case.objects.values_list("state", flat=True).get(pk=case.pk))


def photo(name: str = "before.png") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


# --- the whole way, in forms ------------------------------------------------------------------------------------------


def test_a_case_walks_from_precheck_to_sign_off_through_the_forms(cast: Cast, sign_in: SignIn) -> None:
    case = cast.rate(1)
    steps = [
        (cast.lin, "precheck", {"true": "yes", "reasonable": "yes", "malicious": "no"}, State.PRECHECKED),
        (cast.lin, "dispatch", {"unit": cast.unit.name}, State.DISPATCHED),
        (cast.wu, "sign", {}, State.SIGNED),
        (cast.wu, "record_contact", {"result": "reached", "note": "已致歉"}, State.RECTIFYING),
        (cast.wu, "submit_report", REPORT, State.CHECKING),
        (cast.zheng, "return_report", {"note": "请补照片"}, State.RECTIFYING),
        (cast.wu, "submit_report", REPORT, State.CHECKING),
        (cast.zheng, "send_reply", dict.fromkeys(("facts", "fixed", "answers", "no_identity"), "on"), State.REPLIED),
        (cast.zhao, "record_callback", {"result": "reached", "note": "满意", **ANSWERS}, State.VERIFIED),
        (cast.qian, "close", {"note": ""}, State.CLOSED),
    ]
    for person, door, data, after in steps:
        client = sign_in(person)
        assert client.get(at(case, door)).status_code == 200, door
        answer = press(client, case, door, data)
        assert answer.status_code == 302, (door, answer.content.decode()[-2000:])
        assert state_of(case) == after


def test_whom_the_case_leaves_is_led_to_the_desk(cast: Cast, sign_in: SignIn) -> None:
    county_unit = Unit.objects.select_related("region").get(code="370602-GAJ")
    county_dispatcher = staff("du", "杜县转", (Role.DISPATCHER, cast.county_body))
    worker = staff("kong", "孔县办", (Role.WINDOW, county_unit))
    case = cast.upto(cast.rate(1), State.PRECHECKED)
    actions.dispatch_case(case, by=cast.lin, at=NOW, unit=county_unit)
    actions.refuse_case(case, by=worker, at=NOW, reason="属市局职责", limit=1)
    actions.accept_refusal(case, by=cast.he, at=NOW, note="同意")
    answer = press(sign_in(county_dispatcher), case, "dispatch", {"unit": cast.unit.name})
    assert answer["Location"] == reverse("desk")
    assert state_of(case) == State.DISPATCHED


# --- who may, and when -----------------------------------------------------------------------------------------------


def test_somebody_elses_step_is_403_and_a_strangers_404(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.CHECKING)
    assert sign_in(cast.wu).get(at(case, "send_reply")).status_code == 403
    assert press(sign_in(cast.wu), case, "send_reply").status_code == 403
    assert press(sign_in(cast.zhou), case, "close").status_code in (403, 409)
    for name in ("act", "case-draft", "case-call"):
        assert sign_in(cast.sun).post(at(case, "record_contact", name)).status_code == 404
    assert sign_in(cast.wu).get(at(case, "hand_over")).status_code == 404
    assert sign_in(cast.wu).get(at(case, "nonsense")).status_code == 404


def test_a_step_that_is_over_says_what_happened_and_keeps_the_words(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    cast.report(case)
    answer = press(sign_in(cast.wu), case, "submit_report", REPORT)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "这一步已经完成" in html
    assert "待质检" in html
    assert "补齐样本并上墙" in html
    assert sign_in(cast.wu).get(at(case, "submit_report")).status_code == 409


def test_who_was_slower_sees_both_and_can_send_again(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    client, seen = sign_in(cast.wu), case.version
    actions.record_contact(case, by=cast.zheng, at=NOW, result=ContactResult.REACHED, note="评价人说还差一张表")
    answer = client.post(at(case, "submit_report"), {"seen": seen, **REPORT})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "评价人说还差一张表" in html
    assert "补齐样本并上墙" in html
    assert f'name="seen" value="{seen + 1}"' in html
    assert state_of(case) == State.RECTIFYING
    assert client.post(at(case, "submit_report"), {"seen": seen + 1, **REPORT}).status_code == 302
    assert state_of(case) == State.CHECKING


def test_what_was_kept_from_the_unit_is_kept_from_it_here_too(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    client, seen = sign_in(cast.wu), case.version
    actions.report_pressure(case, at=NOW, text="有人打电话")
    html = client.post(at(case, "submit_report"), {"seen": seen, **REPORT}).content.decode()
    assert "有人打电话" not in html
    assert "被要求改评价" not in html


# --- refusals are form errors, and nothing typed is lost --------------------------------------------------------------


@pytest.mark.parametrize(
    ("door", "state", "who", "data", "said"),
    [
        ("precheck", State.RECEIVED, "lin", {"true": "yes"}, "请选择“是否合理”"),
        ("dispatch", State.PRECHECKED, "lin", {"unit": "没有这个局"}, "没有找到“没有这个局”"),
        ("refuse", State.DISPATCHED, "wu", {"reason": " "}, "请填写“退回理由”"),
        ("assign_handler", State.RECTIFYING, "zheng", {"handler": "999999"}, "这一项不能选"),
        ("assign_handler", State.RECTIFYING, "zheng", {"handler": "9" * 40}, "这一项不能选"),
        ("record_contact", State.SIGNED, "wu", {"result": "reached"}, "接通后请写下通话要点"),
        ("record_contact", State.SIGNED, "wu", {"result": "maybe"}, "这一项不能选"),
        ("start_without_contact", State.SIGNED, "wu", {"note": "打不通"}, "至少联系3次"),
        ("request_extension", State.RECTIFYING, "wu", {"reason": "x", "until": "2026-11-24"}, "新的期限应晚于原期限"),
        ("request_extension", State.RECTIFYING, "wu", {"reason": "x", "until": "下周"}, "请写成 2026-11-27"),
        ("decide_complex", State.RECTIFYING, "qian", {"approved": "yes"}, "没有等待审批的申请"),
        ("decide_extension", State.RECTIFYING, "qian", {"approved": "no"}, "不同意时请写明理由"),
        ("add_co_handler", State.RECTIFYING, "wu", {"unit": "烟台市公安局", "task": "x"}, "责任单位就是牵头单位"),
        ("record_joint_work", State.RECTIFYING, "wu", {"kind": "visit"}, "请填写“地点”"),
        ("submit_report", State.RECTIFYING, "wu", {**REPORT, "changed": ""}, "整改要写明改了什么"),
        ("submit_report", State.RECTIFYING, "wu", {**REPORT, "prevention": ""}, "整改要写明怎样防止再发生"),
        ("submit_report", State.RECTIFYING, "wu", {**REPORT, "kind": "explained"}, "解释说明要写明依据的条款"),
        ("return_report", State.CHECKING, "zheng", {}, "请填写“理由”"),
        ("send_reply", State.CHECKING, "zheng", {"facts": "on"}, "请勾选“没有个人信息”"),
        ("record_callback", State.REPLIED, "zhao", {"result": "reached"}, "接通后请填写“问题解决了吗?”"),
        ("record_callback", State.REPLIED, "zhao", {"result": "no_answer", "solved": "yes"}, "没有接通就没有回答"),
        ("give_up_callback", State.REPLIED, "zhao", {"note": "x"}, "至少回访3次"),
        ("verify_on_file", State.REPLIED, "qian", {"fixed": "yes", "note": "x"}, "请先回访"),
        ("answer_supervision", State.RECTIFYING, "wu", {"answer": "x"}, "没有等待回复的督办"),
        ("supervise", State.RECTIFYING, "qian", {"text": "长" * 501}, "最多 500 个字"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    cast: Cast, sign_in: SignIn, door: str, state: State, who: str, data: dict[str, str], said: str
) -> None:
    case = cast.rate(1)
    if state != State.RECEIVED:
        cast.upto(case, state)
    answer = press(sign_in(cast.everybody[who]), case, door, data)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert said in html
    assert 'class="error-summary"' in html
    assert state_of(case) == state
    for text in data.values():
        assert text in FORGED or text.strip() in html


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 400])
def test_a_spoilt_version_is_no_error_of_ours(cast: Cast, sign_in: SignIn, seen: str) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    assert sign_in(cast.wu).post(at(case, "sign"), {"seen": seen}).status_code in (200, 302, 409)


def test_requests_are_decided_with_reason_and_dates_in_sight(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    assert "最迟可延至: 2026-12-14" in sign_in(cast.wu).get(at(case, "request_extension")).content.decode()
    data = {"reason": "等上级批复", "until": "2026-12-04"}
    assert press(sign_in(cast.wu), case, "request_extension", data).status_code == 302
    html = sign_in(cast.qian).get(at(case, "decide_extension")).content.decode()
    assert "等上级批复" in html
    assert "延至 2026-12-04" in html
    assert "现在的整改期限: 11月30日(周一) 17:00" in html
    assert press(sign_in(cast.qian), case, "decide_extension", {"approved": "yes"}).status_code == 302
    assert case.deadlines.get(duty="rectify").extended_to.isoformat() == "2026-12-04"


# --- the reply -------------------------------------------------------------------------------------------------------


def test_a_blank_that_is_not_filled_stops_the_reply(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    client = sign_in(cast.wu)
    answer = press(client, case, "submit_report", {**REPORT, "beginning": "fixed", "rewrite": "1"})
    html = answer.content.decode()
    assert BEGINNINGS["fixed"][1] in html
    assert "补齐样本并上墙" in html
    assert 'class="error-summary"' not in html
    html = press(client, case, "submit_report", {**REPORT, "reply": BEGINNINGS["fixed"][1]}).content.decode()
    assert "还有没填的空: 【什么问题】【哪一天】" in html
    assert state_of(case) == State.RECTIFYING


def test_personal_details_stop_the_reply_until_confirmed_as_they_are(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    client, reply = sign_in(cast.wu), "您好,请拨打13812345678咨询,我们已改正。"
    html = press(client, case, "submit_report", {**REPORT, "reply": reply}).content.decode()
    assert "<mark>13812345678</mark>" in html
    assert "手机号" in html
    assert state_of(case) == State.RECTIFYING
    token = html.split('name="confirmed" value="')[1].split('"')[0]
    other = reply.replace("13812345678", "13912345678")
    press(client, case, "submit_report", {**REPORT, "reply": other, "confirmed": token})
    assert state_of(case) == State.RECTIFYING
    assert press(client, case, "submit_report", {**REPORT, "reply": reply, "confirmed": token}).status_code == 302
    assert state_of(case) == State.CHECKING
    assert token != fingerprint([])


def test_the_preview_shows_what_the_evaluator_reads_and_judges_nothing(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    html = press(
        sign_in(cast.wu), case, "submit_report", {"reply": "第一行\r\n第二行", "preview": "1"}
    ).content.decode()
    assert "评价人会看到" in html
    assert 'class="error-summary"' not in html
    assert state_of(case) == State.RECTIFYING


def test_pictures_are_kept_whatever_else_is_missing(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    client = sign_in(cast.wu)
    unfinished = {**REPORT, "changed": "", "before": [photo(), photo("b.png")], "after": [photo("c.png")]}
    html = press(client, case, "submit_report", unfinished).content.decode()
    assert case.attachments.count() == 3
    assert html.count("不附这张") == 3
    first, *rest = case.attachments.all()
    assert press(client, case, "submit_report", {**REPORT, f"leave_{first.pk}": "on"}).status_code == 302
    assert list(case.reports.get().attachments.all()) == rest
    seen = client.get(reverse("case-picture", args=[case.number, first.pk]))
    assert seen["Content-Type"] == "image/jpeg"
    assert b"".join(seen).startswith(b"\xff\xd8")  # type: ignore[arg-type]
    assert sign_in(cast.sun).get(reverse("case-picture", args=[case.number, first.pk])).status_code == 404


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("a.png", b"no picture at all", "image/png"), "不是可用的照片"),
        (SimpleUploadedFile("a.png", b"", "image/png"), "空"),
    ],
)
def test_what_is_no_picture_is_said(cast: Cast, sign_in: SignIn, upload: SimpleUploadedFile, said: str) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    html = press(sign_in(cast.wu), case, "submit_report", {**REPORT, "before": [upload]}).content.decode()
    assert said in html
    assert "补齐样本并上墙" in html
    assert state_of(case) == State.RECTIFYING


def test_a_sent_back_report_is_mended_not_typed_anew(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.CHECKING)
    actions.return_report(case, by=cast.zheng, at=NOW, note="缺照片")
    html = sign_in(cast.wu).get(at(case, "submit_report")).content.decode()
    assert "补齐样本并上墙" in html


# --- drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_shown_again_and_forgotten_once_done(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    client = sign_in(cast.wu)
    answer = client.post(at(case, "submit_report", "case-draft"), {"wrong": "样本不全", "kind": "rectified", "x": "y"})
    assert answer["Location"] == at(case, "submit_report")
    html = client.get(at(case, "submit_report")).content.decode()
    assert "已填入您 11月23日(周一) 10:00 存的草稿" in html
    assert "样本不全" in html
    assert Draft.objects.get().data == {"wrong": "样本不全", "kind": "rectified"}
    assert "(有草稿)" in client.get(reverse("case", args=[case.number])).content.decode()
    assert "样本不全" not in sign_in(cast.zheng).get(at(case, "submit_report")).content.decode()
    assert press(client, case, "submit_report", REPORT).status_code == 302
    assert not Draft.objects.exists()


def test_scripts_keep_drafts_quietly(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    answer = sign_in(cast.wu).post(
        at(case, "supervise", "case-draft"), {"text": "x"}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 403
    answer = sign_in(cast.qian).post(
        at(case, "supervise", "case-draft"), {"text": "x"}, headers={"accept": "application/json"}
    )
    assert answer.json() == {"line": "草稿已于 10:00 保存"}
    assert sign_in(cast.qian).get(at(case, "supervise", "case-draft")).status_code == 405


def test_pictures_sent_with_a_draft_are_kept(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.RECTIFYING)
    bad = SimpleUploadedFile("bad.png", b"nothing", "image/png")
    answer = sign_in(cast.wu).post(
        at(case, "submit_report", "case-draft"), {"before": [photo()], "after": [bad]}, follow=True
    )
    assert case.attachments.count() == 1
    assert "bad.png" in answer.content.decode()


# --- calls -----------------------------------------------------------------------------------------------------------


def test_a_call_leaves_its_reference_and_a_look_and_shows_no_number(
    cast: Cast, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    client = sign_in(cast.wu)
    with caplog.at_level(logging.INFO, "identity.calls"):
        answer = client.post(at(case, "record_contact", "case-call"), {"note": "先说抱歉"}, follow=True)
    html = answer.content.decode()
    reference = Draft.objects.get().data["call_reference"]
    assert reference in html
    assert "先说抱歉" in html
    assert "13800000001" not in html
    assert "13800000001" in caplog.text
    look = Look.objects.get()
    assert (look.purpose, look.about, look.actor_id) == ("contact", case.number, cast.wu.pk)
    data = {"result": "reached", "note": "已致歉", "call_reference": reference}
    assert press(client, case, "record_contact", data).status_code == 302
    assert case.contacts.get().call_reference == reference


def test_who_may_not_record_a_contact_may_not_call(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    assert sign_in(cast.qian).post(at(case, "record_contact", "case-call")).status_code == 403
    assert sign_in(cast.zhao).post(at(case, "record_callback", "case-call")).status_code == 409
    assert sign_in(cast.qian).post(at(case, "escalate", "case-call")).status_code == 404
    assert not Look.objects.exists()


def test_an_erased_evaluator_cannot_be_called_and_nothing_typed_is_lost(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    assert case.evaluator is not None
    erase_evaluator(case.evaluator, by=staff_actor(cast.qian), at=NOW, reason="本人要求")
    answer = sign_in(cast.wu).post(at(case, "record_contact", "case-call"), {"note": "先说抱歉"}, follow=True)
    assert "没有接通总机" in answer.content.decode()
    assert "先说抱歉" in answer.content.decode()


# --- callbacks -------------------------------------------------------------------------------------------------------


def test_an_unhappy_evaluator_sends_the_case_back(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    data = {"result": "reached", **ANSWERS, "solved": "no", "verdict": "unsatisfied", "note": "还是要跑两趟"}
    assert press(sign_in(cast.zhao), case, "record_callback", data).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.verdict, case.rework_round) == (State.REWORK, Verdict.UNSATISFIED, 1)


def test_unanswered_calls_lead_to_giving_up(cast: Cast, sign_in: SignIn, monday: Any) -> None:
    case = cast.upto(cast.rate(1), State.REPLIED)
    for _ in range(3):
        assert press(sign_in(cast.zhao), case, "record_callback", {"result": "no_answer"}).status_code == 302
        monday.shift(timedelta(hours=25))
    assert press(sign_in(cast.zhao), case, "give_up_callback", {"note": "三次未接"}).status_code == 302
    assert state_of(case) == State.UNREACHABLE
