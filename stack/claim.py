"""The right to run from a folder. Standard library only."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from pathlib import Path
from typing import IO

from stack.steps import fail

LEAVING_PATIENCE = 10.0


class Claim:
    """Held by one supervisor at a time; the kernel takes it back when its holder dies.

    folder: the data folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "supervisor.lock"
        self.after_a_kill = False
        self.file: IO[str] | None = None

    def take(self, note: str) -> None:
        """Takes it, leaving a note for whoever comes while it is held.

        Raises:
            SystemExit: another holds it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        file.seek(0)
        other = file.read()
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            fail(f"the portal is running from here already ({other}); stop it first, with Ctrl-C")
        self.file, self.after_a_kill = file, bool(other)
        file.truncate(0)
        file.write(f"{note}, process {os.getpid()}")
        file.flush()

    def release(self) -> None:
        """Gives it back after a clean end, if it was held."""
        if self.file is not None:
            self.file.truncate(0)
            self.file.close()
            self.file = None


def port_number(text: str) -> int:
    """A port as somebody typed it."""
    if not (text.isdecimal() and 0 < int(text) < 65536):
        fail(f"there is no port {text}; choose one: make run PORT=8000")
    return int(text)


def require_free(port: int, patience: float = 0.0) -> None:
    """Refuses a port that cannot be listened on.

    Args:
        port: on 127.0.0.1.
        patience: seconds to wait for it: the web server of a killed supervisor may still be leaving.
    """
    until = time.monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError:
                fail(f"port {port} is kept for the administrator; choose another: make run PORT=8000")
            except OSError:
                if time.monotonic() >= until:
                    other = port + 1 if port < 65535 else 8000
                    fail(f"port {port} is taken; choose another: make run PORT={other}")
            else:
                return
        time.sleep(0.2)
