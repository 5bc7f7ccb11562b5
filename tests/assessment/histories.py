"""Random histories of ratings, written by the real acts, and a second opinion on what every tally should then say.

The opinion is formed in Python from rows read by the ORM; it shares no line with `assessment`.
"""

from __future__ import annotations

import contextlib
import itertools
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from assessment import actions as figures
from assessment.actions import refreshing
from assessment.models import LADDERS
from common.actors import SYSTEM
from common.ids import uuid7
from evaluations.actions import Rated, Words, exclude_rating, record_service, submit_evaluation
from evaluations.actions.storage import write_rating
from evaluations.enums import ExclusionReason, Origin, RatingChannel
from evaluations.keys import Key
from evaluations.models import Evaluation, Exclusion, Service, Tag
from organizations.actions import add_unit, change_unit
from organizations.enums import Topic
from organizations.models import ServiceItem, Unit, Window
from rectification import actions as cases
from rectification.enums import State, Target
from tests.factories import NOW, Cast

# On both sides of a day, a month, a quarter and a year.
DAYS = [
    date(2026, 9, 30),
    date(2026, 10, 1),
    date(2026, 11, 22),
    date(2026, 11, 23),
    date(2026, 12, 31),
    date(2027, 1, 1),
]
SHAPES = {
    "day": lambda day: day,
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
    "year": lambda day: date(day.year, 1, 1),
}
OPEN_WRITERS = 2
STEPS = ("tallies_claimed", "tallies_counted", "tallies_before_commit")
_numbers = itertools.count(1)


class Stopped(BaseException):
    """Raised at a failpoint, past every handler of errors."""


class Writer:
    """Somebody on a connection of their own, in a transaction that is not committed before they are told."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1)
        self.transaction: Any = None
        self.do(self._begin)

    def do(self, act: Callable[[], Any]) -> Any:
        return self.thread.submit(act).result(30)

    def _begin(self) -> None:
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def commit(self) -> None:
        self.do(lambda: self.transaction.__exit__(None, None, None))
        self.end()

    def roll_back(self) -> None:
        self.do(self._roll_back)
        self.end()

    def _roll_back(self) -> None:
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def end(self) -> None:
        self.do(lambda: connection.close())
        self.thread.shutdown()


@dataclass
class History:
    """One random history in units of its own, below `top`. `step` does one random thing, an act the portal knows."""

    cast: Cast
    draw: Random
    units: list[Unit] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)
    keys: list[tuple[Unit, Key]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    top: Unit | None = None

    def __post_init__(self) -> None:
        for _ in range(3):
            self.units.append(self._unit(self.draw.choice([self.top, *self.units])))
        self.items = list(ServiceItem.objects.order_by("pk")[:3])
        self.windows = list(Window.objects.order_by("pk")[:2])
        self.tags = {level: list(Tag.objects.filter(level=level, active=True)[:1]) for level in (1, 2)}

    def _unit(self, parent: Unit | None) -> Unit:
        number = next(_numbers)
        return add_unit(
            code=f"T-{number}-{uuid.uuid4().hex[:6]}",
            name=f"演示单位{number}",
            short_name="演示",
            uscc="91350100M000100Y43",
            level="city",
            region=self.cast.unit.region,
            parent=parent,
            by=SYSTEM,
            at=NOW,
        )

    # --- what happens -----------------------------------------------------------------------------------------------

    THINGS = (
        *["rate"] * 8,
        *["rate_badly"] * 3,
        *["serve"] * 4,
        *["rate_a_service"] * 4,
        "rate_what_was_not_reported",
        "report_what_was_rated",
        *["exclude"] * 2,
        *["void"] * 2,
        "move",
        *["begin_elsewhere"] * 2,
        *["end_elsewhere"] * 2,
        *["refresh"] * 4,
        "refresh_is_stopped",
        *["refresh_while_somebody_commits"] * 2,
    )

    def step(self) -> None:
        thing = self.draw.choice(self.THINGS)
        if getattr(self, f"_{thing}")() is not False:
            self.done[thing] += 1

    def _moment(self) -> datetime:
        day = self.draw.choice(DAYS)
        odd = [time(0, 0), time(23, 59, 59, 999_000), time(9, 30, 15, 123_456)]
        return timezone.make_aware(datetime.combine(day, self.draw.choice(odd)))

    def _write(self, act: Callable[[], Any]) -> Any:
        """Writes here and now, or in one of the transactions that are still open elsewhere."""
        writer = self.draw.choice([None, None, *self.writers])
        return writer.do(act) if writer else act()

    def _rate(self) -> None:
        self._write(lambda: write_rating(self._evaluation(self.draw.choice(self.units), self._moment())))

    def _evaluation(self, unit: Unit, moment: datetime, **more: Any) -> Evaluation:
        draw, origin = self.draw, more.pop("origin", None) or self.draw.choice(list(Origin))
        facts: dict[str, Any] = {
            "channel": draw.choice(list(RatingChannel)),
            "item": draw.choice([None, *self.items]),
            "window": draw.choice([None, *self.windows]),
            "topic": draw.choice(["", "", *Topic.values]),
            "source": "hall",
        }
        return Evaluation(
            id=uuid7(moment),
            rated_at=moment,
            received_at=NOW,
            level=draw.choice([3, 4, 5]),
            text=draw.choice(["", "", "谢谢"]),
            origin=origin,
            is_default=origin == Origin.DEFAULT,
            target=Target.SERVICE,
            unit=unit,
            negative=False,
            **{**facts, **more},
        )

    def _rate_badly(self) -> None:
        level, unit, moment = self.draw.choice([1, 2]), self.draw.choice(self.units), self._moment()
        origin = self.draw.choice([one for one in Origin if one != Origin.DEFAULT])
        channel, item = self.draw.choice(list(RatingChannel)), self.draw.choice([None, *self.items])
        self._write(
            lambda: submit_evaluation(
                Rated(target=Target.HALL, unit=unit, item=item),
                Words(level=level, tags=self.tags[level]),
                channel=channel,
                origin=origin,
                at=NOW,
                rated_at=moment,
                source="hall",
            )
        )

    def _serve(self) -> None:
        number, unit, moment = f"H{next(_numbers):08d}", self.draw.choice(self.units), self._moment()
        self._write(lambda: self._report(number, unit, moment))

    def _report(self, number: str, unit: Unit, moment: datetime) -> Service:
        item = self.items[0]
        return record_service(source="hall", project_number=number, item=item, unit=unit, served_at=moment, at=NOW)

    def _rate_a_service(self) -> Any:
        rated = set(Evaluation.objects.exclude(project_number="").values_list("project_number", flat=True))
        waiting = [s for s in Service.objects.filter(unit__in=self.units) if s.project_number not in rated]
        if not waiting:
            return False
        service, moment = self.draw.choice(waiting), self._moment()
        # The rating usually names the unit of the service, a foreign system sometimes another.
        unit = self.draw.choice([service.unit, service.unit, *self.units])
        key = {"project_number": service.project_number, "service_number": 1, "assess_number": 1}
        return write_rating(self._evaluation(unit, moment, **key))

    def _rate_what_was_not_reported(self) -> None:
        unit, key = self.draw.choice(self.units), Key(f"H{next(_numbers):08d}", "hall", 1, 1)
        write_rating(self._evaluation(unit, self._moment(), **key._asdict()))
        self.keys.append((unit, key))

    def _report_what_was_rated(self) -> Any:
        if not self.keys:
            return False
        unit, key = self.keys.pop(self.draw.randrange(len(self.keys)))
        return self._report(key.project_number, self.draw.choice([unit, *self.units]), self._moment())

    def _exclude(self) -> Any:
        left = Evaluation.objects.filter(unit__in=self.units, exclusion=None).order_by("pk")
        chosen = self._one_of(left)
        if chosen is None or self.writers:
            return False
        reason = self.draw.choice(list(ExclusionReason))
        return self._write(lambda: exclude_rating(chosen, reason=reason, note="演示", by=self.cast.qian, at=NOW))

    def _void(self) -> Any:
        bad = Evaluation.objects.filter(unit__in=self.units, case__state=State.RECEIVED)
        chosen = self._one_of(bad.order_by("pk"))
        if chosen is None or chosen.case is None:
            return False
        cases.precheck_case(chosen.case, by=self.cast.lin, at=NOW, true="yes", reasonable="yes", malicious="no")
        cases.dispatch_case(chosen.case, by=self.cast.lin, at=NOW, unit=self.cast.unit)
        cases.suspend_case(chosen.case, by=SYSTEM, at=NOW)
        return cases.void_case(chosen.case, by=SYSTEM, at=NOW, note="评价对象错误")

    def _move(self) -> Any:
        """A unit goes elsewhere in the tree; its ratings stay its own."""
        unit, parent = self.draw.choice(self.units), self.draw.choice([None, *self.units])
        fresh = {one.pk: one for one in Unit.objects.filter(pk__in=[one.pk for one in self.units])}
        if parent is not None and fresh[parent.pk].path.startswith(fresh[unit.pk].path):
            return False
        return change_unit(unit, parent=parent and fresh[parent.pk], by=SYSTEM, at=NOW)

    def _begin_elsewhere(self) -> Any:
        if len(self.writers) == OPEN_WRITERS:
            return False
        self.writers.append(Writer())
        return None

    def _end_elsewhere(self) -> Any:
        if not self.writers:
            return False
        writer = self.writers.pop(self.draw.randrange(len(self.writers)))
        writer.roll_back() if self.draw.random() < 0.2 else writer.commit()
        return None

    def _refresh(self) -> None:
        figures.refresh(at=NOW, limit=self.draw.choice([1, 2, 5, 1000]))

    def _refresh_is_stopped(self) -> None:
        def stop() -> None:
            raise Stopped

        with happening_at(self.draw.choice(STEPS), stop), contextlib.suppress(Stopped):
            figures.refresh(at=NOW)

    def _refresh_while_somebody_commits(self) -> Any:
        if not self.writers:
            return False
        writer = self.writers.pop(self.draw.randrange(len(self.writers)))
        with happening_at(self.draw.choice(STEPS), writer.commit):
            figures.refresh(at=NOW, limit=self.draw.choice([2, 1000]))
        return None

    def _one_of(self, rows: Any) -> Any:
        found = list(rows)
        return self.draw.choice(found) if found else None

    def settle(self) -> None:
        """Everybody commits, and everything is counted."""
        while self.writers:
            self.writers.pop().commit()
        while not figures.refresh(at=NOW, limit=1000).complete:
            pass


@contextmanager
def happening_at(name: str, act: Callable[[], None]) -> Iterator[None]:
    """Something happens when a sweep comes to a step."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refreshing, "failpoint", lambda here: act() if here == name else None)
        yield


# --- the second opinion ---------------------------------------------------------------------------------------------

Tallies = dict[tuple[Any, ...], tuple[int, ...]]
RATING_TABLES = {
    "Unit": ("channel", ("day", "month", "quarter", "year")),
    "Item": ("item_id", ("day", "month", "year")),
    "Window": ("window_id", ("day", "month")),
    "Topic": ("topic", ("day", "month")),
}


def expected(units: list[Unit]) -> dict[str, Tallies]:
    """What each table should hold of these units: key → n1…n5, negative, invalid, of level 1, 2, text, left out."""
    left_out = set(Exclusion.objects.values_list("evaluation_id", flat=True))
    found: dict[str, dict[tuple[Any, ...], list[int]]] = defaultdict(lambda: defaultdict(lambda: [0] * 11))
    for row in Evaluation.objects.filter(unit__in=units).select_related("case"):
        day = timezone.localtime(row.rated_at).date()
        numbers = _numbers_of(row, out=row.pk in left_out or row.origin == "test")
        for name, (split, grains) in RATING_TABLES.items():
            value = getattr(row, split)
            for grain in grains if value not in (None, "") else ():
                kept = found[f"{name}{grain.title()}"][(SHAPES[grain](day), row.unit_id, value, row.origin)]
                kept[:] = [a + b for a, b in zip(kept, numbers, strict=True)]
    tables = {name: {key: tuple(kept) for key, kept in rows.items()} for name, rows in found.items()}
    return {**tables, **_expected_services(units, left_out)}


def _numbers_of(row: Evaluation, *, out: bool) -> list[int]:
    if out:
        return [0] * 10 + [1]
    void = row.negative and row.case is not None and row.case.state == "invalid"
    levels = [int(row.level == level) for level in (1, 2, 3, 4, 5)]
    return [*levels, row.negative, void, void and row.level == 1, void and row.level == 2, bool(row.text), 0]


def _expected_services(units: list[Unit], left_out: set[uuid.UUID]) -> dict[str, Tallies]:
    ratings = Evaluation.objects.filter(assess_number=1).exclude(origin__in=["default", "test"])
    rated = {(row.project_number, row.source, row.service_number) for row in ratings if row.pk not in left_out}
    found: dict[str, dict[tuple[Any, ...], list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for row in Service.objects.filter(unit__in=units):
        day = timezone.localtime(row.served_at).date()
        for grain in ("day", "month", "quarter", "year"):
            kept = found[f"Service{grain.title()}"][(SHAPES[grain](day), row.unit_id)]
            kept[0] += 1
            kept[1] += (row.project_number, row.source, row.service_number) in rated
    return {name: {key: tuple(kept) for key, kept in rows.items()} for name, rows in found.items()}


def kept(units: list[Unit]) -> dict[str, Tallies]:
    """What each table holds of these units, in the form of `expected`."""
    found: dict[str, Tallies] = {}
    for rung in (rung for ladder in LADDERS for rung in ladder):
        split = {"Unit": "channel", "Item": "item_id", "Window": "window_id", "Topic": "topic"}
        name = rung.model.__name__
        own = split.get(name.removesuffix(rung.grain.value.title()))
        keys = ["begins", "unit_id", *([own, "origin"] if own else [])]
        rows = rung.model._default_manager.filter(unit__in=units).values_list(*keys, *rung.measures)
        table = {row[: len(keys)]: tuple(row[len(keys) :]) for row in rows}
        if table:
            found[name] = table
    return found
