"""任务: who does, who signs off, when it is due, who is warned, and what cannot be stored."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from common.models import Notice
from organizations.actions import Refused
from organizations.actions.calendar import set_calendar_day
from organizations.enums import DayKind
from oversight import actions
from oversight.enums import TaskState
from oversight.models import Task
from oversight.queries.dossiers import duties_for, to_check, to_do
from tests.factories import NOW, Cast
from tests.oversight.desk import LATER, campaign, jpeg, signed_off, task, wanted


def test_five_working_days_are_counted_as_of_a_case(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    assert timezone.localtime(one.due_at).strftime("%m-%d %H:%M") == "11-30 17:00"


def test_a_day_that_was_set_is_due_at_closing(cast: Cast) -> None:
    one = task(cast, campaign(cast), days=None, until=date(2026, 12, 5))
    assert timezone.localtime(one.due_at).strftime("%m-%d %H:%M") == "12-05 17:00"
    assert one.amount is None


@pytest.mark.parametrize("until", [date(2026, 11, 20), date(2028, 6, 1), None])
def test_a_day_that_is_over_or_far_away_is_refused(cast: Cast, until: date | None) -> None:
    with pytest.raises(Refused, match="期限"):
        task(cast, campaign(cast), days=None, until=until)


def test_tasks_are_given_only_while_it_is_looked_for_and_put_right(cast: Cast) -> None:
    with pytest.raises(Refused, match="立项"):
        task(cast, campaign(cast, started=False))


def test_an_owner_is_of_the_unit(cast: Cast) -> None:
    row = campaign(cast)
    with pytest.raises(Refused, match="责任人"):
        task(cast, row, owner=cast.song)
    assert task(cast, row, owner=cast.wu).owner == cast.wu


@pytest.mark.parametrize("who", ["zheng", "wu", "lin", "he", "zhou"])
def test_only_who_leads_gives_tasks(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.add_task(campaign(cast), wanted(cast), by=getattr(cast, who), at=NOW)


@pytest.mark.parametrize("who", ["song", "sun", "qian", "lin", "zhou"])
def test_only_the_unit_reports(cast: Cast, who: str) -> None:
    one = task(cast, campaign(cast))
    with pytest.raises(PermissionDenied):
        actions.report_task(one, "已改", by=getattr(cast, who), at=LATER)


@pytest.mark.parametrize("who", ["zheng", "wu", "song", "lin", "he", "zhou"])
def test_the_unit_never_signs_off_its_own(cast: Cast, who: str) -> None:
    one = actions.report_task(task(cast, campaign(cast)), "已改", by=cast.zheng, at=LATER)
    with pytest.raises(PermissionDenied):
        actions.sign_off_task(one, by=getattr(cast, who), at=LATER)


def test_nobody_judges_the_body_they_sit_in(cast: Cast) -> None:
    row = campaign(cast)
    one = task(cast, row, unit=cast.body)
    Task.objects.filter(pk=one.pk).update(state="reported", fix="已改", reported_at=LATER, reported_by=cast.lin)
    one.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.sign_off_task(one, by=cast.qian, at=LATER)
    assert one not in to_check(cast.qian)


def test_the_database_knows_that_checker_and_doer_differ(cast: Cast) -> None:
    one = actions.report_task(task(cast, campaign(cast)), "已改", by=cast.zheng, at=LATER)
    with pytest.raises(IntegrityError, match="checker_is_not_the_doer"), transaction.atomic():
        Task.objects.filter(pk=one.pk).update(state="done", checked_by=cast.zheng, checked_at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=one.pk).update(state="done", checked_by=None, checked_at=None)


def test_nothing_is_reported_without_words(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    with pytest.raises(Refused, match="做了什么"):
        actions.report_task(one, " ", by=cast.zheng, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=one.pk).update(state="reported", reported_by=cast.zheng, reported_at=LATER)


def test_what_is_signed_off_stays(cast: Cast) -> None:
    one = signed_off(cast, task(cast, campaign(cast)))
    assert one.state == TaskState.DONE
    with pytest.raises(DatabaseError), transaction.atomic():
        Task.objects.filter(pk=one.pk).update(fix="别的")
    with pytest.raises(Refused):
        actions.report_task(one, "再改", by=cast.zheng, at=LATER)


def test_what_is_not_enough_comes_back_with_its_due_time(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    due = one.due_at
    actions.report_task(one, "已改", by=cast.zheng, at=LATER)
    with pytest.raises(Refused, match="理由"):
        actions.return_task(one, "", by=cast.qian, at=LATER)
    back = actions.return_task(one, "照片看不出已撤", by=cast.qian, at=LATER)
    assert (back.state, back.returns, back.due_at, back.reported_by) == (TaskState.OPEN, 1, due, None)
    event = back.events.last()
    assert event is not None
    assert event.data["fix"] == "已改"


def test_pictures_before_and_after_go_with_the_report(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    actions.report_task(one, "已改", by=cast.zheng, at=LATER, before=[jpeg("red")], after=[jpeg(), jpeg("blue")])
    assert sorted(one.pictures.values_list("side", flat=True)) == ["after", "after", "before"]


def test_a_broken_picture_leaves_nothing_half_done(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    with pytest.raises(Refused, match="照片"):
        actions.report_task(one, "已改", by=cast.zheng, at=LATER, after=[jpeg(), BytesIO(b"x")])
    one.refresh_from_db()
    assert one.state == TaskState.OPEN
    assert not one.pictures.exists()


def test_a_later_day_for_a_reason(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    with pytest.raises(Refused, match="晚于"):
        actions.extend_task(one, date(2026, 11, 30), "等设备", by=cast.qian, at=LATER)
    moved = actions.extend_task(one, date(2026, 12, 8), "等设备", by=cast.qian, at=LATER)
    assert timezone.localdate(moved.due_at) == date(2026, 12, 8)
    with pytest.raises(PermissionDenied):
        actions.extend_task(one, date(2026, 12, 20), "等设备", by=cast.zheng, at=LATER)


def test_the_supervisor_of_the_unit_says_who_does_it(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    assert actions.reassign_task(one, cast.wu, by=cast.zheng, at=LATER).owner == cast.wu
    with pytest.raises(PermissionDenied):
        actions.reassign_task(one, None, by=cast.wu, at=LATER)


def test_a_task_that_need_not_be_done_stays_with_its_reason(cast: Cast) -> None:
    row = campaign(cast)
    one = actions.drop_task(task(cast, row), "窗口已撤", by=cast.qian, at=LATER)
    assert one.state == TaskState.DROPPED
    assert one in Task.objects.visible_to(cast.zheng)
    assert one not in to_do(cast.zheng)


# --- who is told, and when ------------------------------------------------------------------------------------


def _told(person: object) -> list[str]:
    return list(Notice.objects.filter(staff=person).order_by("pk").values_list("kind", flat=True))


def test_the_unit_is_told_of_a_task_and_who_leads_of_its_report(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    assert _told(cast.zheng) == ["dossier.add_task"]
    actions.report_task(one, "已改", by=cast.zheng, at=LATER)
    assert _told(cast.qian) == ["dossier.report_task"]
    actions.return_task(one, "不够", by=cast.qian, at=LATER)
    assert _told(cast.zheng)[-1] == "dossier.return_task"


def test_each_warning_once_per_due_and_overdue_to_whom_it_concerns(cast: Cast) -> None:
    one = task(cast, campaign(cast), owner=cast.wu)
    assert actions.warn_tasks(at=NOW) == 0
    moments = [one.next_warning_at, one.due_at - timedelta(hours=1), one.due_at + timedelta(minutes=1)]
    for moment in moments:
        actions.warn_tasks(at=moment)
        assert actions.warn_tasks(at=moment) == 0
    warnings = [kind for kind in _told(cast.wu) if kind.startswith("due.")]
    assert warnings[-1] == "due.overdue.task"
    assert len(warnings) == len(set(warnings)) >= 2
    assert _told(cast.qian) == ["due.overdue.task"] == [k for k in _told(cast.zheng) if k.startswith("due.")]


def test_nobody_is_warned_of_what_is_reported(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    actions.report_task(one, "已改", by=cast.zheng, at=LATER)
    assert actions.warn_tasks(at=one.due_at + timedelta(days=1)) == 0


def test_a_day_off_that_is_announced_moves_what_was_counted_and_not_what_was_set(cast: Cast) -> None:
    row = campaign(cast)
    counted, fixed = task(cast, row), task(cast, row, days=None, until=date(2026, 11, 30))
    day = date(2026, 11, 26)
    set_calendar_day(day, kind=DayKind.HOLIDAY, name="演示放假", source="演示", by=cast.xu, at=LATER)
    assert actions.recount_tasks(at=LATER, year=2026) == 1
    for one in (counted, fixed):
        one.refresh_from_db()
    assert timezone.localdate(counted.due_at) == date(2026, 12, 1)
    assert timezone.localdate(fixed.due_at) == date(2026, 11, 30)
    assert actions.recount_tasks(at=LATER, year=2026) == 0


def test_what_waits_for_whom(cast: Cast) -> None:
    row = campaign(cast)
    free, owned = task(cast, row), task(cast, row, owner=cast.wu)
    assert set(to_do(cast.zheng)) == {free}
    assert set(to_do(cast.wu)) == {owned}
    assert not to_do(cast.song)
    actions.report_task(free, "已改", by=cast.zheng, at=LATER)
    assert set(to_check(cast.qian)) == {free}
    assert not to_check(cast.zheng)
    assert not to_check(cast.he)


def test_a_report_is_due_for_its_checker_some_days_after_it_came(cast: Cast) -> None:
    row = campaign(cast)
    one, other = task(cast, row, days=None, until=date(2026, 12, 20)), task(cast, row)
    actions.report_task(one, "已改", by=cast.zheng, at=LATER)
    duties = {duty.subject: duty for duty in duties_for(cast.qian, limit=9)}
    assert [timezone.localdate(duty.due_at) for duty in duties.values() if duty.due_at] == [date(2026, 11, 26)]
    assert [duty.due_at for duty in duties_for(cast.zheng, limit=9)] == [other.due_at]
