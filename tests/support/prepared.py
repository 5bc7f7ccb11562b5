"""A cluster with tables, rights and reference data, from which every other one begins as a copy.

Made once for each state of what it is made of, and kept: half a minute that nobody waits for twice.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

from stack.processes import ROOT
from stack.services import OWNER, RUNTIME, Postgres

KEPT, MOST_KEPT = ROOT / "var" / "test-clusters", 3
# What a cluster comes of; and the month, for the partitions of the months ahead.
MADE_OF = (
    "*/migrations/*.py",
    "common/migrating.py",
    "*/reference/*",
    "*/seed.py",
    "*/management/commands/*.py",
    "evaluations/actions/storage.py",
    "requirements/*.txt",
    "stack/services.py",
    "tests/support/prepared.py",
)
BY_OWNER = (["migrate", "--verbosity=0"], ["createcachetable"], ["grant_runtime", "--role", RUNTIME])


def begin_as_copy(target: Postgres) -> None:
    """Gives a cluster that has not begun the data and the passwords of the prepared one."""
    source = _prepared()
    target.folder.mkdir(parents=True, exist_ok=True)
    # Its files belong to the account the server runs under: cp keeps that, shutil does not.
    subprocess.run(["cp", "-a", str(source.data), str(target.data)], check=True)
    for file in (*source.folder.glob("password-*"), source.folder / "pg-ready"):
        shutil.copy(file, target.folder / file.name)


def _prepared() -> Postgres:
    """The cluster, at rest; whoever asks first makes it, the others wait. One in use is the last to be forgotten."""
    KEPT.mkdir(parents=True, exist_ok=True)
    folder = KEPT / _fingerprint()
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _forget(folder)
            folder.mkdir(exist_ok=True)
            _make(Postgres(folder, durable=False))
        (folder / "ready").touch()
        os.utime(folder)
    return Postgres(folder, durable=False)


def _fingerprint() -> str:
    found = hashlib.sha256(f"{date.today():%Y-%m}".encode())
    for path in sorted(path for pattern in MADE_OF for path in ROOT.glob(pattern) if path.is_file()):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


def _forget(folder: Path) -> None:
    """Removes what an interrupted run has left, and the clusters of earlier states."""
    others = sorted((path for path in KEPT.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime)
    for path in {folder, *others[: -MOST_KEPT + 1]}:
        if path.exists():
            shutil.rmtree(Postgres(path, durable=False).home, ignore_errors=True)
            shutil.rmtree(path, ignore_errors=True)


def _make(postgres: Postgres) -> None:
    postgres.initialise()
    postgres.start()
    try:
        for command in BY_OWNER:
            _manage(postgres.url(OWNER), *command)
        _manage(postgres.url(RUNTIME), "load_reference")
    finally:
        postgres.stop()


def _manage(database: str, *command: str) -> None:
    env = {**os.environ, "PORTAL_MODE": "test", "DATABASE_URL": database}
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
