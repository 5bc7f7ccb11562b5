"""Checks of the deployment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from common.ids import new_token
from evaluations.actions.inviting import invitation_text, reminder_text
from evaluations.limits import read_limit


def invitation_fits(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The SMS that invites to rate, and the reminder, fit one message each, with the portal's own address in it."""
    if not settings.INVITE_RATINGS:
        return []
    try:
        for text in (invitation_text, reminder_text):
            text(new_token(16))
    except ValueError as error:
        return [Error(str(error), hint="Use a shorter PORTAL_URL, or INVITE_RATINGS=off.", id="evaluations.E001")]
    return []


def limits_are_readable(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every limit of ratings is written so that it can be read: told at the start, not to the first who rates."""
    found: list[CheckMessage] = []
    for kind, told in settings.RATING_LIMITS.items():
        try:
            read_limit(f"RATING_LIMIT_{kind.upper()}", told)
        except ImproperlyConfigured as error:
            found.append(Error(str(error), id="evaluations.E002"))
    return found
