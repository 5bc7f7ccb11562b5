"""B11: a page far down the list of ratings against its first page, over HTTP, as a supervisor of the city reads it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

import bench.ready  # noqa: F401 - makes Django ready
from bench.figures.run import Run, first_of_month
from bench.load import drive, visit
from bench.people import cookie_of, supervisor
from bench.rounds import LESS, Goal, in_turns
from evaluations.lists import Wanted, units_read_by
from evaluations.models import Evaluation
from evaluations.views.ratings import PAGE
from organizations.models import Unit

FAR = 1000
B11 = Goal("B11", "page 1,000 of the ratings, all units", "page 1", "page 1,000", "ms", 2, 1.2, LESS)
B11U = Goal("B11+unit", "the same, one unit and a year", "page 1", "page 1,000", "ms", 2, 1.2, LESS)


@dataclass(frozen=True)
class Listing:
    """A list, and where its far page begins.

    Attributes:
        asks: what the list is narrowed by.
        page: number of the far page: 1,000, or the last that leads on to another.
        before: the last rating of the page before it.
        ends: the last ratings of the first page and of the far one; the link to the next page names them.
    """

    asks: dict[str, str]
    page: int
    before: uuid.UUID
    ends: tuple[uuid.UUID, uuid.UUID]

    @classmethod
    def of(cls, units: QuerySet[Unit], wanted: Wanted, asks: dict[str, str]) -> Listing:
        """The list of these ratings, with its far page counted out from the data."""
        rows = Evaluation.objects.filter(wanted.condition, unit__in=units.order_by()).order_by("-pk")
        ids = list(rows.values_list("pk", flat=True)[: FAR * PAGE + 1])
        page = (len(ids) - 1) // PAGE
        return cls(asks, page, ids[(page - 1) * PAGE - 1], (ids[PAGE - 1], ids[page * PAGE - 1]))

    def request(self, cookie: str, *, far: bool) -> bytes:
        """Asks for the first page, or for the far one."""
        query = urlencode({**self.asks, **({"before": str(self.before)} if far else {})})
        return visit(f"{reverse('ratings')}?{query}", {"Cookie": cookie, "Accept-Language": "zh-CN"})


def lists(run: Run) -> None:
    """B11: the list of all a supervisor reads, and that of the busiest unit, first page and far page in turns."""
    person = supervisor()
    port, cookie = run.town.start_web("reviews_portal.wsgi"), cookie_of(person)
    units = units_read_by(person)
    _measured(run, B11, port, cookie, Listing.of(units, Wanted(), {}))
    since, until = run.year, first_of_month(run.year, 12) - timedelta(days=1)
    unit = _busiest(run)
    asks = {"unit": unit.code, "since": str(since), "until": str(until)}
    below = units.filter(path__startswith=unit.path)
    _measured(run, B11U, port, cookie, Listing.of(below, Wanted(since=since, until=until), asks))
    run.town.stop_web()


def _busiest(run: Run) -> Unit:
    """The unit with most ratings in a month of the middle of the year."""
    first, after = run.month(6), first_of_month(run.month(6), 1)
    rows = Evaluation.objects.filter(Wanted(since=first, until=after - timedelta(days=1)).condition)
    most = rows.values("unit").annotate(size=Count("pk")).order_by("-size").values_list("unit", flat=True)
    return Unit.objects.get(pk=most[0])


def _measured(run: Run, goal: Goal, port: int, cookie: str, listing: Listing) -> None:
    figure = run.figure(goal)
    figure.notes = {"page": listing.page, "rows of a page": PAGE}
    if listing.page < FAR:
        print(f"    {goal.key}: the list has no page {FAR:,}; page {listing.page:,} stands for it", flush=True)

    def wait(far: bool, reads: int) -> float:
        requests = [listing.request(cookie, far=far)] * reads
        load = drive(port, requests, connections=1, seconds=600, keep=True)
        name = f"{goal.key}, {'far' if far else 'first'} page"
        run.check(f"{name}: every request was answered", {200: reads}, dict(load.statuses))
        mark = f"before={listing.ends[far]}".encode()
        run.check(f"{name}: it ends with the rating it should", True, all(mark in body for body in load.bodies))
        return load.percentile(0.5) * 1000

    for far in (False, True):
        wait(far, 2)
    reads = run.size.reads
    for first, late in in_turns(run.size.rounds, lambda n: wait(False, reads), lambda n: wait(True, reads)):
        figure.add(first, late)
