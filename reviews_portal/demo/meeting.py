"""联席会议 in the demo city: one a quarter, its resolutions followed up at the next; the newest is being prepared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from assessment.models import Quarter
from assessment.periods import Period
from organizations.models import Unit
from oversight import actions
from oversight.actions import Came, Sitting, Wanted
from oversight.enums import AgendaSource, Presence
from oversight.models import AgendaItem, Dossier, Task
from reviews_portal.demo.field import Scene
from reviews_portal.demo.people import People

ATTEND = ("370600-WJW", "370600-GAJ", "370600-RSJ", "370600-YBJ", "370600-ZGJ", "370600-TAX")
PLACE, CHAIR = "市政务服务中心三楼会议室(演示)", "分管副市长(演示)"
SAID = {
    AgendaSource.RESOLUTIONS: "会议听取了上次决议的落实情况,未完成的由责任单位说明原因,继续列入跟踪。",
    AgendaSource.RANKING: "会议通报了考核排名;列入靠后的,由分管负责人到窗口现场办公。",
    AgendaSource.OVERDUE: "逾期的件由责任单位一周内办结并书面说明。",
    AgendaSource.APPEALS: "申诉要附系统记录,评审组对同类理由统一口径。",
    AgendaSource.CAMPAIGNS: "整治任务按台账逐项销号,结束后看前后对比。",
    AgendaSource.JOINT: "复杂问题由牵头单位上门、研究、决定,结果逐件告诉评价人。",
}
DISCUSSED = "会议讨论同意,由责任单位落实。"


@dataclass(frozen=True)
class Resolved:
    """What is resolved: out of which item, by whom to be done, within how many days, and after how many it is.

    done: None where it is late and not done yet.
    """

    source: AgendaSource
    unit: str
    wanted: str
    days: int
    done: int | None


# Of each meeting what was resolved, the oldest first; all of it invented.
RESOLVED = (
    (
        Resolved(AgendaSource.OVERDUE, "370600-RSJ", "咨询电话中午安排值守,未接来电当日回拨", 20, 12),
        Resolved(AgendaSource.RANKING, "370600-GAJ", "收费窗口全部恢复收取现金,备足零钱", 25, 18),
    ),
    (
        Resolved(AgendaSource.OVERDUE, "370600-ZGJ", "办事指南和窗口口径逐项核对,公布结果", 30, 26),
        Resolved(AgendaSource.APPEALS, "370600-YBJ", "整理报销政策问答,窗口和电话用同一份", 20, 15),
    ),
    (
        Resolved(AgendaSource.RANKING, "370600-TAX", "电子发票申领页面每日检查,故障当日公告", 15, 10),
        Resolved(AgendaSource.OVERDUE, "370600-RSJ", "参保证明改为一次盖章、全市通办", 45, 110),
    ),
    (
        Resolved(AgendaSource.RANKING, "370600-GAJ", "迁户口材料清单上墙、上网、上手机,三处一致", 30, 21),
        Resolved(AgendaSource.APPEALS, "370600-ZGJ", "不动产预约系统报错时给出替代办法", 40, None),
    ),
)
STEP, WAIT = timedelta(days=1), timedelta(days=14)


@dataclass
class Meetings:
    """The joint meetings, told as time goes by.

    Attributes:
        told: what was resolved and is not reported yet, each with the moment at which it will be.
        held: how many meetings were.
    """

    scene: Scene
    told: list[tuple[datetime, Task]] = field(default_factory=list)
    held: int = 0

    def tell(self, period: Period, until: datetime) -> Dossier:
        """The meeting about a quarter: held two weeks after it was frozen, or still prepared if it is not.

        Args:
            until: nothing happens after it.
        """
        frozen = Quarter.objects.filter(begins=period.begins, frozen_at__isnull=False).first()
        after = frozen.frozen_at if frozen and frozen.frozen_at else until
        sat = self.scene.clock.after(after + WAIT, 0)
        self.follow_up(min(sat, until))
        row = self._prepare(period, sat, at=min(sat - timedelta(days=8), until - STEP))
        if sat < until:
            self._hold(row, RESOLVED[self.held % len(RESOLVED)], at=sat + timedelta(hours=3))
            self.held += 1
        return row

    def follow_up(self, until: datetime) -> None:
        """Reports and signs off what is done by a moment, closes meetings of which nothing is left."""
        left = []
        for at, task in sorted(self.told, key=lambda one: one[0]):
            if at + STEP > until:
                left.append((at, task))
                continue
            by = self.scene.supervisors[task.unit_id]
            reported = actions.report_task(task, f"演示:已办,{task.wanted}。", by=by, at=at)
            actions.sign_off_task(reported, by=self.scene.qian, at=at + STEP)
            if not Task.objects.open().filter(dossier=task.dossier).exists():
                outcome, closed = "演示:决议全部落实并销号。", at + STEP + timedelta(hours=1)
                actions.close_dossier(task.dossier, outcome, by=self.scene.qian, at=closed)
        self.told = left

    def _prepare(self, period: Period, sat: datetime, *, at: datetime) -> Dossier:
        lead, some = self.scene.qian, [self.scene.units[code] for code in ATTEND]
        starts = timezone.localtime(sat).replace(hour=9, minute=30, second=0, microsecond=0)
        sitting = Sitting(starts, PLACE, CHAIR, some, "演示:通报季度考核,研究靠后和逾期的原因。")
        row = actions.open_meeting(self.scene.city, period.begins, sitting, by=lead, at=at)
        actions.draft_agenda(row, by=lead, at=at + timedelta(hours=1))
        text = "演示:群众反映同一件事在窗口和电话里说法不一,请各单位带上本单位的问答。"
        actions.add_item(row, "窗口、电话、网上口径一致", text, by=lead, at=at + timedelta(hours=2))
        return actions.call_meeting(row, by=lead, at=at + timedelta(hours=3))

    def _hold(self, row: Dossier, resolved: Sequence[Resolved], *, at: datetime) -> None:
        lead, units = self.scene.qian, self.scene.units
        came = [_came(units[code], self.scene.people, number) for number, code in enumerate(ATTEND)]
        actions.hold_meeting(row, came, by=lead, at=at)
        items = list(AgendaItem.objects.select_related("meeting__dossier").filter(meeting=row.pk))
        by_source = {item.source: item for item in items}
        for item in items:
            actions.write_minutes(item, SAID.get(AgendaSource(item.source), DISCUSSED), by=lead, at=at)
        for one in resolved:
            item = by_source.get(one.source, items[-1])
            until = timezone.localdate(at) + timedelta(days=one.days)
            task = actions.resolve(item, Wanted(units[one.unit], one.wanted, until=until), by=lead, at=at)
            if one.done is not None:
                self.told.append((at + timedelta(days=one.done), task))
        actions.issue_minutes(row, by=lead, at=at + STEP)
        for number, unit in enumerate(one.unit for one in came[:-1]):
            actions.read_minutes(row, by=self.scene.supervisors[unit.pk], at=at + STEP + timedelta(hours=2 + number))


def _came(unit: Unit, people: People, number: int) -> Came:
    """Most heads came themselves, one sent a deputy, one nobody."""
    if number == len(ATTEND) - 1:
        return Came(unit, Presence.ABSENT)
    presence = Presence.DEPUTY if number == 2 else Presence.PRESENT
    return Came(unit, presence, people.supervisor[unit.pk].name, "分管负责人(演示)")
