"""Checks of the deployment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from appeals.ballot import SEATS


def odd_panels(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A panel has an odd number of seats, three at least (docs/domain.md §7.3)."""
    if settings.APPEAL_SEATS in SEATS:
        return []
    hint = f"One of {', '.join(map(str, SEATS))}."
    return [Error(f"APPEAL_SEATS is {settings.APPEAL_SEATS}", hint=hint, id="appeals.E001")]


def a_scanner(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without a scanner, recordings given as evidence are known by their contents only."""
    if settings.SCANNER_ADDRESS:
        return []
    hint = "Set SCANNER_ADDRESS to clamd, host:port or the path of its socket."
    return [Warning("no scanner looks into evidence of appeals", hint=hint, id="appeals.W001")]
