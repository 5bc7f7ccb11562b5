"""The vault as configured, and the names a text is searched for."""

from __future__ import annotations

import base64
from functools import lru_cache

from django.conf import settings

from identity.crypto import Vault, parse_keys
from identity.redaction import Known
from organizations.queries import names_of_staff, names_of_structure


def vault() -> Vault:
    """The vault with the keys and algorithm of the settings."""
    return Vault(
        parse_keys(settings.IDENTITY_KEYS), base64.b64decode(settings.BLIND_INDEX_KEY), settings.IDENTITY_ALGORITHM
    )


def known_names() -> Known:
    """The names of all staff, to be hidden wherever they stand, and those of offices and matters, to stay readable.

    For `find_personal` and `redact`; sorted anew only when a name has changed.
    """
    return _sorted(names_of_staff(), names_of_structure())


@lru_cache(maxsize=1)
def _sorted(staff: tuple[str, ...], structure: tuple[str, ...]) -> Known:
    return Known(staff, readable=structure)
