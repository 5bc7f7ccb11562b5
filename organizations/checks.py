"""Checks of the deployment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError


def no_demo_accounts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Demo accounts have a published password: none may exist in production."""
    if not settings.PRODUCTION:
        return []
    try:
        count = apps.get_model("organizations", "Staff").objects.filter(demo=True).count()
    except DatabaseError:
        return []
    if not count:
        return []
    hint = "This database holds the demo city. Use an empty one in production."
    return [Error(f"{count} demo accounts in production", hint=hint, id="organizations.E001")]
