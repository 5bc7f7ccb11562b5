"""S3+intake: one rating over the API while a worker makes a report set, against the same alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench import asking
from bench.figures.beside import CLIENTS, RATE, TAIL, Side
from bench.figures.run import Run
from bench.load import Load, drive
from bench.rounds import LESS, Goal, in_turns
from stack.processes import ROOT

S3I = Goal("S3+intake", "API p95 at 50 a second while a report set is made", "alone", "during", "ms", 2.0, 1.3, LESS)


def reporting(run: Run) -> None:
    """Requests alone and beside a process that makes papers before, during and after each load, in turns."""
    port, partner = run.town.start_web("reviews_portal.wsgi"), asking.Partner.registered()
    side = Side(run.figure(S3I), RATE)

    def load() -> Load:
        seconds = max(2.0, run.size.seconds)
        found = drive(port, side.requests(run, partner, seconds), connections=CLIENTS, seconds=seconds, rate=RATE)
        run.check("S3+intake: every request was taken", {201}, set(found.statuses))
        return found

    def alone(number: int) -> float:
        return load().percentile(TAIL) * 1000

    def during(number: int) -> float:
        with _making(run) as process:
            found = load()
            run.check("the report set was being made until after the load", None, process.poll())
        return found.percentile(TAIL) * 1000

    load()
    for bare, crowded in in_turns(run.size.rounds, alone, during):
        side.figure.add(bare, crowded)
    run.town.stop_web()


@contextmanager
def _making(run: Run) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours that is making files by now; ended without warning."""
    command = [sys.executable, "-m", "bench.papers"]
    process = subprocess.Popen(command, cwd=ROOT, env=run.town.env, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "it ended before the first file"
        yield process
    finally:
        process.kill()
        process.communicate()
