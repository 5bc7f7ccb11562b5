"""What `make run` says when it cannot: one clear line each."""

import socket
from pathlib import Path

import pytest

from stack import run
from stack.services import Postgres, ServiceError
from stack.supervisor import require_free


def test_an_old_python_is_named() -> None:
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed, this is 3\.9\.2"):
        run.check_python((3, 9, 2))
    run.check_python((3, 12, 0))


def test_a_full_disk_is_named_before_installing(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="the disk is full: 12 MB free"):
        run.check_disk(tmp_path, free_megabytes=12)


def test_a_taken_port_says_which_command_to_give() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ServiceError, match=f"port {port} is taken; choose another: make run PORT={port + 1}"):
            require_free(port)


def test_an_interrupted_installation_is_repaired(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its marker an installation is done again; with it, it is not."""
    calls: list[list[str]] = []
    monkeypatch.setattr(run, "VENV", tmp_path)
    monkeypatch.setattr(run, "PYTHON", tmp_path / "bin" / "python")

    def note(command: list[str], complaint: str) -> None:
        calls.append(command)
        tmp_path.mkdir(exist_ok=True)

    monkeypatch.setattr(run, "_call", note)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    requirements = tmp_path.with_suffix(".txt")
    requirements.write_text("x==1")
    run.install(requirements)
    assert ["-m", "venv"] == calls[0][1:3]
    assert "--require-hashes" in calls[1]
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    calls.clear()
    run.install(requirements)
    assert calls == []
    (tmp_path / f"installed-{requirements.stem}").unlink()
    run.install(requirements)
    assert [command[1:4] for command in calls] == [["-m", "pip", "install"]]


def test_another_major_version_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    cluster = Postgres(tmp_path)
    cluster.data.mkdir()
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(ServiceError, match="was written by PostgreSQL 15, this is 18: export it with pg_dump"):
        cluster.initialise()
    assert (cluster.data / "PG_VERSION").read_text() == "15\n"
