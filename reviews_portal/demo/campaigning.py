"""专项整治 in the demo city: the four that the city's report names. Cases, places and findings are invented (演示)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessment.periods import Period
from organizations.models import Staff, Unit
from oversight import actions
from oversight.actions import Plan, Wanted
from oversight.enums import Method
from oversight.models import Dossier, Task
from oversight.presets import TEMPLATES, Template
from oversight.queries.campaigns import cases_behind
from reviews_portal.demo.people import People
from reviews_portal.demo.stories import HEARD, SETTLED, STRAIGHT, Story
from reviews_portal.demo.teller import OfficeClock

BODY, NINE = "370600-SPJ", time(9, 30)
LATE = f"{HEARD} +9d {SETTLED}"
LASTS = timedelta(days=25)


@dataclass(frozen=True)
class Drive:
    """One campaign.

    Attributes:
        template: its code. scope, comparison: unit codes.
        begins: days after the first day of its quarter.
        found: unit, place, what was found, what was done about it.
        said: what people had complained of: tag and text, told again and again before it, once after it.
    """

    template: str
    scope: tuple[str, ...]
    comparison: tuple[str, ...]
    begins: int
    found: tuple[tuple[str, str, str, str], ...]
    said: tuple[tuple[str, str], ...]


DRIVES = (
    Drive(
        "payment",
        ("370600-GAJ", "370600-YBJ", "370600-CGS"),
        ("370600-JTJ", "370600-MZJ"),
        6,
        (
            ("370600-GAJ", "2 号窗口", "演示:贴有“只收扫码”告示", "告示已撤,备零钱五百元"),
            ("370600-YBJ", "综合窗口", "演示:现金找零不足", "与银行约定每日兑零"),
            ("370600-CGS", "收费岗", "演示:收费标准没有公示", "标准和依据已上墙"),
        ),
        (
            ("", "窗口不收现金,只让扫码支付。"),
            ("", "交费只能扫码支付,老人办不了。"),
            ("", "收费标准没有贴出来,也不收现金。"),
        ),
    ),
    Drive(
        "telephone",
        ("370600-RSJ", "370600-MZJ"),
        ("370600-SJJ", "370600-TAX"),
        12,
        (
            ("370600-RSJ", "咨询电话", "演示:抽查十次四次无人接", "增设一部电话,午间轮值"),
            ("370600-MZJ", "低保咨询", "演示:公布的号码已停机", "号码已更正,网上同步"),
        ),
        (
            ("", "咨询电话没人接,打了两天。"),
            ("", "公布的咨询电话一直占线。"),
        ),
    ),
    Drive(
        "guide",
        ("370600-ZGJ", "370600-SJJ", "370600-HBJ"),
        ("370600-GJJ", "370600-WJW"),
        20,
        (
            ("370600-ZGJ", "不动产登记指南", "演示:网上三样材料,窗口要五样", "多收的两项已取消,指南更新"),
            ("370600-SJJ", "设立登记指南", "演示:样本仍是旧表", "样本更换,窗口、网上一致"),
            ("370600-HBJ", "环评备案指南", "演示:纸质和网上重复提交", "只收网上材料"),
        ),
        (
            ("210", "同样的材料网上交了窗口还要。"),
            ("208", "材料清单和窗口说的不一样。"),
            ("207", "指南上的样本是旧的,填了被退回。"),
        ),
    ),
    Drive(
        "training",
        ("370600-GJJ", "370600-ZJJ", "370600-WJW"),
        ("370600-NYJ", "370600-SFJ"),
        27,
        (
            ("370600-GJJ", "贷款咨询岗", "演示:三人三种说法", "小班轮训四期,统一口径"),
            ("370600-ZJJ", "备案窗口", "演示:一次性告知单没有用", "告知单上墙,首问负责"),
            ("370600-WJW", "许可窗口", "演示:新规没有学", "轮训并考核,补考两人"),
        ),
        (
            ("213", "问三个人三种说法。"),
            ("213", "业务不熟,让我自己上网查。"),
        ),
    ),
)
# Days into a quarter from which on they are told, and how many days long.
TOLD_FROM, TOLD_FOR, TOLD_AFTER = 30, 55, 72
# Told in the quarter before a campaign, and after it, when the whole year is replayed.
BEFORE, AFTER = 11, 1
# Where nothing is done, as many are told before as after.
BESIDE = 3


def complaints_of(periods: Sequence[Period]) -> dict[date, list[tuple[int, Story]]]:
    """What is said besides, when the whole year is told: by first day of the quarter, each with the day in it."""
    drives = drives_of(periods)
    told: dict[date, list[tuple[int, Story]]] = {period.begins: [] for period in periods}
    for period in periods:
        for drive in drives.get(period.begins, ()):
            earlier = _said(drive, BEFORE)
            told[period.before().begins] += [
                (TOLD_FROM + TOLD_FOR * number // BEFORE, story) for number, story in enumerate(earlier)
            ]
            told[period.begins] += [(TOLD_AFTER, story) for story in _said(drive, AFTER)]
            beside = _said(drive, BESIDE, drive.comparison)
            told[period.before().begins] += [(TOLD_FROM + 9 * number, story) for number, story in enumerate(beside)]
            told[period.begins] += [(TOLD_AFTER + number, story) for number, story in enumerate(beside)]
    return told


def _said(drive: Drive, count: int, units: Sequence[str] = ()) -> list[Story]:
    told, units = [], units or drive.scope
    for number in range(count):
        tag, text = drive.said[number % len(drive.said)]
        unit = units[number % len(units)]
        script = LATE if number % 5 == 4 else STRAIGHT
        told.append(Story(unit, 2 - number % 2 * (not tag), (tag,) if tag else (), text, script))
    return told


def run_campaign(
    drive: Drive, period: Period, people: People, units: Mapping[str, Unit], clock: OfficeClock
) -> Dossier:
    """A whole campaign of a quarter that is over, from its plan to its sign-off."""
    qian = people.by_account["qian"]
    first = period.begins + timedelta(days=drive.begins)
    at = clock.after(_moment(first - timedelta(days=4)), 0)
    row = _planned(drive, period, first, units, by=qian, at=at)
    at = clock.after(_moment(first), 0)
    actions.start_campaign(row, by=qian, at=at)
    until, given = first + LASTS - timedelta(days=4), clock.after(at, 20)
    tasks = [_task(row, found, units, until, by=qian, at=given) for found in drive.found]
    _look_at_one_another(row, people, clock, until=first + timedelta(days=7), by=qian, at=given)
    at = clock.after(at + timedelta(days=8), 0)
    actions.finish_survey(row, by=qian, at=at)
    for number, (task, found) in enumerate(zip(tasks, drive.found, strict=True)):
        done = clock.after(at + timedelta(days=2 + number), 1)
        actions.report_task(task, f"演示:{found[3]}", by=people.supervisor[task.unit_id], at=done)
        actions.sign_off_task(task, by=qian, at=clock.after(done, 20), note="演示:现场看过,属实")
    at = clock.after(_moment(first + LASTS), 0)
    actions.ask_sign_off(row, by=qian, at=at)
    return actions.close_dossier(row, f"演示:排查 {len(tasks)} 处,全部整改到位", by=qian, at=clock.after(at, 2))


def campaigns_now(people: People, units: Mapping[str, Unit], clock: OfficeClock, *, now: datetime) -> list[Dossier]:
    """What goes on today: one at work with tasks in every state, one that is planned."""
    qian, guide, telephone = people.by_account["qian"], DRIVES[2], DRIVES[1]
    today = timezone.localdate(now)
    begins, at = today - timedelta(days=12), clock.after(now - timedelta(days=13), 0)
    row = _planned(guide, None, begins, units, by=qian, at=at)
    actions.start_campaign(row, by=qian, at=at)
    due = [today - timedelta(days=1), today + timedelta(days=9), today + timedelta(days=13)]
    given = clock.after(at, 20)
    tasks = [_task(row, found, units, day, by=qian, at=given) for found, day in zip(guide.found, due, strict=True)]
    _look_at_one_another(row, people, clock, until=today + timedelta(days=5), by=qian, at=given, left=1)
    head = people.supervisor[tasks[1].unit_id]
    actions.report_task(tasks[1], "演示:样本更换,窗口、网上一致", by=head, at=clock.after(given, 30))
    planned = _planned(telephone, None, today + timedelta(days=7), units, by=qian, at=clock.after(at, 26))
    return [row, planned]


def _look_at_one_another(
    row: Dossier, people: People, clock: OfficeClock, *, until: date, by: Staff, at: datetime, left: int = 0
) -> None:
    """Of a 互查: shared out, looked at, signed off; left: how many have not looked yet."""
    if row.campaign.method != Method.CROSS:
        return
    checks = actions.share_out(row, until, by=by, at=at)
    for number, task in enumerate(checks[: len(checks) - left]):
        done = clock.after(at + timedelta(days=2), number)
        actions.report_task(
            task, "演示:按清单看了两个窗口,问题已告知牵头单位。", by=people.supervisor[task.unit_id], at=done
        )
        actions.sign_off_task(task, by=by, at=clock.after(done, 6), note="演示:已核对")


def _planned(
    drive: Drive, period: Period | None, first: date, units: Mapping[str, Unit], *, by: Staff, at: datetime
) -> Dossier:
    template = TEMPLATES[drive.template]
    scope = [units[code] for code in drive.scope]
    cases = cases_behind(period.before(), scope, [template.klass]) if period else []
    plan = Plan(
        title=template.title,
        method=template.method,
        classes=[template.klass],
        begins=first,
        ends=first + LASTS,
        scope=scope,
        comparison=[units[code] for code in drive.comparison],
        lead=units[BODY],
        about=_about(template, len(cases)),
        checklist=template.checklist,
        template=drive.template,
        quarter=period.before().begins if cases and period else None,
        by_threshold=bool(cases),
        cases=cases,
    )
    return actions.plan_campaign(units[BODY].region, plan, by=by, at=at)


def _about(template: Template, cases: int) -> str:
    return f"演示:群众反映“{template.trigger}”" + (f",上季度同类有效差评 {cases} 件。" if cases else "。")


def _task(
    row: Dossier, found: tuple[str, str, str, str], units: Mapping[str, Unit], until: date, *, by: Staff, at: datetime
) -> Task:
    code, place, finding, fix = found
    day = max(until, timezone.localdate(at))
    asked = Wanted(unit=units[code], wanted=f"演示:{fix}", place=place, finding=finding, until=day)
    return actions.add_task(row, asked, by=by, at=at)


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, NINE))


def drives_of(periods: Sequence[Period]) -> dict[date, list[Drive]]:
    """Which campaigns run in which of these quarters: two in each of the last two."""
    return {period.begins: list(DRIVES[place * 2 : place * 2 + 2]) for place, period in enumerate(periods[-2:])}
