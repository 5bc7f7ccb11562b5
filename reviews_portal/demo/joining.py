"""多部门联动 in the demo city: the two deep problems of the seed, with the cases that show them; the rest invented."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO

from django.utils import timezone

from organizations.models import Staff, Unit
from oversight import actions
from oversight.actions import Entry, Problem, Wanted
from oversight.enums import EntryKind
from oversight.models import Dossier
from rectification.enums import Action
from rectification.models import Case
from reviews_portal.demo.people import People
from reviews_portal.demo.stories import HEARD, SEED, Story
from reviews_portal.demo.teller import OfficeClock

WASTE, PLEDGE = SEED[4], SEED[5]
MORE_WASTE = Story(
    WASTE.unit,
    2,
    (),
    "门诊部每月交的医疗废物处置费用按床位算,我们没有床位也要交。",
    f"{HEARD} ask_complex approve_complex +12d explain reply call_ok close",
    WASTE.item,
    wrong="没有床位的门诊部按最低床位收费,标准没有写明。",
    reply="经多部门研究,没有床位的门诊部改为按次收运、按量计费,本月起执行。",
)
MORE_PLEDGE = Story(PLEDGE.unit, 2, ("113",), "外省银行的车辆抵押,解押要两头跑,材料互不承认。", HEARD, PLEDGE.item)
# A picture of nothing, as it would come from a phone.
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAKAAAAB4AQMAAABPbGssAAAAA1BMVEXO2d4N2gcVAA"
    "AAGUlEQVR42u3BAQ0AAADCoPdPbQ8HFAAADwYJ2AABe5SMGwAAAABJRU5ErkJggg=="
)
Tell = Callable[[Story, datetime | None], object]
HOUR = timedelta(hours=1)


def tell_joint(
    people: People, units: dict[str, Unit], tell: Tell, *, now: datetime, clock: OfficeClock
) -> list[Dossier]:
    """Opens the two joint files: one is closed, in the other somebody still waits for the answer.

    Args:
        units: by code. tell: tells a story from a moment, or so that it has only just come to its end.
    """
    lead = people.by_account["qian"]
    return [_waste(people, units, tell, lead, clock), _pledge(people, units, tell, lead, now, clock)]


def _of(story: Story) -> Case:
    """The case of a story, by what was said."""
    return Case.objects.select_related("unit").get(text=story.text)


def _complex_since(case: Case) -> datetime:
    return case.events.filter(action=Action.DECIDE_COMPLEX).latest("pk").at


def _entry(kind: EntryKind, at: datetime, place: str, participants: str, found: str) -> Entry:
    return Entry(kind, timezone.localdate(at), place, f"{participants}(演示)", f"演示:{found}")


def _waste(people: People, units: dict[str, Unit], tell: Tell, lead: Staff, clock: OfficeClock) -> Dossier:
    """医疗废物处置费用减免: visited, studied, decided, both told by their own replies."""
    first = _of(WASTE)
    tell(MORE_WASTE, first.received_at + timedelta(hours=5))
    second = _of(MORE_WASTE)
    at = max(_complex_since(first), _complex_since(second)) + HOUR
    replied = [moment for case in (first, second) if (moment := case.replied_at)]
    resolved_at = min(replied) - timedelta(minutes=30)
    helpers = [units[code] for code in ("370600-HBJ", "370600-FGW")]
    about = "演示:收费标准由三家部门共同决定,没有减免条款,一家部门答复不了。"
    problem = Problem("医疗废物处置费用减免(演示)", about, [first, second], units[WASTE.unit], helpers)
    row = actions.open_joint(units["370600-SPJ"].region, problem, by=lead, at=at)
    asked = "提出按次收运、按量计费的意见"
    tasks = [actions.add_task(row, Wanted(unit, asked, days=5), by=lead, at=at + HOUR) for unit in helpers]
    gap = (resolved_at - at) / 5
    visit = _entry(EntryKind.VISIT, at + gap, "两家诊所", "市卫健委、市生态环境局", "按床位收费偏高,实际每月收运两次。")
    actions.add_entry(row, visit, [BytesIO(b64decode(PICTURE))], by=lead, at=at + gap)
    where = "市政务服务中心会议室"
    study = _entry(
        EntryKind.STUDY, at + gap * 2, where, "市卫健委、市生态环境局、市发改委", "可以按次收运,不用改标准。"
    )
    actions.lead_entry(row, study, by=people.supervisor[units[WASTE.unit].pk], at=at + gap * 2)
    for task in tasks:
        reported = actions.report_task(
            task, "演示:同意,已书面答复。", by=people.supervisor[task.unit_id], at=at + gap * 3
        )
        actions.sign_off_task(reported, by=lead, at=at + gap * 3 + HOUR)
    decided = _entry(
        EntryKind.DECISION, at + gap * 4, where, "三家部门分管负责人", "没有床位的按次收运、按量计费,本月起执行。"
    )
    actions.add_entry(row, decided, by=lead, at=at + gap * 4)
    row = actions.resolve_joint(
        row, "按次收运、按量计费,小诊所费用约减一半;并建议上级调整标准。", by=lead, at=resolved_at
    )
    ended = clock.after(max(case.closed_at for case in (first, second) if case.closed_at), 3)
    return actions.close_joint(row, "演示:两件差评的评价人都得到答复,回访满意。", by=lead, at=ended)


def _pledge(
    people: People, units: dict[str, Unit], tell: Tell, lead: Staff, now: datetime, clock: OfficeClock
) -> Dossier:
    """跨省办理车辆解抵押手续: a second case came later and waits for its reply; who was done with is told apart."""
    first = _of(PLEDGE)
    at = _complex_since(first) + HOUR
    helpers = [units[code] for code in ("370600-GAJ", "370600-JTJ")]
    about = "演示:外省抵押权人的材料两地不互认,车管、公安、交通各管一段。"
    problem = Problem("跨省办理车辆解抵押手续(演示)", about, [first], units[PLEDGE.unit], helpers)
    row = actions.open_joint(units["370600-SPJ"].region, problem, by=lead, at=at)
    visited = at + timedelta(days=2)
    visit = _entry(EntryKind.VISIT, visited, "评价人单位", "市车管所、市公安局", "材料齐全,只差外省车管所的核验。")
    actions.add_entry(row, visit, by=lead, at=visited)
    tell(MORE_PLEDGE, None)
    second = _of(MORE_PLEDGE)
    joined = second.received_at + timedelta(minutes=10)
    actions.join_cases(row, [second], "也是外省抵押、两头跑(演示)", by=lead, at=joined)
    study = _entry(
        EntryKind.STUDY, joined, "线上会议", "市车管所、市公安局、市交通局", "与三个省的车管所建立专线核验。"
    )
    actions.lead_entry(row, study, by=people.supervisor[units[PLEDGE.unit].pk], at=joined + HOUR / 6)
    decided = _entry(
        EntryKind.DECISION, joined, "市政务服务中心会议室", "三家部门分管负责人", "材料线上互认,窗口代为核验。"
    )
    actions.add_entry(row, decided, by=lead, at=joined + HOUR / 5)
    asked = Wanted(units["370600-JTJ"], "营运车辆的解押信息同步到核验专线", days=10)
    actions.add_task(row, asked, by=lead, at=joined + HOUR / 5)
    row = actions.resolve_joint(row, "材料线上互认,窗口代为核验,不用再两头跑。", by=lead, at=joined + HOUR / 4)
    actions.tell_citizen(row, first, "演示:回访专员电话告知专线已开通。", by=lead, at=min(joined + HOUR / 3, now))
    return row
