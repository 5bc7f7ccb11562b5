"""Starting child processes that never outlive their parent, and accounts to run them under."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
ACCOUNTS = ("nobody", "daemon")


def die_with_parent() -> None:
    """Asks Linux to end this process when its parent dies; elsewhere the supervisor's watch does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def plain_account() -> str | None:
    """The account under which PostgreSQL runs when we are root (it refuses root); None for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise SystemExit("running as root needs an ordinary account such as nobody for PostgreSQL; none was found")


def identity_of(account: str | None) -> dict[str, Any]:
    """Arguments for `subprocess` that run a program as an account, away from folders it may not enter."""
    if account is None:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": "/"}


def give(path: Path, account: str | None) -> None:
    """Makes a folder belong to an account; its parents are never touched."""
    if account is not None:
        entry = pwd.getpwnam(account)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def start(
    command: list[str], *, log: IO[bytes] | int, account: str | None = None, env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Starts a child in a process group of its own, so that Ctrl-C reaches it only through us."""
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=env,
        preexec_fn=die_with_parent,
        start_new_session=True,
        **identity_of(account),
    )
