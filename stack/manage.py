"""Several management commands in one process, since each process pays for starting Django.

python -m stack.manage migrate --verbosity=0 -- createcachetable
"""

from __future__ import annotations

import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    """Runs the commands between the `--`, one after the other; the first that fails ends it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviews_portal.settings")
    django.setup()
    command: list[str] = []
    for word in [*sys.argv[1:], "--"]:
        if word != "--":
            command.append(word)
            continue
        call_command(*command)
        command = []


if __name__ == "__main__":
    main()
