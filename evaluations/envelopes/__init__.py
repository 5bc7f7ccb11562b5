"""How messages between systems are sealed and opened. Pure: keys, times and limits are arguments.

`signed` is mode B, the default; `legacy` is mode A, the provinces' own, with Jining's fields encrypted one by one;
`sm2` wraps the cipher. Every envelope that is refused raises `BadEnvelope` with a code, never anything else.
"""

from evaluations.envelopes import sm2
from evaluations.envelopes.faults import BadEnvelope, Fault
from evaluations.envelopes.legacy import (
    LegacyEnvelope,
    decrypt_fields,
    encrypt_fields,
    open_legacy,
    read_legacy,
    remember_legacy,
    seal_legacy,
)
from evaluations.envelopes.reading import BODY_LIMIT, read_json, read_object
from evaluations.envelopes.signed import (
    REPEATABLE,
    SKEW,
    Headers,
    HmacKey,
    Sm2Private,
    Sm2Public,
    new_nonce,
    read_headers,
    remember,
    sign,
    verify,
)

__all__ = [
    "BODY_LIMIT",
    "REPEATABLE",
    "SKEW",
    "BadEnvelope",
    "Fault",
    "Headers",
    "HmacKey",
    "LegacyEnvelope",
    "Sm2Private",
    "Sm2Public",
    "decrypt_fields",
    "encrypt_fields",
    "new_nonce",
    "open_legacy",
    "read_headers",
    "read_json",
    "read_legacy",
    "read_object",
    "remember",
    "remember_legacy",
    "seal_legacy",
    "sign",
    "sm2",
    "verify",
]
