"""靠后督办 and 问责线索 in the demo city: who stays low is led up the ladder, and a repeat offender is handed over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from assessment.models import Quarter
from organizations.models import Staff, Unit
from oversight import actions
from oversight.access import managing, speaks_for
from oversight.actions import Held, Judged, Raised
from oversight.enums import ClueSort, FollowStage, Kind, Level, RungKind, TaskState
from oversight.models import Dossier, Rung
from rectification.models import Case
from reviews_portal.demo.teller import OfficeClock

VISIT = {
    "who": "分管副局长",
    "place": "1 号、3 号窗口",
    "findings": "演示:午间排队较长,一名新手对材料要求说法不一。",
    "measures": "演示:午间加开一个窗口,材料清单逐项上墙,新手由老窗口带班一个月。",
    "result": "演示:当日两件积压办结,回访满意。",
}
LETTER = {
    "who": "单位主要负责人",
    "findings": "演示:对窗口管理抓得不紧,整改停留在表面。",
    "measures": "演示:每周由班子成员到窗口值班一天,按月通报。",
}
TALK = {
    "who": "市行政审批服务局分管领导",
    "with_whom": "该单位主要负责人",
    "findings": "演示:连续靠后的原因、窗口力量、同类差评反复。",
    "measures": "演示:一个月内补足窗口人员,同类差评逐件说明。",
}
CLAUSE = (
    "《演示市政务服务问责办法》(演示)",
    "第八条第二款",
    "同类问题反复整改、反复发生,情节较重的,移送有权机关处理。",
)


def lead_low(quarter: Quarter, people: dict[str, Staff], *, clock: OfficeClock, waits: bool) -> int:
    """Lets the clock look at a frozen quarter, and does most of what it then asks of who stays low.

    Args:
        people: by account; qian and fang supervise the city, he a county.
        waits: what the units have reported waits to be signed off.

    Returns:
        How many follow-ups were opened, led on or taken off.

    Raises:
        ValueError: the quarter is not frozen.
    """
    if quarter.frozen_at is None:
        raise ValueError(f"{quarter} is not frozen")
    at = clock.after(quarter.frozen_at, 1)
    done = actions.follow_low(at=at)
    waiting = Rung.objects.filter(task__state=TaskState.OPEN, dossier__stage=FollowStage.RUNNING)
    for rung in waiting.select_related("dossier__unit", "task").order_by("pk"):
        _answer(rung, people, clock.after(at, 48), clock, waits=waits)
    return done + actions.follow_low(at=clock.after(at, 96))


def _answer(rung: Rung, people: dict[str, Staff], at: datetime, clock: OfficeClock, *, waits: bool) -> None:
    unit, task = rung.dossier.unit, rung.task
    person = _speaker(unit, at) if unit else None
    checker = next((people[name] for name in ("he", "qian", "fang") if _may_check(people[name], rung)), None)
    if task is None or person is None or checker is None:
        return
    day = timezone.localdate(at)
    if rung.kind == RungKind.SITE_OFFICE:
        actions.record_visit(rung.dossier, Held(day, **VISIT), by=person, at=at)
    elif rung.kind == RungKind.LETTER:
        actions.record_letter(rung.dossier, Held(day, **LETTER), by=person, at=at)
    else:
        actions.record_talk(rung.dossier, Held(day, **TALK), by=checker, at=at)
        actions.report_task(task, "演示:约谈要求已逐条落实。", by=person, at=clock.after(at, 24))
    if not waits:
        actions.sign_off_task(task, by=checker, at=clock.after(at, 30), note="演示:已核对")


def _speaker(unit: Unit, at: datetime) -> Staff | None:
    day = timezone.localdate(at)
    held = unit.memberships.in_force(day).select_related("staff").order_by("pk")
    return next((one.staff for one in held if speaks_for(one.staff.duties, unit)), None)


def _may_check(person: Staff, rung: Rung) -> bool:
    unit = rung.dossier.unit
    return unit is not None and managing(person.duties, rung.dossier.region.code, unit) is not None


def hand_over_repeat(
    unit: Unit,
    people: dict[str, Staff],
    *,
    begins: datetime,
    now: datetime,
    clock: OfficeClock,
    waiting: Unit | None = None,
) -> Dossier | None:
    """A repeat offender: raised, asked, heard, confirmed by a second, handed over, and answered with feedback.

    Args:
        unit: whose it is. begins: when it is raised; it takes three weeks.
        now: when qian looks at it again, so that its pages open for her today.
        waiting: a unit that is asked and has not answered yet.
    """
    speaker, qian, fang = _speaker(unit, begins), people["qian"], people["fang"]
    cases = list(Case.objects.filter(unit=unit, received_at__lt=begins).order_by("-received_at")[:3])
    if speaker is None:
        return None
    region = qian.duties[0].unit.region
    raised = Raised(unit, ClueSort.REPEAT, "演示:同类问题在同一窗口整改后再次发生,两次整改报告内容相同。", cases)
    row = actions.raise_clue(region, raised, by=qian, at=begins)
    if waiting is not None:
        _ask_another(waiting, qian, min(now, clock.after(now - timedelta(days=4), 0)), now)
    at = clock.after(begins, 4)
    asked = actions.ask_unit(row, "演示:请说明同类问题再次发生的原因和两次整改的实际措施。", by=qian, at=at)
    at = clock.after(at, 48)
    answer = "演示:第一次整改只更换了公示牌,没有培训人员,现已补训并更换告知单。"
    actions.answer_question(asked, answer, by=speaker, at=at)
    at = clock.after(at, 24)
    heard = "演示:承认整改不实,没有新的理由。"
    actions.record_hearing(row, timezone.localdate(at), "该单位分管领导", heard, by=qian, at=at)
    actions.let_in(row, fang, "演示:复核处理层级", by=qian, at=at)
    facts = "演示:同类差评三件,两次整改报告雷同,现场核查与报告不符。"
    said = Judged(Level.TRANSFER, facts, *CLAUSE, "演示:报告不实,情节较重")
    actions.propose_level(row, said, by=qian, at=clock.after(at, 3))
    at = clock.after(at, 24)
    actions.confirm_level(row, by=fang, at=at)
    at = clock.after(at, 24)
    day = timezone.localdate(at)
    actions.hand_over(row, "演示驻局纪检监察组", "综合室负责人", day, "演纪收〔演示〕12号", by=qian, at=at)
    at = clock.after(at, 240)
    text = "演示:已受理并核实,处理情况由本组按规定办理。"
    actions.record_feedback(row, timezone.localdate(at), text, "演纪函〔演示〕5号", by=qian, at=at)
    for one in Dossier.objects.visible_to(qian).filter(kind=Kind.CLUE):
        actions.note_look(one, "purpose", "演示:办理线索", by=qian, at=now)
    return Dossier.objects.get(pk=row.pk, kind=Kind.CLUE)


def _ask_another(unit: Unit, by: Staff, at: datetime, now: datetime) -> None:
    about = "演示:两件差评的整改报告与回访所说不一致。"
    row = actions.raise_clue(by.duties[0].unit.region, Raised(unit, ClueSort.FALSE_REPORT, about), by=by, at=at)
    question = "演示:请说明两件差评的实际整改情况,与回访不一致的写明原因。"
    actions.ask_unit(row, question, by=by, at=min(now, at + timedelta(hours=1)))
