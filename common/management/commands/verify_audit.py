"""Recomputes the audit chain; names the first bad row and ends with 1 if there is one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.queries import verify_audit


class Command(BaseCommand):
    help = "Recomputes the audit chain and prints its head, to be written down outside the database."

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_audit()
        if verdict.fault:
            raise CommandError(f"audit chain broken: {verdict.fault}")
        self.stdout.write(f"complete: {verdict.rows} rows in {verdict.seals} seals, {verdict.unsealed} not yet sealed")
        self.stdout.write(f"head {verdict.head}")
