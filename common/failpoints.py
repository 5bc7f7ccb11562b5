"""Named places where a test may kill the process, to show that nothing is lost between two steps."""

import os
import signal

from django.conf import settings


def failpoint(name: str) -> None:
    """Kills this process by SIGKILL when the test environment names this point; otherwise does nothing."""
    if settings.FAILPOINTS and os.environ.get("FAILPOINT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
