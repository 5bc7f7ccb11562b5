"""The pages of the trail: what a search finds, in words; whether the chain is whole; who looked into the vault."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from common.actions import seal_audit
from common.models import AuditCheck, AuditEntry, Export
from organizations.actions import (
    add_membership,
    decide_export,
    end_membership,
    issue_password,
    run_exports,
    take_export,
)
from organizations.enums import Role
from organizations.models import Membership, Staff
from organizations.tasks import check_audit
from rectification.actions import request_export
from rectification.enums import State
from reviews_portal import trail_views
from reviews_portal.acts import Changed, act_of
from reviews_portal.trail_views import Line
from tests.factories import NOW, Cast
from tests.organizations.test_trail import as_owner
from tests.reviews_portal.test_desk_pages import html
from tests.support.source import called, calls, written

SignIn = Callable[[Staff], Client]
CHECKS = "/desk/audit/checks/"


# --- whether it is whole ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_verified_from_the_page(live_cast: Cast, sign_in: SignIn) -> None:
    live_cast.rate(1)
    seal = seal_audit(at=NOW)
    assert seal is not None
    client = sign_in(live_cast.meng)
    assert "还没有核验过" in html(client, CHECKS)
    assert client.post(CHECKS, {"anchor": seal.hash[:16]}).url == CHECKS
    assert "正在核验" in html(client, CHECKS)
    assert client.post(CHECKS, {"anchor": ""}).status_code == 200
    check_audit()
    page = html(client, CHECKS)
    assert f"完整:{seal.row_count} 条记录与封存时一致,锚点一致。" in page
    assert [word for word in (seal.hash, "孟审管(meng)", "抄录的校验码") if word not in page] == []


@pytest.mark.django_db(transaction=True)
def test_a_broken_chain_is_said_plainly(live_cast: Cast, sign_in: SignIn) -> None:
    live_cast.rate(1)
    seal_audit(at=NOW)
    bad = AuditEntry.objects.earliest("pk").pk
    as_owner("common_auditentry", "UPDATE common_auditentry SET reason = 'x' WHERE id = %s", bad)
    client = sign_in(live_cast.zhou)
    client.post(CHECKS, {"anchor": ""})
    check_audit()
    page = html(client, CHECKS)
    assert "不完整:记录在封存后被改动" in page
    assert f"第 {bad} 号记录" in page
    assert "审计链核验不通过" in html(client, "/desk/notices/")


def test_what_was_typed_wrong_is_still_there(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.meng).post(CHECKS, {"anchor": "抄错了"}).content.decode()
    assert [word for word in ("抄错了", "请核对抄录的内容") if word not in page] == []
    assert not AuditCheck.objects.exists()


# --- what a search finds, in words -----------------------------------------------------------------------------------

AUDIT = "/desk/audit/"
TOMORROW = NOW.date() + timedelta(days=1)


def found(client: Client, **chosen: str) -> list[Line]:
    response = client.get(AUDIT, chosen)
    assert response.status_code == 200
    lines: list[Line] = response.context["lines"]
    return lines


def test_rows_are_said_in_words(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.SIGNED)
    add_membership(cast.sun, role=Role.CALLBACK, unit=cast.body, valid_from=TOMORROW, by=cast.gu, at=NOW)
    client = sign_in(cast.zhou)
    [signed] = found(client, what="签收", about=case.number)
    assert (signed.act, signed.kind, signed.url) == ("差评件: 签收", "差评件", f"/desk/cases/{case.number}/")
    [granted] = found(client, about="sun:callback")
    assert granted.act == "任职: 新增"
    assert Changed("角色", None, "回访员") in granted.changes
    assert [one for one in granted.changes if one.label == "止"] == []  # there is none
    end_membership(Membership.objects.get(staff=cast.sun, role=Role.CALLBACK), on=TOMORROW, by=cast.gu, at=NOW)
    [ended] = found(client, about="sun:callback", what="结束")
    assert ended.changes == [Changed("止", "—", str(TOMORROW))]
    assert f'href="/desk/cases/{case.number}/"' in html(client, AUDIT, about=case.number)
    assert '角色: <span lang="zh">回访员</span>' in html(client, AUDIT, about="sun:callback")


def test_an_object_is_found_by_its_whole_number_or_its_beginning(cast: Cast, sign_in: SignIn) -> None:
    issue_password(cast.wu, by=cast.xu, at=NOW)
    issue_password(cast.wei, by=cast.xu, at=NOW)
    client = sign_in(cast.meng)
    assert {line.entry.object_id for line in found(client, about="w", what="issue_password")} == {"wu", "wei"}
    assert {line.entry.object_id for line in found(client, about="wu", match="exact")} == {"wu"}
    assert found(client, about="w", match="exact") == []
    number = cast.rate(1).number
    assert {line.entry.object_id for line in found(client, about=number.lower(), match="exact")} == {number}
    assert found(client, about=number[:4], match="exact") == []


def test_somebody_is_found_by_staff_number_and_refusals_by_themselves(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.wu).post("/desk/outbox/1/resend/")
    client = sign_in(cast.zhou)
    [refused] = found(client, who="wu", refused="on")
    assert (refused.act, refused.entry.actor) == ("访问: 被拒绝", cast.wu)
    assert "未成功" in html(client, AUDIT, refused="on")
    assert found(client, who="w", refused="on") == []


def test_addresses_are_for_auditors_and_so_is_what_was_said_of_cases(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    sign_in(cast.wu).post(f"/desk/cases/{case.number}/refuse/", {"reason": "这件不属本单位", "seen": case.version})
    act = {"about": case.number, "what": "case.refuse"}
    full = html(sign_in(cast.zhou), AUDIT, **act)
    assert [word for word in ("127.0.0.1", "这件不属本单位") if word not in full] == []
    [line] = found(sign_in(cast.meng), **act)
    assert (line.entry.object_id, line.reason, line.changes, line.url) == (case.number, "", [], "")
    narrow = html(sign_in(cast.meng), AUDIT, **act)
    assert [word for word in ("127.0.0.1", "这件不属本单位", "网络地址") if word in narrow] == []
    assert {line.entry.action for line in found(sign_in(cast.zhou), address="127.0.0.1")} == {"case.refuse"}
    assert found(sign_in(cast.zhou), address="10.0.0.1") == []
    assert len(found(sign_in(cast.meng), address="10.0.0.1")) > 0


def test_days_nobody_believes_are_asked_about_again(cast: Cast, sign_in: SignIn) -> None:
    cast.rate(1)
    for day in ("0001-01-01", "9999-12-31", "1999-12-31"):
        for side in ("since", "until"):
            answer = sign_in(cast.zhou).get(AUDIT, {side: day})
            assert (answer.status_code, list(answer.context["form"].errors)) == (200, [side])
    assert found(sign_in(cast.zhou), until="2026-11-22") == []
    assert found(sign_in(cast.zhou), since="2026-11-24") == []
    assert len(found(sign_in(cast.zhou), since="2026-11-23", until="2026-11-23")) > 0


def test_a_search_that_takes_too_long_says_so(cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that sleep are as slow as millions of them."""
    cast.rate(1)
    slow = AuditEntry.objects.extra(where=["pg_sleep(0.5) IS NOT NULL"])
    monkeypatch.setattr(trail_views, "searched", lambda chosen: slow)
    monkeypatch.setattr(settings, "PATIENCE_SECONDS", 0.1)
    page = html(sign_in(cast.zhou), AUDIT, who="a")
    assert "请再填上日期" in page
    assert "没有符合条件的记录" not in page


def test_every_action_that_is_written_anywhere_has_words() -> None:
    unsaid = sorted({action for action in written_actions() if act_of(action) == action})
    assert unsaid == []


def written_actions() -> Iterator[str]:
    """Every action that stands in a call of `record_audit`, or of the helpers that put its kind before it."""
    for file in written():
        for call in calls(file):
            first = call.args[0] if call.args else None
            words = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
            if called(call) == "record_audit" and words:
                yield words
            elif called(call) == "audit" and file.app == "appeals" and words:
                yield f"appeal.{words}"
            elif called(call) == "step" and words and file.path.startswith("assessment/actions/"):
                yield f"scheme.{words}"
            elif called(call) == "_note" and file.path == "evaluations/actions/questionnaires.py":
                yield f"questionnaire.{words}"


# --- files, and who took what out ------------------------------------------------------------------------------------

EXPORTS, FILE = "/desk/audit/exports/", "/desk/audit/file/"


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))


def ordered(client: Client, person: Staff, **search: str) -> list[list[str]]:
    """The rows of a file of what a search finds."""
    address = f"{FILE}?{urlencode(search)}"
    assert client.post(address, {"format": "csv", "reason": "例行检查"}).url == "/desk/exports/"
    assert run_exports(at=NOW) == 1
    export = Export.objects.filter(by=person).latest("pk")
    assert export.error == ""
    content = b"".join(client.post(f"/desk/exports/{export.pk}/").streaming_content)  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("media")
def test_a_file_of_the_trail_holds_what_the_search_found(cast: Cast, sign_in: SignIn) -> None:
    case = cast.upto(cast.rate(1), State.DISPATCHED)
    sign_in(cast.wu).post(f"/desk/cases/{case.number}/refuse/", {"reason": "不属本单位", "seen": case.version})
    client = sign_in(cast.zhou)
    wanted = [str(line.entry.pk) for line in found(client, about=case.number)][::-1]
    heads, *rows = ordered(client, cast.zhou, about=case.number, nonsense="x")
    assert [row[0] for row in rows] == wanted
    last = rows[-1]
    assert (heads[-1], last[-1], last[4], last[10]) == ("网络地址", "127.0.0.1", "差评件: 退回", "不属本单位")
    order = AuditEntry.objects.get(action="export.request")
    assert (order.reason, order.after) == ("例行检查", {"filters": {"about": case.number}})
    heads, *rows = ordered(sign_in(cast.meng), cast.meng, about=case.number, address="127.0.0.1")
    assert [row[0] for row in rows] == wanted
    assert "网络地址" not in heads
    assert [cell for row in rows for cell in row if "不属本单位" in cell or "127.0.0.1" in cell] == []


def test_a_file_of_the_trail_needs_a_reason(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.zhou)
    assert f"{FILE}?who=wu" in html(client, AUDIT, who="wu")
    assert client.post(FILE, {"format": "csv", "reason": " "}).context["form"].errors
    assert client.post(FILE, {"format": "exe", "reason": "x"}).context["form"].errors
    assert not Export.objects.exists()


@pytest.mark.usefixtures("media")
def test_every_export_is_listed_with_its_reason(cast: Cast, sign_in: SignIn) -> None:
    for _ in range(2):
        cast.rate(1)
    settings.EXPORT_SECOND_PERSON_ROWS, before = 1, settings.EXPORT_SECOND_PERSON_ROWS
    large = request_export(by=cast.qian, at=NOW, format="xlsx", filters={}, reason="全市核查")
    run_exports(at=NOW)
    settings.EXPORT_SECOND_PERSON_ROWS = before
    decide_export(large, approved=True, note="已核", by=cast.gu, at=NOW)
    take_export(large, by=cast.qian, at=NOW)
    request_export(by=cast.wu, at=NOW, format="csv", filters={}, reason="本人核对")
    run_exports(at=NOW)
    client = sign_in(cast.zhou)
    page = html(client, EXPORTS)
    words = ("全市核查", "本人核对", "顾安全(gu)", "已核", "不需要", "没有下载", "2026-11-23 10:00")
    assert [word for word in words if word not in page] == []
    for chosen, reasons in (
        ({"large": "on"}, ["全市核查"]),
        ({"who": "吴"}, ["本人核对"]),
        ({"kind": "trail"}, []),
        ({"until": "2026-11-22"}, []),
        ({"until": "2026-11-23"}, ["本人核对", "全市核查"]),
        ({"until": "9999-12-31"}, ["本人核对", "全市核查"]),
    ):
        assert [row.reason for row in client.get(EXPORTS, chosen).context["exports"]] == reasons, chosen
