"""局长走流程, 暗访巡查 and 警示案例 in the demo city, told through the acts at the moments they would have been.

Everything is invented; leaders are called 某局长, and what a reader could take for real is marked 演示.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.utils import timezone

from disclosure.actions import WalkWords, publish_walk
from organizations.enums import UnitLevel
from organizations.models import Region, ServiceItem, Staff, Unit
from oversight import actions
from oversight.actions import InspectionPlan, Met, StepLine, WalkPlan, Wanted, Warned
from oversight.actions.inspections import wrong_and_left
from oversight.enums import Seen, WalkRole, WarningSort
from oversight.models import Dossier, Stop, Task
from oversight.presets import CHECKLIST
from rectification.models import Case
from reviews_portal.demo.people import People
from reviews_portal.demo.teller import OfficeClock

# What stood in the way, and what was done about it.
OBSTACLES = (
    ("窗口受理", "复印件要自己去楼下打印", "演示:窗口后台加装打印机,免费复印"),
    ("缴费", "缴费窗口只贴了收款码", "演示:备零钱并张贴“收现金”告示"),
    ("材料预审", "同一份证明在两个窗口各看一次", "演示:两个窗口共享电子档,只看一次"),
    ("咨询", "电话转了三次才有人答复", "演示:设首问责任岗,转接不超过一次"),
    ("网上申报", "上传材料超过两兆就失败,没有提示", "演示:放宽到十兆并提示原因"),
    ("取号", "预约过的还要重新取号排队", "演示:预约直接叫号"),
    ("填表", "没有填写样本", "演示:台面摆放样本并可扫码查看"),
)
ROLES = (WalkRole.APPLICANT, WalkRole.WINDOW, WalkRole.ACCOMPANYING)
SOLVED_AFTER, NOT_LONG_AGO = timedelta(days=20), timedelta(days=6)
ROUTE = ("370600-GAJ", "370600-YBJ", "370600-RSJ")
PLANNED_ROUTE = ("370600-TAX", "370600-ZJJ")


@dataclass
class Scene:
    """Who and what the stories need. units: by code."""

    people: People
    units: dict[str, Unit]
    clock: OfficeClock

    @property
    def city(self) -> Region:
        return self.units["370600-SPJ"].region

    @property
    def supervisors(self) -> dict[int, Staff]:
        """By the key of their unit."""
        return self.people.supervisor

    @property
    def qian(self) -> Staff:
        return self.people.by_account["qian"]

    @property
    def lin(self) -> Staff:
        return self.people.by_account["lin"]

    def office(self, day: date, hour: int = 10) -> datetime:
        """The office moment on a day or after it."""
        return self.clock.after(timezone.make_aware(datetime.combine(day, time(hour))), 0)


@dataclass
class Walks:
    """Walks spread from the first day to today, told as time goes by.

    Attributes:
        count: how many departments walk, each with one problem.
        unsolved: how many of the newest are not solved yet.
        told: how many were told.
    """

    scene: Scene
    first: date
    today: date
    count: int
    unsolved: int
    told: int = 0

    def upto(self, day: date) -> None:
        """Tells the next walks, those of which nothing was left to do by a day."""
        while self.told < self._solved and self._day(self.told) + SOLVED_AFTER <= day:
            self._tell_next()

    def rest(self, now: datetime) -> None:
        """Tells the walks that are left, and plans one."""
        while self.told < min(self.count, len(self._departments)):
            self._tell_next()
        for unit, item in self._departments[self.count :]:
            _plan(self.scene, self.count, unit, item, self.today + timedelta(days=9), now - timedelta(hours=2))

    @property
    def _solved(self) -> int:
        return min(self.count - self.unsolved, len(self._departments))

    @cached_property
    def _departments(self) -> list[tuple[Unit, ServiceItem]]:
        return _departments(self.scene, self.count + 1)

    def _day(self, number: int) -> date:
        if number >= self.count - self.unsolved:
            return self.today - NOT_LONG_AGO
        span = (self.today - self.first).days - SOLVED_AFTER.days - 10
        return self.first + timedelta(days=span * number // self.count)

    def _tell_next(self) -> None:
        number, self.told = self.told, self.told + 1
        unit, item = self._departments[number]
        at = self.scene.office(self._day(number))
        row = _walk(self.scene, number, unit, item, at)
        if number < self._solved:
            fix = OBSTACLES[number % len(OBSTACLES)][2]
            row = _solve(self.scene, row, fix, at + timedelta(days=5))
            if number < self._solved - 1:  # the newest still waits to be made public
                _publish(self.scene, row)


def inspect_and_warn(scene: Scene, now: datetime) -> None:
    """A covert inspection that is over and one to come, two entries of the file."""
    _inspect(scene, now)
    _plan_inspection(scene, now)
    _warn(scene, now)


def _departments(scene: Scene, count: int) -> list[tuple[Unit, ServiceItem]]:
    """Departments of the city with a matter and somebody who supervises them, each once."""
    items = {item.unit_id: item for item in ServiceItem.objects.filter(closed_on=None).select_related("unit")}
    found = [unit for _code, unit in sorted(scene.units.items()) if unit.level == UnitLevel.CITY]
    fit = [unit for unit in found if unit.pk in items and unit.pk in scene.supervisors and not unit.supervises]
    return [(unit, items[unit.pk]) for unit in fit[:count]]


def _plan(scene: Scene, number: int, unit: Unit, item: ServiceItem, day: date, at: datetime) -> Dossier:
    plan = WalkPlan(
        unit=unit,
        leader="某局长" if number % 2 else "某副局长",
        post="局长" if number % 2 else "副局长",
        role=ROLES[number % len(ROLES)],
        item=item,
        planned_on=day,
        place=f"{number % 9 + 1} 号窗口",
        about="演示:按季度走流程安排",
    )
    return actions.plan_walk(scene.city, plan, by=scene.qian, at=at)


def _walk(scene: Scene, number: int, unit: Unit, item: ServiceItem, at: datetime) -> Dossier:
    row = _plan(scene, number, unit, item, timezone.localdate(at), at - timedelta(days=6))
    what, obstacle, _fix = OBSTACLES[number % len(OBSTACLES)]
    lines = [
        StepLine(1, "查办事指南", minutes=6 + number % 5, materials=0),
        StepLine(2, "取号等候", minutes=8 + number * 7 % 19, promised_minutes=15),
        StepLine(3, what, minutes=14 + number * 5 % 21, materials=3 + number % 4, obstacle=obstacle),
        StepLine(4, "出证", minutes=5 + number % 6, promised_days=1),
    ]
    supervisor = scene.supervisors[unit.pk]
    row = actions.record_walk(row, timezone.localdate(at), lines, by=supervisor, at=at)
    steps = list(row.walk.steps.exclude(obstacle="").values_list("pk", flat=True))
    asked = Wanted(unit, "", days=10)
    return actions.assign_obstacles(row, steps, asked, by=scene.qian, at=at + timedelta(hours=2))


def _solve(scene: Scene, row: Dossier, fix: str, at: datetime) -> Dossier:
    at = scene.clock.after(at, 0)
    for task in Task.objects.filter(dossier=row).select_related("unit", "dossier__region"):
        _done(scene, task, fix, at)
    outcome = f"{fix}。问题已解决,现场核对过。"
    return actions.close_walk(row, outcome, by=scene.qian, at=at + timedelta(days=2, hours=1))


def _done(scene: Scene, task: Task, fix: str, at: datetime) -> None:
    done = actions.report_task(task, fix, by=scene.supervisors[task.unit_id], at=at)
    actions.sign_off_task(done, by=scene.qian, at=at + timedelta(days=2), note="演示:现场看过")


def _publish(scene: Scene, row: Dossier) -> None:
    if row.closed_at is None:
        raise ValueError(f"{row} is not closed")
    steps = row.walk.steps.exclude(task=None).select_related("task")
    words = WalkWords(row.outcome, [(step.obstacle, step.task.fix) for step in steps if step.task])
    at = scene.clock.after(row.closed_at + timedelta(days=1), 0)
    publish_walk(row, words, by=scene.qian, at=at)


def _route(scene: Scene, codes: tuple[str, ...]) -> list[tuple[Unit, None]]:
    return [(scene.units[code], None) for code in codes if code in scene.units]


def _inspect(scene: Scene, now: datetime) -> None:
    """A covert one that is over: one line wrong at the first stop and one at the last, both put right."""
    at = scene.office(timezone.localdate(now) - timedelta(days=24))
    day = timezone.localdate(at)
    plan = InspectionPlan(
        "午间值守和收费渠道暗访(演示)", True, _route(scene, ROUTE), [scene.lin], CHECKLIST, day, day, ""
    )
    row = actions.plan_inspection(scene.city, plan, by=scene.qian, at=at - timedelta(days=3))
    stops = list(Stop.objects.filter(inspection=row.pk).select_related("inspection__dossier", "unit"))
    wrong = {stops[0].number: 1, stops[-1].number: 3}
    said = {1: "演示:十二点二十分窗口空岗,没有恢复时间", 3: "演示:收费处没有零钱,让群众扫码"}
    for number, stop in enumerate(stops):
        met = [_met(line, wrong.get(stop.number), said) for line in range(1, len(CHECKLIST) + 1)]
        moment = at + timedelta(minutes=40 * number)
        actions.visit_stop(stop, f"demo-{row.number}-{stop.number}", met, by=scene.lin, at=moment)
    row = actions.finish_visits(row, by=scene.lin, at=at + timedelta(hours=4))
    found = [one.pk for one in wrong_and_left(row)]
    row = actions.assign_findings(row, found, days=10, by=scene.qian, at=at + timedelta(hours=5))
    for task in Task.objects.filter(dossier=row).select_related("unit", "dossier__region"):
        _done(scene, task, "演示:已整改,附排班表和照片", scene.clock.after(at + timedelta(days=6), 0))
    outcome = "演示:两项不符合已整改,回头看未见反弹。"
    actions.close_inspection(row, outcome, by=scene.qian, at=at + timedelta(days=9))


def _met(line: int, wrong: int | None, said: dict[int, str]) -> Met:
    if line == wrong:
        return Met(line, Seen.NOT_OK, said[line])
    return Met(line, Seen.NOT_SEEN if line == len(CHECKLIST) else Seen.OK)


def _plan_inspection(scene: Scene, now: datetime) -> None:
    """A covert one to come: who is on its route does not see it."""
    begins = timezone.localdate(now) + timedelta(days=4)
    people = [scene.lin, scene.qian]
    route = _route(scene, PLANNED_ROUTE)
    title = "年底窗口服务暗访(演示)"
    plan = InspectionPlan(title, True, route, people, CHECKLIST, begins, begins + timedelta(days=2), "")
    actions.plan_inspection(scene.city, plan, by=scene.qian, at=now - timedelta(hours=3))


def _warn(scene: Scene, now: datetime) -> None:
    """One entry that a second supervisor has approved, and a draft that waits for that."""
    at = now - timedelta(days=2)
    source = Dossier.objects.filter(kind="inspection", stage="closed").first()
    caution = Warned(
        WarningSort.CAUTION,
        scene.units[ROUTE[0]],
        "午间无人值守(演示)",
        "工作日午间窗口无人,等候的群众不知道何时恢复办理,有人等了四十分钟。",
        "午间值守要有替岗和公示,领导带班要到窗口看。",
        named=False,
        origin="" if source else "演示",
        dossier=source,
    )
    row = actions.draft_warning(scene.city, caution, by=scene.qian, at=at)
    actions.approve_warning(row, by=scene.people.by_account["fang"], at=at + timedelta(hours=3), note="演示:同意入册")
    case = Case.objects.filter(typical=True).select_related("unit").order_by("pk").first()
    typical = Warned(
        WarningSort.TYPICAL,
        case.unit if case else scene.units[ROUTE[1]],
        "材料一次说清(演示)",
        "群众反映窗口和指南说法不一。单位核对后统一口径,把样本摆上台面,当季没有同类差评。",
        "指南、电话、窗口三处说法要一致,改了一处就改三处。",
        named=False,
        origin="" if case else "演示",
        case=case,
    )
    actions.draft_warning(scene.city, typical, by=scene.qian, at=now - timedelta(hours=4))
