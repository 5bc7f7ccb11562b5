"""Tallies brought up to date by the portal's own sweep, and compared with the rows themselves."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import timezone

import bench.ready  # noqa: F401 - makes Django ready
from assessment.actions import refresh
from assessment.queries import pending_days, verify_tallies

TELL = 15.0


@dataclass(frozen=True)
class Swept:
    """What it took until nothing was left to count.

    Attributes:
        sweeps, changes, days: calls of the sweep, notes of changes it claimed, units' days it counted.
        seconds: of all sweeps together.
        compared: how many tallies of every grain were compared with the raw count.
        compare_seconds: how long that took.
        difference: the first tally that differs; "" if none does.
        pending: changes that came meanwhile.
    """

    sweeps: int
    changes: int
    days: int
    seconds: float
    compared: int
    compare_seconds: float
    difference: str
    pending: int

    @property
    def facts(self) -> dict[str, Any]:
        """All of it as plain values, for a report."""
        return {name: round(value, 1) if isinstance(value, float) else value for name, value in asdict(self).items()}


def sweep_and_verify() -> Swept:
    """Sweeps until nothing is left, says how far it is, and compares every tally with the rows."""
    began, sweeps, changes, days = time.perf_counter(), 0, 0, 0
    told = began
    while True:
        done = refresh(at=timezone.now())
        sweeps, changes, days = sweeps + 1, changes + done.changes, days + done.days
        if done.complete:
            break
        if time.perf_counter() - told > TELL:
            told = time.perf_counter()
            print(f"    {days:,} units' days counted, {pending_days():,} changes left", flush=True)
    swept = time.perf_counter()
    print(f"    tallies: {sweeps} sweeps, {changes:,} changes, {days:,} units' days, {swept - began:.1f} s", flush=True)
    found = verify_tallies()
    compared = time.perf_counter() - swept
    print(f"    {found.rows:,} tallies compared with the raw count, {compared:.1f} s", flush=True)
    difference = str(found.difference) if found.difference else ""
    return Swept(sweeps, changes, days, swept - began, found.rows, compared, difference, pending_days())
