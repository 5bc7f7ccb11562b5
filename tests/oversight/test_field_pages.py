"""The pages of walks, inspections and the file: each act through its form, nothing typed lost, strangers outside."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from organizations.enums import Role
from organizations.models import Hall, Staff
from oversight import actions
from oversight.actions import StepLine
from oversight.actions.inspections import wrong_and_left
from oversight.models import Dossier, Task, Visit, WarningCase
from tests.factories import NOW, Cast, staff
from tests.oversight.desk import jpeg, signed_off
from tests.oversight.fieldwork import TODAY, assigned, inspected, inspection, visited, walk, warning

SignIn = Callable[[Staff], Client]
pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


def does(client: Client, row: Dossier, name: str, **data: Any) -> Any:
    return client.post(reverse("dossier-act", args=[row.number, name]), {"seen": "", **data}, follow=True)


# --- walks ----------------------------------------------------------------------------------------------------


def test_a_whole_walk_by_pages(cast: Cast, sign_in: SignIn) -> None:
    qian, zheng = sign_in(cast.qian), sign_in(cast.zheng)
    assert cast.item is not None
    plan = {
        "unit": cast.unit.name,
        "leader": "马演示",
        "post": "副局长",
        "role": "window",
        "item": cast.item.name,
        "planned_on": str(TODAY),
    }
    wrong = text(qian.post(reverse("dossier-new", args=["walks"]), {**plan, "item": "没有这个事项"}))
    assert "这个单位没有事项“没有这个事项”" in wrong
    assert "马演示" in wrong
    qian.post(reverse("dossier-new", args=["walks"]), plan)
    row = Dossier.objects.get()
    page = text(zheng.get(reverse("dossier", args=[row.number])))
    assert reverse("dossier-act", args=[row.number, "walk"]) in page
    record = {"walked_on": str(TODAY), "rows": "3", "what_0": "取号", "begins_0": "09:00", "ends_0": "09:12"}
    bad = text(does(zheng, row, "walk", **record, obstacle_1="没有叫号屏"))
    assert "请写明环节" in bad
    assert "没有叫号屏" in bad
    page = text(does(zheng, row, "walk", **record, what_1="受理", obstacle_1="没有叫号屏", minutes_1="30"))
    assert "42 分钟" in page
    assert "转为任务" not in page  # the department does not give tasks
    assert "转为任务" in text(qian.get(reverse("dossier", args=[row.number])))
    step = row.walk.steps.exclude(obstacle="").get()
    does(qian, row, "assign", steps=step.pk, unit=cast.unit.name, days="10")
    signed_off(cast, Task.objects.get())
    does(qian, row, "close", outcome="装了叫号屏")
    row.refresh_from_db()
    assert row.stage == "closed"
    assert "走流程记录" in text(zheng.get(reverse("dossier-ledger", args=[row.number])))


def test_the_record_keeps_three_empty_rows_and_shows_what_stands(cast: Cast, sign_in: SignIn) -> None:
    row = assigned(cast, walk(cast))
    page = text(sign_in(cast.zheng).get(reverse("dossier-act", args=[row.number, "record"])))
    assert page.count("row-fields") == 4
    assert "已转为任务,不能再改" in page
    assert 'name="number_1" value="4"' in page


def test_photographs(cast: Cast, sign_in: SignIn) -> None:
    row = walk(cast)
    wu = sign_in(cast.wu)
    assert "请选择" in text(does(wu, row, "add_file"))
    does(wu, row, "add_file", pictures=SimpleUploadedFile("a.jpg", jpeg().read(), "image/jpeg"))
    assert row.pictures.count() == 1


def test_every_number_of_the_summary_leads_to_its_rows(cast: Cast, sign_in: SignIn) -> None:
    row = assigned(cast, walk(cast))
    signed_off(cast, row.tasks.all()[0])
    qian = sign_in(cast.qian)
    page = text(qian.get(reverse("walks-summary") + "?period=2026-Q4"))
    assert "部门 1 / 1" in page
    for name, count in {"walked": 1, "planned": 1, "problems": 2, "solved": 1, "open": 1, "dropped": 0}.items():
        rows = text(qian.get(reverse("walks-summary") + f"?period=2026-Q4&set={name}&unit={cast.unit.code}"))
        assert rows.partition('id="rows"')[2].partition("</ul>")[0].count("<li><a") == count
    assert "没有安排" in text(qian.get(reverse("walks-summary") + "?period=2025"))
    assert qian.get(reverse("walks-summary") + "?period=nonsense").status_code == 404
    book = b"".join(qian.get(reverse("walks-summary-file") + "?period=2026-Q4").streaming_content)
    with ZipFile(BytesIO(book)) as file:
        assert "走流程发现的问题" in file.read("xl/workbook.xml").decode()


def test_a_stranger_counts_nothing(cast: Cast, sign_in: SignIn) -> None:
    walk(cast)
    assert "没有安排" in text(sign_in(cast.song).get(reverse("walks-summary")))


# --- inspections ----------------------------------------------------------------------------------------------


def filled(**changes: str) -> dict[str, str]:
    said = {"nonce": "abc", "seen_1": "not_ok", "note_1": "中午没有人", "seen_2": "ok", "seen_3": "not_seen"}
    return {**said, **changes}


def test_a_whole_inspection_by_pages(cast: Cast, sign_in: SignIn) -> None:
    qian, lin, zheng = sign_in(cast.qian), sign_in(cast.lin), sign_in(cast.zheng)
    hall = Hall.objects.select_related("unit").order_by("code")[0]
    plan = {
        "title": "午间暗访",
        "covert": "yes",
        "route": f"{cast.unit.name} / {hall.name}\n没有的单位",
        "inspectors": cast.lin.pk,
        "begins": str(TODAY),
        "ends": str(TODAY),
        "checklist": "窗口在岗\n一次性告知\n收费渠道",
    }
    wrong = text(qian.post(reverse("dossier-new", args=["inspections"]), plan))
    assert "没有找到这些站点:没有的单位" in wrong
    qian.post(reverse("dossier-new", args=["inspections"]), {**plan, "route": f"{cast.unit.name} / {hall.name}"})
    row = Dossier.objects.get()
    address = reverse("inspection-stop", args=[row.number, 1])
    for page in (reverse("dossier", args=[row.number]), address):
        assert zheng.get(page).status_code in (403, 404)
    assert address in text(lin.get(reverse("dossier", args=[row.number])))
    missing = text(lin.post(address, filled(note_1="", note="等了四十分钟")))
    assert "请写明情况" in missing
    assert "等了四十分钟" in missing
    picture = SimpleUploadedFile("a.jpg", jpeg().read(), "image/jpeg")
    assert "已保存" in text(lin.post(address, {**filled(), "picture_1": picture}, follow=True))
    does(lin, row, "finish_visits")
    page = text(zheng.get(reverse("dossier", args=[row.number])))
    assert "中午没有人" in page
    assert "填表</a>" not in page
    finding = Visit.objects.get().findings.get(number=1)
    assert finding.picture is not None
    assert zheng.get(reverse("dossier-picture", args=[finding.picture.pk])).status_code == 200
    does(qian, row, "assign", findings=finding.pk, days="10")
    assert Task.objects.get().unit == cast.unit


def test_a_form_that_comes_twice_is_one_and_other_words_are_offered_again(cast: Cast, sign_in: SignIn) -> None:
    row = inspection(cast)
    lin, address = sign_in(cast.lin), reverse("inspection-stop", args=[row.number, 1])
    for _again in range(2):
        assert lin.post(address, filled()).status_code == 302
    other = lin.post(address, filled(note="补一句"))
    assert other.status_code == 409
    assert "补一句" in text(other)
    assert 'value="abc"' not in text(other)
    assert Visit.objects.count() == 1


@pytest.mark.parametrize("change", [{"seen_1": "x"}, {"nonce": ""}, {"nonce": "n" * 99}, {"note_2": "长" * 501}])
def test_broken_forms_are_said_not_stored(cast: Cast, sign_in: SignIn, change: dict[str, str]) -> None:
    row = inspection(cast)
    answer = sign_in(cast.lin).post(reverse("inspection-stop", args=[row.number, 1]), filled(**change))
    assert answer.status_code == 200
    assert not Visit.objects.exists()


def test_no_picture_is_refused_and_the_words_stay(cast: Cast, sign_in: SignIn) -> None:
    row = inspection(cast)
    broken = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    page = text(
        sign_in(cast.lin).post(reverse("inspection-stop", args=[row.number, 1]), {**filled(), "picture_1": broken})
    )
    assert "照片" in page
    assert "中午没有人" in page
    assert not Visit.objects.exists()


def test_stops_that_are_none(cast: Cast, sign_in: SignIn) -> None:
    lin = sign_in(cast.lin)
    assert lin.get(reverse("inspection-stop", args=[inspection(cast).number, 9])).status_code == 404
    assert sign_in(cast.qian).get(reverse("inspection-stop", args=[walk(cast).number, 1])).status_code == 404


def test_a_unit_meets_no_picture_of_another(cast: Cast, sign_in: SignIn) -> None:
    row = inspection(cast)
    lin = sign_in(cast.lin)
    picture = SimpleUploadedFile("a.jpg", jpeg().read(), "image/jpeg")
    lin.post(reverse("inspection-stop", args=[row.number, 1]), {**filled(), "picture_1": picture})
    actions.finish_visits(row, by=cast.lin, at=NOW)
    address = reverse("dossier-picture", args=[row.pictures.get().pk])
    song = sign_in(cast.song)
    assert song.get(address).status_code == 404
    page = text(song.get(reverse("dossier", args=[row.number])))
    assert address not in page
    assert cast.unit.short_name not in page.partition("<main")[2]


def test_cases_are_opened_by_a_page(cast: Cast, sign_in: SignIn) -> None:
    row = inspected(cast)
    finding = Visit.objects.order_by("pk")[0].findings.get(number=1)
    does(sign_in(cast.qian), row, "open_cases", findings=finding.pk)
    assert row.cases.get().case.unit == cast.unit


# --- the file -------------------------------------------------------------------------------------------------


def test_an_entry_by_pages(cast: Cast, sign_in: SignIn) -> None:
    second = staff("tan", "谭督导", (Role.CITY_SUPERVISOR, cast.body))
    qian, tan, zheng = (sign_in(person) for person in (cast.qian, second, cast.zheng))
    said = {
        "sort": "caution",
        "title": "午间空岗",
        "unit": cast.unit.name,
        "named": "no",
        "facts": "吴经办离岗四十分钟。",
        "lesson": "要有替岗。",
        "origin": "线索",
    }
    stopped = text(qian.post(reverse("warning-new"), said))
    assert "认出个人" in stopped
    assert "吴经办离岗四十分钟。" in stopped
    qian.post(reverse("warning-new"), {**said, "facts": "窗口空岗四十分钟。"})
    row = WarningCase.objects.get()
    assert zheng.get(reverse("warning", args=[row.number])).status_code == 404
    assert zheng.get(reverse("warning-act", args=[row.number, "approve"])).status_code == 403
    tan.post(reverse("warning-act", args=[row.number, "approve"]), {"note": "", "seen": row.version})
    page = text(zheng.get(reverse("warning", args=[row.number])))
    assert "某单位" in page
    assert cast.unit.name not in page.partition("<main")[2]
    assert "午间空岗" in text(zheng.get(reverse("warnings-print")))
    assert "午间空岗" in text(zheng.get(reverse("warnings")))
    qian.post(reverse("warning-act", args=[row.number, "withdraw"]), {"reason": "申辩成立"})
    assert "午间空岗" not in text(zheng.get(reverse("warnings")))


def test_a_case_marked_typical_is_offered_once(cast: Cast, sign_in: SignIn) -> None:
    case = cast.rate(1)
    type(case).objects.filter(pk=case.pk).update(typical=True)
    qian = sign_in(cast.qian)
    link = f"{reverse('warning-new')}?case={case.number}"
    assert link in text(qian.get(reverse("warnings")))
    assert f'value="{case.number}"' in text(qian.get(link))
    row = warning(cast, origin="", case=case)
    assert link not in text(qian.get(reverse("warnings")))
    assert case.number in text(qian.get(reverse("warning", args=[row.number])))


def test_a_number_that_is_nobodys_is_said(cast: Cast, sign_in: SignIn) -> None:
    page = text(sign_in(cast.qian).post(reverse("warning-new"), {"case": "2222-2222", "dossier": "XC-2026-999"}))
    assert "没有编号为“2222-2222”的件" in page
    assert "没有编号为“XC-2026-999”的卷" in page


def test_what_another_changed_meanwhile_is_said(cast: Cast, sign_in: SignIn) -> None:
    second = staff("tan", "谭督导", (Role.CITY_SUPERVISOR, cast.body))
    row = warning(cast)
    page = text(sign_in(second).post(reverse("warning-act", args=[row.number, "approve"]), {"seen": "7"}))
    assert "刚刚被别人改过" in page


def test_a_form_offers_only_whom_the_act_takes(cast: Cast, sign_in: SignIn) -> None:
    page = text(sign_in(cast.qian).get(reverse("dossier-new", args=["inspections"])))
    for person in (cast.qian, cast.lin):
        assert str(person) in page
    for person in (cast.he, cast.zhou, cast.zhao, cast.zheng):
        assert str(person) not in page


def test_acts_that_would_come_to_nothing_are_not_offered(cast: Cast, sign_in: SignIn) -> None:
    qian = sign_in(cast.qian)

    def offered(row: Dossier) -> set[str]:
        page = text(qian.get(reverse("dossier", args=[row.number])))
        names = ("finish_visits", "change", "assign", "open_cases", "close")
        return {name for name in names if f'href="{reverse("dossier-act", args=[row.number, name])}"' in page}

    row = inspection(cast)
    assert offered(row) == {"change"}
    visited(cast, row)
    assert offered(row) == {"finish_visits"}
    actions.finish_visits(row, by=cast.lin, at=NOW)
    assert offered(row) == {"assign", "open_cases"}
    actions.assign_findings(row, [one.pk for one in wrong_and_left(row)], days=5, by=cast.qian, at=NOW)
    assert offered(row) == {"close"}
    walked = walk(cast, lines=[StepLine(1, "受理", obstacle="排队久")])
    assert offered(walked) == {"assign"}
    assert offered(assigned(cast, walked)) == {"close"}
