"""One process that starts the services and the portal, watches them, and takes all of them down with itself."""

from __future__ import annotations

import argparse
import base64
import contextlib
import functools
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kombu.connection import Connection
from kombu.exceptions import KombuError

from stack.children import Child, Keeper
from stack.claim import LEAVING_PATIENCE, Claim, port_number, require_free
from stack.processes import ROOT, die_with_parent
from stack.services import OWNER, RUNTIME, Postgres, Valkey
from stack.steps import check_disk, complaint, fail, step

PATIENCE = 120
# A file takes what pages and messages leave of the machine.
BEHIND = ("nice", "-n", "10")
NEEDED_EMPTY, NEEDED_AGAIN = 400, 50


def read_secrets(path: Path) -> dict[str, str]:
    """The installation's secrets, made once."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "IDENTITY_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "BLIND_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        draft.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
        draft.replace(path)
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if line)


def require_broker(url: str) -> None:
    """Refuses a REDIS_URL that leads nowhere: the portal would wait for it without end."""
    try:
        with Connection(url) as connection:
            connection.ensure_connection(max_retries=1, timeout=5)
    except (ValueError, KeyError, KombuError) as error:
        fail(f"REDIS_URL leads to no server that answers: {error}")


class Portal:
    """Everything `make run` starts.

    folder: for data and logs.
    port: on 127.0.0.1.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder.resolve(), port
        self.address = f"http://127.0.0.1:{port}"
        self.claim = Claim(self.folder)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.children: list[Child] = []
        self.keepers: list[Keeper] = []
        self.env: dict[str, str] = {}

    def start_services(self) -> None:
        """PostgreSQL and Valkey of our own, unless DATABASE_URL or REDIS_URL name others."""
        self.claim.take(self.address)
        check_disk(self.folder, NEEDED_AGAIN if (self.folder / "secrets.env").exists() else NEEDED_EMPTY)
        require_free(self.port, LEAVING_PATIENCE if self.claim.after_a_kill else 0)
        with step("PostgreSQL and Valkey"):
            if "DATABASE_URL" not in os.environ:
                self.postgres = Postgres(self.folder)
                self.keepers.append(Keeper("PostgreSQL", self.postgres))
                self.postgres.initialise()
                self.postgres.start()
            if "REDIS_URL" in os.environ:
                require_broker(os.environ["REDIS_URL"])
            else:
                self.valkey = Valkey(self.folder)
                self.keepers.append(Keeper("Valkey", self.valkey))
                self.valkey.start()
        self._prepare_environment()

    def start(self) -> None:
        """Database, demo city, processes; returns when the portal says it is ready."""
        accounts = self.folder / "accounts.txt"
        self._prepare_database(accounts)
        with step("web, workers, clock"):
            self._start_children()
            self._wait_ready()
        print(f"\n{self.address}/\n\n{accounts.read_text(encoding='utf-8')}", flush=True)
        print("Ctrl-C stops the portal; make reset removes its data. 按 Ctrl-C 停止,make reset 删除数据", flush=True)

    def _prepare_environment(self) -> None:
        defaults = {**read_secrets(self.folder / "secrets.env"), "PORTAL_MODE": "demo", "PORTAL_URL": self.address}
        places = {"MEDIA_ROOT": str(self.folder / "media"), "STATIC_ROOT": str(self.folder / "static")}
        self.env = {**defaults, **places, **os.environ}
        if self.postgres:
            self.env |= {"DATABASE_URL": self.postgres.url(), "DATABASE_OWNER_URL": self.postgres.url(OWNER)}
        if self.valkey:
            self.env["REDIS_URL"] = self.valkey.url

    def _prepare_database(self, accounts: Path) -> None:
        """As the owner of the tables, if that is somebody else than who runs the portal."""
        role = unquote(urlsplit(self.env["DATABASE_URL"]).username or RUNTIME)
        done = subprocess.run(
            [sys.executable, "-m", "stack.prepare", role, str(accounts)],
            cwd=ROOT,
            env={**self.env, "DATABASE_URL": self.env.get("DATABASE_OWNER_URL", self.env["DATABASE_URL"])},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            preexec_fn=functools.partial(die_with_parent, os.getpid()),
        )
        if done.returncode:
            log = self.folder / "failure.log"
            log.write_text(done.stderr)
            fail(f"could not prepare the database: {complaint(done.stderr)}; see {log}")

    def _start_children(self) -> None:
        celery = ["celery", "-A", "reviews_portal"]
        schedule = str(self.folder / "beat-schedule")
        web = ["gunicorn", "reviews_portal.wsgi", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread"]
        web += ["--workers", "2", "--threads", "4", "--keep-alive", "30", "--timeout", "60"]
        worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"]
        bulk = [*worker, "--queues", "bulk", "--hostname", "bulk@%h"]
        beat = [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "WARNING"]
        # Web and workers may be killed at any moment: when the supervisor dies they leave at once, without grace.
        for name, command, dying in (
            ("web", web, signal.SIGQUIT),
            ("worker", worker, signal.SIGQUIT),
            ("bulk", bulk, signal.SIGQUIT),
            ("beat", beat, signal.SIGTERM),
        ):
            begun = [*(BEHIND if name == "bulk" else ()), sys.executable, "-m", *command]
            child = Child(begun, self.folder / f"{name}.log", self.env, dying)
            child.start()
            self.children.append(child)
            self.keepers.append(Keeper(name, child))

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for keeper in self.keepers:
                if keeper.has_ended():
                    fail(f"{keeper.name} did not start: {keeper.last_words()}; see {keeper.kept.log}")
            if self._is_ready():
                return
            time.sleep(0.2)
        fail(f"the portal was not ready within {PATIENCE} s; see {self.folder / 'web.log'}")

    def _is_ready(self) -> bool:
        address = f"{self.address}/readyz?strict=1"
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def watch(self) -> None:
        """Keeps everything alive until somebody stops us."""
        terminals = [number for number in (0, 1, 2) if os.isatty(number)]
        # A terminal that goes tells only the first process in it, and make does not pass that on.
        while all(map(os.isatty, terminals)):
            for keeper in self.keepers:
                keeper.watch()
            time.sleep(0.5)

    def stop(self) -> None:
        """Takes the portal down before its services."""
        for child in self.children:
            child.ask_to_end()
        for child in self.children:
            child.stop()
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()
        self.claim.release()


class Stopped(Exception):
    """Somebody asked us to end."""


def _on_signals(act: signal.Handlers | Callable[[int, object], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, act)


def _raise_stopped(number: int, frame: object) -> None:
    raise Stopped


def _forget_other_databases() -> None:
    """Settings for PostgreSQL's clients that lie about in the environment must not lead to another server."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]


def main() -> None:
    """`python -m stack.supervisor [--port N] [--folder DIR] [--services]`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=port_number, default=8000)
    parser.add_argument("--folder", type=Path, default=ROOT / "var", help="for data and logs")
    parser.add_argument("--services", action="store_true", help="PostgreSQL and Valkey only; prints their addresses")
    arguments = parser.parse_args()
    _on_signals(_raise_stopped)
    _forget_other_databases()
    portal = Portal(arguments.folder, arguments.port)
    try:
        portal.start_services()
        if arguments.services:
            for name in ("DATABASE_OWNER_URL", "DATABASE_URL", "REDIS_URL"):
                print(f"{name}={portal.env.get(name, '')}", flush=True)
        else:
            portal.start()
        portal.watch()
    except Stopped:
        with contextlib.suppress(OSError):
            print("\nstopping …", flush=True)
    except OSError as error:
        fail(f"{error.strerror}: {error.filename}" if error.filename else str(error))
    finally:
        _on_signals(signal.SIG_IGN)
        portal.stop()


if __name__ == "__main__":
    main()
