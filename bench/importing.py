"""A process that takes in one file, as the worker does: python -m bench.importing FILE [KIND].

A file whose batch was interrupted is gone on with. Writes one line of JSON: how long the file took to be proved
readable and to be taken in, how long processors worked at it, and what became of its rows.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from django.db import connection
from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from common.actors import SYSTEM
from evaluations.actions.batches import open_batch
from evaluations.actions.running import run_batches
from evaluations.enums import BatchKind
from evaluations.models import Batch, Source
from evaluations.profiles import Profile, columns_for, fold, parse_profile
from evaluations.readers import Inspection, inspect

SOURCE = "hall"
TOLD = ("stage", "total", "received", "stored", "duplicates", "quarantined", "held", "refused", "cases", "last_error")


def take_in(path: Path, kind: str = BatchKind.RATINGS) -> dict[str, Any]:
    """Opens a batch for the file, or goes on with one that was interrupted, and takes in what waits."""
    began = time.perf_counter()
    batch = Batch.objects.filter(file=str(path), ended_at=None).first() or open_file(path, kind)
    opened, worked, served = time.perf_counter(), time.process_time(), _server_worked()
    run_batches(at=timezone.now())
    taken = time.perf_counter()
    cpu = {"cpu": time.process_time() - worked, "server_cpu": _server_worked() - served}
    batch.refresh_from_db()
    facts = {name: getattr(batch, name) for name in TOLD}
    return {**facts, **cpu, "batch": batch.pk, "inspected": opened - began, "taken": taken - opened}


def _server_worked() -> float:
    """Seconds for which a processor has worked for our connection at the server's side."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        times = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return times.user + times.system


def open_file(path: Path, kind: str = BatchKind.RATINGS) -> Batch:
    """Proves a file readable and notes it, as whoever uploads it does."""
    source = Source.objects.get(pk=SOURCE)
    profile = parse_profile(source.profile)
    rated = kind == BatchKind.RATINGS
    found = _inspected(path, profile) if rated else inspect(str(path), path.name)
    columns = columns_for(profile, found.header, "rating" if rated else "service")
    return open_batch(found, str(path), columns, source=source, kind=BatchKind(kind), by=SYSTEM, at=timezone.now())


def _inspected(path: Path, profile: Profile) -> Inspection:
    """Read to the end, with the places of the negative rows."""
    meanings, names = profile.meanings["level"], profile.column_names["rating"]
    return inspect(
        str(path),
        path.name,
        level=[title for title, name in names.items() if name.canonical == "level"],
        is_negative=lambda cell: meanings.get(fold(cell), cell) in ("1", "2"),
    )


if __name__ == "__main__":
    print(json.dumps(take_in(Path(sys.argv[1]), *sys.argv[2:])))
