"""B12: the supervisors' overview over HTTP, cold and warm, for one viewer and for eight. B13: scores of a quarter."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from assessment.enums import Grain, SchemeKind
from assessment.periods import Period, period_of
from assessment.queries.bases import gather
from assessment.queries.scores import score_quarter
from assessment.scoring.preset import CITY
from bench.figures.run import Run
from bench.load import Load, drive, visit
from bench.people import cookie_of, supervisor
from bench.rounds import LESS, Figure, Goal
from oversight.panels import PANELS

MANY = 8
WARM_MS, COLD_MS, SCORES_MS = 50.0, 1000.0, 1000.0
FILLED_BY_SCRIPT = b"data-part="


def overview(run: Run) -> None:
    """B12: in each round a server that has just been started and a cache that is empty; then the same page warm.

    Viewers ask again as soon as they have their answer, which nobody does: so eight of them keep both processors busy.
    "a second" is eight viewers who each ask once a second.
    """
    quarter = period_of(run.month(1), Grain.QUARTER)
    cookies = [cookie_of(supervisor()) for _viewer in range(MANY)]
    cold, warm = (
        {viewers: run.figure(_goal(state, viewers, must)) for viewers in (1, MANY)}
        for state, must in (("cold", COLD_MS), ("warm", WARM_MS))
    )
    title = f"the overview, warm, {MANY} viewers who each look once a second: p99"
    paced = run.figure(Goal(f"B12+warm, {MANY} a second", title, "50 ms", "p99", "ms", 1, 0.5, LESS))
    for _round in range(run.size.rounds):
        for viewers in (1, MANY):
            port = _fresh(run)
            seen = cookies[:viewers]
            parts = [_asks(f"overview-part:{panel.code}", quarter, cookie) for panel in PANELS for cookie in seen]
            _note(run, cold[viewers], COLD_MS, drive(port, parts, connections=viewers, seconds=600))
            page = [_asks("overview", quarter, cookie) for cookie in seen]
            drive(port, page * 20, connections=viewers, seconds=600)  # every process draws it once
            load = drive(port, page * 50_000, connections=viewers, seconds=max(1, run.size.seconds), keep=True)
            _note(run, warm[viewers], WARM_MS, load)
            bodies = load.bodies
            if viewers == MANY:
                load = drive(port, page * 50_000, connections=MANY, seconds=max(1, run.size.seconds), rate=MANY)
                _note(run, paced, WARM_MS, load)
            found = {FILLED_BY_SCRIPT not in body for body in bodies}
            run.check(f"B12: all panels are on the warm page, {viewers} viewers", {True}, found)
    run.town.stop_web()


def _goal(state: str, viewers: int, limit: float) -> Goal:
    """p99 of a page that is warm; of a panel that is cold."""
    what = "a panel of the overview" if state == "cold" else "the overview"
    title = f"{what}, {state}, {viewers} viewer{'s' * (viewers > 1)}: p99"
    must = 1 if state == "warm" else None
    return Goal(f"B12+{state}, {viewers}", title, f"{limit:.0f} ms", "p99", "ms", must, 0.5 if must else None, LESS)


def _fresh(run: Run) -> int:
    """A server that has drawn nothing, and nothing kept; a page of another kind has had it load its code."""
    run.town.stop_web()
    port = run.town.start_web("reviews_portal.wsgi")
    cache.clear()
    warm_up = visit(reverse("metrics"), {"Cookie": cookie_of(supervisor()), "Accept-Language": "zh-CN"})
    drive(port, [warm_up] * 8, connections=4, seconds=600)
    return port


def _asks(named: str, quarter: Period, cookie: str) -> bytes:
    route, _colon, code = named.partition(":")
    address = f"{reverse(route, args=[code] if code else [])}?quarter={quarter.name}"
    return visit(address, {"Cookie": cookie, "Accept-Language": "zh-CN"})


def _note(run: Run, figure: Figure, limit: float, load: Load) -> None:
    run.check(f"{figure.goal.key}: every request was answered", {200}, set(load.statuses))
    figure.add(limit, load.percentile(0.99) * 1000)
    halves = figure.notes.setdefault("p50", [])
    halves.append(round(load.percentile(0.5) * 1000, 1))
    figure.notes.setdefault("requests", []).append(len(load.waits))


def scores(run: Run) -> None:
    """B13: every subject of the city scored from tallies, as the preview of a close does."""
    quarter, now = period_of(run.month(1), Grain.QUARTER), timezone.now()
    figure = run.figure(Goal("B13", "scores of the city's quarter", "limit", "ours", "ms", 1, 0.5, LESS))
    for _round in range(run.size.rounds):
        began = perf_counter()
        found = score_quarter(
            quarter, SchemeKind.CITY, replace(CITY, least=0), at=now, gathered=gather(quarter, at=now)
        )
        figure.add(SCORES_MS, (perf_counter() - began) * 1000)
        figure.notes = {"subjects": len(found)}
    run.check("B13: somebody is scored", True, bool(found))
