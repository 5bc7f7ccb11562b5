"""B10: one rating over the API while a file of millions is being taken in, against the same alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bench import asking
from bench.figures.run import Run
from bench.intake import Import
from bench.load import Load, drive
from bench.rounds import LESS, Figure, Goal, in_turns
from bench.rows import Ratings
from bench.town import FILLED, Town
from stack.steps import fail

B10 = Goal("B10", "API p95 during an import, 16 clients", "alone", "during", "ms", 2.0, 1.3, LESS)
B10R = Goal("B10+rate", "the same, 50 requests a second", "alone", "during", "ms", None, None, LESS)
CLIENTS, MOST, WARM = 16, 2000, 60
# What a city of seven million sends at its busiest, many times over.
RATE = 50.0
PATIENCE = 600.0
TAIL = 0.95


@dataclass
class Progress:
    """How far the batch of a file has come."""

    stage: str
    position: int
    total: int


class Importing:
    """The import beside which is measured: a process of its own behind all others, as the worker for files is.

    It is killed when a round no longer wants it, and the next goes on where it stood, as after any kill.
    """

    def __init__(self, town: Town, ratings: Ratings) -> None:
        self.town = town
        self.path = ratings.write(town.files / f"{ratings.series}.csv")
        self.work: Import | None = None

    def start(self) -> bool:
        """Starts it, and waits until it has committed rows; False if it ended before."""
        before = self.progress()
        self.work = Import(self.town, self.path, FILLED).start()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            now = self.progress()
            if now and now.stage == "running" and now.position > (before.position if before else 0):
                return True
            if not self.running:
                return False
            time.sleep(0.1)
        fail(f"the import of {self.path.name} did not begin within {PATIENCE:.0f} s")

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self.work is not None and self.work.process is not None and self.work.process.poll() is None

    def progress(self) -> Progress | None:
        """How far it is by what is committed; None before the batch is opened."""
        found = self.town.query(
            FILLED, "SELECT stage, position, total FROM evaluations_batch WHERE file = %s", str(self.path)
        )
        return Progress(*found[0]) if found else None

    def kill(self) -> None:
        """Ends it; returns once the server has let go of its connection, too."""
        assert self.work is not None
        self.work.kill()
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        deadline = time.monotonic() + PATIENCE
        while self.town.query("postgres", asked, self.work.name) != [(0,)]:
            if time.monotonic() > deadline:
                fail("the server does not let go of a killed import")
            time.sleep(0.1)
        self.work = None


@dataclass
class Side:
    """How requests come: as fast as they are answered, or at a rate."""

    figure: Figure
    rate: float | None
    loads: int = 0

    def requests(self, run: Run, partner: asking.Partner, within: float) -> list[bytes]:
        """As many as the time may want, signed a moment before they are sent: a signature is good for minutes."""
        self.loads += 1
        series = f"{'V' if self.rate else 'W'}{self.loads}N"
        count = max(WARM, int((self.rate or MOST) * within))
        return asking.single(partner, run.ratings(series, run.year, 1, 0), count)


def beside(run: Run) -> None:
    """B10: requests alone and beside an import in turns; the import runs before, during and after each load."""
    port = run.town.start_web("reviews_portal.wsgi")
    partner = asking.Partner.registered()
    ratings = run.ratings("I", run.year, run.days, run.size.beside)
    importing = Importing(run.town, ratings)
    sides = [Side(run.figure(B10), None), Side(run.figure(B10R), RATE)]
    taken = [0]

    def signed(within: float) -> list[list[bytes]]:
        return [side.requests(run, partner, within) for side in sides]

    def load(side: Side, requests: list[bytes], within: float) -> Load:
        found = drive(port, requests, connections=CLIENTS, seconds=within, rate=side.rate)
        run.check(f"{side.figure.goal.key}: every request was taken", {201}, set(found.statuses))
        return found

    def alone(number: int) -> list[float]:
        requests = signed(run.size.seconds)
        run.town.settle()
        return [_tail(load(side, some, run.size.seconds)) for side, some in zip(sides, requests, strict=True)]

    def during(number: int) -> list[float]:
        requests = signed(run.size.seconds)
        run.town.settle()
        run.check("there is an import to measure beside", True, importing.start())
        found = [
            _tail(_watched(run, importing, taken, partial(load, side, some, run.size.seconds)))
            for side, some in zip(sides, requests, strict=True)
        ]
        importing.kill()
        return found

    within = min(2.0, run.size.seconds)
    for side, some in zip(sides, signed(within), strict=True):
        load(side, some, within)
    for bare, crowded in in_turns(run.size.rounds, alone, during):
        for place, side in enumerate(sides):
            side.figure.add(bare[place], crowded[place])
    run.town.stop_web()
    for side in sides:
        side.figure.notes = {"rows of the file": ratings.count, "rows taken in during the loads": taken[0]}
    _finished(run, importing, ratings)


def _tail(load: Load) -> float:
    return load.percentile(TAIL) * 1000


def _watched(run: Run, importing: Importing, taken: list[int], act: Callable[[], Load]) -> Load:
    """Puts a load on, and makes sure that the import went on all the while."""
    before = importing.progress()
    load = act()
    alive, after = importing.running, importing.progress()
    assert before is not None
    assert after is not None
    run.check("the import was running until after the load", ("running", True), (after.stage, alive))
    # A chunk takes seconds: in less, none need end.
    if run.size.seconds >= 4:
        run.check("the import came further during the load", True, after.position > before.position)
    taken[0] += after.position - before.position
    return load


def _finished(run: Run, importing: Importing, ratings: Ratings) -> None:
    """Goes on with the import to its end: killed after every round, it has lost and doubled nothing."""
    print("    the rest of the file …", flush=True)
    reached = importing.progress()
    if reached and reached.stage != "done":
        Import(run.town, importing.path, FILLED).start().finish()
    wanted = [("done", ratings.count, ratings.count, ratings.negative_count)]
    counts = "SELECT stage, received, stored, cases FROM evaluations_batch WHERE file = %s"
    found = run.town.query(FILLED, counts, str(importing.path))
    run.check("the import, killed after every round, has every row once, negatives as cases", wanted, found)
    importing.path.unlink()
