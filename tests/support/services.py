"""An early pytest plugin: embedded PostgreSQL and Valkey for the run, before Django reads its settings.

The controller's servers carry the portals that run as processes. Each parallel worker has a PostgreSQL of its own for
its tests: transaction numbers belong to a whole server, and the audit seal waits for the oldest one running.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from stack.services import Postgres, Valkey
from tests.support.prepared import begin_as_copy
from tools.messages import compile_catalogue

MARK = "PORTAL_TEST_SERVICES"
SHARED = "PORTAL_TEST_SERVER"


class Services:
    """The servers of one process of the test run."""

    def __init__(self, *, shared: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
        self.folder.chmod(0o755)
        self.postgres = Postgres(self.folder, durable=False)
        self.valkey = Valkey(self.folder) if shared else None

    def start(self) -> None:
        """Starts the servers and puts their addresses where Django looks."""
        if self.valkey:
            os.environ[MARK] = str(self.folder)
        begin_as_copy(self.postgres)
        self.postgres.start()
        # Tests make and drop databases and look behind triggers: they run as the superuser.
        os.environ["DATABASE_URL"] = self.postgres.url("postgres", "postgres")
        if self.valkey:
            compile_catalogue()
            self.valkey.start()
            os.environ["PORTAL_MODE"] = "test"
            os.environ[SHARED] = os.environ["DATABASE_URL"]
            os.environ["REDIS_URL"] = self.valkey.url
            # The demo city's year, without its volume.
            os.environ["DEMO_SERVICES"] = "1500"
            os.environ["MEDIA_ROOT"] = str(self.folder / "media")
            os.environ["STATIC_ROOT"] = str(self.folder / "static")

    def stop(self) -> None:
        """Ends the servers and removes their folder."""
        if self.valkey:
            self.valkey.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


if MARK not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    _services = Services(shared=MARK not in os.environ)
    atexit.register(_services.stop)
    _services.start()


@pytest.hookimpl(tryfirst=True)
def pytest_report_header() -> str:
    return f"services: {os.environ[MARK]}"
