"""Services and ratings as other systems send them: two files a quarter, taken in by the import path itself."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from django.utils import timezone

from common.actors import SYSTEM
from evaluations.actions.batches import open_batch
from evaluations.actions.running import run_batches
from evaluations.enums import BatchKind
from evaluations.models import Batch, Source
from evaluations.profiles import columns_for, parse_profile
from evaluations.readers import inspect
from organizations.models import ServiceItem, Window

RATED, SILENT = 0.76, 0.04
BROKEN_EVERY = 5000
LEVELS, WEIGHTS = (5, 4, 3), (930, 60, 10)
TAGS = {5: ("510", "511", "512", "517"), 4: ("406", "407", "413"), 3: ("307", "308", "314"), 2: ("207", "213")}
PRAISE = ("窗口人员很耐心。", "一次就办好了。", "比以前快多了。", "指引清楚。", "希望多开几个窗口。")
CHANNELS = ("4", "4", "4", "3", "1", "2", "5")
SERVICE_HEAD = ("办件编号", "事项编码", "部门编码", "窗口编码", "服务时间", "服务环节", "申请人")
SAID_HEAD = ("办件编号", "满意度", "测评标签", "文字评价", "评价时间", "评价渠道", "是否默认评价")
RATING_HEAD = (*SAID_HEAD, "部门编码", "事项编码", "窗口编码")
# What other systems get wrong, so that the pages for it have something to show.
BROKEN = (
    {"满意度": "6"},
    {"评价时间": "2026-02-30 09:00:00"},
    {"测评标签": "115"},
    {"评价渠道": "9"},
    {"部门编码": "370600-GSJ", "事项编码": "", "窗口编码": ""},
    {"部门编码": "370600-GSJ", "事项编码": "", "窗口编码": ""},
    {"部门编码": "370699-ZWJ", "事项编码": "", "窗口编码": ""},
    {"部门编码": "", "事项编码": "", "窗口编码": "", "办件编号": "3706DEMO9999999"},
)
BAD = {"满意度": "2", "测评标签": "213", "文字评价": "问了三次,答复都不一样。", "是否默认评价": "0"}
Row = dict[str, str]


@dataclass(frozen=True)
class Place:
    """A window as files name it, and what is done there."""

    window: str
    unit: str
    items: list[str]


@dataclass
class Sender:
    """The hall's system, which sends a quarter's files when the quarter is over.

    each: services a day. bad_after: of the services behind this one, every hundredth was rated badly.
    """

    random: Random
    each: int
    bad_after: int
    number: int = 0
    places: list[Place] = field(default_factory=list)

    def send(self, days: Sequence[date], name: str, *, at: datetime, report: Callable[[str], None]) -> None:
        """Writes the two files of some working days and has them taken in.

        Args:
            name: what the files are called before 办件 and 评价.
            at: when they came in.
            report: called with a line for each file.
        """
        self.places = self.places or _places()
        with tempfile.TemporaryDirectory(prefix="portal-demo-") as folder:
            services, ratings = Path(folder, f"{name}办件.csv"), Path(folder, f"{name}评价.csv")
            _write(services, ratings, self._rows([_morning(day) for day in days]))
            for path, kind in ((services, BatchKind.SERVICES), (ratings, BatchKind.RATINGS)):
                batch = _take_in(path, kind, at)
                report(f"导入{batch.name}: {batch.stored}/{batch.received}")

    def _rows(self, days: list[datetime]) -> Iterator[tuple[Row, Row | None]]:
        random = self.random
        for day in days:
            for seconds in sorted(random.randrange(8 * 3600) for _ in range(self.each)):
                self.number += 1
                place = self.places[int(len(self.places) * random.random() ** 1.7)]
                service = _service(random, place, f"3706DEMO{self.number:07d}", day + timedelta(seconds=seconds))
                chance = random.random()
                rating = _rating(random, service, silent=chance >= RATED) if chance < RATED + SILENT else None
                if rating and self.number > self.bad_after and self.number % 100 == 0:
                    rating |= BAD
                if rating and self.number % BROKEN_EVERY == 0:
                    rating |= BROKEN[self.number // BROKEN_EVERY % len(BROKEN)]
                yield service, rating


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8, 30)))


def _write(services: Path, ratings: Path, rows: Iterator[tuple[Row, Row | None]]) -> None:
    """One file in UTF-8 and one in GB18030, as they come."""
    with (
        services.open("w", encoding="utf-8", newline="") as given_file,
        ratings.open("w", encoding="gb18030", newline="") as said_file,
    ):
        given, said = csv.DictWriter(given_file, SERVICE_HEAD), csv.DictWriter(said_file, RATING_HEAD)
        given.writeheader()
        said.writeheader()
        for service, rating in rows:
            given.writerow(service)
            if rating:
                said.writerow(rating)


def _places() -> list[Place]:
    items: dict[int, list[str]] = {}
    for unit, code in ServiceItem.objects.values_list("unit_id", "code").order_by("code"):
        items.setdefault(unit, []).append(code)
    windows = Window.objects.select_related("hall", "unit").order_by("pk")
    anywhere = items[min(items)]
    return [
        Place(
            f"{window.hall.code}-{window.number}",
            window.unit.code,
            items.get(window.unit_id) or items.get(window.unit.parent_id or 0) or anywhere,
        )
        for window in windows
    ]


def _service(random: Random, place: Place, number: str, at: datetime) -> Row:
    return {
        "办件编号": number,
        "事项编码": random.choice(place.items),
        "部门编码": place.unit,
        "窗口编码": place.window,
        "服务时间": f"{at:%Y-%m-%d %H:%M:%S}",
        "服务环节": random.choice(("申报", "受理", "签收")),
        "申请人": "王演示",
    }


def _rating(random: Random, service: Row, *, silent: bool) -> Row:
    level = 4 if silent else random.choices(LEVELS, WEIGHTS)[0]
    spoken = not silent and random.random() < 0.3
    served = datetime.strptime(service["服务时间"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - files name no zone
    at = served + timedelta(minutes=random.randrange(2, 40))
    return {
        "办件编号": service["办件编号"],
        "满意度": str(level),
        "测评标签": random.choice(TAGS[level]) if spoken else "",
        "文字评价": random.choice(PRAISE) if spoken and random.random() < 0.06 else "",
        "评价时间": f"{at:%Y-%m-%d %H:%M:%S}",
        "评价渠道": random.choice(CHANNELS),
        "是否默认评价": "1" if silent else "0",
        "部门编码": service["部门编码"],
        "事项编码": service["事项编码"],
        "窗口编码": service["窗口编码"],
    }


def _take_in(path: Path, kind: BatchKind, now: datetime) -> Batch:
    source = Source.objects.get(pk="hall")
    ratings = kind == BatchKind.RATINGS
    found = inspect(path, path.name, level="满意度" if ratings else (), is_negative=lambda cell: cell in ("1", "2"))
    columns = columns_for(parse_profile(source.profile), found.header, "rating" if ratings else "service")
    batch = open_batch(found, str(path), columns, source=source, kind=kind, by=SYSTEM, at=now)
    run_batches(at=now, only=[batch.pk], clock=lambda: now)
    batch.refresh_from_db()
    return batch
