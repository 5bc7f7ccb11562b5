"""The embedded servers, really started and really killed."""

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from stack import services
from stack.services import OWNER, RUNTIME, Postgres, Valkey, socket_folder


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Postgres]:
    tmp_path.chmod(0o755)
    postgres = Postgres(tmp_path)
    postgres.initialise()
    postgres.start()
    yield postgres
    postgres.stop()


def test_chinese_words_have_trigrams_and_committed_rows_survive_a_kill(cluster: Postgres) -> None:
    shown = cluster.psql("CREATE EXTENSION pg_trgm; SELECT show_trgm('窗口不收现金')")
    assert shown != "[([],)]"
    cluster.psql("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    cluster.kill()
    cluster.start()
    assert cluster.psql("SELECT n FROM kept") == "[(7,)]"


def test_the_runtime_role_owns_nothing_and_passwords_are_asked(cluster: Postgres) -> None:
    with psycopg2.connect(cluster.url(RUNTIME)) as connection, connection.cursor() as cursor:
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE TABLE mine (n int)")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(cluster.url(OWNER).replace(cluster.password(OWNER), "wrong"))


def test_the_socket_folder_is_private_and_short(cluster: Postgres, tmp_path: Path) -> None:
    assert stat.S_IMODE(os.stat(cluster.sockets).st_mode) == 0o700
    deep = tmp_path / ("d" * 90)
    assert len(str(socket_folder(deep))) < 80


def test_valkey_keeps_what_it_was_told(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path)
    valkey.start()
    assert valkey.answers()
    valkey.kill()
    assert not valkey.answers()
    valkey.start()
    assert valkey.answers()
    valkey.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
def test_servers_die_with_a_killed_parent(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    code = (
        "import os, signal, pathlib; from stack import services; from stack.services import Postgres, Valkey;"
        f"services.CLOSED_HOME = pathlib.Path({str(services.CLOSED_HOME)!r});"
        f"folder = pathlib.Path({str(tmp_path)!r}); p = Postgres(folder); p.initialise(); p.start();"
        "v = Valkey(folder); v.start(); print(p.process.pid, v.process.pid, flush=True);"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 2
    assert all(_gone(pid) for pid in pids)


def _gone(pid: int, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().split()[2] == "Z":
            return True
        time.sleep(0.1)
    return False
