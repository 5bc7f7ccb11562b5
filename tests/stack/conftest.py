"""Clusters of these tests leave nothing behind."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from stack import places


@pytest.fixture(autouse=True)
def closed_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As root the cluster moves out of pytest's closed folder; here into one that goes with the test."""
    home = Path(tempfile.mkdtemp(prefix="portal-home-"))
    home.chmod(0o755)
    monkeypatch.setattr(places, "CLOSED_HOME", home)
    yield
    shutil.rmtree(home)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, with a short path."""
    folder = Path(tempfile.mkdtemp(prefix="portal-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def family(pid: int) -> list[psutil.Process]:
    """All processes below one."""
    return psutil.Process(pid).children(recursive=True)


def all_gone(processes: list[psutil.Process], seconds: float = 20) -> bool:
    """Whether processes end by themselves; one that is dead and not yet fetched counts as gone."""
    _gone, alive = psutil.wait_procs(processes, timeout=seconds)
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive if process.is_running())
