"""A task that was reported in time is late for nobody, however long its sign-off takes."""

from __future__ import annotations

from datetime import timedelta

from oversight import actions
from oversight.words import task_chip
from tests.factories import Cast
from tests.oversight.desk import LATER, campaign, task


def test_what_was_reported_in_time_is_not_late(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    over = one.due_at + timedelta(days=3)
    assert task_chip(one, over).state == "overdue"
    reported = actions.report_task(one, "已改", by=cast.zheng, at=LATER)
    assert task_chip(reported, over).state == "open"
    assert task_chip(actions.sign_off_task(reported, by=cast.qian, at=over), over).state == "done"


def test_what_was_reported_late_stays_late_until_it_is_signed_off(cast: Cast) -> None:
    one = task(cast, campaign(cast))
    late = one.due_at + timedelta(days=2)
    reported = actions.report_task(one, "已改", by=cast.zheng, at=late)
    assert task_chip(reported, late + timedelta(days=9)).label == task_chip(reported, late).label
    assert task_chip(reported, late).state == "overdue"
