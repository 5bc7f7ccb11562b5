"""What the clock does, in words: one line for each entry of the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.models import TaskRun
from reviews_portal.celery import app, due_after

# A task that takes long, or a worker that was just started, is no clock that stands still.
GRACE = timedelta(minutes=5)
WORDS = {
    "appeal-files": gettext_noop("检查申诉证据文件"),
    "appeal-panels": gettext_noop("抽取评审组"),
    "appeal-recusals": gettext_noop("核对评审员能否参加"),
    "appeals-due": gettext_noop("到期申诉作出裁定"),
    "audit-checks": gettext_noop("审计链核验"),
    "audit-nightly": gettext_noop("每夜核验审计链"),
    "audit-seal": gettext_noop("封存审计记录"),
    "callback-messages": gettext_noop("回访短信"),
    "campaign-effects": gettext_noop("专项整治成效和复发核查"),
    "campaign-shares": gettext_noop("专项整治销号率计入考核"),
    "clues": gettext_noop("查找问责线索"),
    "corrections": gettext_noop("季度考核更正"),
    "daily-digest": gettext_noop("每日摘要邮件"),
    "deadline-warnings": gettext_noop("期限提醒和逾期"),
    "disclosures": gettext_noop("生成公示稿"),
    "exports": gettext_noop("生成导出文件"),
    "exports-over": gettext_noop("删除到期的导出文件"),
    "findings": gettext_noop("查找评价疑点"),
    "housekeeping": gettext_noop("清理过期数据"),
    "intake-arrived": gettext_noop("编码补齐后接收"),
    "intake-batches": gettext_noop("接收上传文件"),
    "intake-checks": gettext_noop("检查上传文件"),
    "intake-files": gettext_noop("删除到期的上传文件"),
    "intake-mapped": gettext_noop("对照完成后接收"),
    "low-ranks": gettext_noop("连续靠后督办"),
    "notice-drafts": gettext_noop("起草季度通报"),
    "outbox": gettext_noop("发送消息"),
    "overviews": gettext_noop("更新总览"),
    "partitions": gettext_noop("建立评价月表"),
    "past-states": gettext_noop("回看重算"),
    "probe": gettext_noop("自检评价"),
    "probes": gettext_noop("自检结果"),
    "public-figures": gettext_noop("更新公开统计"),
    "quarters": gettext_noop("季度考核步骤"),
    "rating-invitations": gettext_noop("评价邀请"),
    "rating-reminders": gettext_noop("评价提醒"),
    "rating-traces": gettext_noop("删除到期的防刷痕迹"),
    "re-rating-invitations": gettext_noop("再次评价邀请"),
    "results-to-sources": gettext_noop("结果回传来源系统"),
    "review-invitations": gettext_noop("精准评议邀请"),
    "rulings-unserved": gettext_noop("送达未核对的裁定"),
    "silent-devices": gettext_noop("评价器失联"),
    "survey-draws": gettext_noop("抽取抽访样本"),
    "tallies": gettext_noop("统计更新"),
    "task-warnings": gettext_noop("督办任务期限提醒"),
    "unread-notices": gettext_noop("通报催阅"),
}


@dataclass(frozen=True)
class Sweep:
    """One entry of the schedule: when it last ended well, how late it is (None: in time), and its last failure.

    overdue: it should have run since the clock is known to run, and no run of it is known.
    """

    label: str
    last: datetime | None
    late: timedelta | None
    failed_at: datetime | None
    error: str
    overdue: bool = False

    @property
    def failing(self) -> bool:
        """Whether its last run ended with an error."""
        return self.failed_at is not None and (self.last is None or self.failed_at > self.last)

    @property
    def ill(self) -> bool:
        return self.overdue or self.failing or self.late is not None


def sweeps(runs: Mapping[str, TaskRun], at: datetime) -> list[Sweep]:
    """The whole schedule, what needs looking at first.

    Args:
        runs: what is known of each task, by its name.
    """
    since = min((run.first_at for run in runs.values()), default=None)
    found = [_sweep(entry, runs.get(plan["task"]), since, at) for entry, plan in app.conf.beat_schedule.items()]
    return sorted(found, key=lambda one: (not one.ill, one.label))


def _sweep(entry: str, run: TaskRun | None, since: datetime | None, at: datetime) -> Sweep:
    """A clock that has never run at all is late with everything."""
    label = _(WORDS[entry]) if entry in WORDS else entry
    known = run.began_at if run and run.began_at else since
    late = at - due_after(entry, known) if known else None
    if late is not None and late <= GRACE:
        late = None
    if run is None:
        return Sweep(label, None, None, None, "", overdue=late is not None or since is None)
    return Sweep(label, run.ended_at, late, run.failed_at, run.error)
