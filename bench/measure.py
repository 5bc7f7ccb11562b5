"""Measures, against a server that `python -m bench` has started: python -m bench.measure FOLDER SIZE JSON [FIGURES]."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from bench import report
from bench.figures import beside, dashboards, files, lists, notices, overview, public, reporting, requests
from bench.figures.run import Run, last_year
from bench.places import places
from bench.rows import kinds
from bench.sizes import SIZES
from bench.town import FILLED, Town

# In this order: what reads the tables comes before what fills them further.
PARTS = {
    "dashboards": (dashboards.dashboards, {"B8"}),
    "overview": (overview.overview, {"B12"}),
    "scores": (overview.scores, {"B13"}),
    "lists": (lists.lists, {"B11"}),
    "notices": (notices.notices, {"S3"}),
    "reporting": (reporting.reporting, {"S3"}),
    "public": (public.public, {"S1", "S2"}),
    "files": (files.daily, {"B4", "B7"}),
    "requests": (requests.singles, {"B1", "B2", "B3"}),
    "batches": (requests.batches, {"B6"}),
    "beside": (beside.beside, {"B10"}),
    "year": (files.yearly, {"B5"}),
}


def measure(town: Town, only: set[str], save: Callable[[Run], None]) -> Run:
    """Fills the year if that has not been done, and measures what is asked for (all without `only`).

    Args:
        save: called whenever something more has been measured: hours are not lost to what fails last.
    """
    mark = f"{int(time.time()) % 36**4:X}"
    mark_of_full = town.folder / "filled"
    # Whoever was stopped halfway begins again.
    filled = mark_of_full.exists() and town.exists(FILLED)
    run = Run(town, town.size, (), mark, last_year(timezone.localdate()))
    if not filled:
        mark_of_full.unlink(missing_ok=True)
        town.make(FILLED)
    run.kinds = kinds(places())
    if not filled:
        files.fill(run)
        mark_of_full.touch()
    for name, (part, keys) in PARTS.items():
        if not only or only & keys:
            print(f"· {name}", flush=True)
            part(run)
            save(run)
    return run


def main(folder: str, size: str, target: str, *only: str) -> None:
    """Measures, prints the table, writes the JSON; ends with 1 if anything was incorrect."""
    began = time.monotonic()

    def found(run: Run) -> dict[str, Any]:
        return report.as_json(run, time.monotonic() - began)

    run = measure(Town(Path(folder), SIZES[size]), set(only), lambda run: report.write(found(run), Path(target)))
    report.write(found(run), Path(target))
    print(f"\n{report.table(found(run))}\n\nwritten: {target}", flush=True)
    sys.exit(any(not check.good for check in run.checks))


if __name__ == "__main__":
    main(*sys.argv[1:])
