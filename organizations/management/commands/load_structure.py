"""Loads regions, units, halls, windows, items, staff or memberships from a CSV file."""

import csv
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actors import SYSTEM
from organizations.management.structure_files import KINDS, BadFile, load


class Command(BaseCommand):
    help = "Brings structure in line with a CSV file; all or nothing, safe to repeat. See docs/operations.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything, store nothing")
        parser.add_argument("--passwords", type=Path, help="new file for the one-time passwords of new staff")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path | None = options["passwords"]
        if target is not None and target.exists():
            raise CommandError(f"{target}: {_('文件已存在')}")
        try:
            report = load(
                options["kind"],
                options["file"].read_bytes(),
                by=SYSTEM,
                at=timezone.now(),
                dry_run=options["dry_run"],
                with_passwords=target is not None,
            )
        except OSError as error:
            raise CommandError(str(error)) from error
        except BadFile as bad:
            raise CommandError(f"{bad}\n{_('没有写入任何内容。')}") from bad
        if target is not None and not options["dry_run"]:
            _write(target, report.passwords)
        counts = {name: report.counts[name] for name in ("new", "changed", "same")}
        self.stdout.write(_("新增 %(new)d,修改 %(changed)d,未变 %(same)d") % counts)
        if options["dry_run"]:
            self.stdout.write(_("试运行:没有写入任何内容。"))


def _write(target: Path, passwords: dict[str, str]) -> None:
    """Readable by its owner alone."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", newline="") as lines:
        csv.writer(lines).writerows([("username", "password"), *passwords.items()])
