"""What is measured on: a PostgreSQL of its own that keeps its promises, databases in it, web servers before it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psycopg2

from bench.sizes import Size
from stack.children import Child
from stack.processes import ROOT
from stack.services import DATABASE, OWNER, RUNTIME, Postgres
from stack.steps import fail, step
from stack.supervisor import read_secrets

# The database with a year of ratings in it, and the one that begins empty each time.
FILLED, EMPTY = "filled", "empty"
# Those of the whole year's run: by the importer, and by COPY alone.
YEAR, LIMIT = "whole", "copied"
PATIENCE = 60.0
WEB = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "30"]


class Town:
    """Server, databases and web servers of one run.

    folder: takes data, files and logs.
    """

    def __init__(self, folder: Path, size: Size) -> None:
        self.folder, self.size = folder.resolve(), size
        self.files = self.folder / "files"
        self.files.mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(self.folder, options=size.options)
        self.web: list[Child] = []

    @property
    def env(self) -> dict[str, str]:
        """What the portal's processes find: production, but over plain HTTP and on the database of a year."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("PG")},
            **read_secrets(self.folder / "secrets.env"),
            "PORTAL_MODE": "production",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_COOKIES": "off",
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DATABASE_URL": self.url(FILLED),
            "PORTAL_URL": "http://127.0.0.1",
            **{f"RATING_LIMIT_{kind}": "1000000000/60/block" for kind in ("TOKEN", "DEVICE", "WINDOW", "ADDRESS")},
        }

    def start(self) -> None:
        """Starts the server; the first time it also makes tables, reference data and the structure of the city."""
        with step("PostgreSQL"):
            self.postgres.initialise()
            self.postgres.start()
        ready = self.folder / "prepared"
        if not ready.exists():
            with step("tables, reference data, structure"):
                self._prepare()
            ready.touch()

    def _prepare(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "bench.preparing", RUNTIME],
            cwd=ROOT,
            env={**self.env, "DATABASE_URL": self.postgres.url(OWNER)},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            fail(f"the tables could not be made: {done.stderr[-2000:]}")

    def url(self, database: str, role: str = RUNTIME) -> str:
        """The address of a database, for the runtime role unless another is named."""
        return self.postgres.url(role, database)

    def exists(self, database: str) -> bool:
        """Whether there is a database of this name."""
        return bool(self.query("postgres", "SELECT 1 FROM pg_database WHERE datname = %s", database))

    def make(self, database: str) -> None:
        """A database with the city's structure and no rating in it; one of that name before is gone."""
        self.drop(database)
        self.postgres.psql(f"CREATE DATABASE {database} TEMPLATE {DATABASE} OWNER {OWNER} STRATEGY FILE_COPY")

    def drop(self, database: str) -> None:
        """Removes a database, whoever uses it."""
        self.postgres.psql(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def connect(self, database: str) -> Any:
        """A connection as the runtime role."""
        return psycopg2.connect(self.url(database))

    def query(self, database: str, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Asks a database directly, as the superuser."""
        connection = psycopg2.connect(self.url(database, "postgres"))
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def settle(self) -> None:
        """Has everything written out: what is measured next pays for itself alone."""
        self.postgres.psql("CHECKPOINT")

    def start_web(self, module: str) -> int:
        """Starts gunicorn as production does, on the database of a year, and waits for it; returns its port.

        Args:
            module: of the WSGI application.
        """
        port = _free_port()
        command = [sys.executable, "-m", "gunicorn", module, "--bind", f"127.0.0.1:{port}", *WEB]
        child = Child(command, self.folder / f"web-{module}.log", self.env)
        self.web.append(child)
        child.start()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if _answers(port):
                return port
            time.sleep(0.1)
        fail(f"{module} gave no answer; see {child.log}")

    def stop_web(self) -> None:
        """Ends what `start_web` started."""
        while self.web:
            self.web.pop().stop()


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
