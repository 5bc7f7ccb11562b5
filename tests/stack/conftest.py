"""Clusters of these tests leave nothing behind."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stack import services


@pytest.fixture(autouse=True)
def closed_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As root the cluster moves out of pytest's closed folder; here into one that goes with the test."""
    home = Path(tempfile.mkdtemp(prefix="portal-home-"))
    home.chmod(0o755)
    monkeypatch.setattr(services, "CLOSED_HOME", home)
    yield
    shutil.rmtree(home)
