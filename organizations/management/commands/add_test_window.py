"""Adds the window that the portal rates itself, to prove that a bad rating gets in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.actors import SYSTEM
from organizations.actions import Refused, add_test_window
from organizations.models import Hall


class Command(BaseCommand):
    help = "Adds a window for testing to a hall: what is said there counts nowhere. See docs/operations.md, 自检."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("hall", help="code of the hall, e.g. that of the management body")

    def handle(self, *args: Any, **options: Any) -> None:
        hall = Hall.objects.select_related("unit").filter(code=options["hall"]).first()
        if hall is None:
            raise CommandError(f"no hall has the code {options['hall']}")
        try:
            window = add_test_window(hall, by=SYSTEM, at=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(window.key)
