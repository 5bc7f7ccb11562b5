"""Builds the demo city: structure, people, three months of services and ratings, and the told cases."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from appeals.actions import draw_waiting
from assessment.actions import refresh
from common.actors import SYSTEM
from evaluations.actions import (
    Check,
    Rated,
    Slip,
    Words,
    enter_slip,
    make_rating_link,
    record_check,
    record_service,
    submit_evaluation,
)
from evaluations.enums import LinkKind, Origin, RatingChannel, ServiceSource
from evaluations.models import Service, Tag
from identity.actions import store_evaluator
from identity.models import Evaluator
from organizations.actions import add_test_window
from organizations.enums import UnitLevel
from organizations.models import ServiceItem, Unit, Window
from organizations.queries import working_calendar
from organizations.seed import load_structure
from oversight.actions import look_again, propose_found
from oversight.models import Dossier
from rectification.enums import Target
from rectification.models import Case
from reviews_portal.demo.accounting import hand_over_repeat
from reviews_portal.demo.analysing import classify
from reviews_portal.demo.campaigning import complaints_of
from reviews_portal.demo.closing import adopt_schemes, open_last, past_quarters
from reviews_portal.demo.earlier import PAST, Past, live_through, sent_on
from reviews_portal.demo.field import Scene
from reviews_portal.demo.guarding import look_up, propose_roles
from reviews_portal.demo.ideas import ideas_of_year
from reviews_portal.demo.intake import send_files
from reviews_portal.demo.joining import tell_joint
from reviews_portal.demo.listening import IDEAS, listen, suggest
from reviews_portal.demo.noticing import begin_notice
from reviews_portal.demo.overseeing import Overseeing, overseeing
from reviews_portal.demo.people import People, make_people
from reviews_portal.demo.pleading import FIRST, list_pool
from reviews_portal.demo.publishing import publish
from reviews_portal.demo.ranking import facts_of
from reviews_portal.demo.stories import APPEALS, CLOSED, OPEN, SEED, Story
from reviews_portal.demo.teller import EVENING, MORNING, OfficeClock, Teller, ending
from reviews_portal.demo.year import Sender

DAYS = 90
RATINGS = 3000
LEVELS = (5, 4, 3)
WEIGHTS = (93, 6, 1)
# How every tenth visitor came to rate.
WAYS = [
    *[(RatingChannel.SLIP, Origin.ACTIVE)] * 6,
    *[(RatingChannel.WINDOW_QR, Origin.ACTIVE)] * 2,
    (RatingChannel.WEB, Origin.ACTIVE),
    (RatingChannel.SMS, Origin.INVITED),
]
PRAISE = ["窗口人员很耐心。", "一次就办好了。", "比以前快多了。", "指引清楚。", "希望多开几个窗口。"]
# What lay in the boxes and came by 12345, what was seen on the spot, what is thought of it all; invented.
SLIPS = [
    (RatingChannel.PAPER, 5, (), "老人来办,有人一直陪着。"),
    (RatingChannel.PAPER, 4, ("411",), ""),
    (RatingChannel.BOX, 5, (), "饮水机和花镜都有,谢谢。"),
    (RatingChannel.HOTLINE, 3, (), "打电话问得清楚,就是等得久。"),
    (RatingChannel.BOX, 2, ("213",), "问了三个人说法不一样。"),
]
CHECKS = [(5, "窗口在岗,一次性告知单齐全。"), (2, "午间窗口空岗二十分钟,无人告知何时恢复。")]
COMMENTS = [
    (Target.OVERALL, 5, "这几年办事方便多了。"),
    (Target.HOTLINE, 4, ""),
    (Target.PLATFORM, 2, "手机上传材料总是失败,没有提示原因。"),
]
INVITED = 3
# Whose clue is told to its end, and who is asked to explain itself.
OFFENDER, ASKED = "370600-RSJ", "370600-GAJ"
# Of the visits in past quarters so many are to the city's own windows, whose departments are ranked.
AT_CITY = 0.75
# Among so many of the last services that other systems have sent some were rated badly.
BAD_AMONG = 300
Report = Callable[[str], None]


@dataclass
class City:
    """What the ratings refer to, loaded once."""

    now: datetime
    random: random.Random
    clock: OfficeClock
    people: People = field(default_factory=People)
    units: dict[str, Unit] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    items: dict[int, list[ServiceItem]] = field(default_factory=dict)
    tags: dict[int, list[Tag]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**9)))

    def items_of(self, unit: Unit) -> list[ServiceItem]:
        """The unit's matters, or those of the unit above it (a county office serves the city's catalogue)."""
        return self.items.get(unit.pk) or self.items.get(unit.parent_id or 0) or self.items[min(self.items)]


def build_city(*, now: datetime, report: Report, seed: int = 20261123) -> City:
    """Makes the whole demo city; returns it, for those who print what to try.

    Args:
        now: the end of the three months.
        report: called with a line for each step.
        seed: of the pseudo-random choices, so that two cities are alike.
    """
    report("机构、大厅、窗口、事项")
    load_structure()
    today = timezone.localdate(now)
    *frozen, newest = past_quarters(today)
    clock = OfficeClock(working_calendar(frozen[0].begins - timedelta(days=60), today + timedelta(days=60)))
    city = City(now=now, random=random.Random(seed), clock=clock)
    _load(city)
    report("人员和角色")
    began = sent_on(frozen[0].begins)
    city.people = make_people(_staffed_units(city), at=began - timedelta(days=30))
    # A small pool first, so that whoever tries the account of a member finds appeals to vote on.
    list_pool(city.people.pool[: FIRST + 1], city.people.by_account["qian"], at=began - timedelta(days=7))
    scene = Scene(city.people, city.units, city.clock)
    oversight = overseeing(scene, frozen, newest, now=now)
    _live_through(city, oversight, report)
    _give_ratings(city, report)
    _hand_in(city)
    _tell_stories(city, report)
    tell_joint(city.people, city.units, partial(_tell, city), now=now, clock=city.clock)
    report("联动化解")
    report("外部文件和接入方")
    send_files(now=now)
    listen(city)
    if settings.DEMO_YEAR:
        suggest(city, ideas_of_year(), first=len(IDEAS))
    add_test_window(city.windows[0].hall, by=SYSTEM, at=now)
    report("评议、建议、抽访")
    while not refresh(at=now).complete:
        pass
    report("统计")
    report(f"问题类别更正 {classify(city.people.by_account, now=now)}")
    quarter = open_last(newest, city.people.by_account, city.units, now=now)
    propose_roles(city.people.by_account, now=now)
    look_up(city.people.by_account, now=now)
    begin_notice(quarter, city.people.by_account["lin"], now=now)
    report("季度考核异议期和通报草稿")
    oversight.since(now)
    look_again(at=now)
    report("专项整治、联席会议、走流程、暗访巡查、警示案例")
    begins = city.clock.after(now - timedelta(days=28), 0)
    offender, asked = city.units[OFFENDER], city.units[ASKED]
    hand_over_repeat(offender, city.people.by_account, begins=begins, now=now, clock=city.clock, waiting=asked)
    propose_found(at=now)
    report(f"督办卷 {Dossier.objects.count()}")
    report(f"公示 {publish(by=city.people.by_account['lin'], now=now)}")
    return city


def _live_through(city: City, oversight: Overseeing, report: Report) -> None:
    """The quarters that are closed, then the files of the newest past one and of the one that goes on."""
    accounts, today = city.people.by_account, timezone.localdate(city.now)
    frozen, newest = oversight.frozen, oversight.newest
    days = _working(city, frozen[0].begins, today)
    each = settings.DEMO_SERVICES // len(days) + 1
    sender = Sender(city.random, each, bad_after=each * len(days) - BAD_AMONG)
    adopt_schemes(accounts, frozen[0].begins)

    def tell(story: Story, start: datetime) -> None:
        _tell(city, story, start)

    besides = facts_of([*frozen, newest])
    for begins, told in complaints_of(frozen).items() if settings.DEMO_YEAR else ():
        besides[begins] += told
    seats = [window for window in city.windows if window.unit.level == UnitLevel.CITY]

    def visit(day: date) -> None:
        _visit_window(city, day, seats if city.random.random() < AT_CITY else city.windows)

    past = Past(sender, tell, visit, besides, city.clock, report)
    live_through(frozen, past, accounts, city.units, oversight.quarter)
    past.pass_quarter(newest, visits_until=today - timedelta(days=DAYS))
    oversight.quarter(newest)
    sender.send(_working(city, newest.after, today), f"{newest.after.year}年以来", at=city.now, report=report)


def _working(city: City, since: date, until: date) -> list[date]:
    """The working days from one day to before another."""
    days = (since + timedelta(days=number) for number in range((until - since).days))
    return [day for day in days if city.clock.calendar.is_working(day)]


def _load(city: City) -> None:
    city.units = {unit.code: unit for unit in Unit.objects.select_related("region", "parent")}
    city.windows = list(Window.objects.select_related("hall", "unit__region"))
    for item in ServiceItem.objects.all():
        city.items.setdefault(item.unit_id, []).append(item)
    for tag in Tag.objects.filter(active=True):
        city.tags.setdefault(tag.level, []).append(tag)


def _staffed_units(city: City) -> list[Unit]:
    codes = {window.unit.code for window in city.windows}
    codes |= {story.unit for story in [*SEED, *OPEN, *CLOSED, *APPEALS, *(one for some in PAST for one in some)]}
    codes |= {word.partition(":")[2] for s in SEED + OPEN for word in s.script.split() if word.startswith("co:")}
    codes |= {idea.unit for idea in IDEAS if idea.unit}
    if settings.DEMO_YEAR:
        codes |= {unit.code for unit in city.units.values() if unit.level == UnitLevel.CITY and unit.pk in city.items}
    return [city.units[code] for code in sorted(codes)]


def _give_ratings(city: City, report: Report) -> None:
    """Praise for most services, silence for some: three months of ordinary days, one transaction a day."""
    days = [timezone.localdate(city.now) - timedelta(days=n) for n in range(DAYS, -1, -1)]
    worked = [day for day in days if city.clock.calendar.is_working(day)]
    each = RATINGS // len(worked) + 1
    for number, day in enumerate(worked, 1):
        with transaction.atomic():
            for _visit in range(each):
                _visit_window(city, day, city.windows)
        if number % 10 == 0 or number == len(worked):
            report(f"评价 {number * each}/{len(worked) * each}")


def _visit_window(city: City, day: date, windows: list[Window]) -> None:
    moment = _moment(city, day)
    if moment is None:
        return
    window = city.random.choice(windows)
    service = _serve(city, window.unit, window, moment)
    if city.random.random() < 0.1:
        return
    level = city.random.choices(LEVELS, WEIGHTS)[0]
    tags = city.random.sample(city.tags[level], k=city.random.choice((0, 1, 1, 2)))
    text = city.random.choice(PRAISE) if city.random.random() < 0.02 else ""
    _rate(city, service, window, Words(level=level, tags=tags, text=text), moment + timedelta(minutes=6))


def _moment(city: City, day: date) -> datetime | None:
    opening = timezone.make_aware(datetime.combine(day, MORNING))
    closing = timezone.make_aware(datetime.combine(day, EVENING))
    moment = opening + city.random.random() * (closing - opening)
    return moment if moment + timedelta(minutes=10) < city.now else None


def _serve(
    city: City,
    unit: Unit,
    window: Window | None,
    at: datetime,
    item: ServiceItem | None = None,
    contact: Evaluator | None = None,
) -> Service:
    staff = city.people.window.get(unit.pk, [])
    return record_service(
        source=ServiceSource.HALL,
        project_number=f"{unit.region.code[:6]}{at:%Y%m%d}{next(city.numbers):06d}",
        item=item or city.random.choice(city.items_of(unit)),
        unit=unit,
        served_at=at,
        at=at,
        window=window,
        staff=staff[-1] if len(staff) > 1 else None,
        applicant="王演示",
        contact=contact,
    )


def _rate(city: City, service: Service, window: Window | None, words: Words, at: datetime) -> Case | None:
    rated = Rated(
        target=Target.SERVICE,
        unit=service.unit,
        item=service.item,
        window=window,
        hall=window.hall if window else None,
        staff=service.staff,
        service=service,
    )
    nonce = uuid.UUID(int=city.random.getrandbits(128)).hex
    channel, origin = WAYS[int(service.project_number[-6:]) % len(WAYS)]
    receipt = submit_evaluation(rated, words, nonce=nonce, channel=channel, origin=origin, at=at)
    return receipt.case


def _hand_in(city: City) -> None:
    """代录, 监督查评, 综合点评, and services whose invitation is due: a few of each, by those whose act it is."""
    at = city.clock.after(city.now - timedelta(days=1), 0)
    at = at if at < city.now else city.now - timedelta(minutes=30)
    lin, zhao = city.people.by_account["lin"], city.people.by_account["zhao"]
    windows = [window for window in city.windows if not window.unit.supervises]
    for number, (channel, level, codes, text) in enumerate(SLIPS):
        words = Words(level=level, tags=list(Tag.objects.filter(code__in=codes)), text=text)
        slip = Slip(_window(windows[number * 7]), words, channel, timezone.localdate(at))
        enter_slip(slip, by=lin, at=at + timedelta(seconds=15 * number))
    for (level, text), window in zip(CHECKS, windows[3::11], strict=False):
        record_check(Check(_window(window), Words(level=level, text=text), at - timedelta(hours=1)), by=zhao, at=at)
    body = city.units["370600-SPJ"]
    for target, level, text in COMMENTS:
        words, rated = Words(level=level, text=text), Rated(target, body)
        submit_evaluation(rated, words, channel=RatingChannel.SOCIAL, origin=Origin.SOCIAL, at=at)
    for number, window in enumerate(windows[:INVITED]):
        phone = f"1380000{number:04d}"
        contact = store_evaluator(phone=phone, consent_version=settings.CONSENT_VERSION, at=at)
        _serve(city, window.unit, window, city.now - timedelta(days=4, hours=number), contact=contact)


def _window(window: Window) -> Rated:
    return Rated(Target.WINDOW, window.unit, hall=window.hall, window=window)


def _tell_stories(city: City, report: Report) -> None:
    pool, keeper = city.people.pool, city.people.by_account["qian"]
    for stories, days_ago in ((SEED, (30, 75)), (CLOSED, (12, 80)), (OPEN, (0, 0)), (APPEALS, (0, 0))):
        for number, story in enumerate(stories):
            start = _start(city, days_ago, number)
            _tell(city, story, start if days_ago[0] else None)
        report(f"案件 {Case.objects.count()}")
    list_pool(pool[FIRST + 1 :], keeper, at=city.now)
    draw_waiting(at=city.now)


def _start(city: City, days_ago: tuple[int, int], number: int) -> datetime:
    days = days_ago[0] + number * 7 % (days_ago[1] - days_ago[0] + 1)
    return city.clock.after(city.now - timedelta(days=days), city.random.random() * 5)


def _tell(city: City, story: Story, start: datetime | None) -> None:
    """Tells one story from `start`, or so that it has only just come to where its script ends."""
    begin = start or _late_enough(city, story)
    unit = city.units[story.unit]
    window = next((window for window in city.windows if window.unit_id == unit.pk), None)
    items = city.items_of(unit)
    item = next((item for item in items if item.name == story.item), None) or city.random.choice(items)
    tags = list(Tag.objects.filter(code__in=story.tags))
    phone = f"138{city.random.randrange(10**4):04d}0000" if story.phone else ""
    with transaction.atomic():
        service = _serve(city, unit, window, begin - timedelta(minutes=20), item)
        words = Words(level=story.level, tags=tags, text=story.text, phone=phone, name="演示" if phone else "")
        case = _rate(city, service, window, words, begin)
        if case is None:
            raise ValueError(f"a story needs a negative rating: {story.text}")
        Teller(case, story, city.people, city.units, city.clock).tell()


def _late_enough(city: City, story: Story) -> datetime:
    """The latest office moment, half days back from now, from which the script still ends before now."""
    back = city.now - timedelta(hours=1 + city.random.random() * 2)
    while True:
        start = city.clock.after(back, 0)
        if start < city.now and ending(story.script, start, city.clock) < city.now:
            return start
        back -= timedelta(hours=12)


def fresh_link(city: City) -> str:
    """A rating link nobody has used yet, for trying the citizen's page."""
    window = next(window for window in city.windows if window.unit.code == "370600-GAJ")
    service = _serve(city, window.unit, window, city.now - timedelta(minutes=30))
    return make_rating_link(service, kind=LinkKind.SLIP, at=city.now)
