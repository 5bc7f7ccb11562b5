"""Lets days pass for a portal that runs: its processes read how far their clock is ahead from a file.

A case needs days: calls on different days and hours, an extension, a co-handler's answer. History cannot be moved
back (the database refuses), and sleeping is no way. Everything the portal writes or judges takes its moment from
`django.utils.timezone.now`, so a process started through this module answers with the real moment plus the number
of seconds in the file. Nothing in the portal knows of it. Signed cookies and the browser keep real time.

    python -m tests.support.clock FILE gunicorn ...
"""

from __future__ import annotations

import runpy
import sys
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Shanghai")
SATURDAY = 5


@dataclass
class Clock:
    """The hand on the clock. It only ever moves forward, so a later walk starts where an earlier one ended."""

    file: Path

    def __post_init__(self) -> None:
        if not self.file.exists():
            self.file.write_text("0")

    def now(self) -> datetime:
        """The portal's present."""
        return datetime.now(HERE) + timedelta(seconds=float(self.file.read_text()))

    def set(self, moment: datetime) -> None:
        """Moves the hand.

        Raises:
            ValueError: backwards.
        """
        if moment < self.now():
            raise ValueError(f"it is already {self.now():%F %T}, later than {moment:%F %T}")
        new = self.file.with_suffix(".new")
        new.write_text(str((moment - datetime.now(HERE)).total_seconds()))
        new.replace(self.file)

    def later(self, **span: float) -> None:
        """Lets minutes or hours pass."""
        self.set(self.now() + timedelta(**span))

    def next_day(self, hour: int, minute: int = 0, *, days: int = 1) -> None:
        """Some weekday later, at this time of day."""
        day = self.now().date()
        for _step in range(days):
            day += timedelta(days=1)
            while day.weekday() >= SATURDAY:
                day += timedelta(days=1)
        self.set(datetime.combine(day, time(hour, minute), HERE))


def main() -> None:
    """Shifts this process's clock and becomes the module named on the command line."""
    from django.utils import timezone

    file, module = Path(sys.argv[1]), sys.argv[2]
    real = timezone.now

    def now() -> datetime:
        return real() + timedelta(seconds=float(file.read_text()))

    timezone.now = now
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
