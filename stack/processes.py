"""Starting child processes that never outlive their parent, and accounts to run them under."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from stack.steps import fail

ROOT = Path(__file__).resolve().parent.parent
ON_LINUX = sys.platform == "linux"
LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
ACCOUNTS = ("nobody", "daemon")


def hear_again() -> None:
    """Takes the signals that end a program as usual, which a shell's `&` has all its children ignore."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, signal.SIG_DFL)


def die_with_parent(parent: int, dying: signal.Signals = signal.SIGTERM) -> None:
    """Asks Linux to send this process a signal when its parent dies; elsewhere stack/leash.py does it.

    Args:
        parent: its process id, taken before the fork: it may be dead already.
        dying: the signal.
    """
    hear_again()
    if ON_LINUX:
        LIBC.prctl(PR_SET_PDEATHSIG, int(dying))
        if os.getppid() != parent:
            os._exit(1)


def plain_account() -> str | None:
    """The account under which PostgreSQL runs when we are root (it refuses root); None for ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return name
    fail("running as root needs an ordinary account such as nobody for PostgreSQL; none was found")


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
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def start(
    command: list[str],
    *,
    log: IO[bytes] | int,
    account: str | None = None,
    env: dict[str, str] | None = None,
    dying: signal.Signals = signal.SIGTERM,
    leashed: bool = not ON_LINUX,
) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own, so that Ctrl-C reaches it only through us.

    Args:
        command: program and arguments.
        log: takes its output.
        account: to run under; None is our own.
        env: None is ours.
        dying: the signal it gets when we die.
        leashed: whether stack/leash.py holds it, for systems without a parent-death signal.
    """
    own = {"cwd": ROOT, **identity_of(None if leashed else account)}
    if leashed:
        command = [sys.executable, "-m", "stack.leash", str(int(dying)), account or "", *command]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if leashed else subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=env,
        preexec_fn=None if leashed else functools.partial(die_with_parent, os.getpid(), dying),
        start_new_session=True,
        **own,
    )


def end(process: subprocess.Popen[bytes] | None, how: signal.Signals, seconds: float = 15) -> None:
    """Asks a child to end and waits; after that it and whatever it started are killed."""
    if process is None:
        return
    if process.poll() is None:
        process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    kill(process)


def kill(process: subprocess.Popen[bytes] | None) -> None:
    """Kills a child and whatever it started, without warning."""
    if process is None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
