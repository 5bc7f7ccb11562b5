"""The whole portal as processes, on a database of its own: for browsers, walks and kills."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from stack.services import DATABASE, OWNER, RUNTIME

ROOT = Path(__file__).resolve().parent.parent.parent
WORKER = ("celery", "-A", "reviews_portal", "worker", "--concurrency", "1", "--loglevel", "WARNING")


def database_url(name: str, role: str = "") -> str:
    """A database on the server that the whole test run shares.

    Args:
        role: one of those of docs/operations.md; the superuser if it is not given.
    """
    parts = urlsplit(os.environ["PORTAL_TEST_SERVER"])
    if role:
        secret = (Path(os.environ["PORTAL_TEST_SERVICES"]) / f"password-{role}").read_text().strip()
        parts = parts._replace(netloc=f"{role}:{secret}@{parts.netloc.rpartition('@')[2]}")
    return urlunsplit(parts._replace(path=f"/{name}"))


def _execute(statement: str) -> None:
    connection = psycopg2.connect(database_url("postgres"))
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def demo_database(name: str) -> str:
    """A fresh copy of the seeded demo city; the city itself is built once per test run, under the runtime role.

    Returns:
        Its DATABASE_URL.
    """
    folder = Path(os.environ["PORTAL_TEST_SERVICES"])
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "demo.ready").exists():
            _execute(f"CREATE DATABASE demo_city TEMPLATE {DATABASE} OWNER {OWNER}")
            env = {**os.environ, "DATABASE_URL": database_url("demo_city", RUNTIME), "PORTAL_MODE": "demo"}
            seed = [sys.executable, "manage.py", "seed_demo"]
            subprocess.run(seed, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
            (folder / "demo.ready").touch()
        _execute(f"DROP DATABASE IF EXISTS {name}")
        _execute(f"CREATE DATABASE {name} TEMPLATE demo_city OWNER {OWNER}")
    return database_url(name)


def demo_portal(name: str) -> Portal:
    """A portal on a fresh copy of the demo city.

    Args:
        name: of its database, one per user.
    """
    folder = Path(os.environ["PORTAL_TEST_SERVICES"]) / name
    return Portal(folder, {**os.environ, "DATABASE_URL": demo_database(name), "MEDIA_ROOT": str(folder / "media")})


@dataclass
class Portal:
    """gunicorn, and a Celery worker and beat when asked for, against one database.

    folder: for logs and files.
    env: with DATABASE_URL and REDIS_URL.
    clock: the file of tests/support/clock.py, for a portal through which days pass.
    """

    folder: Path
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    clock: Path | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.address = f"http://127.0.0.1:{self.port}"
        self.env = {**self.env, "PORTAL_MODE": "test", "PORTAL_URL": self.address, "LOG_LEVEL": "WARNING"}

    def start_web(self, workers: int = 1) -> None:
        """Starts gunicorn and waits until it answers."""
        self._start(
            "web",
            "gunicorn",
            "reviews_portal.wsgi",
            "--bind",
            f"127.0.0.1:{self.port}",
            "--worker-class",
            "gthread",
            "--workers",
            str(workers),
            "--threads",
            "4",
        )
        self.wait_web()

    def wait_web(self, seconds: float = 40) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError, urllib.error.URLError),
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5),
            ):
                return
            time.sleep(0.1)
        raise RuntimeError((self.folder / "web.log").read_text(errors="replace")[-2000:])

    def start_worker(self) -> None:
        self._start("worker", *WORKER)

    def start_bulk(self) -> None:
        """The worker that takes files in."""
        self._start("bulk", *WORKER, "--queues", "bulk", "--hostname", "bulk@%h")

    def start_beat(self) -> None:
        schedule = str(self.folder / "beat")
        self._start("beat", "celery", "-A", "reviews_portal", "beat", "--schedule", schedule, "--loglevel", "WARNING")

    def _start(self, name: str, module: str, *arguments: str) -> None:
        through = ["-m", "tests.support.clock", str(self.clock)] if self.clock else ["-m"]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *through, module, *arguments],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL to a process and all its children."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Ends everything that was started."""
        for name in list(self.processes):
            self.kill(name)

    def manage(self, *command: str) -> str:
        """Runs a management command against this database."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, check=True, capture_output=True, text=True
        )
        return done.stdout

    def query(self, statement: str, *values: object) -> list[tuple]:
        """Asks the database directly."""
        connection = psycopg2.connect(self.env["DATABASE_URL"])
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()
