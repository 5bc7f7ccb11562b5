"""The whole year once: python -m bench.year FOLDER SIZE JSON [services] [limit].

Every month's file is invented, taken in by the portal's own importer and removed, so that the disk holds one file at a
time. Each ends with rows that are no ratings (`flaws`), and what became of every row is held against what was written.
Then the sweep counts the tallies until nothing is left, and every tally is compared with the raw count.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from bench import report
from bench.figures.run import Run, first_of_month, last_year
from bench.flaws import Flawed
from bench.intake import Import, copy_in, copy_text, make_months
from bench.places import places
from bench.rounds import Figure, Goal
from bench.rows import kinds
from bench.sizes import SIZES
from bench.tallies import sweep_and_verify
from bench.town import LIMIT, YEAR, Town
from evaluations.enums import BatchKind

B5Y = Goal("B5+year", "a whole year, month by month into empty partitions", "COPY", "import", "rows/s", 0.5, 0.8)
SERVICES, WITH_LIMIT = "services", "limit"
OUTCOMES = ("received", "stored", "duplicates", "quarantined", "held", "refused", "cases")
TELL = 15.0
SIZES_ON_DISK = """
SELECT pg_database_size(current_database()),
    (SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_partition_tree('evaluations_evaluation')),
    (SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_partition_tree('evaluations_service')),
    pg_total_relation_size('evaluations_servicekey')
"""


@dataclass
class Year:
    """The year's run.

    Attributes:
        services: whether the services the ratings are about come in before them.
        limit: where the same ratings by COPY alone are noted, in turns with the import; None leaves that out.
        months: facts of each month.
    """

    run: Run
    services: bool
    limit: Figure | None
    months: list[dict[str, Any]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)
    free: list[int] = field(default_factory=list)

    @property
    def town(self) -> Town:
        return self.run.town

    def files(self) -> list[Flawed]:
        """What is in the file of each month: rows by the number of its days."""
        run = self.run
        firsts = [first_of_month(run.year, later) for later in range(13)]
        ends = [run.size.fill * (first - run.year).days // run.days for first in firsts]
        return [
            Flawed(run.ratings(f"Y{month:%m}", month, (after - month).days, end - start))
            for (month, after), (start, end) in zip(pairwise(firsts), pairwise(ends), strict=True)
        ]

    def take_in(self, files: list[Flawed]) -> None:
        """Month by month: COPY of the same ratings, services, ratings; every other month the other way round."""
        wanted = sum(one.outcome["received"] + self.services * one.ratings.count for one in files)
        for number, one in enumerate(files):
            bare = self._copied(one) if self.limit and number % 2 == 0 else 0.0
            if self.services:
                self._service_file(one, wanted)
            rate = self._rating_file(one, wanted)
            if self.limit:
                self.limit.add(bare or self._copied(one), rate)

    def _copied(self, one: Flawed) -> float:
        """The good ratings by COPY into a database of their own; rows a second."""
        path = one.ratings.write(self.town.files / "limit.csv")
        text = copy_text(one.ratings, path, self.town.files)
        path.unlink()
        make_months(self.town, LIMIT, [one.ratings.first])
        self.town.settle()
        rate = copy_in(self.town, text, LIMIT)
        text.rows.unlink()
        text.keys.unlink()
        return rate

    def _service_file(self, one: Flawed, wanted: int) -> None:
        path = one.write_services(self.town.files / "services.csv")
        told, _memory = self._imported(path, BatchKind.SERVICES, wanted)
        count = one.ratings.count
        found = (told["stage"], told["received"], told["stored"])
        self.run.check(f"{one.ratings.first:%Y-%m}: every service stored", ("done", count, count), found)

    def _rating_file(self, one: Flawed, wanted: int) -> float:
        path = one.write(self.town.files / "month.csv")
        told, memory = self._imported(path, BatchKind.RATINGS, wanted)
        month, outcome = f"{one.ratings.first:%Y-%m}", one.outcome
        found = {name: told[name] for name in OUTCOMES}
        self.run.check(f"{month}: taken in to the end", "done", told["stage"])
        self.run.check(f"{month}: what became of the rows", {name: outcome[name] for name in OUTCOMES}, found)
        rate = told["received"] / told["taken"]
        facts = {name: round(told[name], 1) for name in ("inspected", "taken", "cpu", "server_cpu")}
        facts |= {"rows_per_second": round(rate), "memory_mb": round(memory)}
        self.months.append({"month": month, **found, **facts})
        print(f"    {month}: {told['received']:,} rows, {rate:,.0f} rows/s, {memory:.0f} MB", flush=True)
        return float(rate)

    def _imported(self, path: Path, kind: BatchKind, wanted: int) -> tuple[dict[str, Any], float]:
        self.town.settle()
        work = Import(self.town, path, YEAR, kind).start()
        told = work.finish(lambda: self._look(wanted))
        path.unlink()
        return told, max(work.memory)

    def _look(self, wanted: int) -> None:
        """Now and then says how far it is."""
        now = time.monotonic()
        if now - self.told < TELL:
            return
        self.told = now
        self.free.append(shutil.disk_usage(self.town.folder).free)
        done = int(self.town.query(YEAR, "SELECT coalesce(sum(received), 0) FROM evaluations_batch")[0][0])
        pace = done / (now - self.began)
        left = f"{(wanted - done) / pace / 60:,.0f} min left" if pace else "…"
        print(f"    {done:,} of {wanted:,} rows · {pace:,.0f} rows/s with all around it · {left}", flush=True)

    def held_together(self, files: list[Flawed]) -> dict[str, Any]:
        """What the tables hold against what was written; returns the sums."""
        expected: Counter[str] = sum((one.outcome for one in files), Counter())
        columns = ", ".join(f"sum({name})" for name in OUTCOMES)
        [sums] = self.town.query(YEAR, f"SELECT {columns} FROM evaluations_batch WHERE kind = %s", BatchKind.RATINGS)
        found = {name: int(number) for name, number in zip(OUTCOMES, sums, strict=True)}
        check = self.run.check
        check("the year: what became of the rows", {name: expected[name] for name in OUTCOMES}, found)
        parts = sum(found[name] for name in ("stored", "duplicates", "quarantined", "held", "refused"))
        check("received = stored + duplicates + quarantined + held + refused", found["received"], parts)
        aside = found["quarantined"] + found["held"] + found["refused"]
        served = found["stored"] if self.services else 0
        for name, statement, number in (
            ("ratings", "SELECT count(*) FROM evaluations_evaluation", found["stored"]),
            ("keys of ratings", "SELECT count(*) FROM evaluations_servicekey WHERE assess_number > 0", found["stored"]),
            ("services", "SELECT count(*) FROM evaluations_service", served),
            ("cases", "SELECT count(*) FROM rectification_case", found["cases"]),
            ("rows put aside with their reasons", "SELECT count(*) FROM evaluations_leftrow", aside),
        ):
            check(f"the year: {name} in the tables", [(number,)], self.town.query(YEAR, statement))
        return found

    def counted(self, stored: int) -> dict[str, Any]:
        """Sweeps and verifies; returns what that took."""
        swept = sweep_and_verify()
        self.run.check("every tally equals the raw count, nothing waits", ("", 0), (swept.difference, swept.pending))
        total = "SELECT sum(n1 + n2 + n3 + n4 + n5 + left_out) FROM assessment_unityear"
        self.run.check("the tallies of years add up to what is stored", [(stored,)], self.town.query(YEAR, total))
        return swept.facts

    def facts(self, found: dict[str, Any], wal: int) -> dict[str, Any]:
        """The sums of the run, as plain values."""
        database, ratings, services, keys = self.town.query(YEAR, SIZES_ON_DISK)[0]
        taken, inspected = (sum(month[name] for month in self.months) for name in ("taken", "inspected"))
        megabytes = {"database": database, "ratings": ratings, "services": services, "keys": keys, "written_wal": wal}
        cpu, server = (sum(month[name] for month in self.months) for name in ("cpu", "server_cpu"))
        return {
            **found,
            "minutes_of_importing": round(taken / 60, 1),
            "minutes_of_inspecting": round(inspected / 60, 1),
            "rows_per_second": round(found["received"] / taken),
            "microseconds_a_row_importing_process": round(cpu / found["received"] * 1e6, 1),
            "microseconds_a_row_server": round(server / found["received"] * 1e6, 1),
            "memory_mb_most": max(month["memory_mb"] for month in self.months),
            "memory_mb_first_month": self.months[0]["memory_mb"],
            "memory_mb_last_month": self.months[-1]["memory_mb"],
            **{f"{name}_mb": round(size / 2**20) for name, size in megabytes.items()},
            "least_free_disk_mb": min(self.free, default=shutil.disk_usage(self.town.folder).free) >> 20,
        }


def measure(town: Town, *asked: str) -> tuple[Run, dict[str, Any]]:
    """Takes the year in, counts and verifies; the run with its checks, and the facts."""
    mark = f"{int(time.time()) % 36**4:X}"
    run = Run(town, town.size, (), mark, last_year(timezone.localdate()))
    for database in (YEAR, *([LIMIT] if WITH_LIMIT in asked else [])):
        town.make(database)
    run.kinds = kinds(places())
    year = Year(run, SERVICES in asked, run.figure(B5Y) if WITH_LIMIT in asked else None)
    files = year.files()
    [(before,)] = town.query(YEAR, "SELECT pg_current_wal_lsn()::text")
    print(f"· {sum(one.outcome['received'] for one in files):,} rows of ratings in {len(files)} files", flush=True)
    year.take_in(files)
    [(wal,)] = town.query(YEAR, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", before)
    found = year.held_together(files)
    print("· tallies", flush=True)
    tallies = year.counted(found["stored"])
    return run, {"sums": year.facts(found, int(wal)), "tallies": tallies, "months": year.months}


def table(facts: dict[str, Any]) -> str:
    """The sums as a table for people (Markdown)."""
    lines = ["| the year | |", "| --- | --- |"]
    rows = [*facts["sums"].items(), *((f"tallies: {name}", value) for name, value in facts["tallies"].items())]
    for name, value in rows:
        lines.append(f"| {name.replace('_', ' ')} | {value if isinstance(value, str) else f'{value:,}'} |")
    return "\n".join(lines)


def main(folder: str, size: str, target: str, *asked: str) -> None:
    """Runs the year, prints the tables, writes the JSON; ends with 1 if anything was incorrect."""
    began = time.monotonic()
    run, facts = measure(Town(Path(folder), SIZES[size]), *asked)
    found = {**report.as_json(run, time.monotonic() - began), "year": facts}
    report.write(found, Path(target))
    print(f"\n{table(facts)}\n\n{report.table(found)}\n\nwritten: {target}", flush=True)
    sys.exit(any(not check.good for check in run.checks))


if __name__ == "__main__":
    main(*sys.argv[1:])
