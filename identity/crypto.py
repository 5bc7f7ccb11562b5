"""The vault's lock: authenticated encryption with named keys, and the index that finds without decrypting.

A sealed value describes itself:

    1 byte algorithm · 1 byte length of the key id · key id · 12 bytes nonce · ciphertext · 16 bytes tag

Pure: keys come in as arguments, no settings, no database.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class VaultError(Exception):
    """A sealed value cannot be opened: damaged, moved to another row, or its key is not here."""


class _Algorithm(NamedTuple):
    number: int
    cipher: type[algorithms.AES] | type[algorithms.SM4]
    key_bytes: int
    derivation: type[hashes.SHA256] | type[hashes.SM3]


_ALGORITHMS = {
    "aes-256-gcm": _Algorithm(1, algorithms.AES, 32, hashes.SHA256),
    "sm4-gcm": _Algorithm(2, algorithms.SM4, 16, hashes.SM3),
}
_NAMES = {algorithm.number: name for name, algorithm in _ALGORITHMS.items()}
_INDEX_HASHES: dict[str, type[hashes.HashAlgorithm]] = {"sha256": hashes.SHA256, "sm3": hashes.SM3}


class _Sealed(NamedTuple):
    header: bytes
    algorithm: str
    key_id: str
    nonce: bytes
    ciphertext: bytes
    tag: bytes


class Vault:
    """Seals with the first key and the chosen algorithm; opens what any of its keys and algorithms sealed."""

    def __init__(
        self,
        keys: Sequence[tuple[str, bytes]],
        index_key: bytes,
        algorithm: str = "aes-256-gcm",
        index_hash: str = "sha256",
    ) -> None:
        """Args: `keys` as (id, 32 bytes), the first one encrypts; `index_key` 32 bytes, never rotated.

        `algorithm` is "aes-256-gcm" or "sm4-gcm" (GB/T 32907), `index_hash` "sha256" or "sm3" (GB/T 32905).
        Raises ValueError for anything else.
        """
        if algorithm not in _ALGORITHMS or index_hash not in _INDEX_HASHES:
            raise ValueError("unknown algorithm or index hash")
        _check_keys(keys)
        _check_length(index_key)
        self._algorithm = algorithm
        self._primary = keys[0][0]
        # A key of its own per algorithm: the same bytes never serve two ciphers.
        self._derived = {
            (name, key_id): _derive(key, name, chosen) for key_id, key in keys for name, chosen in _ALGORITHMS.items()
        }
        self._index_key = index_key
        self._index_hash = _INDEX_HASHES[index_hash]

    def encrypt(self, text: str, aad: bytes) -> bytes:
        """Seal `text` for one place: the same `aad` (table, row, field) is needed to open it again.

        Raises ValueError (UnicodeEncodeError) for text that is not valid Unicode.
        """
        key_id = self._primary.encode()
        header = bytes([_ALGORITHMS[self._algorithm].number, len(key_id)]) + key_id
        nonce = os.urandom(NONCE_BYTES)
        encryptor = self._cipher(self._algorithm, self._primary, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(header + aad)
        ciphertext = encryptor.update(text.encode()) + encryptor.finalize()
        return header + nonce + ciphertext + encryptor.tag

    def decrypt(self, sealed: bytes | memoryview, aad: bytes) -> str:
        """The text of a sealed value: exactly what was sealed, or a VaultError is raised."""
        parts = _parse(sealed)
        if (parts.algorithm, parts.key_id) not in self._derived:
            raise VaultError("sealed with a key that is not here")
        decryptor = self._cipher(parts.algorithm, parts.key_id, modes.GCM(parts.nonce, parts.tag)).decryptor()
        decryptor.authenticate_additional_data(parts.header + aad)
        try:
            return (decryptor.update(parts.ciphertext) + decryptor.finalize()).decode()
        except InvalidTag:
            raise VaultError("damaged, or sealed for another place or with another key") from None

    def needs_rotation(self, sealed: bytes | memoryview) -> bool:
        """Whether a value was sealed with another key or algorithm than is used now. Raises VaultError."""
        parts = _parse(sealed)
        return (parts.algorithm, parts.key_id) != (self._algorithm, self._primary)

    def blind_index(self, normalised_text: str) -> str:
        """64 hex digits that are equal for equal text: a keyed hash (HMAC), useless without the index key.

        Independent of the encryption algorithm and its keys, so rotation leaves it alone.
        """
        digest = hmac.HMAC(self._index_key, self._index_hash())
        digest.update(normalised_text.encode())
        return digest.finalize().hex()

    def _cipher(self, algorithm: str, key_id: str, mode: modes.GCM) -> Cipher[modes.GCM]:
        return Cipher(_ALGORITHMS[algorithm].cipher(self._derived[algorithm, key_id]), mode)


def parse_keys(text: str) -> list[tuple[str, bytes]]:
    """Keys written as "k1:<base64 of 32 bytes>,k0:<…>", the first one being the one that encrypts.

    Raises ValueError; the message never repeats the key.
    """
    keys = []
    for entry in text.split(","):
        key_id, _, encoded = entry.strip().partition(":")
        keys.append((key_id, parse_key(encoded)))
    _check_keys(keys)
    return keys


def parse_key(encoded: str) -> bytes:
    """One key from the base64 (plain or URL-safe) of its 32 bytes. Raises ValueError."""
    try:
        key = base64.b64decode(encoded.strip().translate(str.maketrans("-_", "+/")), validate=True)
    except binascii.Error:
        raise ValueError("a key is not base64") from None
    _check_length(key)
    return key


def _check_keys(keys: Sequence[tuple[str, bytes]]) -> None:
    if not keys:
        raise ValueError("no key")
    if len({key_id for key_id, _ in keys}) != len(keys):
        raise ValueError("two keys with one id")
    for key_id, key in keys:
        if not _KEY_ID.fullmatch(key_id):
            raise ValueError("a key id has 1 to 32 letters, digits, - or _")
        _check_length(key)


def _check_length(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {len(key)} bytes instead of {KEY_BYTES}")


def _derive(key: bytes, name: str, algorithm: _Algorithm) -> bytes:
    derivation = HKDF(
        algorithm=algorithm.derivation(),
        length=algorithm.key_bytes,
        salt=None,
        info=f"reviews-portal identity {name}".encode(),
    )
    return derivation.derive(key)


def _parse(sealed: bytes | memoryview) -> _Sealed:
    data = bytes(sealed)
    nonce_at = 2 + data[1] if len(data) > 1 else 0
    if nonce_at == 0 or len(data) < nonce_at + NONCE_BYTES + TAG_BYTES or data[0] not in _NAMES:
        raise VaultError("not a sealed value")
    text_at = nonce_at + NONCE_BYTES
    return _Sealed(
        header=data[:nonce_at],
        algorithm=_NAMES[data[0]],
        key_id=data[2:nonce_at].decode("latin-1"),
        nonce=data[nonce_at:text_at],
        ciphertext=data[text_at:-TAG_BYTES],
        tag=data[-TAG_BYTES:],
    )
