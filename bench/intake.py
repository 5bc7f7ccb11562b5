"""Files on their way into the database: through the portal's own importer, and by COPY alone."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from bench.importing import SOURCE
from bench.rows import Ratings
from bench.town import Town
from evaluations.actions.copying import rating_lines
from evaluations.actions.running import parser_for
from evaluations.actions.staging import KEY_COLUMNS, RATING_COLUMNS
from evaluations.enums import BatchKind, Origin
from evaluations.models import Source
from evaluations.profiles import columns_for, parse_profile
from evaluations.readers import inspect, rows
from evaluations.rows import RatingRow
from stack.processes import ROOT
from stack.steps import fail
from stack.supervisor import BEHIND

MEGABYTE = 1 << 20
PIECE = 100_000
GLANCE = 0.2


@dataclass
class Import:
    """A process of ours that takes a file in, and the memory it has been seen to hold (MB); kind: a `BatchKind`."""

    town: Town
    path: Path
    database: str
    kind: str = BatchKind.RATINGS
    memory: list[float] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    @property
    def name(self) -> str:
        """What the server calls its connection."""
        return f"import of {self.path.name}"

    def start(self) -> Import:
        """Starts it; returns itself."""
        self.process = subprocess.Popen(
            [*BEHIND, sys.executable, "-m", "bench.importing", str(self.path), self.kind],
            cwd=ROOT,
            env={**self.town.env, "DATABASE_URL": self.town.url(self.database), "PGAPPNAME": self.name},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def finish(self, look: Callable[[], None] | None = None) -> dict[str, Any]:
        """Waits for its end; returns what it told.

        Args:
            look: called at every glance at its memory.
        """
        assert self.process is not None
        seen = psutil.Process(self.process.pid)
        while self.process.poll() is None:
            with contextlib.suppress(psutil.Error):
                self.memory.append(seen.memory_info().rss / MEGABYTE)
            if look is not None:
                look()
            time.sleep(GLANCE)
        out, err = self.process.communicate()
        if self.process.returncode:
            fail(f"import of {self.path.name}: {err[-2000:]}")
        told: dict[str, Any] = json.loads(out)
        return told

    def kill(self) -> None:
        """Ends it without warning; the batch can be gone on with."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()


def import_file(town: Town, path: Path, database: str) -> tuple[dict[str, Any], list[float]]:
    """Takes a file in; what became of it, and the memory the process held over time (MB)."""
    work = Import(town, path, database).start()
    return work.finish(), work.memory


@dataclass(frozen=True)
class CopyText:
    """The good rows of a file as COPY takes them, and their keys."""

    rows: Path
    keys: Path
    count: int


def copy_text(ratings: Ratings, path: Path, folder: Path) -> CopyText:
    """Reads and validates a file as the importer does, and writes what it would hand to the database."""
    source = Source.objects.get(pk=SOURCE)
    found = inspect(str(path), path.name)
    columns = columns_for(parse_profile(source.profile), found.header, "rating")
    at = timezone.now()
    parse = parser_for(source, BatchKind.RATINGS, columns, at=at)
    made = CopyText(
        folder / f"{ratings.series}.copy", folder / f"{ratings.series}.keys", ratings.count - ratings.negative_count
    )
    written = 0
    with made.rows.open("w", encoding="utf-8") as direct, made.keys.open("w", encoding="utf-8") as keys:
        every = rows(str(path), found)
        while piece := list(islice(every, PIECE)):
            read = [parse(*row) for row in piece]
            good = [row for row in read if isinstance(row, RatingRow) and row.level > 2]
            lines = rating_lines(good, source=SOURCE, batch=0, origin=Origin.IMPORTED, at=at)
            direct.write(lines.direct)
            keys.write(lines.keys)
            written += len(good)
    if written != made.count:
        fail(f"{path.name}: {written} good rows where {made.count} were expected")
    return made


def copy_in(town: Town, text: CopyText, database: str, *, keys: bool = False) -> float:
    """The physical limit: the same rows by COPY, in one transaction, nothing else; rows a second.

    Args:
        keys: whether their keys go into the key table with them.
    """
    parts = [("evaluations_evaluation", RATING_COLUMNS, text.rows)]
    parts += [("evaluations_servicekey", KEY_COLUMNS, text.keys)] if keys else []
    with contextlib.closing(town.connect(database)) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        for table, columns, path in parts:
            with path.open("rb") as file:
                cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", file, MEGABYTE)
        connection.commit()
        return text.count / (time.perf_counter() - began)


def make_months(town: Town, database: str, months: Sequence[object]) -> None:
    """Makes the partitions of these months."""
    with contextlib.closing(town.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT evaluations_make_partition('evaluations_evaluation', m) FROM unnest(%s) m", [list(months)]
        )
        connection.commit()
