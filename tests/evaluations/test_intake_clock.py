"""The clock of the intake: each sweep is registered, repeatable, and none that is long stands before a short one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from common.actors import SYSTEM
from evaluations import tasks
from evaluations.actions.batches import start_batch
from evaluations.actions.releases import map_code
from evaluations.enums import BatchState, CodeKind
from evaluations.models import Batch, Evaluation
from reviews_portal.celery import app
from tests.factories import NOW, Cast
from tests.support.rating_files import csv_of, rating_cells, received

SWEEPS = ("check_files", "run_batches", "release_mapped", "release_arrived", "forget_files")
LONG = {"check_files", "run_batches"}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monday: None) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def test_every_entry_of_the_clock_is_a_task_that_is_there() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


@pytest.mark.parametrize("name", SWEEPS)
def test_the_clock_strikes_and_long_work_has_its_own_worker(name: str) -> None:
    [entry] = [one for one in app.conf.beat_schedule.values() if one["task"] == f"evaluations.tasks.{name}"]
    queue = app.amqp.router.route({}, entry["task"])["queue"].name
    assert queue == ("bulk" if name in LONG else "celery")
    if name in LONG:
        assert entry["options"]["expires"] <= 5 == entry["schedule"].seconds
        task = app.tasks[entry["task"]]
        assert (task.acks_late, task.time_limit) == (False, 6 * 60 * 60)


@pytest.mark.django_db
def test_the_sweeps_take_a_file_from_its_arrival_to_its_rows(cast: Cast, settings: Any) -> None:
    settings.INTAKE_INSPECT_NOW_MB = 0
    [batch] = received(csv_of([rating_cells(cast, 1), rating_cells(cast, 2, unit_code="?")]), now=False)
    assert [tasks.check_files(), tasks.check_files()] == [1, 0]
    batch.refresh_from_db()
    start_batch(batch, batch.plan["columns"], dry_run=False, by=SYSTEM, at=NOW)
    assert [tasks.run_batches(), tasks.run_batches()] == [1, 0]
    batch.refresh_from_db()
    assert (batch.stage, batch.stored, batch.quarantined) == (BatchState.DONE, 1, 1)
    map_code("hall", CodeKind.UNIT, "?", cast.unit, by=SYSTEM, staff=cast.xu, at=NOW)
    assert [tasks.release_mapped(), tasks.release_mapped(), tasks.release_arrived()] == [1, 0, 0]
    assert Evaluation.objects.filter(batch=batch).count() == 2
    assert tasks.forget_files() == 0
    assert Batch.objects.get().file
