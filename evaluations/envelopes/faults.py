"""What can be wrong with an envelope. One exception, one code for each reason, so that a partner can act on it."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """The reasons for refusing an envelope; they are part of the interface (docs/intake.md) and never renamed."""

    TOO_LARGE = "too_large"
    MISSING_HEADER = "missing_header"
    BAD_TIME = "bad_time"
    STALE = "stale"
    BAD_NONCE = "bad_nonce"
    BAD_SIGNATURE = "bad_signature"
    BAD_JSON = "bad_json"
    BAD_FORM = "bad_form"
    BAD_SHAPE = "bad_shape"
    MISSING_FIELD = "missing_field"
    BAD_HEX = "bad_hex"
    BAD_CIPHER = "bad_cipher"
    BAD_KEY = "bad_key"
    SM2_UNAVAILABLE = "sm2_unavailable"


class BadEnvelope(ValueError):
    """An envelope that is refused: `code` for the machine, `text` for the engineer. Never repeats keys or contents."""

    def __init__(self, code: Fault, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text
