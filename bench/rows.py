"""Invented ratings: the same from run to run, few units and items with most of them, real codes of the example city."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

HEADER = (
    "办件编号",
    "服务次数",
    "满意度",
    "测评标签",
    "文字评价",
    "评价时间",
    "评价渠道",
    "是否默认评价",
    "部门编码",
    "事项编码",
    "窗口编码",
    "手机号",
)
OPENING, OPEN_SECONDS = 8 * 3600 + 1800, 9 * 3600
CLOCK = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(OPENING, OPENING + OPEN_SECONDS)]
PRAISE = ("很快就办好了,谢谢", "工作人员耐心", "材料一次说清,不用再跑", "排队有点久,其余都好", "窗口“一次办”确实方便")
BLAME = ("没有样本,来回跑了三次", "窗口不收现金", "等了两个小时没人叫号")
LEVELS, SHARES = (5, 4, 3), (965, 25, 10)
TAGS = {5: ("", "", "", "510", '"511,512"'), 4: ("", "406"), 3: ("", "307")}
AT_WINDOW, ELSEWHERE = "大厅平板", ("网页", "小程序", "短信")
TEXTS = 0.02
POOL = 8192


@dataclass(frozen=True)
class Place:
    """What a rating may be about: codes as a source writes them, and our primary keys for whoever needs no codes."""

    unit_code: str
    item_code: str
    window_code: str
    unit: int
    item: int


@dataclass(frozen=True)
class Kind:
    """One rating but for its number and time: the cells before the time and those after it."""

    place: Place
    level: int
    tags: str
    text: str
    before: str
    after: str


def kinds(places: Sequence[Place], *, seed: int = 7) -> list[Kind]:
    """Thousands of ratings to draw from, places by a power law (the first has most), 2 % with a text."""
    draw = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(places) + 1)]
    found = []
    for place in draw.choices(places, weights, k=POOL):
        level = draw.choices(LEVELS, SHARES)[0]
        text = draw.choice(PRAISE) if draw.random() < TEXTS else ""
        channel = AT_WINDOW if place.window_code else draw.choice(ELSEWHERE)
        found.append(_kind(place, level, draw.choice(TAGS[level]).strip('"'), text, channel))
    return found


def _kind(place: Place, level: int, tags: str, text: str, channel: str, phone: str = "") -> Kind:
    after = _cells(channel, "否", place.unit_code, place.item_code, place.window_code, phone)
    return Kind(place, level, tags, text, _cells(1, level, tags, text), after)


def _cells(*cells: object) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


@dataclass(frozen=True)
class Ratings:
    """The rows of one file.

    Attributes:
        kinds: to draw from.
        series: a few letters or digits that no other file has: they make its numbers its own.
        days: the first of them, and how many.
        count: rows altogether, spread evenly over the days in the order of time.
        negatives: one row in so many is a negative rating, and leaves a telephone number.
    """

    kinds: Sequence[Kind]
    series: str
    first: date
    days: int
    count: int
    negatives: int

    def lines(self) -> Iterator[str]:
        """The rows as a source writes them, header first."""
        yield ",".join(HEADER)
        draw = random.Random(self.series)
        done = 0
        for number in range(self.days):
            until = self.count * (number + 1) // self.days
            yield from self._of_day(self.first + timedelta(number), done, until, draw)
            done = until

    def _of_day(self, day: date, start: int, end: int, draw: random.Random) -> Iterator[str]:
        count, head, written = end - start, f"{day:%y%m%d}", day.isoformat()
        for place, kind in enumerate(draw.choices(self.kinds, k=count)):
            number = start + place
            if number % self.negatives == self.negatives // 2:
                kind = self.negative(number)
            clock = CLOCK[place * OPEN_SECONDS // count]
            yield (
                f"3706{kind.place.unit:05d}{self.series}{head}{place:06d},{kind.before},{written} {clock},{kind.after}"
            )

    def negative(self, number: int) -> Kind:
        """The negative rating that a row of this number is; the telephone number is invented."""
        kind = self.kinds[number % len(self.kinds)]
        words = BLAME[number % len(BLAME)]
        return _kind(kind.place, 1 + number % 2, "", words, AT_WINDOW, f"1380000{number % 10_000:04d}")

    @property
    def negative_count(self) -> int:
        """How many of the rows are negative."""
        return (self.count + self.negatives - 1 - self.negatives // 2) // self.negatives

    def write(self, path: Path) -> Path:
        """Writes the file; returns its path."""
        with path.open("w", encoding="utf-8", newline="") as file:
            for line in self.lines():
                file.write(line)
                file.write("\n")
        return path


def message(kind: Kind, number: str, at: datetime) -> dict[str, Any]:
    """A rating as a partner's message, in the names of the default profile."""
    said = {
        "projectNo": number,
        "satisfaction": str(kind.level),
        "evalDetail": kind.tags,
        "writingEvaluation": kind.text,
        "assessTime": f"{at:%Y-%m-%d %H:%M:%S}",
        "pf": "4",
        "isDefault": "0",
        "orgcode": kind.place.unit_code,
        "taskCode": kind.place.item_code,
        "windowCode": kind.place.window_code,
    }
    return said if kind.level > 2 else {**said, "mobile": "13800000001"}
