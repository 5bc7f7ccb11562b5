"""Where data and sockets lie. Standard library only."""

from __future__ import annotations

import hashlib
import os
import pwd
import subprocess
import tempfile
from pathlib import Path

from stack.processes import give, identity_of
from stack.steps import fail

SOCKET_LIMIT = 107
LONGEST_SOCKET = "/.s.PGSQL.65535.lock"
CLOSED_HOME = Path("/var/lib")


def socket_folder(folder: Path) -> Path:
    """`folder`, or a short private one when a socket's path in it would be too long for the kernel (107 bytes)."""
    if len(os.fsencode(folder)) + len(LONGEST_SOCKET) <= SOCKET_LIMIT:
        return folder
    return Path(tempfile.gettempdir()) / f"portal-{os.getuid()}-{_digest(folder)}"


def data_home(folder: Path, account: str | None) -> Path:
    """Where the cluster lies: in `folder`, or, when its account may not enter that, in a folder of its own.

    A checkout below /root or another closed folder is such a case; parents are never opened for it.
    """
    if account is None:
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    probe = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], capture_output=True, **identity_of(account))
    if probe.returncode == 0:
        return folder
    home = CLOSED_HOME / f"reviews-portal-{_digest(folder)}"
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o755)
    return home


def private(folder: Path, account: str | None) -> Path:
    """Makes a folder that only an account may enter.

    Raises:
        SystemExit: somebody else made it first (the folder for temporary files is open to all).
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    owners = {os.geteuid()} | ({pwd.getpwnam(account).pw_uid} if account else set())
    if folder.is_symlink() or folder.stat().st_uid not in owners:
        fail(f"{folder} belongs to somebody else; remove it")
    give(folder, account)
    folder.chmod(0o700)
    return folder


def _digest(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
