"""Compares every tally with the raw count; names the first that differs and ends with 1 if there is one."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.queries import pending_days, verify_tallies


class Command(BaseCommand):
    help = "Compares every tally of every grain with the raw count and names the first difference; changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", type=date.fromisoformat, help="only periods from the one that holds this day on")
        parser.add_argument("--until", type=date.fromisoformat, help="only periods up to the one that holds this day")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verify_tallies(options["since"], options["until"])
        if found.difference:
            raise CommandError(f"tallies differ from the raw count: {found.difference}")
        self.stdout.write(f"complete: {found.rows} tallies equal the raw count")
        waiting = pending_days()
        if waiting:
            self.stdout.write(f"{waiting} changes are still to be counted; their days were passed over")
