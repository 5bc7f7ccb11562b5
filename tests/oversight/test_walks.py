"""局长走流程: planned, written down by the department or who leads, its obstacles made tasks, closed, summed up."""

from __future__ import annotations

from datetime import date, time, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.test import override_settings

from assessment.enums import Grain
from assessment.periods import period_of
from organizations.actions import Refused
from organizations.models import ServiceItem
from oversight import actions
from oversight.actions import StepLine, Wanted
from oversight.models import Dossier, Task, WalkStep
from oversight.queries.sections import walks as section
from oversight.queries.walks import summary_of, total_minutes, walks_seen_by
from tests.factories import NOW, Cast
from tests.oversight.desk import LATER, jpeg, signed_off
from tests.oversight.fieldwork import LINES, TODAY, assigned, walk, walk_plan

SINCE, UNTIL = date(2026, 10, 1), date(2027, 1, 1)


def test_a_whole_walk(cast: Cast) -> None:
    row = walk(cast, walked=False)
    assert (row.number, row.stage) == ("ZL-2026-001", "planned")
    row = actions.record_walk(row, TODAY, list(LINES), by=cast.zheng, at=NOW)
    assert row.stage == "walked"
    assert total_minutes(row.walk.steps.all()) == 12 + 35 + 10
    row = assigned(cast, row)
    assert row.stage == "fixing"
    tasks = list(Task.objects.filter(dossier=row))
    assert [one.finding for one in tasks] == ["窗口受理:复印件要自己去楼下打印", "缴费:只能扫码"]
    assert tasks[0].wanted == "解决堵点:复印件要自己去楼下打印"
    with pytest.raises(Refused, match="没有销号"):
        actions.close_walk(row, "完成", by=cast.qian, at=LATER)
    for one in tasks:
        signed_off(cast, one)
    closed = actions.close_walk(row, "两个堵点已解决", by=cast.qian, at=LATER)
    assert closed.stage == "closed"
    acts = list(row.events.values_list("act", flat=True))
    assert acts[:3] == ["open", "walk", "add_task"]
    assert acts[-1] == "close"


@pytest.mark.parametrize("who", ["zheng", "wu", "song", "lin", "he", "zhou"])
def test_only_who_leads_plans_and_assigns(cast: Cast, who: str) -> None:
    person = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        actions.plan_walk(cast.body.region, walk_plan(cast), by=person, at=NOW)
    row = walk(cast)
    steps = list(row.walk.steps.exclude(obstacle="").values_list("pk", flat=True))
    with pytest.raises(PermissionDenied):
        actions.assign_obstacles(row, steps, Wanted(cast.unit, "", days=5), by=person, at=NOW)


@pytest.mark.parametrize("who", ["zheng", "wu", "qian"])
def test_the_department_or_who_leads_writes_it_down(cast: Cast, who: str) -> None:
    row = walk(cast, walked=False)
    assert actions.record_walk(row, TODAY, list(LINES), by=getattr(cast, who), at=NOW).stage == "walked"


@pytest.mark.parametrize("who", ["song", "sun", "lin", "he", "zhou"])
def test_nobody_else_does(cast: Cast, who: str) -> None:
    row = walk(cast, walked=False)
    with pytest.raises(PermissionDenied):
        actions.record_walk(row, TODAY, list(LINES), by=getattr(cast, who), at=NOW)
    with pytest.raises(PermissionDenied):
        actions.add_pictures(walk(cast), [jpeg()], by=getattr(cast, who), at=NOW)


def test_the_matter_is_the_departments(cast: Cast) -> None:
    other = ServiceItem.objects.exclude(unit=cast.unit).select_related("unit")[0]
    with pytest.raises(Refused, match="事项"):
        walk(cast, walked=False, item=other)
    with pytest.raises(Refused, match="带队领导"):
        walk(cast, walked=False, leader=" ")
    assert not Dossier.objects.exists()


def test_the_plan_may_change_until_it_was_walked(cast: Cast) -> None:
    row = walk(cast, walked=False)
    actions.change_walk(row, walk_plan(cast, post="局长"), by=cast.qian, at=NOW)
    assert Dossier.objects.get(pk=row.pk).walk.post == "局长"
    actions.record_walk(row, TODAY, list(LINES), by=cast.zheng, at=NOW)
    with pytest.raises(Refused):
        actions.change_walk(row, walk_plan(cast), by=cast.qian, at=NOW)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "至少写一个"),
        ([StepLine(1, " ")], "写明环节"),
        ([StepLine(1, "取号", time(9, 30), time(9, 0))], "结束早于开始"),
        ([StepLine(1, "取号", minutes=5000)], "不超过一天"),
        ([StepLine(1, "取号"), StepLine(1, "受理")], "不能再改"),
    ],
    ids=["no step", "no word", "backwards", "too long", "one number twice"],
)
def test_a_record_that_means_nothing_is_refused(cast: Cast, lines: list[StepLine], said: str) -> None:
    row = walk(cast, walked=False)
    with pytest.raises(Refused, match=said):
        actions.record_walk(row, TODAY, lines, by=cast.zheng, at=NOW)
    assert not WalkStep.objects.exists()


def test_no_day_to_come(cast: Cast) -> None:
    with pytest.raises(Refused, match="还没有到"):
        actions.record_walk(walk(cast, walked=False), TODAY + timedelta(days=1), list(LINES), by=cast.zheng, at=NOW)


def test_a_later_record_replaces_what_has_no_task(cast: Cast) -> None:
    row = assigned(cast, walk(cast))
    actions.record_walk(row, TODAY, [StepLine(1, "预约", minutes=3), StepLine(4, "出证")], by=cast.qian, at=LATER)
    assert list(row.walk.steps.values_list("number", "what")) == [
        (1, "预约"),
        (2, "窗口受理"),
        (3, "缴费"),
        (4, "出证"),
    ]
    with pytest.raises(Refused, match="不能再改"):
        actions.record_walk(row, TODAY, [StepLine(2, "受理")], by=cast.qian, at=LATER)


def test_what_a_task_was_made_of_stands_in_the_database(cast: Cast) -> None:
    step = assigned(cast, walk(cast)).walk.steps.exclude(task=None)[0]
    with pytest.raises(DatabaseError), transaction.atomic():
        WalkStep.objects.filter(pk=step.pk).update(obstacle="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        WalkStep.objects.filter(pk=step.pk).delete()
    other = walk(cast).walk.steps.get(number=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        WalkStep.objects.filter(pk=other.pk).update(task=Task.objects.exclude(walk_step=None)[0])


def test_an_obstacle_becomes_one_task_once(cast: Cast) -> None:
    row = walk(cast)
    with pytest.raises(Refused, match="没有转为任务的堵点"):
        actions.assign_obstacles(
            row, [row.walk.steps.get(number=1).pk], Wanted(cast.unit, "", days=5), by=cast.qian, at=NOW
        )
    one = row.walk.steps.get(number=2)
    for _once in range(2):
        try:
            actions.assign_obstacles(row, [one.pk], Wanted(cast.unit, "增设打印机", days=5), by=cast.qian, at=NOW)
        except Refused:
            continue
    assert [task.wanted for task in row.tasks.all()] == ["增设打印机"]
    with pytest.raises(Refused, match="1 个堵点"):
        actions.close_walk(row, "完成", by=cast.qian, at=LATER)


def test_without_an_obstacle_it_is_closed_at_once(cast: Cast) -> None:
    row = walk(cast, lines=[StepLine(1, "一次办好", minutes=9)])
    assert actions.close_walk(row, "没有堵点", by=cast.qian, at=LATER).stage == "closed"


def test_pictures(cast: Cast) -> None:
    row = walk(cast)
    actions.add_pictures(row, [jpeg(), jpeg("red")], by=cast.wu, at=NOW)
    assert row.pictures.count() == 2
    with pytest.raises(Refused, match="选择照片"):
        actions.add_pictures(row, [], by=cast.wu, at=NOW)
    with pytest.raises(Refused, match="照片"):
        actions.add_pictures(row, [BytesIO(b"x")], by=cast.wu, at=NOW)


# --- over a period --------------------------------------------------------------------------------------------


def test_the_summary_counts_by_the_day_it_was_walked(cast: Cast) -> None:
    row = assigned(cast, walk(cast))
    first, second = row.tasks.order_by("number")
    signed_off(cast, first)
    actions.drop_task(second, "窗口已撤", by=cast.qian, at=LATER)
    walk(cast, walked=False, planned_on=date(2026, 12, 20))
    left = walk(cast, lines=[StepLine(1, "受理", obstacle="排队久")])
    actions.drop_dossier(walk(cast, walked=False), "重复", by=cast.qian, at=NOW)
    found = summary_of(walks_seen_by(cast.qian), SINCE, UNTIL)
    assert (len(found.planned), len(found.walked), found.units_walked) == (3, 2, 1)
    assert {state: found.count(state) for state in ("solved", "dropped", "open")} == {
        "solved": 1,
        "dropped": 1,
        "open": 1,
    }
    assert found.median_minutes == 57  # the one that noted no time counts nowhere
    assert [one.dossier for one in found.problems if one.state == "open"] == [left]
    assert not summary_of(walks_seen_by(cast.qian), date(2026, 7, 1), SINCE).lines
    assert not summary_of(walks_seen_by(cast.song), SINCE, UNTIL).lines


def test_a_task_without_a_step_is_a_problem_too(cast: Cast) -> None:
    row = walk(cast, lines=[StepLine(1, "受理")])
    actions.add_task(row, Wanted(cast.unit, "换指示牌", days=5), by=cast.qian, at=NOW)
    assert [one.words for one in summary_of(walks_seen_by(cast.qian), SINCE, UNTIL).problems] == ["换指示牌"]


def test_the_section_of_a_notice(cast: Cast) -> None:
    period = period_of(TODAY, Grain.QUARTER)
    assert section.blocks(period) == []
    assigned(cast, walk(cast))
    said, table = section.blocks(period)
    assert str(said) == (
        "走流程 1 次,涉及 1 个部门;发现问题 2 个,已解决 0 个,未解决 2 个。办一件事用时的中位数 57 分钟。"
    )
    assert len(table.rows) == 1  # type: ignore[union-attr]
    assert section.blocks(period, "3601") == []


@override_settings(WALK_TASK_DAYS=7)
def test_nothing_but_the_form_knows_the_usual_days(cast: Cast) -> None:
    with pytest.raises(Refused, match="期限"):
        assigned(cast, walk(cast), days=None)
