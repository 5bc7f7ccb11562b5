"""The way of a notice: nobody signs what they drafted, what is issued is final, every unit says that it was read."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from common.models import AuditEntry, Notice
from organizations.actions import Refused
from organizations.enums import Role
from oversight import actions
from oversight.enums import Act, FileKind, Stage
from oversight.models import NoticeEvent, QuarterNotice, Receipt
from oversight.paper import load
from tests.factories import NOW, Cast, staff
from tests.oversight.conftest import QUARTER, issued
from tests.oversight.test_renderings import in_order, in_word, on_paper

pytestmark = pytest.mark.django_db


def test_from_draft_to_service(quarter: Cast) -> None:
    notice = issued(quarter, demands="市公安局10月31日前整改到位。")
    assert (notice.stage, notice.number, notice.serial) == (Stage.ISSUED, "烟审服通〔2026〕1号", 1)
    acts = list(NoticeEvent.objects.values_list("act", flat=True))
    assert acts == [Act.DRAFT, Act.WRITE, Act.SUBMIT, Act.APPROVE, Act.ISSUE]
    assert AuditEntry.objects.filter(object_type="notice", action="notice.issue").count() == 1
    paper = load(notice.content)
    words = [str(block) for block in paper.blocks]
    assert any("收到差评3件,认定无效0件,有效差评3件" in line for line in words), words
    assert any("整改到期2件,按期答复1件,按期整改率50.00%" in line for line in words), words
    assert "市公安局10月31日前整改到位。" in words


def test_the_files_are_what_was_signed_and_say_the_same(quarter: Cast) -> None:
    notice = issued(quarter)
    files = {file.kind: file.file.read() for file in notice.files.all()}
    assert set(files) == set(FileKind)
    for file in notice.files.all():
        assert file.fingerprint == hashlib.sha256(files[file.kind]).hexdigest()
    wanted = [str(figure) for figure in load(notice.content).figures()]
    in_order(in_word(files[FileKind.WORD]), wanted)
    in_order(on_paper(files[FileKind.PDF]), wanted)
    assert "烟审服通〔2026〕1号" in on_paper(files[FileKind.PDF])


def test_four_eyes(quarter: Cast) -> None:
    notice = actions.draft_notice(QUARTER, by=quarter.qian, at=NOW)
    actions.submit_notice(notice, by=quarter.qian, at=NOW)
    with pytest.raises(Refused, match="起草人不能自己"):
        actions.approve_notice(notice, by=quarter.qian, at=NOW)
    actions.approve_notice(notice, by=quarter.lin, at=NOW)
    with pytest.raises(Refused, match="起草人不能自己"):
        actions.issue_notice(notice, by=quarter.qian, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.issue_notice(notice, by=quarter.lin, at=NOW)
    notice.refresh_from_db()
    assert notice.stage == Stage.SIGNING


def test_a_notice_waits_for_the_scores_of_its_quarter(quarter: Cast, settings: object) -> None:
    settings.NOTICE_REQUIRES_FREEZE = True  # type: ignore[attr-defined]
    with pytest.raises(Refused, match="还没有封存"):
        issued(quarter)


def test_a_countys_office_neither_writes_nor_reads_the_drafts_of_the_city(quarter: Cast) -> None:
    near = staff("county-lin", "县转办", (Role.DISPATCHER, quarter.county_body))
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    for act in (actions.submit_notice, lambda row, **who: actions.write_notice(row, {}, **who)):
        with pytest.raises(PermissionDenied):
            act(notice, by=near, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.draft_notice(QUARTER, by=near, at=NOW)
    assert not QuarterNotice.objects.visible_to(near).exists()
    assert QuarterNotice.objects.visible_to(quarter.lin).get() == notice


def test_dropping_needs_a_reason_and_ends_a_draft_only(quarter: Cast) -> None:
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    with pytest.raises(PermissionDenied):
        actions.drop_notice(notice, by=quarter.lin, at=NOW, note="重复")
    with pytest.raises(Refused, match="写明作废的理由"):
        actions.drop_notice(notice, by=quarter.qian, at=NOW, note=" ")
    actions.drop_notice(notice, by=quarter.qian, at=NOW, note="重复")
    with pytest.raises(Refused, match="已作废"):
        actions.submit_notice(notice, by=quarter.lin, at=NOW)
    with pytest.raises(Refused, match="已签发"):
        actions.drop_notice(issued(quarter), by=quarter.qian, at=NOW, note="不要了")


def test_acts_out_of_turn_are_refused(quarter: Cast) -> None:
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    for act in (actions.approve_notice, actions.issue_notice):
        with pytest.raises(Refused, match="起草中"):
            act(notice, by=quarter.qian, at=NOW)
    actions.submit_notice(notice, by=quarter.lin, at=NOW)
    with pytest.raises(Refused, match="待审核"):
        actions.write_notice(notice, {"summary": "x"}, by=quarter.lin, at=NOW)
    with pytest.raises(Refused, match="写明要修改什么"):
        actions.return_notice(notice, by=quarter.qian, at=NOW, note=" ")
    actions.return_notice(notice, by=quarter.qian, at=NOW, note="第三条写明单位")
    for person in (quarter.zheng, quarter.sun, quarter.he, quarter.zhou, quarter.xu):
        with pytest.raises(PermissionDenied):
            actions.write_notice(notice, {}, by=person, at=NOW)


def test_somebody_was_faster(quarter: Cast) -> None:
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    actions.write_notice(notice, {"summary": "一"}, by=quarter.lin, at=NOW, seen=0)
    with pytest.raises(Refused, match="刚刚被别人改过"):
        actions.write_notice(notice, {"summary": "二"}, by=quarter.qian, at=NOW, seen=0)
    notice.refresh_from_db()
    assert notice.written == {"summary": "一"}


def test_one_at_work_and_none_of_a_quarter_that_goes_on(quarter: Cast) -> None:
    first = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    assert actions.draft_notice(QUARTER, by=quarter.qian, at=NOW).pk == first.pk
    with pytest.raises(Refused, match="还没有结束"):
        actions.draft_notice(NOW.date(), by=quarter.lin, at=NOW)


def test_what_is_issued_is_final_and_only_superseded(quarter: Cast) -> None:
    first = issued(quarter, summary="第一次")
    for change in ({"content": {}}, {"number": "x"}, {"stage": Stage.DRAFT}, {"written": {}}):
        with pytest.raises(DatabaseError), transaction.atomic():
            QuarterNotice.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()
    second = issued(quarter, at=NOW + timedelta(days=1), summary="第二次")
    first.refresh_from_db()
    assert first.stage == Stage.SUPERSEDED
    assert (second.serial, second.replaces_id) == (2, first.pk)
    assert load(first.content).summary == ("第一次",)


def test_a_letter_that_cannot_be_printed_stops_the_signing_and_nothing_is_written(quarter: Cast) -> None:
    notice = actions.draft_notice(QUARTER, by=quarter.lin, at=NOW)
    actions.write_notice(notice, {"problems": "某局\U000f0000"}, by=quarter.lin, at=NOW)
    actions.submit_notice(notice, by=quarter.lin, at=NOW)
    actions.approve_notice(notice, by=quarter.qian, at=NOW)
    with pytest.raises(Refused, match="打印不出来的字"):
        actions.issue_notice(notice, by=quarter.qian, at=NOW)
    notice.refresh_from_db()
    assert (notice.stage, notice.number) == (Stage.SIGNING, "")
    assert not Receipt.objects.exists()


# --- served -------------------------------------------------------------------------------------------------------


def test_every_unit_is_told_and_reminded_until_it_has_read(quarter: Cast) -> None:
    notice = issued(quarter)
    mine = Receipt.objects.get(notice=notice, unit=quarter.unit)
    other = Receipt.objects.get(notice=notice, unit=quarter.other_unit)
    assert Receipt.objects.filter(notice=notice).count() == 31 + 14
    assert Notice.objects.filter(kind="notice.served", staff=quarter.zheng).count() == 1
    for person in (quarter.wu, quarter.song, quarter.qian):
        with pytest.raises(PermissionDenied):
            actions.acknowledge(mine, by=person, at=NOW)
    actions.acknowledge(mine, by=quarter.zheng, at=NOW + timedelta(hours=1))
    actions.acknowledge(mine, by=quarter.zheng, at=NOW + timedelta(hours=2))
    mine.refresh_from_db()
    assert (mine.read_at, mine.read_by) == (NOW + timedelta(hours=1), quarter.zheng)
    assert actions.remind_unread(at=NOW + timedelta(days=2)) == 0
    later = NOW + timedelta(days=3)
    unread = Receipt.objects.filter(notice=notice, read_at=None).count()
    assert actions.remind_unread(at=later) == unread
    assert actions.remind_unread(at=later) == 0
    other.refresh_from_db()
    assert other.reminders == 1
    assert Notice.objects.filter(kind="notice.remind", staff=quarter.song).count() == 1
    assert not Notice.objects.filter(kind="notice.remind", staff=quarter.zheng).exists()
