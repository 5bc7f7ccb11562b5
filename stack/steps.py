"""What the person at the keyboard sees of a step, and one-line refusals."""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

TICK = 2.0


class Refused(SystemExit):
    """Nothing more can be done; the message is one line for the person at the keyboard."""


def fail(message: str) -> NoReturn:
    """Ends with one clear line and exit status 1."""
    raise Refused(f"make: {message}")


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Prints a step, a dot for every two seconds it goes on, and how long it took."""
    began = time.monotonic()
    print(f"· {name} …", end="", flush=True)
    done = threading.Event()

    def tick() -> None:
        while not done.wait(TICK):
            print(".", end="", flush=True)

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    except BaseException:
        done.set()
        ticker.join()
        print(flush=True)
        raise
    done.set()
    ticker.join()
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def check_disk(folder: Path, needed: int, free: int | None = None) -> None:
    """Refuses to begin what would fill the disk.

    Args:
        folder: on the disk in question.
        needed: megabytes.
        free: megabytes; measured when not given.
    """
    left = shutil.disk_usage(folder).free // 2**20 if free is None else free
    if left < needed:
        fail(f"the disk is full: {left} MB free in {folder}, {needed} MB are needed")


def complaint(text: str) -> str:
    """The one line of a program's error output that says what was wrong."""
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        return "the disk is full: No space left on device"
    for word in ("FATAL:", "ERROR:"):
        named = [line for line in lines if word in line]
        if named:
            return named[-1].partition(word)[2].strip()
    # A traceback's last line that is not indented names the exception; indented ones below it go on with its text.
    for index in range(len(lines) - 1, -1, -1):
        if not lines[index][0].isspace():
            return " ".join(line.strip() for line in lines[index:])
    return "no message"
