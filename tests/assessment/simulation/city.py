"""Honest life: windows that differ, days that differ, and crowds that look odd without being so."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from tests.assessment.simulation.lines import Given, Said

_numbers = itertools.count(1)
SUBJECTS = [
    "身份证",
    "护照",
    "营业执照",
    "社保卡",
    "公积金",
    "房产证",
    "驾驶证",
    "居住证",
    "出生证明",
    "残疾证",
    "施工许可",
    "税务登记",
]
OPENINGS = [
    "这次办",
    "今天来办",
    "替家里办",
    "第一次办",
    "给孩子办",
    "单位让来办",
    "跑来办",
    "预约了办",
    "下班前办",
    "",
]
MIDDLES = [
    "比想的快",
    "窗口讲得清楚",
    "排了一会儿队",
    "材料一次就收了",
    "叫号有点乱",
    "大姐很热情",
    "小伙子耐心",
    "二十分钟搞定",
    "机器不太会用有人教",
    "没有多跑",
]
ENDS = [
    "谢谢",
    "挺好",
    "赞一个",
    "满意",
    "希望保持",
    "下次还来",
    "停车不方便",
    "空调有点冷",
    "建议多开窗口",
    "",
    "辛苦了",
    "点赞",
]
BAD_WORDS = [
    "等了两个小时",
    "态度冷淡",
    "让我跑了三趟",
    "说不清要什么材料",
    "系统老是坏",
    "没人理",
    "提前下班",
    "收费没有说明",
]
SHORT = [
    "好",
    "很好",
    "满意",
    "不错",
    "谢谢",
    "服务态度好",
    "很满意",
    "办事快",
    "非常满意",
    "效率高",
]
FACES = {5: ["501", "502", "503", "510", "511", "512", "516", "517"], 4: ["401", "402", "406"], 3: ["301", "307"]}
BAD = {1: ["101", "104", "107"], 2: ["201", "204", "207"]}


def text_of(draw: Random, level: int) -> str:
    if level <= 2:
        return f"{draw.choice(BAD_WORDS)},{draw.choice(BAD_WORDS)}" if draw.random() < 0.7 else draw.choice(BAD_WORDS)
    if draw.random() < 0.45:
        return draw.choice(SHORT)
    return f"{draw.choice(OPENINGS)}{draw.choice(SUBJECTS)}{draw.choice(MIDDLES)},{draw.choice(ENDS)}"


@dataclass
class Spot:
    """A window and its ways.

    Attributes:
        kind: quiet, usual, busy, queue (fast, at a tablet), helper (a volunteer's telephone), paper, feed (its source
            sends at night, to the minute), shared (one tablet for several windows).
        five: share of the best level. takes: share of services that are rated. clock: how many seconds before the
            close of a service people rate, at most.
    """

    unit: int
    window: int
    hall: int
    kind: str
    volume: float
    takes: float
    five: float
    bad: float
    kiosk: float
    marks: float
    clock: int
    tags: list[float] = field(default_factory=list)
    helper: str = ""
    tablet: int = 0
    seconds: int = 0


KINDS = ("quiet", "usual", "busy", "queue", "helper", "paper", "feed", "shared")
SHARES = (22, 34, 16, 8, 5, 5, 5, 5)


def spots(draw: Random, places: Sequence[tuple[int, int, int]]) -> list[Spot]:
    """The windows of a city.

    Args:
        places: unit, window and hall of each.
    """
    found = []
    for unit, window, hall in places:
        kind = draw.choices(KINDS, SHARES)[0]
        volume = {"quiet": (3, 14), "busy": (60, 140), "queue": (90, 200)}.get(kind, (15, 60))
        bad = draw.choice([0.0005, 0.001, 0.003, 0.01])
        found.append(
            Spot(
                unit,
                window,
                hall,
                kind,
                draw.uniform(*volume),
                draw.betavariate(2, 4) * 0.8 + 0.08,
                min(0.995, draw.betavariate(14, 1.6)) - bad,
                bad,
                0.95 if kind in ("queue", "shared") else draw.choice([0.0, 0.3, 0.7]),
                draw.choice([0.6, 0.9, 1.0]),
                draw.choice([0, 0, 0, 400, 1200]),
                [draw.gammavariate(0.7, 1) + 0.05 for _ in range(8)],
                f"h{window:05d}" if kind == "helper" else "",
                hall if kind == "shared" else window,
                draw.choice([0, 0, 0, 0, 60]),
            )
        )
    return found


@dataclass
class Mood:
    """What is different on one day at one window. Ordinary days have the ordinary numbers.

    Attributes:
        volume, takes: factors. five: shift. bad: factor. crowd: people who come together. agent: services of one
            telephone. late: hours by which ratings arrive. overtime: hours after closing.
    """

    name: str = "ordinary"
    volume: float = 1.0
    takes: float = 1.0
    five: float = 0.0
    bad: float = 1.0
    crowd: int = 0
    agent: int = 0
    late: float = 0.0
    overtime: float = 0.0


def moods(draw: Random, *, festival: bool) -> Mood:
    """The mood of a window's day."""
    chance = draw.random()
    busy = draw.uniform(1.4, 2.6) if festival else draw.uniform(0.75, 1.3)
    mood = Mood("festival" if festival else "ordinary", volume=busy, overtime=draw.uniform(0, 2) if festival else 0)
    mood.takes, mood.five = draw.gauss(1, 0.08), draw.gauss(0, 0.01)
    if chance < 0.015:
        return Mood("crowd", mood.volume, 1.25, 0.02, 1, draw.randint(12, 45))
    if chance < 0.035:
        return Mood("agent", mood.volume, mood.takes, 0, 1, 0, draw.randint(2, 5))
    if chance < 0.04:
        return Mood("outage", 0.8, 1.3, -0.12, 6)
    if chance < 0.05:
        return Mood("drive", mood.volume, 1.3, 0.01)
    if chance < 0.06:
        return Mood("overtime", mood.volume * 1.2, mood.takes, 0, 1, overtime=draw.uniform(0.5, 2.5))
    return mood


@dataclass
class Day:
    """One day: services and ratings of one window."""

    spot: Spot
    mood: Mood
    date: date
    services: list[Given]
    ratings: list[Said]


def at(day: date, hour: float) -> datetime:
    return timezone.make_aware(datetime.combine(day, time())) + timedelta(hours=hour)


def live(
    draw: Random, spot: Spot, mood: Mood, day: date, *, working: bool, devices: Iterator[str], network: str
) -> Day:
    """One honest day of a window."""
    found = Day(spot, mood, day, [], [])
    open_today = working or mood.name in ("festival", "overtime")
    count = _poisson(draw, spot.volume * mood.volume * (1.0 if working else 0.35 if open_today else 0.0))
    hours = sorted(_hour(draw, mood) for _ in range(count))
    found.services = [serve(spot, at(day, hour)) for hour in hours]
    if mood.crowd and working:
        start = draw.uniform(9, 15.5)
        found.services += [serve(spot, at(day, start + draw.uniform(0, 1.6))) for _ in range(mood.crowd)]
    telephone = next(devices) if mood.agent else ""
    handled = draw.sample(found.services, min(mood.agent, len(found.services)))
    for service in found.services:
        if service in handled or draw.random() < spot.takes * mood.takes:
            said = honest(draw, spot, mood, service, devices, network)
            if service in handled:
                said.device, said.channel, said.tablet = telephone, "sms", None
            found.ratings.append(said)
    if draw.random() < 0.3 and found.services:
        found.ratings += [
            unmatched(draw, spot, mood, draw.choice(found.services).served_at, devices, network)
            for _ in range(draw.choice([1, 1, 2]))
        ]
    if spot.kind == "paper" and found.services:
        noon = at(day, 16.5)
        found.ratings += [
            Said(spot.unit, spot.window, noon + timedelta(seconds=n), 5, (), "", "paper", entered_by=1)
            for n in range(draw.randint(3, 12))
        ]
    return found


def serve(spot: Spot, moment: datetime) -> Given:
    return Given(spot.unit, spot.window, f"S{next(_numbers):09d}", moment)


def _hour(draw: Random, mood: Mood) -> float:
    if mood.overtime and draw.random() < 0.12:
        return 17 + draw.uniform(0, mood.overtime)
    return min(17.0, max(8.5, draw.choice([draw.gauss(10.2, 1.1), draw.gauss(14.7, 1.2)])))


def _poisson(draw: Random, mean: float) -> int:
    return max(0, round(draw.gauss(mean, mean**0.5))) if mean > 0 else 0


def level_of(draw: Random, spot: Spot, mood: Mood) -> int:
    bad = spot.bad * mood.bad
    five = min(0.999 - bad, max(0.2, spot.five + mood.five))
    chance = draw.random()
    if chance < bad:
        return draw.choice([1, 2])
    if chance < bad + five:
        return 5
    return 4 if draw.random() < 0.8 else 3


def tags_of(draw: Random, spot: Spot, level: int) -> tuple[str, ...]:
    if level <= 2:
        return (draw.choice(BAD[level]),)
    if draw.random() < 0.55:
        return ()
    if level == 5:
        chosen = set(draw.choices(FACES[5], spot.tags, k=draw.choice([1, 1, 2, 3])))
        return tuple(sorted(chosen))
    return (draw.choice(FACES[level]),)


def honest(draw: Random, spot: Spot, mood: Mood, service: Given, devices: Iterator[str], network: str) -> Said:
    """Somebody rates the service they were given."""
    service.rated = True
    level = level_of(draw, spot, mood)
    kiosk = draw.random() < spot.kiosk
    wait = draw.uniform(5, 90) if kiosk else draw.expovariate(1 / 420) + 8
    wait -= spot.clock * draw.random() * 0.25
    said = Said(
        spot.unit,
        spot.window,
        service.served_at + timedelta(seconds=wait),
        level,
        tags_of(draw, spot, level),
        text_of(draw, level) if draw.random() < (0.6 if level <= 2 else 0.06) else "",
        "kiosk" if kiosk else draw.choice(["window_qr", "slip", "sms"]),
        "active",
        service,
    )
    if kiosk:
        said.tablet = spot.tablet
    elif spot.helper and draw.random() < 0.35:
        said.device, said.network = spot.helper, network
    elif draw.random() < spot.marks:
        said.device, said.network = next(devices), network if draw.random() < 0.5 else ""
    if spot.kind == "feed":
        said.at = said.at.replace(second=0, microsecond=0)
        said.received_at, said.origin, said.channel = at(service.served_at.date(), 46), "imported", "terminal"
        said.device = said.network = ""
    return said


def unmatched(draw: Random, spot: Spot, mood: Mood, moment: datetime, devices: Iterator[str], network: str) -> Said:
    """Somebody rates the window itself by its sign."""
    level = level_of(draw, spot, mood)
    later = moment + timedelta(seconds=draw.uniform(20, 1500))
    device = next(devices) if draw.random() < spot.marks else ""
    return Said(spot.unit, spot.window, later, level, tags_of(draw, spot, level), device=device, network=network)
