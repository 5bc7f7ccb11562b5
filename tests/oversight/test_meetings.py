"""季度联席会议: one a quarter, an agenda made of facts, minutes that stand, resolutions that are followed up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from assessment.enums import Grain
from assessment.periods import period_of
from common.models import Notice
from organizations.actions import Refused
from oversight import actions
from oversight.actions import Came
from oversight.enums import AgendaSource, Part, Presence
from oversight.models import AgendaItem, Attendance, Dossier, Meeting, MinutesCorrection, Resolution
from oversight.paper import Table, load
from oversight.queries.agendas import proposals
from oversight.queries.meetings import meeting_before, resolutions_of, standing_of
from oversight.queries.minutes import draft_minutes, minutes_of
from oversight.queries.sections import meetings as section
from tests.assessment.quarters import Close
from tests.assessment.test_standings import frozen
from tests.factories import NOW, Cast
from tests.oversight.conftest import issued as issued_notice
from tests.oversight.desk import campaign, signed_off, wanted
from tests.oversight.meeting_desk import QUARTER, SAT, came, held, issued, item_of, meeting, sitting

pytestmark = pytest.mark.django_db


# --- opening --------------------------------------------------------------------------------------------------


def test_a_quarter_has_one_meeting(cast: Cast) -> None:
    row = meeting(cast)
    assert (row.number, row.begins, row.ends) == ("LX-2026-001", date(2026, 7, 1), date(2026, 9, 30))
    assert row.title == "2026年第三季度政务服务“好差评”联席会议"
    with pytest.raises(Refused, match="LX-2026-001"):
        meeting(cast, quarter=date(2026, 9, 30))
    with pytest.raises(Refused, match="还没有开始"):
        meeting(cast, quarter=date(2027, 1, 1))
    assert Dossier.objects.count() == 1


def test_a_county_has_its_own(cast: Cast) -> None:
    meeting(cast)
    row = actions.open_meeting(cast.county_body.region, QUARTER, sitting(cast), by=cast.he, at=NOW)
    assert row.number == "LX-2026-002"
    assert draft_minutes(row, at=NOW).issuer == cast.county_body.name
    assert draft_minutes(Dossier.objects.get(number="LX-2026-001"), at=NOW).issuer == "烟台市行政审批服务局"


def test_after_one_was_dropped_another_may_be_opened(cast: Cast) -> None:
    with pytest.raises(Refused, match="理由"):
        actions.drop_meeting(meeting(cast), " ", by=cast.qian, at=NOW)
    actions.drop_meeting(Dossier.objects.get(), "改期另立", by=cast.qian, at=NOW)
    assert meeting(cast).number == "LX-2026-002"


@pytest.mark.parametrize("who", ["lin", "zheng", "wu", "he", "zhou"])
def test_only_who_leads_the_division_opens_one(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.open_meeting(cast.body.region, QUARTER, sitting(cast), by=getattr(cast, who), at=NOW)


def test_somebody_is_to_come(cast: Cast) -> None:
    with pytest.raises(Refused, match="参会单位"):
        meeting(cast, units=[])


def test_units_that_attend_see_it_and_others_do_not(cast: Cast) -> None:
    row = meeting(cast, units=[cast.unit])
    assert row in Dossier.objects.visible_to(cast.zheng)
    assert row not in Dossier.objects.visible_to(cast.song)
    actions.change_meeting(row, sitting(cast, units=[cast.other_unit]), by=cast.qian, at=NOW)
    assert row in Dossier.objects.visible_to(cast.song)
    assert row not in Dossier.objects.visible_to(cast.zheng)


def test_a_resolution_lets_its_unit_in(cast: Cast) -> None:
    row = held(cast, meeting(cast, units=[cast.unit, cast.other_unit]))
    actions.resolve(item_of(row), wanted(cast, unit=cast.county_body), by=cast.qian, at=SAT)
    assert row.units.filter(unit=cast.county_body, part=Part.SUBJECT).exists()


# --- the agenda -----------------------------------------------------------------------------------------------


def test_the_agenda_says_the_numbers_of_the_quarter(quarter: Cast) -> None:
    found = {one.source: one for one in proposals(meeting(quarter), at=NOW)}
    assert AgendaSource.RESOLUTIONS not in found  # there was no meeting before
    assert "尚未封存" in found[AgendaSource.RANKING].text
    # One was closed in time; the one that was dispatched is late by now, the third was never dispatched.
    assert "本季度整改逾期 1 件(市公安局 1 件)" in found[AgendaSource.OVERDUE].text
    assert found[AgendaSource.OVERDUE].address == "/desk/ledger/?overdue=1"
    assert "提出申诉 0 件" in found[AgendaSource.APPEALS].text
    assert AgendaSource.CAMPAIGNS not in found


def test_who_is_low_is_named_the_longest_running_first(cast: Cast) -> None:
    close = Close(cast)
    for begins, ranks in ((date(2026, 1, 1), {"a": 7}), (date(2026, 4, 1), {"a": 8, "b": 1})):
        frozen(close, begins, dict(ranks))
    frozen(close, QUARTER, {"b": 6, "a": 8, "c": 3})
    [text] = [one.text for one in proposals(meeting(cast), at=NOW) if one.source == AgendaSource.RANKING]
    assert text.splitlines() == [
        "a:80.00 分,同组第 8 名(共 8 个),已连续 3 个季度靠后,达到现场办公的次数。",
        "b:80.00 分,同组第 6 名(共 8 个)。",
    ]
    county = actions.open_meeting(cast.county_body.region, QUARTER, sitting(cast), by=cast.he, at=NOW)
    [text] = [one.text for one in proposals(county, at=NOW) if one.source == AgendaSource.RANKING]
    assert text == "参加排名的 0 个,没有列入靠后的(同组人数不多于末位名额的不列)。"


def test_what_was_resolved_before_comes_first(cast: Cast) -> None:
    before = held(cast, meeting(cast, quarter=date(2026, 4, 1)))
    done = actions.resolve(item_of(before), wanted(cast), by=cast.qian, at=SAT)
    late = actions.resolve(item_of(before), wanted(cast, wanted="公示收费标准", days=2), by=cast.qian, at=SAT)
    signed_off(cast, done, at=SAT + timedelta(hours=1))
    after = late.due_at + timedelta(days=1)
    row = meeting(cast)
    actions.draft_agenda(row, by=cast.qian, at=after)
    first = row.meeting.agenda.first()
    assert first is not None
    assert first.source == AgendaSource.RESOLUTIONS
    assert "决议 2 项,已销号 1 项,未完成 1 项,其中逾期 1 项" in first.text
    assert "公示收费标准" in first.text
    assert "已逾期" in first.text
    assert "备零钱" not in first.text
    assert first.address == f"/desk/dossiers/{before.number}/"


def test_what_is_left_of_older_meetings_is_not_forgotten(cast: Cast) -> None:
    oldest = held(cast, meeting(cast, quarter=date(2026, 1, 1)))
    actions.resolve(item_of(oldest), wanted(cast, wanted="装叫号屏"), by=cast.qian, at=SAT)
    held(cast, meeting(cast, quarter=date(2026, 4, 1)))
    [first, *_rest] = proposals(meeting(cast), at=SAT)
    assert "决议 0 项" in first.text
    assert f"装叫号屏(期限 2026-11-30,待办)({oldest.number})" in first.text


def test_campaigns_and_joint_files_in_progress_are_told(cast: Cast) -> None:
    row = campaign(cast, at=NOW - timedelta(days=1))
    found = {one.source: one.text for one in proposals(meeting(cast), at=NOW)}
    assert f"{row.number} 窗口收费渠道全面普查(市审批服务局牵头)" in found[AgendaSource.CAMPAIGNS]


def test_drafting_again_leaves_what_somebody_wrote(cast: Cast) -> None:
    row = meeting(cast)
    actions.draft_agenda(row, by=cast.qian, at=NOW)
    actions.add_item(row, "跨省通办", "两地来回跑", by=cast.qian, at=NOW)
    ranking = AgendaItem.objects.select_related("meeting__dossier").get(source=AgendaSource.RANKING)
    actions.change_item(ranking, "靠后单位表态", ranking.text, 1, by=cast.qian, at=NOW)
    overdue = row.meeting.agenda.get(source=AgendaSource.OVERDUE)
    before = [one.title for one in row.meeting.agenda.all()]
    actions.draft_agenda(row, by=cast.qian, at=NOW + timedelta(days=1))
    assert [one.title for one in row.meeting.agenda.all()] == before
    anew = row.meeting.agenda.get(source=AgendaSource.OVERDUE)
    assert anew.pk == overdue.pk
    assert anew.text != overdue.text  # it says the day


def test_items_are_ordered_changed_and_removed_until_it_is_held(cast: Cast) -> None:
    row = meeting(cast)
    for title in ("一", "二", "三"):
        actions.add_item(row, title, "", by=cast.qian, at=NOW)
    items = {item.title: item for item in AgendaItem.objects.select_related("meeting__dossier")}
    actions.change_item(items["三"], "三", "", 1, by=cast.qian, at=NOW)
    actions.change_item(items["一"], "一", "", 99, by=cast.qian, at=NOW)
    assert [(item.number, item.title) for item in row.meeting.agenda.all()] == [(1, "三"), (2, "二"), (3, "一")]
    actions.remove_item(items["二"], by=cast.qian, at=NOW)
    assert [(item.number, item.title) for item in row.meeting.agenda.all()] == [(1, "三"), (2, "一")]
    with pytest.raises(Refused, match="已经删除"):
        actions.remove_item(items["二"], by=cast.qian, at=NOW)
    actions.hold_meeting(row, came(cast), by=cast.qian, at=SAT)
    with pytest.raises(Refused, match="已召开"):
        actions.change_item(items["三"], "别的", "", 1, by=cast.qian, at=SAT)


def test_nobody_can_be_recognised_by_an_item(cast: Cast) -> None:
    row = meeting(cast)
    with pytest.raises(Refused, match="手机号"):
        actions.add_item(row, "来电", "请回 13800001234", by=cast.qian, at=NOW)
    assert not row.meeting.agenda.exists()


def test_the_units_are_told_of_a_meeting_with_an_agenda(cast: Cast) -> None:
    row = meeting(cast)
    with pytest.raises(Refused, match="还是空的"):
        actions.call_meeting(row, by=cast.qian, at=NOW)
    actions.draft_agenda(row, by=cast.qian, at=NOW)
    actions.call_meeting(row, by=cast.qian, at=NOW)
    assert list(Notice.objects.filter(staff=cast.zheng).values_list("kind", flat=True)) == ["meeting.called"]
    assert not Notice.objects.filter(staff=cast.wu).exists()


# --- held, minuted, issued ------------------------------------------------------------------------------------


def test_it_is_not_held_before_its_time_or_without_saying_who_came(cast: Cast) -> None:
    row = meeting(cast)
    actions.add_item(row, "收费", "", by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="会议时间"):
        actions.hold_meeting(row, came(cast), by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="每个参会单位"):
        actions.hold_meeting(row, came(cast)[:1], by=cast.qian, at=SAT)
    nameless = [Came(cast.unit, Presence.DEPUTY), Came(cast.other_unit, Presence.ABSENT)]
    with pytest.raises(Refused, match="姓名"):
        actions.hold_meeting(row, nameless, by=cast.qian, at=SAT)
    assert not Attendance.objects.exists()


def test_the_database_asks_for_the_name_of_who_came(cast: Cast) -> None:
    row = held(cast)
    with pytest.raises(IntegrityError, match="who_came_has_a_name"), transaction.atomic():
        Attendance.objects.filter(meeting=row.pk, unit=cast.unit).update(name="")


def test_attendance_is_mended_until_the_minutes_are_issued(cast: Cast) -> None:
    row = held(cast)
    mended = [came(cast)[0], Came(cast.other_unit, Presence.DEPUTY, "某科长", "科长")]
    actions.record_attendance(row, mended, by=cast.qian, at=SAT)
    assert row.meeting.attendance.get(unit=cast.other_unit).presence == Presence.DEPUTY
    assert row.meeting.attendance.count() == 2


def test_no_item_is_issued_without_minutes(cast: Cast) -> None:
    row = held(cast)
    with pytest.raises(Refused, match="窗口收费渠道"):
        actions.issue_minutes(row, by=cast.qian, at=SAT)


def test_issued_minutes_stand(cast: Cast) -> None:
    row = issued(cast)
    item = item_of(row)
    with pytest.raises(Refused):
        actions.write_minutes(item, "改口", by=cast.qian, at=SAT)
    with pytest.raises(Refused):
        actions.record_attendance(row, came(cast), by=cast.qian, at=SAT)
    for rows in (
        AgendaItem.objects.filter(meeting=row.pk),
        Attendance.objects.filter(meeting=row.pk),
    ):
        with pytest.raises(DatabaseError, match="stand"), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError, match="stand"), transaction.atomic():
        AgendaItem.objects.filter(pk=item.pk).update(said="改口")
    with pytest.raises(DatabaseError), transaction.atomic():
        Meeting.objects.filter(pk=row.pk).update(paper={"title": "x"})


def test_what_was_wrong_is_added(cast: Cast) -> None:
    row = issued(cast)
    with pytest.raises(Refused, match="手机号"):
        actions.correct_minutes(row, "电话 13800001234", by=cast.qian, at=SAT)
    actions.correct_minutes(row, "“月底前”应为“下月底前”。", item_of(row), by=cast.qian, at=SAT)
    row.refresh_from_db()
    words = [str(block) for block in minutes_of(row, at=SAT).blocks if not isinstance(block, Table)]
    assert any("应为“下月底前”" in line for line in words)
    assert any("会议意见:会议要求月底前恢复收现金。" in line for line in words)
    with pytest.raises(DatabaseError), transaction.atomic():
        MinutesCorrection.objects.update(text="")
    with pytest.raises(Refused, match="本次会议"):
        actions.correct_minutes(row, "改", item_of(meeting_with_item(cast)), by=cast.qian, at=SAT)


def meeting_with_item(cast: Cast) -> Dossier:
    row = meeting(cast, quarter=date(2026, 4, 1))
    actions.add_item(row, "别的会", "", by=cast.qian, at=NOW)
    return row


def test_the_units_are_told_and_the_paper_is_kept(cast: Cast) -> None:
    row = held(cast)
    actions.resolve(item_of(row), wanted(cast), by=cast.qian, at=SAT)
    actions.write_minutes(item_of(row), "同意。", by=cast.qian, at=SAT)
    actions.issue_minutes(row, by=cast.qian, at=SAT)
    kinds = set(Notice.objects.filter(staff=cast.song).values_list("kind", "url"))
    assert kinds == {("meeting.minutes", f"/desk/dossiers/{row.number}/minutes/")}
    paper = load(Meeting.objects.get(pk=row.pk).paper)
    assert paper.number == row.number
    tables = {table.name: table.rows for table in paper.tables}
    assert [cells[1:4] for cells in tables["会议决议"]] == [("恢复收取现金,备零钱", "窗口收费渠道", cast.unit.name)]
    assert (cast.other_unit.name, "缺席", "—", "—") in tables["到会情况"]


def test_the_notice_of_the_quarter_is_the_annex(quarter: Cast) -> None:
    row = meeting(quarter)
    assert row.meeting.notice is None
    notice = issued_notice(quarter)
    issued(quarter, row)
    row.refresh_from_db()
    assert Meeting.objects.get(pk=row.pk).notice == notice
    words = [str(block) for block in minutes_of(row, at=SAT).blocks]
    assert any(notice.number in line for line in words)


# --- followed up ----------------------------------------------------------------------------------------------


def test_a_resolution_is_a_task_out_of_an_item(cast: Cast) -> None:
    row = held(cast)
    task = actions.resolve(item_of(row), wanted(cast), by=cast.qian, at=SAT)
    assert Resolution.objects.get(task=task).item == item_of(row)
    with pytest.raises(Refused, match="手机号"):
        actions.resolve(item_of(row), wanted(cast, wanted="回电 13800001234"), by=cast.qian, at=SAT)
    with pytest.raises(PermissionDenied):
        actions.resolve(item_of(row), wanted(cast), by=cast.zheng, at=SAT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Resolution.objects.all().delete()


def test_resolutions_are_given_from_the_meeting_on(cast: Cast) -> None:
    row = meeting(cast)
    actions.add_item(row, "收费", "", by=cast.qian, at=NOW)
    with pytest.raises(Refused, match="筹备中"):
        actions.resolve(item_of(row), wanted(cast), by=cast.qian, at=NOW)


def test_the_next_meeting_finds_the_last_one_of_its_division(cast: Cast) -> None:
    spring, winter = (issued(cast, meeting(cast, quarter=day)) for day in (date(2026, 4, 1), date(2026, 1, 1)))
    dropped = meeting(cast)
    actions.drop_meeting(dropped, "改期", by=cast.qian, at=NOW)
    county = actions.open_meeting(cast.county_body.region, QUARTER, sitting(cast), by=cast.he, at=NOW)
    row = meeting(cast, quarter=date(2026, 10, 1))
    assert meeting_before(row) == spring
    assert meeting_before(spring) == winter
    assert meeting_before(county) is None


def test_what_was_dropped_counts_for_nothing(cast: Cast) -> None:
    row = held(cast)
    tasks = [actions.resolve(item_of(row), wanted(cast), by=cast.qian, at=SAT) for _ in range(3)]
    actions.drop_task(tasks[0], "窗口已撤", by=cast.qian, at=SAT)
    signed_off(cast, tasks[1], at=SAT)
    found = standing_of(resolutions_of(row), tasks[2].due_at + timedelta(days=1))
    assert (found.all, found.done, found.left, found.late) == (2, 1, 1, 1)


def test_a_meeting_is_done_when_its_resolutions_are(cast: Cast) -> None:
    row = held(cast)
    task = actions.resolve(item_of(row), wanted(cast), by=cast.qian, at=SAT)
    actions.write_minutes(item_of(row), "同意。", by=cast.qian, at=SAT)
    row = actions.issue_minutes(row, by=cast.qian, at=SAT)
    with pytest.raises(Refused, match="没有销号"):
        actions.close_dossier(row, "决议已落实", by=cast.qian, at=SAT)
    signed_off(cast, task, at=SAT)
    assert actions.close_dossier(row, "决议已落实", by=cast.qian, at=SAT).stage == "closed"


def test_the_notice_tells_of_the_meetings_of_its_quarter(cast: Cast) -> None:
    period = period_of(NOW.date(), Grain.QUARTER)
    assert section.blocks(period, at=SAT) == []
    row = held(cast)
    actions.resolve(item_of(row), wanted(cast), by=cast.qian, at=SAT)
    actions.write_minutes(item_of(row), "同意。", by=cast.qian, at=SAT)
    actions.issue_minutes(row, by=cast.qian, at=SAT)
    [table] = [block for block in section.blocks(period, at=SAT) if isinstance(block, Table)]
    [cells] = table.rows
    assert cells[:2] == (row.number, row.title)
    assert [str(cell) for cell in cells[3:]] == ["1", "1", "0", "0"]
    assert section.blocks(period.before(), at=SAT) == []
