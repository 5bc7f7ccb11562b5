"""Builds the demo city once; refuses in production."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from organizations.models import Staff
from reviews_portal.demo.city import build_city


class Command(BaseCommand):
    help = "Builds the demo city (invented people and cases) in an empty database; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("PORTAL_MODE=production: demo data and demo accounts are refused")
        if Staff.objects.filter(demo=True).exists():
            self.stdout.write("demo city is there already")
            return
        began = time.monotonic()
        # A city half built would look like a whole one to the next start.
        with transaction.atomic():
            build_city(now=timezone.now(), report=lambda line: self._report(line, began))

    def _report(self, line: str, began: float) -> None:
        self.stdout.write(f"  {time.monotonic() - began:5.1f} s  {line}")
        self.stdout.flush()
