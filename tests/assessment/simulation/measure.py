"""Plays a city's weeks with labelled attacks, searches every day as the portal does, and counts what was found."""

from __future__ import annotations

import itertools
import time as clock
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection
from django.utils import timezone

from assessment.actions import count_day, look_at_day
from assessment.models import Finding, FindingRating
from assessment.suspicions import SILENCES
from evaluations.actions.storage import make_partitions
from organizations.models import Unit, Window
from tests.assessment.simulation.attacks import ATTACKS
from tests.assessment.simulation.city import live, moods, spots
from tests.assessment.simulation.lines import Lines

FIRST = date(2026, 7, 1)
# reliability.md §8.2.
RECALL, PRECISION, BUSY_FLAGGED = 0.90, 0.80, 0.005
BUSY = ("crowd", "agent", "outage", "drive", "festival", "overtime")
Key = tuple[date, int]


@dataclass
class Measured:
    """What was found of what was done.

    Attributes:
        labels: of each attacked window's day, the kind. flagged: of each window's day with a finding, its signals.
        moods: of each honest window's day, what was the matter. seconds: of each day's search.
    """

    labels: dict[Key, str] = field(default_factory=dict)
    flagged: dict[Key, set[str]] = field(default_factory=lambda: defaultdict(set))
    moods: dict[Key, str] = field(default_factory=dict)
    kinds: dict[Key, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    ratings: int = 0
    quiet: Counter[str] = field(default_factory=Counter)

    @property
    def recall(self) -> float:
        return sum(key in self.flagged for key in self.labels) / len(self.labels)

    @property
    def precision(self) -> float:
        return sum(key in self.labels for key in self.flagged) / max(1, len(self.flagged))

    @property
    def busy_flagged(self) -> float:
        busy = [key for key, mood in self.moods.items() if mood in BUSY and key not in self.labels]
        return sum(key in self.flagged for key in busy) / max(1, len(busy))

    def by_kind(self) -> Iterator[tuple[str, int, int]]:
        """Kind, how many there were, how many were found."""
        for kind in sorted(set(self.labels.values())):
            keys = [key for key, label in self.labels.items() if label == kind]
            yield kind, len(keys), sum(key in self.flagged for key in keys)

    def by_signal(self) -> Iterator[tuple[str, int, int]]:
        """Signal, how many window's days it flagged, how many of these were attacked."""
        signals = sorted({signal for some in self.flagged.values() for signal in some})
        for signal in signals:
            keys = [key for key, some in self.flagged.items() if signal in some]
            yield signal, len(keys), sum(key in self.labels for key in keys)

    def wrong(self) -> Counter[tuple[str, str, str]]:
        """The honest window's days that were flagged: mood, kind of window, signals."""
        return Counter(
            (self.moods.get(key, "?"), self.kinds.get(key, "?"), ",".join(sorted(some)))
            for key, some in self.flagged.items()
            if key not in self.labels
        )


@dataclass
class Play:
    """One simulation.

    Attributes:
        windows, days, before: so many windows; days that are judged, after days that only make a base.
        attacks: labelled window's days.
    """

    seed: int
    windows: int
    days: int
    before: int
    attacks: int
    case: int
    item: int

    def run(self) -> Measured:
        """Plays and searches."""
        found = self.play()
        self.search(found)
        return found

    def play(self) -> Measured:
        """Writes the weeks into the database."""
        draw, found = Random(self.seed), Measured()
        places = _windows(self.windows)
        here = spots(draw, places)
        last = FIRST + timedelta(days=self.before + self.days)
        make_partitions(months=[FIRST, FIRST + timedelta(31), FIRST + timedelta(62), last, last + timedelta(31)])
        plan = self._plan(draw)
        lines, devices = Lines(self.case, self.item), _marks(draw)
        festivals = {draw.randrange(self.before, self.before + self.days) for _ in range(2)}
        networks = {spot.hall: f"n{spot.hall:04d}" for spot in here}
        for number in range(self.before + self.days):
            day = FIRST + timedelta(days=number)
            working, festival = day.weekday() < 5, any(start <= number < start + 5 for start in festivals)
            for place, spot in enumerate(here):
                mood = moods(draw, festival=festival)
                lived = live(
                    draw, spot, mood, day, working=working, devices=devices, network=networks[spot.hall] + f"{day:%d}"
                )
                kind = plan.get((number, place))
                if kind and (lived.services or kind == "after_hours"):
                    ATTACKS[kind](draw, lived, devices)
                    found.labels[day, spot.window] = kind
                if number >= self.before:
                    found.moods[day, spot.window], found.kinds[day, spot.window] = mood.name, spot.kind
                found.ratings += len(lived.ratings)
                lines.serve(lived.services)
                lines.rate(lived.ratings)
            lines.write()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE evaluations_evaluation, evaluations_service, evaluations_ratingtrace")
        return found

    def search(self, found: Measured) -> None:
        """Searches every day to be judged, as the sweep does on the morning after."""
        for number in range(self.before):
            count_day(FIRST + timedelta(days=number))
        for number in range(self.before, self.before + self.days):
            began = clock.perf_counter()
            day = FIRST + timedelta(days=number)
            look_at_day(day, at=_next_morning(day))
            found.seconds.append(clock.perf_counter() - began)
        self._collect(found)

    def _plan(self, draw: Random) -> dict[tuple[int, int], str]:
        """Which window is attacked on which day, and how; each kind equally often, on days of work."""
        kinds = itertools.cycle(ATTACKS)
        slots = [
            (number, place)
            for number in range(self.before, self.before + self.days)
            if (FIRST + timedelta(days=number)).weekday() < 5
            for place in range(self.windows)
        ]
        return {slot: next(kinds) for slot in draw.sample(slots, self.attacks)}

    def _collect(self, found: Measured) -> None:
        judged = FIRST + timedelta(days=self.before)
        findings = Finding.objects.filter(day__gte=judged, state="open")
        found.quiet.update(findings.filter(signal__in=SILENCES).values_list("signal", flat=True))
        loud = findings.exclude(signal__in=SILENCES)
        for one in loud.exclude(window=None):
            found.flagged[one.day, one.window_id].add(one.signal)
        rows = FindingRating.objects.filter(finding__in=loud, evaluation__window__isnull=False)
        for day, signal, window in rows.values_list("finding__day", "finding__signal", "evaluation__window"):
            found.flagged[day, window].add(signal)


def _next_morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time())) + timedelta(hours=3)


def _marks(draw: Random) -> Iterator[str]:
    while True:
        yield f"{draw.getrandbits(64):016x}"


def _windows(count: int) -> list[tuple[int, int, int]]:
    """So many windows of the city's own, over its units; those that are missing are made."""
    units = list(Unit.objects.order_by("pk")[:40])
    known = list(Window.objects.order_by("pk")[:count])
    hall = known[0].hall
    made = [
        Window(hall=hall, number=f"S{n}", name="模拟", unit=units[n % len(units)], sign_code=f"sim{n}")
        for n in range(count - len(known))
    ]
    Window.objects.bulk_create(made)
    return [
        (window.unit_id, window.pk, number // 12) for number, window in enumerate(Window.objects.order_by("pk")[:count])
    ]


def table(found: Measured) -> str:
    """The report as people read it."""
    rows: list[tuple[Any, ...]] = [("kind of attack", "window's days", "found", "recall")]
    rows += [(kind, n, hit, f"{hit / n:.0%}") for kind, n, hit in found.by_kind()]
    rows += [("", "", "", ""), ("signal", "flagged", "attacked", "precision")]
    rows += [(signal, n, hit, f"{hit / n:.0%}") for signal, n, hit in found.by_signal()]
    rows += [("", "", "", ""), ("honest days flagged: mood, window, signals", "", "", "")]
    rows += [(" / ".join(what), n, "", "") for what, n in found.wrong().most_common(12)]
    lines = ["{:<52}{:>14}{:>10}{:>10}".format(*map(str, row)) for row in rows]
    lines += [
        "",
        f"window's days {len(found.moods):,}, ratings {found.ratings:,}, attacks {len(found.labels)}",
        f"recall {found.recall:.1%} (at least {RECALL:.0%})",
        f"precision {found.precision:.1%} (at least {PRECISION:.0%})",
        f"honest busy days flagged {found.busy_flagged:.2%} (at most {BUSY_FLAGGED:.1%})",
        f"a day's search {max(found.seconds):.1f} s at most; silences {dict(found.quiet)}",
    ]
    return "\n".join(lines)
