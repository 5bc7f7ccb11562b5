"""Identifiers: time-ordered for tables, random and readable for people."""

import hashlib
import hmac
import secrets
import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# No I, L, O, U, 0 or 1: read over the telephone and typed from paper.
READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7(at: datetime) -> uuid.UUID:
    """A UUID version 7 (RFC 9562 §5.7) of a moment: 48 bits of milliseconds, the rest random.

    Args:
        at: aware; `moment_of` gives it back, to the millisecond.
    """
    value = (_milliseconds(at) << 80) | secrets.randbits(80)
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def first_uuid7(at: datetime) -> uuid.UUID:
    """The lowest identifier of a moment: all that were made at it or later are not below."""
    return uuid.UUID(int=_milliseconds(at) << 80)


def moment_of(identifier: uuid.UUID) -> datetime:
    """The moment a UUID version 7 was made for, to the millisecond."""
    return EPOCH + timedelta(milliseconds=identifier.int >> 80)


def _milliseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)


def readable_number() -> str:
    """A random public number such as "7KQ4-2M9X" (about 39 bits): neither guessable nor sequential."""
    letters = "".join(secrets.choice(READABLE) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_token(size: int = 20) -> str:
    """A secret for a link, URL-safe.

    Args:
        size: in bytes; 16 (128 bits, 22 characters) where an SMS has no room for more.
    """
    return secrets.token_urlsafe(size)


def keyed_hash(purpose: str, value: str) -> str:
    """HMAC-SHA256 of a secret under the portal's key: what is stored instead of the secret.

    A plain hash of six digits could be undone in a second; this one only with the key.
    """
    return hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_from(purpose: str, seed: str) -> str:
    """Six digits that belong to a seed: pressing the button again shows the same code without storing it."""
    number = int.from_bytes(
        hmac.new(settings.SECRET_KEY.encode(), f"{purpose}:{seed}".encode(), hashlib.sha256).digest()[:8]
    )
    return f"{number % 1_000_000:06d}"
