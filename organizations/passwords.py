"""The password rules of 等保 (profile dengbao3): kinds of characters, and a password's age."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_CLASSES = 3


def must_change(changed_at: datetime | None, at: datetime, max_age_days: int | None) -> bool:
    """Whether a password has to be replaced before anything else.

    Args:
        changed_at: when its owner chose it; None for a one-time password.
        max_age_days: None where passwords do not age (profile nist).
    """
    if changed_at is None:
        return True
    return max_age_days is not None and at - changed_at > timedelta(days=max_age_days)


class CharacterClassesValidator:
    """Three of four kinds of characters (GB/T 22239-2019 §8.1.4.1 a: complexity)."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError when fewer than three kinds are used."""
        kinds = [
            any(map(str.islower, password)),
            any(map(str.isupper, password)),
            any(map(str.isdigit, password)),
            any(not character.isalnum() for character in password),
        ]
        if sum(kinds) < LEAST_CLASSES:
            raise ValidationError(self.get_help_text(), code="password_classes")

    def get_help_text(self) -> str:
        return _("密码要包含大写字母、小写字母、数字、符号中的三种。")
