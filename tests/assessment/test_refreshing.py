"""The sweep beside writers who commit before, between and after its steps, and beside another sweep."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.actions import refresh, refreshing
from assessment.models import LADDERS, AsOf, ServiceDay, UnitDay, UnitMonth
from assessment.queries import verify_tallies
from assessment.tasks import refresh_tallies
from evaluations.actions import record_service
from evaluations.models import ChangedDay, Evaluation
from rectification.models import ChangedCase
from reviews_portal.celery import app
from tests.assessment.histories import Writer
from tests.factories import NOW, Cast

STEPS = ("tallies_claimed", "tallies_counted", "tallies_before_commit")


def everything() -> dict[str, list[Any]]:
    """Every row of every tally with the number of the transaction that wrote it: a row that is untouched keeps it."""
    with connection.cursor() as cursor:
        found = {}
        for table in (rung.table for ladder in LADDERS for rung in ladder):
            cursor.execute(f"SELECT xmin::text, * FROM {table} ORDER BY 2, 3, 4")
            found[table] = cursor.fetchall()
        return found


def counted(cast: Cast) -> int:
    """How many ratings the tallies have of the cast's unit, which every grain must agree on."""
    totals = set()
    for rung in LADDERS[0]:
        rows = rung.model._default_manager.filter(unit=cast.unit).values_list("n1", "n2", "n3", "n4", "n5", "left_out")
        totals.add(sum(sum(row) for row in rows))
    [total] = totals
    return total


def at_step(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], Any]) -> None:
    """Has something happen elsewhere when the sweep comes to a step."""
    monkeypatch.setattr(refreshing, "failpoint", lambda here: act() if here == name else None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", STEPS)
def test_what_is_committed_while_a_sweep_runs_is_counted_by_it_or_by_the_next(
    live_cast: Cast, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    live_cast.submit(5)
    writer = Writer()
    writer.do(lambda: live_cast.submit(4))
    with monkeypatch.context() as patch:
        at_step(patch, step, writer.commit)
        refresh(at=NOW)
    # Before the count it is in the picture already; after it, it is not. Its note is there in both cases.
    assert counted(live_cast) == (2 if step == "tallies_claimed" else 1)
    assert ChangedDay.objects.count() > 0
    refresh(at=NOW)
    assert counted(live_cast) == 2 == Evaluation.objects.count()
    assert ChangedDay.objects.count() == 0
    assert verify_tallies().difference is None


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_commits_after_many_sweeps_is_not_forgotten(live_cast: Cast) -> None:
    writer = Writer()
    writer.do(lambda: live_cast.submit(5))
    for _ in range(3):
        live_cast.submit(4)
        refresh(at=NOW)
    assert counted(live_cast) == 3
    writer.commit()
    refresh(at=NOW)
    assert counted(live_cast) == 4


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_counted(live_cast: Cast) -> None:
    writer = Writer()
    writer.do(lambda: live_cast.submit(5))
    writer.roll_back()
    live_cast.submit(4)
    refresh(at=NOW)
    assert counted(live_cast) == 1


@pytest.mark.django_db(transaction=True)
def test_one_sweep_at_a_time(live_cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the first at work and leaves; it claims nothing, so that nothing waits for nobody."""
    live_cast.submit(5)
    inside, go_on = Event(), Event()

    def wait() -> None:
        inside.set()
        assert go_on.wait(30)

    def sweep() -> Any:
        try:
            return refresh(at=NOW)
        finally:
            connection.close()

    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as thread:
        at_step(patch, "tallies_counted", wait)
        first = thread.submit(sweep)
        assert inside.wait(30)
        patch.undo()
        live_cast.submit(4)
        second = refresh(at=NOW)
        assert (second.busy, second.changes) == (True, 0)
        go_on.set()
        assert first.result(30).days == 1
    assert counted(live_cast) == 1
    refresh(at=NOW)
    assert counted(live_cast) == 2


@pytest.mark.django_db(transaction=True)
def test_a_second_sweep_touches_no_row(live_cast: Cast) -> None:
    for level in (1, 3, 5):
        live_cast.submit(level)
    refresh(at=NOW)
    before = everything()
    assert all(before[table] for table in ("assessment_unitday", "assessment_itemyear", "assessment_servicequarter"))
    assert refresh(at=NOW).changes == 0
    assert everything() == before
    # Even if the same day is noted again, no row is written that says what it said.
    ChangedDay.objects.create(unit=live_cast.unit, day=NOW.date())
    assert refresh(at=NOW).days == 1
    assert everything() == before


def test_a_row_that_nothing_stands_behind_is_removed(cast: Cast) -> None:
    """Whatever got into a table: counting the day again makes it say what is there."""
    cast.submit(5)
    refresh(at=NOW)
    good = UnitDay.objects.get()
    facts = {field.attname: getattr(good, field.attname) for field in UnitDay._meta.concrete_fields}
    UnitDay.objects.create(**{**facts, "channel": "box"})
    UnitMonth.objects.update(n5=7)
    difference = verify_tallies().difference
    assert difference is not None
    assert "channel=box" in str(difference)
    ChangedDay.objects.create(unit=cast.unit, day=NOW.date())
    refresh(at=NOW)
    assert UnitDay.objects.get() == good
    assert verify_tallies().difference is None


def test_a_rating_changes_the_day_of_its_service_too(cast: Cast) -> None:
    """Served on Friday, rated on Monday: Friday's unrated becomes rated, though nothing of Friday was written."""
    friday = NOW - timedelta(days=3)
    service = cast.service(at=friday)
    refresh(at=NOW)
    day = ServiceDay.objects.get(begins=friday.date())
    assert (day.services, day.rated) == (1, 0)
    cast.submit(5, service=service)
    refresh(at=NOW)
    day.refresh_from_db()
    assert (day.services, day.rated) == (1, 1)
    assert verify_tallies().difference is None


def test_the_newest_days_do_not_wait_behind_a_year(cast: Cast) -> None:
    for number in range(30):
        record_service(
            source="hall",
            project_number=f"OLD{number}",
            item=cast.item,
            unit=cast.unit,
            served_at=NOW - timedelta(days=300 - number),
            at=NOW,
        )
    cast.submit(5)
    done = refresh(at=NOW, limit=5)
    assert not done.complete
    assert counted(cast) == 1
    assert not AsOf.objects.exists(), "what is still to be counted is not up to date"
    assert refresh_tallies() > 0
    assert AsOf.objects.get().at > NOW - timedelta(days=9999)
    assert ChangedDay.objects.count() == ChangedCase.objects.count() == 0
    assert sum(ServiceDay.objects.values_list("services", flat=True)) == 31


def test_the_number_of_statements_does_not_grow(cast: Cast) -> None:
    def statements(days: int) -> int:
        for number in range(days):
            cast.submit(5, at=NOW - timedelta(days=number))
        with CaptureQueriesContext(connection) as seen:
            refresh(at=NOW)
        return len(seen)

    refresh(at=NOW)
    assert statements(1) == statements(20) < 25


def test_the_clock_runs_it_often_enough() -> None:
    entry = app.conf.beat_schedule["tallies"]
    assert entry["task"] == refresh_tallies.name
    assert entry["schedule"] <= timedelta(minutes=1), "a rating is in the figures within two minutes"


def test_up_to_when_everything_is_counted(cast: Cast) -> None:
    moments: list[datetime] = []
    for minutes in (0, 1):
        refresh(at=NOW + timedelta(minutes=minutes))
        moments.append(AsOf.objects.get().at)
    assert moments == [NOW, NOW + timedelta(minutes=1)]
