"""An early pytest plugin: one embedded PostgreSQL and Valkey for the whole run, before Django reads its settings.

The controller starts them; workers inherit the addresses in the environment.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from stack.services import Postgres, Valkey
from tools.messages import compile_catalogue

MARK = "PORTAL_TEST_SERVICES"


class Services:
    """The servers of one test run."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
        self.folder.chmod(0o755)
        self.postgres = Postgres(self.folder, durable=False)
        self.valkey = Valkey(self.folder)

    def start(self) -> None:
        """Compiles the English texts, starts both servers and puts their addresses where Django looks."""
        compile_catalogue()
        self.postgres.initialise()
        self.postgres.start()
        self.valkey.start()
        os.environ[MARK] = str(self.folder)
        os.environ["PORTAL_MODE"] = "test"
        # Tests make and drop databases and look behind triggers: they run as the superuser.
        os.environ["DATABASE_URL"] = self.postgres.url("postgres", "postgres")
        os.environ["REDIS_URL"] = self.valkey.url
        os.environ["MEDIA_ROOT"] = str(self.folder / "media")
        os.environ["STATIC_ROOT"] = str(self.folder / "static")

    def stop(self) -> None:
        """Ends both and removes their folder."""
        self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


if MARK not in os.environ:
    _services = Services()
    atexit.register(_services.stop)
    _services.start()


@pytest.hookimpl(tryfirst=True)
def pytest_report_header() -> str:
    return f"services: {os.environ[MARK]}"
