"""Every question pages ask equals the same question asked of the rows, and is answered from tallies alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment import queries
from assessment.actions import refresh, set_baseline
from assessment.enums import Grain
from assessment.figures import Counts, Figures
from assessment.models import LADDERS, Baseline, Rung
from assessment.periods import Period, period_of, read_period
from common.models import AuditEntry
from evaluations.enums import Origin
from evaluations.models import ChangedDay, Evaluation, Service
from organizations.models import Unit
from rectification.models import ChangedCase
from tests.assessment.histories import SHAPES, History
from tests.factories import NOW

PERIODS = [read_period(name) for name in ("2026-09", "2026-11", "2026-Q3", "2026-Q4", "2026", "2027", "2027-Q1")]
NAMED = pytest.mark.parametrize("period", PERIODS, ids=lambda period: period.name)


def in_period(row: Evaluation, period: Period) -> bool:
    return SHAPES[period.grain](timezone.localtime(row.rated_at).date()) == period.begins


def raw(period: Period, condition: Q = Q(), **more: Any) -> dict[str, Counts]:  # noqa: B008 - a Q never changes
    """Counts by origin from the rows themselves."""
    found: dict[str, Counts] = {}
    for row in Evaluation.objects.filter(condition, **more).select_related("case"):
        if in_period(row, period):
            found[row.origin] = found.get(row.origin, Counts()) + counts_of(row)
    return found


def counts_of(row: Evaluation) -> Counts:
    if row.origin == "test" or hasattr(row, "exclusion"):
        return Counts(left_out=1)
    void = bool(row.case and row.case.state == "invalid")
    facts = {f"n{row.level}": 1, "negative": int(row.negative), "invalid": int(void), "with_text": int(bool(row.text))}
    if void:
        facts[f"invalid{row.level}"] = 1
    return Counts(**facts)


@NAMED
def test_overall_by_origin(story: History, period: Period) -> None:
    found = queries.overall(period)
    assert dict(found.origins) == raw(period)
    served = [
        row for row in Service.objects.all() if SHAPES[period.grain](timezone.localdate(row.served_at)) == period.begins
    ]
    assert found.services == len(served)


@NAMED
def test_by_unit_by_line_and_by_region(story: History, period: Period) -> None:
    found = queries.by_unit(period)
    for unit in Unit.objects.filter(pk__in=[unit.pk for unit in story.units]):
        assert dict(found.get(unit.pk, Figures()).origins) == raw(period, unit=unit)
        below = Unit.objects.below([unit.path])
        assert dict(queries.overall(period, below).origins) == raw(period, unit__path__startswith=unit.path)
    region = Unit.objects.filter(region__code__startswith="3706")
    assert dict(queries.overall(period, region).origins) == raw(period)
    county = Unit.objects.filter(region__code__startswith="370602")
    assert dict(queries.overall(period, county).origins) == raw(period, unit__region__code__startswith="370602")


@NAMED
def test_channels(story: History, period: Period) -> None:
    found = queries.by_channel(period)
    for channel, origins in found.items():
        assert origins == raw(period, channel=channel)
    assert set(found) == {row.channel for row in Evaluation.objects.all() if in_period(row, period)}


def test_channels_by_day(story: History) -> None:
    first, last = date(2026, 10, 1), date(2026, 12, 31)
    found = list(queries.channel_days(first, last, Origin.ACTIVE))
    assert found == sorted(found, key=lambda one: one[:2])
    assert len(found) > 2
    for day, channel, counts in found:
        assert {"active": counts} == raw(period_of(day, Grain.DAY), channel=channel, origin="active")
    rated = Evaluation.objects.filter(origin="active")
    days = {(timezone.localdate(row.rated_at), row.channel) for row in rated}
    assert {one[:2] for one in found} == {(day, channel) for day, channel in days if first <= day <= last}


@NAMED
def test_items(story: History, period: Period) -> None:
    found = queries.top_items(period, Origin.ACTIVE)
    for row in found:
        assert row.counts == raw(period, item=row.item_id)["active"]
    sizes = [row.counts.counted for row in found]
    assert sizes == sorted(sizes, reverse=True)
    items = {
        row.item_id for row in Evaluation.objects.filter(origin="active").exclude(item=None) if in_period(row, period)
    }
    assert {row.item_id for row in found} == items
    assert queries.top_items(period, Origin.ACTIVE, limit=1) == found[:1]


def test_a_rank_needs_evidence(story: History) -> None:
    month = read_period("2026-11")
    found = queries.ranking(month, least=1)
    assert {one.unit_id: one.counts for one in found} == {
        unit_id: figures.active for unit_id, figures in queries.by_unit(month).items() if "active" in figures.origins
    }
    sizes = [one.counts.valid for one in found]
    assert sizes == sorted(sizes, reverse=True)
    most = sizes[0]
    assert [one.rank for one in queries.ranking(month, least=most) if one.rank] == [1] * sizes.count(most)
    assert [one.rank for one in queries.ranking(month, least=most + 1)] == [None] * len(found)


def test_equal_counts_share_a_rank(story: History) -> None:
    past = NOW - timedelta(days=200)
    for unit, many in zip(story.units, (3, 2, 2, 1, 0), strict=True):
        Evaluation.objects.bulk_create(story._evaluation(unit, past, origin=Origin.ACTIVE) for _ in range(many))
        ChangedDay.objects.create(unit=unit, day=past.date())
    refresh(at=NOW)
    month = period_of(past.date(), Grain.MONTH)
    assert [one.rank for one in queries.ranking(month, least=2)] == [1, 2, 2, None]


def test_the_year_of_comparison(story: History) -> None:
    set_baseline(2020, {9: 2, 11: 0}, by=story.cast.qian, at=NOW)
    found = queries.against_baseline(date(2026, 9, 5), date(2026, 12, 1), year=2020)
    assert [one.month.name for one in found] == ["2026-09", "2026-10", "2026-11", "2026-12"]
    for one in found:
        assert one.active == raw(one.month, origin="active").get("active", Counts()).valid
    assert [one.baseline for one in found] == [2, None, 0, None]
    assert [one.times is None for one in found] == [False, True, True, True]
    assert found[0].times == found[0].active / 2


def test_a_baseline_is_said_by_a_city_supervisor_and_on_the_trail(story: History) -> None:
    cast = story.cast
    assert set_baseline(2020, {1: 5, 2: 6, 3: None}, by=cast.qian, at=NOW)
    assert not set_baseline(2020, {1: 5, 3: None}, by=cast.qian, at=NOW)
    assert set_baseline(2020, {1: None, 2: 7}, by=cast.qian, at=NOW)
    assert list(Baseline.objects.values_list("year", "month", "active")) == [(2020, 2, 7)]
    entry = AuditEntry.objects.filter(action="baseline.set").latest("pk")
    assert (entry.before, entry.after) == ({"01": 5, "02": 6}, {"01": None, "02": 7})


# --- what it costs --------------------------------------------------------------------------------------------------

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
QUESTIONS: dict[str, Callable[[QuerySet[Unit] | None], object]] = {
    "overall": lambda units: queries.overall(PERIODS[1], units),
    "by unit": lambda units: queries.by_unit(PERIODS[3], units),
    "by channel": lambda units: queries.by_channel(PERIODS[4], units),
    "channel days": lambda units: list(
        queries.channel_days(date(2026, 1, 1), date(2026, 12, 31), Origin.ACTIVE, units)
    ),
    "items": lambda units: queries.top_items(PERIODS[4], Origin.ACTIVE, units),
    "heads": lambda units: queries.by_head(PERIODS[4], None),
    "ranking": lambda units: queries.ranking(PERIODS[1], least=30, units=units),
    "baseline": lambda units: queries.against_baseline(*YEAR, year=2020),
    "months": lambda units: queries.known_months(),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_page_counts_raw_rows(story: History, name: str) -> None:
    for units in (None, Unit.objects.below([story.units[0].path])):
        with CaptureQueriesContext(connection) as asked:
            QUESTIONS[name](units)
        assert len(asked) <= 2
        for question in asked:
            assert not {"evaluations_evaluation", "evaluations_service"} & set(
                question["sql"].replace('"', " ").split()
            )


# --- the table of units ---------------------------------------------------------------------------------------------


def tree(story: History) -> tuple[Unit, Unit, Unit]:
    """A → B → C, whatever the history made of them."""
    a, b, c = story.units[:3]
    for unit, parent, path in (
        (a, None, f"/{a.pk}/"),
        (b, a, f"/{a.pk}/{b.pk}/"),
        (c, b, f"/{a.pk}/{b.pk}/{c.pk}/"),
    ):
        Unit.objects.filter(pk=unit.pk).update(path=path, parent=parent)
        unit.path = path
    return a, b, c


def test_whoever_reads_everything_has_the_same_rows(story: History) -> None:
    a, b, c = tree(story)
    everything = list(Unit.objects.order_by("code"))
    for period in PERIODS:
        for chosen in (None, a, b, c):
            rows = queries.head_rows(queries.by_head(period, chosen), chosen)
            slow = queries.unit_rows(everything, queries.by_unit(period), chosen)
            assert rows == [replace(row, opens=row.opens and not row.own) for row in slow if row.figures != Figures()]


def test_rows_add_up_to_the_whole_at_every_level(story: History) -> None:
    a, b, c = tree(story)
    period = PERIODS[4]
    figures = queries.by_unit(period)
    for readable, chosen, heads in (
        ([a, b, c], None, [a]),
        ([a, b, c], a, [a, b]),
        ([a, b, c], b, [b, c]),
        ([a, b, c], c, [c]),
        ([b, c], None, [b]),
        ([a, c], None, [a]),
        ([a, c], a, [a, c]),
    ):
        rows = queries.unit_rows(readable, figures, chosen)
        assert [row.unit for row in rows] == heads
        inside = [unit for unit in readable if chosen is None or unit.path.startswith(chosen.path)]
        together = sum((row.figures for row in rows), Figures())
        assert together == sum((figures.get(unit.pk, Figures()) for unit in inside), Figures())
        assert [row.unit for row in rows if row.own] == [unit for unit in heads if unit == chosen]
        assert [row.opens for row in rows] == [
            not row.own and any(unit.path.startswith(row.unit.path) and unit != row.unit for unit in inside)
            for row in rows
        ]


def test_a_moved_unit_takes_its_figures_with_it(story: History) -> None:
    a, _b, c = tree(story)
    before, moved = (queries.overall(PERIODS[4], Unit.objects.below([unit.path])).services for unit in (a, c))
    Unit.objects.filter(pk=c.pk).update(path=f"/{c.pk}/")
    assert queries.overall(PERIODS[4], Unit.objects.below([a.path])).services == before - moved != before
    assert queries.verify_tallies().difference is None


# --- the verification -----------------------------------------------------------------------------------------------

RUNGS = [rung for ladder in LADDERS for rung in ladder]


@pytest.mark.parametrize("rung", RUNGS, ids=lambda rung: rung.table)
def test_a_wrong_a_missing_and_a_strange_row_are_named(story: History, rung: Rung) -> None:
    verified = queries.verify_tallies()
    assert verified.difference is None
    assert verified.rows == sum(one.model._default_manager.count() for one in RUNGS)
    row = rung.model._default_manager.order_by("begins", "unit_id").first()
    assert row is not None
    measure = rung.measures[-1]
    key = {name: getattr(row, name) for name in rung.keys}
    same = rung.model._default_manager.filter(**key)
    same.update(**{measure: 7})
    found = queries.verify_tallies().difference
    assert found is not None
    assert (found.table, found.key, found.kept[measure]) == (rung.table, key, 7)
    same.delete()
    found = queries.verify_tallies().difference
    assert found is not None
    assert (found.table, found.key, found.kept[measure]) == (rung.table, key, None)
    facts = {field.attname: getattr(row, field.attname) for field in rung.model._meta.concrete_fields}
    rung.model._default_manager.create(**facts)
    assert queries.verify_tallies().difference is None
    rung.model._default_manager.create(**{**facts, "begins": date(2026, 8, 1)})
    found = queries.verify_tallies().difference
    assert found is not None
    assert (found.table, found.counted[measure]) == (rung.table, None)


def test_what_is_still_to_be_counted_is_passed_over(story: History, capsys: pytest.CaptureFixture[str]) -> None:
    unit = story.units[0]
    Evaluation.objects.bulk_create([story._evaluation(unit, NOW, origin=Origin.ACTIVE)])
    assert queries.verify_tallies().difference is not None
    ChangedDay.objects.create(unit=unit, day=NOW.date())
    assert queries.verify_tallies().difference is None
    call_command("verify_tallies")
    assert "1 changes are still to be counted" in capsys.readouterr().out
    bad = Evaluation.objects.filter(case__isnull=False).exclude(case__state="invalid").exclude(origin="test").first()
    assert bad is not None
    assert bad.case is not None
    refresh(at=NOW)
    type(bad.case).objects.filter(pk=bad.case_id).update(state="invalid")
    assert queries.verify_tallies().difference is not None
    ChangedCase.objects.create(case=bad.case)
    assert queries.verify_tallies().difference is None


def test_only_the_periods_that_are_asked_for(story: History) -> None:
    rung = LADDERS[0][0]
    rows = rung.model._default_manager.filter(begins=date(2026, 9, 30))
    assert rows.exists()
    rows.update(n5=77)
    assert queries.verify_tallies(since=date(2026, 10, 1)).difference is None
    assert queries.verify_tallies(until=date(2026, 6, 30)).difference is None
    assert queries.verify_tallies(since=date(2026, 9, 30), until=date(2026, 9, 30)).difference is not None
    with pytest.raises(
        CommandError, match=r"assessment_unitday \(begins=2026-09-30, unit_id=\d+.*\): n5 is 77, counted"
    ):
        call_command("verify_tallies", "--until", "2026-09-30")
