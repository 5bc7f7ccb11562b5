"""The vault as configured."""

import base64

from django.conf import settings

from identity.crypto import Vault, parse_keys


def vault() -> Vault:
    """The vault with the keys and algorithm of the settings."""
    return Vault(
        parse_keys(settings.IDENTITY_KEYS), base64.b64decode(settings.BLIND_INDEX_KEY), settings.IDENTITY_ALGORITHM
    )
