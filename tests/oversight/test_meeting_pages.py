"""The pages of joint meetings and joint files: the whole way by forms, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.models import Staff
from oversight import actions
from oversight.models import AgendaItem, Dossier, JointEntry, Resolution
from rectification.enums import State
from tests.factories import NOW, Cast
from tests.oversight.desk import jpeg, wanted
from tests.oversight.meeting_desk import entry, held, issued, item_of, joint, meeting, resolved

SignIn = Callable[[Staff], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def text(response: Any) -> str:
    return response.content.decode()


def do(client: Client, row: Dossier, name: str, **data: Any) -> str:
    return text(client.post(reverse("dossier-act", args=[row.number, name]), {"seen": "", **data}, follow=True))


def of_item(client: Client, item: AgendaItem, name: str, **data: Any) -> str:
    address = reverse("agenda-act", args=[item.meeting.dossier.number, item.pk, name])
    return text(client.post(address, data, follow=True))


def page(client: Client, row: Dossier) -> str:
    return text(client.get(reverse("dossier", args=[row.number])))


def test_a_meeting_from_the_agenda_to_the_minutes(quarter: Cast, sign_in: SignIn) -> None:
    qian, zheng = sign_in(quarter.qian), sign_in(quarter.zheng)
    said = {
        "quarter": "2026-Q3",
        "starts_at": timezone.localtime(NOW - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M"),
        "place": "三楼会议室",
        "chair": "分管副市长",
        "units": f"{quarter.unit.name}\n{quarter.other_unit.name}",
    }
    for far in ("0001-01-01T00:00", "9999-12-31T23:59"):
        asked = text(qian.post(reverse("dossier-new", args=["meetings"]), {**said, "starts_at": far}))
        assert "前后一年之内" in asked
    opened = text(qian.post(reverse("dossier-new", args=["meetings"]), said, follow=True))
    assert "2026年第三季度政务服务“好差评”联席会议" in opened
    row = Dossier.objects.get()
    assert "已经立卷:LX-2026-001" in text(qian.post(reverse("dossier-new", args=["meetings"]), said, follow=True))
    assert "已办" in do(qian, row, "draft_agenda")
    assert "议程发出通知后可以看到" in page(zheng, row)
    assert "整改逾期 1 件" in page(qian, row)
    do(qian, row, "call")
    assert "整改逾期 1 件" in page(zheng, row)
    assert "看数字后面的明细" not in page(zheng, row)
    do(qian, row, "add_item", title="窗口收费渠道", text="三件反映不收现金")
    item = item_of(row)
    of_item(qian, item, "change_item", title="窗口收费渠道", text="三件反映不收现金", number="1")
    item.refresh_from_db()
    assert item.number == 1
    who, other = quarter.unit.pk, quarter.other_unit.pk
    came = {
        f"presence_{who}": "present",
        f"name_{who}": "某副局长",
        f"post_{who}": "副局长",
        f"presence_{other}": "absent",
    }
    assert "到会和代会的要填姓名" in do(qian, row, "hold", **{**came, f"name_{who}": ""})
    asked = do(qian, row, "hold", **{**came, f"presence_{who}": ""})
    assert "请选择到会情况。" in asked
    assert "&lt;span" not in asked
    assert "某副局长" in do(qian, row, "hold", **came)
    for one in AgendaItem.objects.select_related("meeting__dossier"):
        assert "写纪要:已办" in of_item(qian, one, "write_minutes", text="会议要求月底前整改。")
    given = {"unit": quarter.unit.name, "wanted": "恢复收取现金", "days": "5"}
    assert "决议 1" in of_item(qian, item, "resolve", **given)
    assert Resolution.objects.get().item == item
    minutes = reverse("meeting-minutes", args=[row.number])
    assert "草稿,未签发" in text(qian.get(minutes))
    assert zheng.get(minutes).status_code == 404
    do(qian, row, "issue_minutes")
    assert "会议意见:会议要求月底前整改。" in text(zheng.get(minutes))
    do(qian, row, "correct_minutes", text="“月底”应为“下月底”。", item=str(item.pk))
    assert "应为“下月底”" in text(zheng.get(minutes))
    assert sign_in(quarter.sun).get(minutes).status_code == 200  # the insurance bureau was to come
    assert sign_in(quarter.he).get(minutes).status_code == 404


def test_the_minutes_as_files(quarter: Cast, sign_in: SignIn) -> None:
    row = issued(quarter)
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        answer = sign_in(quarter.zheng).get(reverse("meeting-minutes-file", args=[row.number, kind]))
        assert b"".join(answer.streaming_content).startswith(start)  # type: ignore[attr-defined]
        assert row.number in answer["Content-Disposition"]
    assert sign_in(quarter.zheng).get(reverse("meeting-minutes-file", args=[row.number, "exe"])).status_code == 404
    assert sign_in(quarter.he).get(reverse("meeting-minutes-file", args=[row.number, "pdf"])).status_code == 404


def test_a_name_in_the_minutes_has_to_be_confirmed(cast: Cast, sign_in: SignIn) -> None:
    row, qian = held(cast), sign_in(cast.qian)
    item, words = item_of(row), "请吴经办月底前恢复收现金。"
    asked = of_item(qian, item, "write_minutes", text=words)
    assert "这里好像有姓名(吴经办)" in asked
    assert words in asked
    mark = asked.split('name="confirmed"')[1].split('value="')[1].split('"')[0]
    assert "这里好像有" in of_item(qian, item, "write_minutes", text=words + "郑主管督办。", confirmed=mark)
    assert "写纪要:已办" in of_item(qian, item, "write_minutes", text=words, confirmed=mark)
    refused = of_item(qian, item, "write_minutes", text="回电 13800001234", confirmed="x")
    assert "手机号" in refused


def test_the_next_meeting_shows_how_the_resolutions_stand_now(cast: Cast, sign_in: SignIn) -> None:
    before = held(cast)
    task = actions.resolve(item_of(before), wanted(cast), by=cast.qian, at=NOW)
    row = meeting(cast, quarter=NOW.date(), units=[cast.other_unit])
    seen = page(sign_in(cast.qian), row)
    assert "决议 1 项:已销号 0 项,未完成 1 项" in seen
    assert reverse("task", args=[task.pk]) in seen
    actions.report_task(task, "已改", by=cast.zheng, at=NOW)
    actions.sign_off_task(task, by=cast.qian, at=NOW)
    assert "决议 1 项:已销号 1 项,未完成 0 项" in page(sign_in(cast.qian), row)
    actions.draft_agenda(row, by=cast.qian, at=NOW)
    actions.call_meeting(row, by=cast.qian, at=NOW)
    seen = page(sign_in(cast.song), row)
    assert "恢复收取现金" in seen
    assert reverse("task", args=[task.pk]) not in seen


def test_acts_on_items_that_are_none_and_people_who_may_not(cast: Cast, sign_in: SignIn) -> None:
    row = held(cast)
    item = item_of(row)
    address = reverse("agenda-act", args=[row.number, item.pk, "write_minutes"])
    assert sign_in(cast.zheng).get(address).status_code == 403
    assert sign_in(cast.he).get(address).status_code == 404
    qian = sign_in(cast.qian)
    assert qian.get(reverse("agenda-act", args=[row.number, item.pk, "nonsense"])).status_code == 404
    assert qian.get(reverse("agenda-act", args=[row.number, 0, "resolve"])).status_code == 404
    other = joint(cast, cast.rate(1))
    assert qian.get(reverse("agenda-act", args=[other.number, item.pk, "resolve"])).status_code == 404
    assert qian.get(reverse("meeting-minutes", args=[other.number])).status_code == 404
    assert "现在是“已召开" in of_item(qian, item, "remove_item", seen="")


def test_a_joint_file_from_the_page_of_a_case(cast: Cast, sign_in: SignIn) -> None:
    qian, case, like = sign_in(cast.qian), cast.rate(1, text="处置费太高"), cast.rate(2, text="处置费没人减免")
    address = reverse("joint-new", args=[case.number])
    case_page = reverse("case", args=[case.number])
    assert address in text(qian.get(case_page))
    for person in (cast.wu, cast.zheng, cast.lin, cast.zhou):
        assert address not in text(sign_in(person).get(case_page))
    found = text(qian.get(address))
    assert case.number in found
    said = {
        "title": "医疗废物处置费用减免",
        "about": "没有减免条款",
        "cases": case.number,
        "lead": cast.other_unit.name,
    }
    assert "没有编号为" in text(qian.post(address, {**said, "cases": "7777-7777"}))
    opened = text(qian.post(address, {**said, "co_handlers": cast.unit.name}, follow=True))
    row = Dossier.objects.get()
    assert f"{row.number}" in opened
    assert address not in text(qian.get(case_page))
    join = reverse("joint-join", args=[row.number])
    assert join in opened
    assert like.number in text(qian.get(join, {"q": "处置费"}))
    assert like.number in text(qian.post(join, {"cases": like.number, "why": "同一项收费"}, follow=True))
    song = sign_in(cast.song)
    today = NOW.date().isoformat()
    work = {"kind": "decision", "held_on": today, "place": "三楼", "participants": "两局", "found": "按次收运"}
    assert "已办" in do(song, row, "lead_entry", **work, pictures=jpeg())
    assert JointEntry.objects.get().pictures.count() == 1
    told = text(sign_in(cast.zhao).get(case_page))
    assert "按次收运" in told
    assert reverse("dossier", args=[row.number]) not in told  # callbacks are no part of oversight
    assert reverse("dossier", args=[row.number]) in text(sign_in(cast.zheng).get(case_page))
    assert "按次收运" in text(sign_in(cast.wei).get(reverse("case", args=[like.number])))
    assert "已化解,逐件答复" in do(qian, row, "resolve", solution="改为按次收运")
    assert case.number in do(qian, row, "close", outcome="已化解")
    row.refresh_from_db()
    assert row.stage == "resolved"


def test_a_joint_file_shows_strangers_nothing_and_co_handlers_no_numbers(cast: Cast, sign_in: SignIn) -> None:
    case = cast.rate(1, text="处置费太高")
    row = joint(cast, case)
    seen = page(sign_in(cast.song), row)
    assert "处置费太高" in seen
    assert case.number not in seen
    assert sign_in(cast.he).get(reverse("dossier", args=[row.number])).status_code == 404
    assert sign_in(cast.song).get(reverse("joint-join", args=[row.number])).status_code == 403
    assert sign_in(cast.he).get(reverse("joint-new", args=[case.number])).status_code == 404
    assert sign_in(cast.qian).get(reverse("joint-join", args=[meeting(cast).number])).status_code == 404


def test_who_is_told_apart_is_chosen_from_those_who_wait(cast: Cast, sign_in: SignIn) -> None:
    earlier = NOW - timedelta(hours=1)
    over = cast.upto(cast.rate(1, at=earlier), State.CLOSED, at=earlier)
    row, qian = resolved(cast, joint(cast, over)), sign_in(cast.qian)
    assert over.number in text(qian.get(reverse("dossier-act", args=[row.number, "tell_citizen"])))
    assert "已单独告知" in do(qian, row, "tell_citizen", case=over.number, how="回访专员电话告知结果")
    assert "没有需要单独告知的件" in text(qian.get(reverse("dossier-act", args=[row.number, "tell_citizen"])))


def test_the_ledgers_of_both_kinds(cast: Cast, sign_in: SignIn) -> None:
    row = joint(cast, cast.rate(1))
    actions.add_entry(row, entry(), by=cast.qian, at=NOW)
    qian = sign_in(cast.qian)
    assert "按次收运可以降低小诊所的费用" in text(qian.get(reverse("dossier-ledger", args=[row.number])))
    assert "会议要求月底前恢复收现金" in text(qian.get(reverse("dossier-ledger", args=[issued(cast).number])))


def test_the_page_of_a_meeting_asks_no_more_for_a_longer_agenda(cast: Cast, sign_in: SignIn) -> None:
    row, qian, counts = meeting(cast), sign_in(cast.qian), []
    actions.add_item(row, "一", "", by=cast.qian, at=NOW)
    page(qian, row)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(qian, row)
        counts.append(len(queries))
        for title in ("二", "三", "四"):
            actions.add_item(row, title, "", by=cast.qian, at=NOW)
    assert counts[0] == counts[1]
