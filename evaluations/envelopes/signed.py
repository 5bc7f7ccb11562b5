"""Mode B, the default: four headers and a signature over time, nonce and body (domain.md §13.1). Pure.

The signature is HMAC-SM3 or SM2 over `timestamp ‖ nonce ‖ SM3(body)`, the hash as 64 lower-case hex digits. The first
part has a fixed length and so has the last, hence no two requests share one text. Which of the two it is follows from
the key that was agreed on, never from the request.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import constant_time, hashes, hmac

from evaluations.envelopes import sm2
from evaluations.envelopes.faults import BadEnvelope, Fault
from evaluations.envelopes.reading import BODY_LIMIT, check_size

SKEW = timedelta(minutes=5)
# How far apart two moments can lie at which one signed request is accepted: so long it is remembered.
REPEATABLE = 2 * SKEW
SECRET_BYTES_MIN = 16
HEADER_NAMES = {
    "app_id": "X-App-Id",
    "timestamp": "X-Timestamp",
    "nonce": "X-Nonce",
    "signature": "X-Signature",
}
_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_HMAC = re.compile(r"[0-9A-Fa-f]{64}")


@dataclass(frozen=True)
class Headers:
    """What a signed request says of itself."""

    app_id: str
    timestamp: str
    nonce: str
    signature: str

    def as_http(self) -> dict[str, str]:
        """Under the names that travel."""
        return {name: getattr(self, field) for field, name in HEADER_NAMES.items()}


@dataclass(frozen=True)
class HmacKey:
    """A secret shared with one partner, at least 16 bytes; of a secret handed out as text, its UTF-8 bytes."""

    secret: bytes


@dataclass(frozen=True)
class Sm2Public:
    """A partner's public key in hex: its signatures can be checked, not made."""

    key: str


@dataclass(frozen=True)
class Sm2Private:
    """A sender's private key in hex."""

    key: str


def read_headers(http: Mapping[str, str]) -> Headers:
    """The four headers, their names in any case. Raises BadEnvelope naming the one that is missing or empty."""
    given = {name.lower(): value for name, value in http.items()}
    missing = [name for name in HEADER_NAMES.values() if not given.get(name.lower())]
    if missing:
        raise BadEnvelope(Fault.MISSING_HEADER, f"missing header {missing[0]}")
    return Headers(**{field: given[name.lower()] for field, name in HEADER_NAMES.items()})


def new_nonce() -> str:
    """32 random hex digits."""
    return secrets.token_hex(16)


def sign(body: bytes, *, app_id: str, key: HmacKey | Sm2Private, at: datetime, nonce: str) -> Headers:
    """The headers under which a sender posts `body`.

    Args:
        at: the sender's present, aware.
        nonce: 16 to 64 letters, digits, - or _; never used twice (`new_nonce`).

    Raises BadEnvelope for a bad key, or for an SM2 key without SM2.
    """
    timestamp = str(int(at.timestamp()))
    text = signed_text(timestamp, nonce, body)
    signature = _mac(key, text) if isinstance(key, HmacKey) else sm2.sign(key.key, text)
    return Headers(app_id, timestamp, nonce, signature)


def verify(
    headers: Headers,
    body: bytes,
    *,
    key: HmacKey | Sm2Public,
    at: datetime,
    skew: timedelta = SKEW,
    limit: int = BODY_LIMIT,
) -> None:
    """Accepts a request, or raises BadEnvelope.

    The caller has looked up the key by `headers.app_id`. Afterwards it refuses what `remember` names: a nonce is noted
    only for a request that was signed, so that strangers cannot fill the memory.

    Args:
        at: the receiver's present, aware.
        skew: how far the sender's clock may be off, either way; the edge counts as in time.
        limit: bytes of the body.
    """
    check_size(body, limit)
    if abs(_moment(headers) - at) > skew:
        raise BadEnvelope(Fault.STALE, f"the timestamp is more than {skew.total_seconds():.0f} s from our clock")
    if not _NONCE.fullmatch(headers.nonce):
        raise BadEnvelope(Fault.BAD_NONCE, "a nonce has 16 to 64 letters, digits, - or _")
    if not _matches(key, signed_text(headers.timestamp, headers.nonce, body), headers.signature):
        raise BadEnvelope(Fault.BAD_SIGNATURE, "the signature does not belong to this body, time and nonce")


def remember(headers: Headers) -> str:
    """What to remember of a verified request for `REPEATABLE`, so that it counts once."""
    return f"B:{headers.app_id}:{headers.nonce}"


def signed_text(timestamp: str, nonce: str, body: bytes) -> bytes:
    """The text that is signed: timestamp, nonce, and the SM3 hash of the body in lower-case hex."""
    return f"{timestamp}{nonce}{sm2.sm3(body).hex()}".encode("utf-8", "surrogatepass")


def _moment(headers: Headers) -> datetime:
    if not _TIMESTAMP.fullmatch(headers.timestamp):
        raise BadEnvelope(Fault.BAD_TIME, "a timestamp is the Unix time in seconds, 10 digits")
    return datetime.fromtimestamp(int(headers.timestamp), UTC)


def _matches(key: HmacKey | Sm2Public, text: bytes, signature: str) -> bool:
    if isinstance(key, Sm2Public):
        return sm2.verify(key.key, text, signature)
    if not _HMAC.fullmatch(signature):
        return False
    return constant_time.bytes_eq(_mac(key, text).encode(), signature.lower().encode())


def _mac(key: HmacKey, text: bytes) -> str:
    if len(key.secret) < SECRET_BYTES_MIN:
        raise BadEnvelope(Fault.BAD_KEY, f"a secret has at least {SECRET_BYTES_MIN} bytes")
    mac = hmac.HMAC(key.secret, hashes.SM3())
    mac.update(text)
    return mac.finalize().hex()
