"""B8: what the page of figures asks, against its table of tallies read bare, and against counting the rows."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from assessment import queries
from assessment.actions import set_baseline
from assessment.enums import Grain
from assessment.figures import Counts, Figures
from assessment.models import ITEMS
from assessment.periods import period_of
from bench.counting import Statement, raw, tallies
from bench.figures.run import Run, day_in
from bench.importing import SOURCE
from bench.rounds import LESS, Figure, Goal, in_turns
from bench.tallies import sweep_and_verify
from bench.town import FILLED
from common.actors import SYSTEM
from evaluations.actions import Rated, Words, record_service, submit_evaluation
from evaluations.actions.storage import make_partitions
from evaluations.enums import Origin, RatingChannel
from organizations.models import ServiceItem

Rows = list[tuple[Any, ...]]
MOST_ITEMS = 50
# What the page asks besides, and the moments of which are no figures.
BESIDES = (
    Statement("SELECT min(begins), max(begins) FROM assessment_unitmonth"),
    Statement("SELECT at FROM assessment_asof"),
)
# What COPY alone and the bare views have stored in earlier runs on these tables: nobody has noted its days.
UNNOTED = """
INSERT INTO evaluations_changedday (unit_id, day)
SELECT DISTINCT unit_id, (rated_at AT TIME ZONE 'Asia/Shanghai')::date FROM evaluations_evaluation
WHERE coalesce(batch_id, 0) = 0
"""
RAW_TITLE = "the same against counting the ratings"


@dataclass(frozen=True)
class Question:
    """Something a page asks.

    Attributes:
        ours: asks it as the page does.
        rows: the numbers of its answer, as the bare statements give them.
        bare, counted: the same numbers from the tables of tallies, and from the rows.
    """

    key: str
    title: str
    ours: Callable[[], Any]
    rows: Callable[[Any], Rows]
    bare: Sequence[Statement]
    counted: Sequence[Statement]


def dashboards(run: Run) -> None:
    """B8: sweeps the tallies first; then each question in turns, ours, its bare statement, and the rows."""
    _ask_for_something(run)
    with connection.cursor() as cursor:
        cursor.execute(UNNOTED)
    swept = sweep_and_verify()
    run.check("every tally equals the raw count, nothing waits", ("", 0), (swept.difference, swept.pending))
    run.check("there are tallies", True, swept.compared > 0)
    # As autovacuum does within minutes after a load: nobody's reading should pay for it halfway.
    run.town.postgres.psql("VACUUM ANALYZE", FILLED)
    for question in questions(run):
        figures = _goals(run, question)
        figures[0].notes = {"sweep": swept.facts} if question.key == "overall" else {}
        _measured(run, question, figures)


def _ask_for_something(run: Run) -> None:
    """Services, ratings of somebody's own wish and a year of comparison: files of ratings have none of these."""
    now, items = timezone.now(), list(ServiceItem.objects.select_related("unit__region").order_by("pk"))
    set_baseline(settings.BASELINE_YEAR, {month: 100 + month for month in range(1, 13)}, by=SYSTEM, at=now)
    months = [run.month(number) for number in range(12)]
    make_partitions(months=months)
    for place, month in enumerate(months):
        opening = timezone.make_aware(datetime.combine(day_in(month), time(9)))
        for number in range(run.size.reads):
            served, item = opening + timedelta(minutes=number), items[number % len(items)]
            service = record_service(
                source=SOURCE,
                project_number=f"3706{run.mark}Z{place:02d}{number:06d}",
                item=item,
                unit=item.unit,
                served_at=served,
                at=now,
            )
            if number % 2 == 0:
                submit_evaluation(
                    Rated.of(service),
                    Words(level=4 + number % 3 // 2),
                    channel=RatingChannel.WEB,
                    origin=Origin.ACTIVE,
                    at=now,
                    rated_at=served + timedelta(hours=1),
                )


def _goals(run: Run, question: Question) -> tuple[Figure, Figure]:
    key = f"B8+{question.key}"
    return (
        run.figure(Goal(key, question.title, "tally, bare", "query", "ms", 2, 1.2, LESS)),
        run.figure(Goal(f"{key}, raw", RAW_TITLE, "ratings", "query", "ms", 1 / 50, 1 / 400, LESS)),
    )


def _measured(run: Run, question: Question, figures: tuple[Figure, Figure]) -> None:
    reads = run.size.reads
    wanted = question.rows(question.ours())
    run.check(f"{question.key}: there is something to see", True, bool(wanted))
    for name, statements in (("its tally", question.bare), ("the rows", question.counted)):
        # One that asks the moments of the sweep, too, is compared without them.
        apart = set(wanted) ^ set(_filled(row for row in _all(statements) if len(row) > 2))
        run.check(f"{question.key}: {name} gives the same numbers", [], sorted(apart, key=str)[:4])
    sides = (
        lambda n: _timed(lambda: _all(question.bare), reads),
        lambda n: _timed(question.ours, reads),
        lambda n: _timed(lambda: _all(question.counted), 1),
    )
    for bare, ours, counted in in_turns(run.size.rounds, *sides):
        figures[0].add(bare, ours)
        figures[1].add(counted, ours)


def _all(statements: Iterable[Statement]) -> Rows:
    return [row for statement in statements for row in statement.rows()]


def _timed(act: Callable[[], Any], reads: int) -> float:
    """The median of so many, in milliseconds."""
    found = []
    for _ in range(reads):
        began = perf_counter()
        act()
        found.append(perf_counter() - began)
    return statistics.median(found) * 1000


def questions(run: Run) -> list[Question]:
    """What the page asks for the year with most of the ratings in it, and for its last full month."""
    year, month = period_of(run.month(6), Grain.YEAR), period_of(run.month(1), Grain.MONTH)
    by_year, by_month, rows_of_year = tallies(year), tallies(year, months=True), raw(year)
    compared = settings.BASELINE_YEAR
    least = settings.RANK_MIN_SAMPLE

    def heads() -> list[queries.UnitRow]:
        return queries.head_rows(queries.by_head(year, None), None)

    def against() -> list[queries.Compared]:
        return queries.against_baseline(year.begins, year.last, year=compared)

    def page() -> tuple[Any, ...]:
        queries.known_months()
        queries.as_of()
        return heads(), queries.by_channel(year), against()

    asked = [
        Question(
            "overall",
            "overall figures of a year",
            lambda: queries.overall(year),
            _overall_rows,
            [by_year.overall()],
            [rows_of_year.overall()],
        ),
        Question(
            "units",
            "units of a year, with those below",
            heads,
            _head_rows,
            [by_year.heads()],
            [rows_of_year.heads()],
        ),
        Question(
            "channels",
            "channels of a year",
            lambda: queries.by_channel(year),
            _channel_rows,
            [by_year.channels()],
            [rows_of_year.channels()],
        ),
        Question(
            "ranking",
            "ranking of a month",
            lambda: queries.ranking(month, least=least, origin=Origin.IMPORTED),
            _standing_rows,
            [tallies(month).ranks(Origin.IMPORTED, least)],
            [raw(month).ranks(Origin.IMPORTED, least)],
        ),
        Question(
            "items",
            f"the {MOST_ITEMS} items of a year with most ratings",
            lambda: queries.top_items(year, Origin.IMPORTED, limit=MOST_ITEMS),
            _item_rows,
            [tallies(year, ITEMS).items(Origin.IMPORTED, MOST_ITEMS)],
            [rows_of_year.items(Origin.IMPORTED, MOST_ITEMS)],
        ),
        Question(
            "baseline",
            "months of a year against another",
            against,
            _compared_rows,
            [by_month.months(Origin.ACTIVE, compared)],
            [rows_of_year.months(Origin.ACTIVE, compared)],
        ),
    ]
    return [*asked, _whole_page(page, asked)]


def _whole_page(page: Callable[[], tuple[Any, ...]], asked: Sequence[Question]) -> Question:
    """All that the page of a year asks, one after the other."""
    parts = [question for question in asked if question.key in ("units", "channels", "baseline")]
    return Question(
        "page",
        "all that the page of a year asks",
        page,
        lambda found: _filled(row for part, one in zip(parts, found, strict=True) for row in part.rows(one)),
        [*[statement for part in parts for statement in part.bare], *BESIDES],
        [statement for part in parts for statement in part.counted],
    )


# --- the same numbers, as rows in one order -----------------------------------------------------------------------


def _filled(rows: Iterable[tuple[Any, ...]]) -> Rows:
    """In an order of their own, since some answers are dictionaries."""
    return sorted(rows, key=str)


def _figure_rows(figures: Figures, *names: Any) -> Rows:
    given = (*names, "", figures.services, figures.rated, *[0] * (len(Counts._fields) - 2))
    rated = [(*names, origin, *counts) for origin, counts in figures.origins.items()]
    return [given, *rated] if figures.services else rated


def _overall_rows(found: Figures) -> Rows:
    return _filled(_figure_rows(found))


def _head_rows(found: list[queries.UnitRow]) -> Rows:
    heads = [row for row in found if row.figures != Figures()]
    return _filled(cells for row in heads for cells in _figure_rows(row.figures, row.unit.pk))


def _channel_rows(found: dict[str, dict[str, Counts]]) -> Rows:
    return _filled(
        (channel, origin, *counts) for channel, origins in found.items() for origin, counts in origins.items()
    )


def _standing_rows(found: list[queries.Standing]) -> Rows:
    return _filled((one.unit_id, one.rank, *one.counts) for one in found)


def _item_rows(found: list[queries.ItemRow]) -> Rows:
    return _filled((one.item_id, *one.counts) for one in found)


def _compared_rows(found: list[queries.Compared]) -> Rows:
    return _filled((one.month.begins, one.active, one.baseline) for one in found if one.active)
