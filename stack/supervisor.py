"""One process that starts the services and the portal, watches them, and takes all of them down with itself."""

from __future__ import annotations

import argparse
import base64
import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from stack.processes import plain_account, start
from stack.services import OWNER, RUNTIME, Postgres, ServiceError, Valkey, data_home

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120
CALM = 60


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Prints a step and, when it took a while, how long."""
    began = time.monotonic()
    print(f"· {name} …", end="", flush=True)
    done = threading.Event()

    def tick() -> None:
        while not done.wait(2):
            print(".", end="", flush=True)

    ticker = threading.Thread(target=tick, daemon=True)
    ticker.start()
    try:
        yield
    finally:
        done.set()
        ticker.join()
    print(f" {time.monotonic() - began:.1f} s", flush=True)


@dataclass
class Child:
    """A process of the portal that is started again when it ends."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    started: float = 0.0
    falls: int = 0
    not_before: float = 0.0

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = start(self.command, log=log, env=self.env)
        self.started = time.monotonic()

    def watch(self) -> None:
        """Starts the process again if it has ended; the more often it falls, the longer it rests."""
        if self.process is None or self.process.poll() is None or time.monotonic() < self.not_before:
            return
        self.falls = self.falls + 1 if time.monotonic() - self.started < CALM else 1
        print(f"! {self.name} ended ({self.process.returncode}); started again, log: {self.log}", flush=True)
        self.not_before = time.monotonic() + min(2**self.falls, 60)
        self.start()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)

    def wait(self, seconds: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def read_secrets(path: Path) -> dict[str, str]:
    """The installation's secrets, made once."""
    if not path.exists():
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "IDENTITY_KEYS": f"k1:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "BLIND_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        path.touch(mode=0o600)
        path.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    return dict(line.split("=", 1) for line in path.read_text().splitlines() if line)


def require_free(port: int) -> None:
    """Refuses a port somebody else listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ServiceError(f"make: port {port} is taken; choose another: make run PORT={port + 1}") from None


class Portal:
    """Everything `make run` starts."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.folder.mkdir(parents=True, exist_ok=True)
        self.address = f"http://127.0.0.1:{port}"
        self.postgres = None if "DATABASE_URL" in os.environ else Postgres(folder)
        self.valkey = None if "REDIS_URL" in os.environ else Valkey(folder)
        self.children: list[Child] = []
        self.env: dict[str, str] = {}

    def start(self) -> None:
        """Services, database, demo city, processes; returns when the portal says it is ready."""
        require_free(self.port)
        with step("PostgreSQL and Valkey"):
            self._start_services()
        self._prepare_environment()
        with step("database"):
            self._manage("migrate", "--verbosity=0", owner=True)
            self._manage("createcachetable", owner=True)
            self._manage("grant_runtime", "--role", RUNTIME, owner=True)
            self._manage("load_reference")
        with step("translations and static files"):
            self._python("-m", "tools.messages", "compile")
            self._manage("collectstatic", "--noinput", "--verbosity=0")
        print("· demo city", flush=True)
        self._manage("seed_demo", quiet=False)
        with step("web, worker, clock"):
            self._start_children()
            self._wait_ready()
        print(f"\n{self.address}/\n", flush=True)
        self._manage("demo_accounts", quiet=False)
        print("\nCtrl-C stops the portal; its data stay in var/ (make reset removes them).", flush=True)

    def _start_services(self) -> None:
        if self.postgres:
            self.postgres.initialise()
            self.postgres.start()
        if self.valkey:
            self.valkey.start()

    def _prepare_environment(self) -> None:
        self.env = {
            **os.environ,
            **read_secrets(self.folder / "secrets.env"),
            "PORTAL_MODE": os.environ.get("PORTAL_MODE", "demo"),
            "PORTAL_URL": os.environ.get("PORTAL_URL", self.address),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
        }
        if self.postgres:
            self.env |= {"DATABASE_URL": self.postgres.url(), "DATABASE_OWNER_URL": self.postgres.url(OWNER)}
        if self.valkey:
            self.env["REDIS_URL"] = self.valkey.url

    def _python(self, *arguments: str, owner: bool = False, quiet: bool = True) -> None:
        env = dict(self.env)
        if owner and "DATABASE_OWNER_URL" in env:
            env["DATABASE_URL"] = env["DATABASE_OWNER_URL"]
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.PIPE if quiet else None,
            text=True,
        )
        if done.returncode:
            lines = (done.stderr or "").strip().splitlines()
            raise ServiceError(f"make: {' '.join(arguments[:2])} failed: {lines[-1] if lines else 'see above'}")

    def _manage(self, *arguments: str, owner: bool = False, quiet: bool = True) -> None:
        self._python("manage.py", *arguments, owner=owner, quiet=quiet)

    def _start_children(self) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "reviews_portal"]
        commands = {
            "web": [
                sys.executable,
                "-m",
                "gunicorn",
                "reviews_portal.wsgi",
                "--bind",
                f"127.0.0.1:{self.port}",
                "--worker-class",
                "gthread",
                "--workers",
                "2",
                "--threads",
                "4",
                "--keep-alive",
                "30",
                "--timeout",
                "60",
            ],
            "worker": [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"],
            "beat": [*celery, "beat", "--schedule", str(self.folder / "beat-schedule"), "--loglevel", "WARNING"],
        }
        for name, command in commands.items():
            child = Child(name, command, self.folder / f"{name}.log", self.env)
            child.start()
            self.children.append(child)

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self._is_ready():
                return
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    raise ServiceError(f"make: {child.name} did not start; see {child.log}")
            time.sleep(0.2)
        raise ServiceError(f"make: the portal was not ready within {PATIENCE} s; see {self.folder}/web.log")

    def _is_ready(self) -> bool:
        address = f"{self.address}/readyz?strict=1"
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def watch(self) -> None:
        """Keeps everything alive until somebody stops us."""
        while True:
            for service in (self.postgres, self.valkey):
                if service and service.process is not None and service.process.poll() is not None:
                    print(f"! {type(service).__name__} ended; started again", flush=True)
                    service.start()
            for child in self.children:
                child.watch()
            time.sleep(0.5)

    def stop(self) -> None:
        """Takes the portal down before its services."""
        for child in self.children:
            child.stop()
        for child in self.children:
            child.wait(15)
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop()


class Stopped(Exception):
    """Somebody asked us to end."""


def _stop_on_signals() -> None:
    def stop(number: int, frame: object) -> None:
        raise Stopped

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def reset(folder: Path) -> None:
    """Asks, then removes everything `make run` has made."""
    home = data_home(folder, plain_account()) if folder.exists() else folder
    answer = input(f"Remove {folder} with all its data? [y/N] ")
    if answer.strip().lower() != "y":
        print("kept")
        return
    for place in {folder, home}:
        shutil.rmtree(place, ignore_errors=True)
    print("removed")


def main() -> None:
    """`python -m stack.supervisor [--port N] [--folder DIR] [--reset]`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--reset", action="store_true")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--folder", type=Path, default=ROOT / "var")
    arguments = parser.parse_args()
    if arguments.reset:
        reset(arguments.folder)
        return
    _stop_on_signals()
    portal = Portal(arguments.folder, arguments.port)
    try:
        portal.start()
        portal.watch()
    except Stopped:
        print("\nstopping …", flush=True)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        portal.stop()


if __name__ == "__main__":
    main()
