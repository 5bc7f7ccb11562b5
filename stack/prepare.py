"""Database, reference data and demo city: one process for all of them, since each pays for starting Django.

python -m stack.prepare ROLE ACCOUNTS
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import IO

import django
from django.conf import settings
from django.core.management import call_command

from stack.steps import step
from tools.messages import compile_catalogue


def run(*command: str, out: IO[str] | None = None) -> None:
    """A management command; what it says is not for the person at the keyboard."""
    call_command(*command, stdout=out or io.StringIO())


def prepare(role: str, accounts: Path) -> None:
    """Everything the portal's processes expect to find.

    Args:
        role: the database role they run under.
        accounts: takes what is to be printed about demo accounts, which only this process can look up cheaply.
    """
    with step("database"):
        django.setup()
        run("migrate", "--verbosity=0")
        run("createcachetable")
        run("grant_runtime", "--role", role)
    with step("reference data, translations, static files"):
        compile_catalogue()
        run("load_reference")
        run("collectstatic", "--noinput", "--verbosity=0")
    accounts.write_text("", encoding="utf-8")
    if settings.DEMO:
        with step("demo city (about a minute the first time)"):
            run("seed_demo")
        with accounts.open("w", encoding="utf-8") as out:
            run("demo_accounts", out=out)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reviews_portal.settings")
    prepare(sys.argv[1], Path(sys.argv[2]))
