"""What `make run` says when it cannot: one clear line each."""

import io
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack.claim import Claim, port_number
from stack.install import _call, install
from stack.processes import ROOT
from stack.python import suitable_python
from stack.reset import reset
from stack.services import Postgres
from stack.steps import Refused, check_disk, complaint
from stack.supervisor import require_broker


def test_an_old_python_is_named() -> None:
    with pytest.raises(
        SystemExit, match=r"^make: Python 3\.11 or newer is needed, this is 3\.9\.2; try make run PYTHON="
    ):
        suitable_python("/usr/bin/python3", (3, 9, 2), ())


def test_a_newer_python_is_found_beside_an_old_one() -> None:
    assert suitable_python("old", (3, 12, 0)) == "old"
    found = suitable_python("old", (3, 9, 2), ("no-such-python", sys.executable))
    assert found == sys.executable


def test_what_an_old_python_reads_uses_no_newer_words() -> None:
    """3.6 must get as far as the refusal: no annotations from the future, no unions, no match."""
    for name in ("run.py", "python.py"):
        text = (ROOT / "stack" / name).read_text()
        compile(text, name, "exec", dont_inherit=True)
        assert not re.search(r"__future__|match |:=| \| |tuple\[|list\[", text), name


def test_a_full_disk_is_named_before_installing(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^make: the disk is full: 12 MB free in .+, 600 MB are needed$"):
        check_disk(tmp_path, 600, free=12)
    check_disk(tmp_path, 1)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "Traceback …\n  File\nOSError: [Errno 28] No space left on device: 'x'\n",
            "the disk is full: No space left on device",
        ),
        ("LOG: a\nFATAL:  lock file exists\nHINT: b\n", "lock file exists"),
        (
            "ERROR: first\nERROR: No matching distribution found for x\n[notice] y\n",
            "No matching distribution found for x",
        ),
        (
            "Traceback …\n  File\ndb.OperationalError: refused\n\tIs the server running?\n",
            "db.OperationalError: refused Is the server running?",
        ),
        ("", "no message"),
    ],
)
def test_a_failed_program_is_told_in_one_line(said: str, line: str) -> None:
    assert complaint(said) == line


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_says_which_command_to_give(taken: int, open_folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stack.supervisor", "--folder", str(open_folder), "--port", str(taken)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr == f"make: port {taken} is taken; choose another: make run PORT={taken + 1}\n"


@pytest.mark.parametrize("typed", ["70000", "0", "-1", "abc", ""])
def test_a_port_that_does_not_exist(typed: str) -> None:
    with pytest.raises(Refused, match=rf"^make: there is no port {typed}; choose one: make run PORT=8000$"):
        port_number(typed)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere.sock?virtual_host=0", "no-such://x"])
def test_a_broker_that_does_not_answer(url: str) -> None:
    with pytest.raises(Refused, match=r"^make: REDIS_URL leads to no server that answers: [^\n]+$"):
        require_broker(url)


def test_two_portals_do_not_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Claim(tmp_path), Claim(tmp_path)
    first.take("http://127.0.0.1:8000")
    with pytest.raises(Refused, match=rf"already \(http://127\.0\.0\.1:8000, process {os.getpid()}\); stop it first"):
        second.take("http://127.0.0.1:8001")
    second.release()
    with pytest.raises(Refused, match="stop it first"):
        reset(tmp_path)
    first.release()
    second.take("http://127.0.0.1:8001")
    assert not second.after_a_kill
    second.release()


def test_another_major_version_is_refused(open_folder: Path) -> None:
    cluster = Postgres(open_folder)
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Refused, match="was written by PostgreSQL 15, this is 18: export it with pg_dump"):
        cluster.initialise()
    assert (cluster.data / "PG_VERSION").read_text() == "15\n"


def test_an_interrupted_installation_is_repaired(tmp_path: Path) -> None:
    """A real virtual environment: finished once, then as a killed installation leaves it."""
    requirements, venv = tmp_path / "none.txt", tmp_path / "venv"
    requirements.write_text("# nothing\n")
    install(requirements, venv, tmp_path)
    kept, half = venv / "kept", venv / "half-a-package"
    kept.touch()
    install(requirements, venv, tmp_path)
    assert kept.exists()
    half.touch()
    (venv / "installing").touch()
    install(requirements, venv, tmp_path)
    assert (venv / "bin" / "python").exists()
    assert not half.exists()
    requirements.write_text(f"{tmp_path}/missing-1.0-py3-none-any.whl --hash=sha256:{'0' * 64}\n")
    with pytest.raises(Refused, match=r"^make: could not install the packages: [^\n]+ the same command again repairs"):
        install(requirements, venv, tmp_path)
    assert (venv / "installing").exists()


def test_an_installation_that_was_killed_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^make: could not install the packages: it was killed; see .+install\.log; the"):
        _call(["/bin/sh", "-c", "echo Installing packages: a, b; kill -9 $$"], tmp_path, "install the packages")


def test_reset_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "var"
    assert not reset(folder)
    (folder / "pg").mkdir(parents=True)
    for said in ("\n", ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(said))
        assert not reset(folder)
    assert (folder / "pg").exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert reset(folder)
    assert not folder.exists()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "nothing to remove"
    assert said[1].endswith("[y/N] kept")
    assert said[2].endswith("kept, since nobody answered; without a terminal: echo y | make reset")
