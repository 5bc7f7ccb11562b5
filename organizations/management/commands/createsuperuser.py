"""There is no account above the three separated administrators."""

from typing import Any

from django.conf import settings
from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        if settings.PRODUCTION:
            raise CommandError("PORTAL_MODE=production: no superusers; see docs/operations.md, first accounts")
        return super().handle(*args, **options)
