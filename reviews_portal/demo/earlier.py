"""Past quarters of the demo city, one after the other as they were: files came in, cases went their way, the schedule
closed the quarter, and its notice was drafted, signed and read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from assessment.actions import refresh
from assessment.models import Quarter
from assessment.periods import Period
from disclosure.access import reviewer
from disclosure.actions import prepare_disclosures, publish_disclosure
from disclosure.models import Disclosure
from organizations.models import Staff, Unit
from reviews_portal.demo.accounting import lead_low
from reviews_portal.demo.closing import close_by_schedule
from reviews_portal.demo.noticing import notify_units
from reviews_portal.demo.stories import HEARD, LATE, SETTLED, STRAIGHT, Story
from reviews_portal.demo.teller import OfficeClock
from reviews_portal.demo.year import Sender

SLOW = f"precheck dispatch +3d sign +2d contact {SETTLED}"
TWICE = f"{HEARD} report reply call_unhappy rework_report reply call_ok close"
AGAIN = f"{STRAIGHT} reopen rework_report reply verdict_ok close"
MISSED = f"{HEARD} report reply call_missed +1d call_missed_late +1d call_missed give_up close"
CONTESTED = f"{HEARD} appeal:W6 hear votes:uphold serve"
REFUSED = f"{HEARD} appeal:W9 votes:reject serve {SETTLED}"

# What was said in each of the quarters, the oldest first; all of it invented.
SAID: tuple[tuple[tuple[str, int, str, str, str], ...], ...] = (
    (
        ("370600-GAJ", 2, "208", "材料清单和网上写的不一样。", STRAIGHT),
        ("370600-RSJ", 1, "109", "参保证明要去两个窗口各盖一次章。", LATE),
        ("370600-YBJ", 2, "214", "问报销比例,让自己回去查文件。", TWICE),
        ("370600-TAX", 2, "211", "电子发票申领页面点不开。", STRAIGHT),
        ("370602-GAJ", 2, "207", "没有填写样本,填错三次。", SLOW),
        ("370600-SJJ", 1, "110", "承诺三天办结,过了八天。", MISSED),
    ),
    (
        ("370600-GAJ", 2, "208", "换证要的照片规格没有写。", STRAIGHT + " typical"),
        ("370600-ZJJ", 1, "113", "房屋备案在两个部门之间来回跑。", LATE),
        ("370600-GJJ", 2, "213", "提取条件说得不清楚。", AGAIN),
        ("370602-RSJ", 2, "209", "就业登记排了一上午。", CONTESTED),
        ("370681-TAX", 2, "210", "同一份营业执照交了两次。", STRAIGHT),
        ("370600-MZJ", 2, "214", "低保咨询电话里不耐烦。", SLOW),
    ),
    (
        ("370600-GAJ", 1, "109", "迁户口要了指南上没有的证明。", TWICE),
        ("370600-HBJ", 2, "210", "环评登记表网上交了还要交纸质的。", STRAIGHT),
        ("370600-YBJ", 2, "208", "异地备案的材料没有一次说清。", LATE),
        ("370600-WJW", 2, "213", "诊所备案的流程问不明白。", REFUSED),
        ("370613-SPJ", 2, "212", "预约了还是要重新取号。", STRAIGHT),
        ("370600-JTJ", 2, "207", "营运证年审没有样表。", MISSED),
    ),
    (
        ("370600-GAJ", 2, "208", "补办证件要的材料窗口和电话说法不一。", LATE),
        ("370600-ZGJ", 2, "211", "不动产预约系统一直报错。", STRAIGHT + " typical"),
        ("370600-RSJ", 2, "214", "问一句答半句,让我看墙上的纸。", TWICE),
        ("370600-SJJ", 1, "110", "审批过了法定时限没有人解释。", AGAIN),
        ("370602-GAJ", 2, "213", "临时身份证怎么办说不清楚。", STRAIGHT),
        ("370600-TAX", 2, "209", "等候时间太长,只开两个窗口。", SLOW),
    ),
)
PAST = [[Story(unit, level, (tag,), text, script) for unit, level, tag, text, script in some] for some in SAID]
APART = timedelta(days=9)
SENT = time(9, 0)
# Of those who rated by themselves, so many a day.
VISITS = 21


def name_of(period: Period) -> str:
    """What the files of a quarter are called."""
    return f"{period.begins.year}年第{period.quarter}季度"


def sent_on(day: date) -> datetime:
    """The moment at which a file of the days before comes in."""
    return timezone.make_aware(datetime.combine(day, SENT))


@dataclass
class Past:
    """What a quarter of the past is made of.

    Attributes:
        tell: tells a story from a moment on. visit: lets somebody be served and maybe rate on a day.
        besides: what else is said, by first day of the quarter, each with the day in it on which it is said.
        report: called with a line for each step.
    """

    sender: Sender
    tell: Callable[[Story, datetime], object]
    visit: Callable[[date], object]
    besides: Mapping[date, Sequence[tuple[int, Story]]]
    clock: OfficeClock
    report: Callable[[str], None]

    def pass_quarter(self, period: Period, stories: Sequence[Story] = (), *, visits_until: date | None = None) -> None:
        """Lets people be served and complain, and takes in the files of the quarter when it is over.

        Args:
            visits_until: from this day on it is told elsewhere who came.
        """
        begins = timezone.make_aware(datetime.combine(period.begins, SENT))
        for number, story in enumerate(stories):
            self.tell(story, self.clock.after(begins + timedelta(days=3) + APART * number, number / 2))
        for day_in, story in self.besides.get(period.begins, ()):
            self.tell(story, self.clock.after(begins + timedelta(days=day_in), day_in % 5))
        days = [day for day in _days(period) if self.clock.calendar.is_working(day)]
        for day in days:
            for _visitor in range(VISITS if visits_until is None or day < visits_until else 0):
                self.visit(day)
        self.sender.send(days, name_of(period), at=sent_on(period.after), report=self.report)


def live_through(
    periods: Sequence[Period],
    past: Past,
    people: dict[str, Staff],
    units: dict[str, Unit],
    oversee: Callable[[Period], object],
) -> list[Quarter]:
    """Lets these quarters pass, and returns them frozen.

    Args:
        periods: the oldest first, as many as there are stories.
        people: by account. units: by code.
        oversee: what oversight does in a quarter, before it is closed.
    """
    closed: list[Quarter] = []
    for period, stories in zip(periods, PAST, strict=True):
        past.pass_quarter(period, stories)
        while not refresh(at=sent_on(period.after)).complete:
            pass
        oversee(period)
        _publish(people["lin"], at=sent_on(period.after + timedelta(days=2)))
        quarter = close_by_schedule(period, people["qian"], units, past.clock)
        notify_units([quarter], people, clock=past.clock)
        lead_low(quarter, people, clock=past.clock, waits=period == periods[-1])
        past.report(f"{name_of(period)}: 封存、通报")
        closed.append(quarter)
    return closed


def _days(period: Period) -> list[date]:
    return [period.begins + timedelta(days=number) for number in range((period.after - period.begins).days)]


def _publish(by: Staff, *, at: datetime) -> None:
    """Everything of the quarter that this person may decide about goes out as the draft has it."""
    prepare_disclosures(at=at)
    for one in Disclosure.objects.waiting().order_by("pk").select_related("case__unit__region"):
        if reviewer(by.duties, one.case):
            publish_disclosure(one, by=by, at=at + timedelta(hours=1), seen=one.version)
