"""The supervisor as a process: cold start, second start, every way to end it, and what it leaves behind."""

import os
import pty
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from stack.processes import ROOT
from tests.stack.conftest import all_gone, family
from tests.support.portal import free_port

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
SERVERS = {"DATABASE_URL", "REDIS_URL", "PORTAL_TEST_SERVICES", "PORTAL_TEST_SERVER"}
CLEAN = SERVERS | {"MEDIA_ROOT", "STATIC_ROOT", "MAKELEVEL"}


class Run:
    """One `python -m stack.supervisor`, with what it has printed."""

    def __init__(self, folder: Path, *arguments: str, **env: str) -> None:
        self.port = free_port()
        inherited = {name: value for name, value in os.environ.items() if name not in CLEAN}
        command = [sys.executable, "-u", "-m", "stack.supervisor", "--folder", str(folder), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, *arguments],
            cwd=ROOT,
            env={**inherited, "PORTAL_MODE": "test", **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    def wait_for(self, pattern: str, seconds: float = 60) -> re.Match[str]:
        """The line that matches; fails when the supervisor ends or the time is up."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for line in list(self.lines):
                if found := re.search(pattern, line):
                    return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError("".join(self.lines))

    def services(self) -> list[psutil.Process]:
        """Everything it has started, once the addresses are printed."""
        self.wait_for("^REDIS_URL=.+valkey")
        return family(self.process.pid)

    def database(self) -> str:
        return self.wait_for("^DATABASE_OWNER_URL=(.+)")[1]

    def end(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        status = self.process.wait(30)
        self.reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status

    def ready(self) -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz?strict=1", timeout=10) as answer:
            return answer.status == 200


@pytest.fixture
def runs(open_folder: Path) -> Iterator[list[Run]]:
    """Runs that a failed test has left are ended."""
    started: list[Run] = []
    yield started
    for run in started:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)


def services(folder: Path, runs: list[Run], **env: str) -> Run:
    runs.append(Run(folder, "--services", **env))
    return runs[-1]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_cleanly(open_folder: Path, runs: list[Run], how: signal.Signals) -> None:
    run = services(open_folder, runs)
    started = run.services()
    assert {"postgres", "valkey-server"} <= {process.name() for process in started}
    assert run.end(how) == 0
    assert all_gone(started, 1)
    assert run.lines[-1] == "stopping …\n"
    assert "database system is shut down" in (open_folder / "postgres.log").read_text()


def test_a_closed_terminal_ends_everything_even_if_nobody_says_so(open_folder: Path) -> None:
    """make, as the first process in a terminal, keeps the hang-up to itself."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "stack.supervisor", "--services", "--folder", str(open_folder)]
    env = {name: value for name, value in os.environ.items() if name not in CLEAN}
    with subprocess.Popen(
        [*command, "--port", str(free_port())], cwd=ROOT, env=env, stdin=slave, stdout=slave, stderr=slave
    ) as process:
        os.close(slave)
        said = b""
        while b"REDIS_URL=" not in said:
            said += os.read(master, 4096)
        started = family(process.pid)
        assert len(started) > 2
        os.close(master)
        try:
            assert process.wait(15) == 0
        finally:
            process.kill()
    assert all_gone(started, 1)
    assert "database system is shut down" in (open_folder / "postgres.log").read_text()


@ON_LINUX
def test_a_killed_supervisor_leaves_nothing_and_the_next_start_finds_all_rows(
    open_folder: Path, runs: list[Run]
) -> None:
    run = services(open_folder, runs)
    started = run.services()
    execute(run.database(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    run.end(signal.SIGKILL)
    again = services(open_folder, runs)
    assert all_gone(started)
    assert execute(again.database(), "SELECT n FROM kept") == [(7,)]


@ON_LINUX
def test_everything_killed_at_once_leaves_stale_files_that_are_no_hindrance(open_folder: Path, runs: list[Run]) -> None:
    run = services(open_folder, runs)
    started = run.services()
    execute(run.database(), "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    run.process.kill()
    for process in started:
        process.kill()
    run.end(signal.SIGKILL)
    assert (open_folder / "pg" / "postmaster.pid").exists()
    again = services(open_folder, runs)
    assert execute(again.database(), "SELECT n FROM kept") == [(7,)]


def test_a_crashed_server_is_started_again(open_folder: Path, runs: list[Run]) -> None:
    run = services(open_folder, runs)
    servers = {process.name(): process for process in run.services()}
    servers["valkey-server"].kill()
    run.wait_for("^! Valkey ended unexpectedly; it is started again now")
    postmaster = next(p for p in psutil.Process(run.process.pid).children() if p.name() == "postgres")
    postmaster.kill()
    run.wait_for("^! PostgreSQL ended unexpectedly")
    assert soon(lambda: execute(run.database(), "SELECT 1") == [(1,)])


def test_a_second_start_in_the_same_folder_is_refused(open_folder: Path, runs: list[Run]) -> None:
    first = services(open_folder, runs)
    first.services()
    second = services(open_folder, runs)
    second.process.wait(30)
    second.reader.join(10)
    assert second.process.returncode == 1
    assert re.fullmatch(
        r"make: the portal is running from here already .+; stop it first, with Ctrl-C\n", second.lines[-1]
    )
    assert execute(first.database(), "SELECT 1") == [(1,)]


def test_settings_of_postgresql_clients_lead_nowhere_else(open_folder: Path, runs: list[Run]) -> None:
    run = services(open_folder, runs, PGHOST="db.invalid", PGHOSTADDR="192.0.2.1", PGPORT="1", PGOPTIONS="-c x=y")
    assert execute(run.database(), "SELECT 1") == [(1,)]


def test_an_unreachable_database_of_ones_own_is_one_line(open_folder: Path, runs: list[Run]) -> None:
    runs.append(Run(open_folder, DATABASE_URL="postgres://nobody:x@127.0.0.1:1/none"))
    run = runs[-1]
    run.process.wait(60)
    run.reader.join(10)
    assert run.process.returncode == 1
    assert re.fullmatch(r"make: could not prepare the database: .*Connection refused.*failure\.log\n", run.lines[-1])
    assert not (open_folder / "pg").exists()


@ON_LINUX
@pytest.mark.faults
@pytest.mark.timeout(600)
def test_the_whole_portal_starts_stays_up_and_starts_again_quickly(open_folder: Path, runs: list[Run]) -> None:
    """Everything but the demo city: web, workers and clock killed and started again, then the supervisor."""
    runs.append(Run(open_folder))
    run = runs[-1]
    run.wait_for("^Ctrl-C stops the portal", 180)
    assert run.ready()
    for name, word in (("web", "gunicorn"), ("worker", "worker"), ("bulk", "bulk"), ("beat", "beat")):
        next(p for p in psutil.Process(run.process.pid).children() if word in p.cmdline()).kill()
        run.wait_for(f"^! {name} ended unexpectedly")
    assert soon(run.ready)
    started = family(run.process.pid)
    run.end(signal.SIGKILL)
    assert all_gone(started)
    runs.append(Run(open_folder))
    again = runs[-1]
    again.wait_for("^Ctrl-C stops the portal", 180)
    assert again.ready()
    assert again.end(signal.SIGTERM) == 0


def execute(url: str, statement: str) -> list[tuple]:
    """Runs a statement and commits; the rows if there are any."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def soon(question: object, seconds: float = 40) -> bool:
    """Asks until the answer is yes; an error is a no."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if question():  # type: ignore[operator]
                return True
        except (OSError, psycopg2.Error):
            pass
        time.sleep(0.2)
    return False
