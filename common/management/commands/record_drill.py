"""Keeps what came of a backup or a restore drill, for the page of the system administrator (docs/operations.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg2
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from common.actions import record_drill
from common.actors import SYSTEM
from common.enums import Drill
from common.queries import Copy, look_into_copy


class Command(BaseCommand):
    help = "Keeps the result of a backup or a restore drill. Ends with 1 if it failed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=Drill.values)
        parser.add_argument("--database", help="address of the restored copy: its trail is compared with ours")
        parser.add_argument("--until", help="up to when what was saved or found goes, as 2026-11-26T03:00:00+08:00")
        parser.add_argument("--seconds", type=int)
        parser.add_argument("--bytes", type=int)
        parser.add_argument("--failed", action="store_true")
        parser.add_argument("--note", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        copy, note = self._copy(options["database"], options["note"])
        succeeded = not options["failed"] and not (options["database"] and not (copy and copy.matches))
        run = record_drill(
            Drill(options["kind"]),
            succeeded=succeeded,
            by=SYSTEM,
            at=timezone.now(),
            data_until=self._until(options["until"]) or (copy.until if copy else None),
            seconds=options["seconds"],
            size=options["bytes"],
            rows=copy.rows if copy else None,
            note=note,
        )
        if not succeeded:
            raise CommandError(f"{run.kind} failed {run.note}".strip())
        self.stdout.write(f"{run.kind} recorded, data until {run.data_until}")

    def _copy(self, address: str | None, note: str) -> tuple[Copy | None, str]:
        """What a copy holds; why it is none of ours goes into the note, without its address."""
        if not address:
            return None, note
        try:
            copy = look_into_copy(address)
        except psycopg2.Error as error:
            return None, f"{note} {type(error).__name__}".strip()
        return copy, note if copy.matches else f"{note} the last seal of the copy is none of ours".strip()

    def _until(self, text: str | None) -> datetime | None:
        if not text:
            return None
        found = parse_datetime(text)
        if found is None:
            raise CommandError("--until: a moment such as 2026-11-26T03:00:00+08:00")
        return found if timezone.is_aware(found) else timezone.make_aware(found)
