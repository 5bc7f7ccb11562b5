"""Processes that are started again when they end."""

from __future__ import annotations

import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from stack.processes import end, kill, start
from stack.steps import Refused, complaint

CALM = 60.0
LONGEST_REST = 60.0


class Kept(Protocol):
    """What a keeper can keep alive: a child, or a server."""

    log: Path
    process: subprocess.Popen[bytes] | None

    def start(self) -> None: ...


@dataclass
class Child:
    """A process of the portal.

    env: its whole environment.
    dying: how it is told that the supervisor was killed.
    """

    command: list[str]
    log: Path
    env: dict[str, str]
    dying: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Starts it, once nothing is left of the one before."""
        kill(self.process)
        with self.log.open("ab") as log:
            self.process = start(self.command, log=log, env=self.env, dying=self.dying)

    def ask_to_end(self) -> None:
        """Asks it to finish what it does; `stop` waits."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Ends it and whatever it started."""
        end(self.process, signal.SIGTERM)
        self.process = None


@dataclass
class Keeper:
    """Starts one process again whenever it ends; the more often it falls, the longer it rests before."""

    name: str
    kept: Kept
    fell: float = -CALM
    falls: int = 0
    not_before: float = 0.0
    told: bool = True

    def has_ended(self) -> bool:
        """Whether it was started and is gone."""
        return self.kept.process is not None and self.kept.process.poll() is not None

    def watch(self) -> None:
        """One look at the process."""
        if not self.has_ended():
            self.told = False
            return
        now = time.monotonic()
        if not self.told:
            self._note_fall(now)
        if now >= self.not_before:
            self._revive(now)

    def _note_fall(self, now: float) -> None:
        self.falls = self.falls + 1 if now - self.fell < CALM else 0
        rest = min(2**self.falls - 1, LONGEST_REST)
        self.fell, self.not_before, self.told = now, now + rest, True
        when = f"again in {rest:.0f} s" if rest else "again now"
        print(f"! {self.name} ended unexpectedly; it is started {when}; log: {self.kept.log}", flush=True)

    def _revive(self, now: float) -> None:
        try:
            self.kept.start()
        except Refused as refused:
            self.told = False
            print(f"! {self.name}: {refused}", flush=True)

    def last_words(self) -> str:
        """The last complaint in its log."""
        return complaint(self.kept.log.read_text(errors="replace"))
