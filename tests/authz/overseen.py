"""督办: a campaign at work with a task that is open and one that was reported, one that is planned; the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image

from oversight import actions
from oversight.actions import Plan, Wanted
from oversight.enums import Method
from tests.authz.probing import Arguments, Probe, types
from tests.factories import NOW

if TYPE_CHECKING:
    from tests.authz.world import World

PLANNED = {
    "title": "咨询电话通报抽查",
    "method": "sample",
    "classes": ["咨询与电话"],
    "lead": "烟台市行政审批服务局",
    "scope": "芝罘区公安局",
    "begins": "2026-11-23",
    "ends": "2026-12-18",
    "checklist": "工作时间有人接",
}


class Overseen:
    """Qian leads; the county bureau is looked at, the bureau beside it only compared with."""

    def __init__(self, world: World) -> None:
        qian, supervisor = world.cast.qian, world.principals["supervisor"].person
        assert supervisor is not None
        plan = Plan(
            title="窗口收费渠道全面普查",
            method=Method.SURVEY,
            classes=["收费与支付"],
            begins=date(2026, 11, 23),
            ends=date(2026, 12, 11),
            scope=[world.unit],
            comparison=[world.co_unit],
            lead=world.cast.body,
            checklist=["每个收费窗口能收现金"],
        )
        running = actions.plan_campaign(world.cast.body.region, plan, by=qian, at=NOW)
        actions.start_campaign(running, by=qian, at=NOW)
        planned = actions.plan_campaign(world.cast.body.region, plan, by=qian, at=NOW)
        asked = Wanted(unit=world.unit, wanted="恢复收取现金", days=5)
        tasks = [actions.add_task(running, asked, by=qian, at=NOW) for _ in range(2)]
        picture = BytesIO()
        Image.new("RGB", (8, 8)).save(picture, "JPEG")
        picture.seek(0)
        actions.report_task(tasks[1], "告示已撤", by=supervisor, at=NOW, after=[picture])
        self.of = {"running": running.number, "planned": planned.number}
        self.tasks = {"open": tasks[0].pk, "reported": tasks[1].pk}
        self.picture = tasks[1].pictures.get().pk


def overseen() -> Iterator[Probe]:
    """Lists, a campaign and its acts, its ledger, its tasks and theirs, a picture; the inbox."""
    for route in ("inbox", "supervision", "supervision-tasks", "campaign-board"):
        yield Probe(route)
    for slug in ("campaigns", "nothing"):
        yield Probe("dossiers", slug, lambda world, who, slug=slug: [slug])
    yield Probe("dossier-new", "campaigns", lambda world, who: ["campaigns"], "city", types(**PLANNED))
    for about in ("running", "planned", "unknown"):
        yield Probe("dossier", about, _numbered(about))
    for about in ("running", "unknown"):
        yield Probe("dossier-ledger", about, _numbered(about))
        yield Probe("dossier-file", about, _numbered(about))
        yield Probe(
            "task-new", about, _numbered(about), "city", types(unit="芝罘区公安局", wanted="公示标准", days="5")
        )
        yield Probe("dossier-picture", about, _picture(about))
        yield Probe("campaign-cases", about, _numbered(about, "scope-before"))
    yield Probe("dossier-act", "start", _numbered("planned", "start"), "city", types(note="启动"))
    yield Probe("dossier-act", "drop", _numbered("running", "drop"), "city", types(reason="重复"))
    yield Probe("dossier-act", "nonsense", _numbered("running", "nonsense"), "", types(note="说明"))
    for about in ("open", "reported", "unknown"):
        yield Probe("task", about, _task(about))
    yield Probe("task-act", "report", _task("open", "report_task"), "supervisor", types(fix="已改"))
    yield Probe("task-act", "extend", _task("open", "extend_task"), "city", types(until="2026-12-18", reason="等设备"))
    yield Probe("task-act", "sign_off", _task("reported", "sign_off_task"), "city", types(note="属实"))
    yield Probe("task-act", "return", _task("reported", "return_task"), "city", types(reason="照片不清"))
    yield Probe("task-act", "nonsense", _task("open", "nonsense"), "", types(note="说明"))


def _numbered(about: str, *more: object) -> Arguments:
    return lambda world, who: [world.overseen.of.get(about, "ZX-2000-001"), *more]


def _task(about: str, *more: object) -> Arguments:
    return lambda world, who: [world.overseen.tasks.get(about, 999999), *more]


def _picture(about: str) -> Arguments:
    return lambda world, who: [world.overseen.picture if about == "running" else 999999]
