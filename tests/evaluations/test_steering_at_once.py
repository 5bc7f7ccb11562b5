"""暂停、取消 while a file is taken in: whoever asks is next, however fast one part follows the other."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from common.actors import SYSTEM
from evaluations.actions.batches import steer_batch
from evaluations.enums import BatchState
from evaluations.models import Batch, Evaluation
from tests.factories import Cast
from tests.support.rating_files import csv_of, rating_cells

pytestmark = pytest.mark.django_db(transaction=True)
ROWS, PART = 6_000, 20


@pytest.fixture
def path(live_cast: Cast, settings: Any, tmp_path: Path, monday: None) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    path = tmp_path / "评价.csv"
    path.write_bytes(csv_of([rating_cells(live_cast, n) for n in range(ROWS)]))
    return path


def test_who_cancels_waits_for_the_part_that_is_being_taken_and_no_other(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST_CHUNK", "CHUNK"):
        monkeypatch.setattr(f"evaluations.actions.running.{name}", PART)

    def take_in() -> None:
        try:
            call_command("import_ratings", str(path), "--profile=hall")
        except SystemExit:  # what was cancelled has not come to its end
            pass
        finally:
            connection.close()

    worker = threading.Thread(target=take_in)
    worker.start()
    while not Batch.objects.filter(received__gt=0).exists():
        time.sleep(0.001)
    batch = Batch.objects.get()
    steer_batch(batch, to=BatchState.CANCELLED, by=SYSTEM, at=timezone.now())
    stopped = Batch.objects.get()
    worker.join()
    assert stopped.stage == BatchState.CANCELLED
    assert stopped.received - batch.received <= 2 * PART
    assert Batch.objects.get().received == stopped.received
    assert Evaluation.objects.count() == stopped.stored
