"""A cluster with tables, rights and reference data, made once per test run; every other cluster begins as its copy."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

from stack.processes import ROOT
from stack.services import OWNER, RUNTIME, Postgres

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
    """The cluster, at rest; whoever asks first makes it, the others wait."""
    folder = Path(os.environ["PORTAL_TEST_SERVICES"]) / "prepared"
    folder.mkdir(exist_ok=True)
    postgres = Postgres(folder, durable=False)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            _make(postgres)
            (folder / "ready").touch()
    return postgres


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
