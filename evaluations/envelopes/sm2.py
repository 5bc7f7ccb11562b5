"""SM2 as the provinces use it: encryption and signatures with keys and ciphertexts in hexadecimal. Pure.

Keys: private 64 hex digits, public 128 (x and y) or 130 with the leading 04. A ciphertext is C1 (the point, with or
without its 04), C3 (the SM3 hash) and C2 (the text) in the order the source's profile names, or the DER sequence of
GM/T 0009. Signatures are r and s as 128 hex digits, or DER; the signer's identity is the standard's default.
"""

from __future__ import annotations

import hmac
from typing import Any, Literal, NamedTuple

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

from evaluations.envelopes import curve
from evaluations.envelopes.faults import BadEnvelope, Fault
from evaluations.envelopes.reading import read_hex

# The wheel is made for x86-64 alone. Without it everything but SM2 works, and SM2 says so (`_library`).
try:
    import gmssl_pyx
except ImportError:
    gmssl_pyx = None

Order = Literal["C1C3C2", "C1C2C3", "DER"]
SIGNER_ID = b"1234567812345678"
# gmssl_pyx refuses more than this; what is longer goes over our own `curve`.
LIBRARY_LIMIT = 255
_HASH = 32
_POINT = 64


class KeyPair(NamedTuple):
    """Private key (64 hex digits) and public key (128 hex digits)."""

    private: str
    public: str


class _Cipher(NamedTuple):
    c1: curve.Point
    c3: bytes
    c2: bytes


@asn1.sequence
class _Sequence:
    x: int
    y: int
    c3: bytes
    c2: bytes


def sm3(data: bytes) -> bytes:
    """The SM3 hash (GB/T 32905), 32 bytes."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def available() -> bool:
    """Whether SM2 works on this machine."""
    return gmssl_pyx is not None


def generate() -> KeyPair:
    """A new key pair. Raises BadEnvelope without SM2."""
    public, private = _library().sm2_key_generate()
    return KeyPair(private.hex(), public.hex())


def check_public(public: str) -> None:
    """Raises:
    BadEnvelope: it is no public key.
    """
    _public(public)


def encrypt(public: str, text: bytes, order: Order = "C1C3C2") -> str:
    """Encrypts `text` (not empty, any length) for the owner of a public key: lower-case hex, the raw orders with 04.

    Raises BadEnvelope for a bad key, an empty text, or without SM2.
    """
    library, key = _library(), _public(public)
    if not text:
        raise BadEnvelope(Fault.BAD_CIPHER, "SM2 encrypts no empty text")
    if len(text) <= LIBRARY_LIMIT:
        return _write(_from_der(library.sm2_encrypt(_pair(key), text)), order).hex()
    own, scalar = library.sm2_key_generate()
    shared = curve.multiply(int.from_bytes(scalar), key)
    return _write(_Cipher(_point(own), _hash(shared, text), _masked(shared, text)), order).hex()


def decrypt(private: str, cipher: str, order: Order = "C1C3C2") -> bytes:
    """The text of a ciphertext in hex of either case. Raises BadEnvelope unless it is exactly what was encrypted."""
    library, key = _library(), _private(private)
    parts = _read(read_hex(cipher, "the ciphertext"), order)
    if len(parts.c2) <= LIBRARY_LIMIT:
        return _library_decrypt(library, key, parts)
    shared = curve.multiply(int.from_bytes(key), parts.c1)
    text = _masked(shared, parts.c2)
    if not hmac.compare_digest(_hash(shared, text), parts.c3):
        raise _undecipherable()
    return text


def sign(private: str, message: bytes) -> str:
    """An SM2 signature with SM3: r and s as 128 hex digits. Raises BadEnvelope for a bad key or without SM2."""
    library, key = _library(), _private(private)
    public = _pair(curve.multiply(int.from_bytes(key), curve.G))
    r, s = decode_dss_signature(library.sm2_sign(key, public, message, signer_id=SIGNER_ID))
    return f"{r:064x}{s:064x}"


def verify(public: str, message: bytes, signature: str) -> bool:
    """Whether a signature in hex (r and s as 128 digits, or DER) is that of the key's owner over the message.

    Raises BadEnvelope for a bad key, no hex, or without SM2.
    """
    library, key = _library(), _public(public)
    data = read_hex(signature, "the signature")
    if len(data) == _POINT:
        data = encode_dss_signature(int.from_bytes(data[:32]), int.from_bytes(data[32:]))
    try:
        return bool(library.sm2_verify(_pair(key), message, data, signer_id=SIGNER_ID))
    except library.GmsslInnerError:
        return False


def _library() -> Any:
    if gmssl_pyx is None:
        raise BadEnvelope(Fault.SM2_UNAVAILABLE, "SM2 not available on this machine")
    return gmssl_pyx


def _library_decrypt(library: Any, key: bytes, parts: _Cipher) -> bytes:
    try:
        return bytes(library.sm2_decrypt(key, _to_der(parts)))
    except library.GmsslInnerError:
        raise _undecipherable() from None


def _undecipherable() -> BadEnvelope:
    return BadEnvelope(Fault.BAD_CIPHER, "the ciphertext is damaged, or made for another key or in another order")


def _private(text: str) -> bytes:
    key = _key(text, "the private key")
    if len(key) != _HASH or not 0 < int.from_bytes(key) < curve.N - 1:
        raise BadEnvelope(Fault.BAD_KEY, "an SM2 private key has 64 hexadecimal digits and lies below the order")
    return key


def _public(text: str) -> curve.Point:
    key = _key(text, "the public key")
    if len(key) == _POINT + 1 and key[0] == 4:
        key = key[1:]
    if len(key) != _POINT or not curve.on_curve(_point(key)):
        raise BadEnvelope(Fault.BAD_KEY, "an SM2 public key has 128 hexadecimal digits, or 130 with 04, on its curve")
    return _point(key)


def _key(text: str, what: str) -> bytes:
    try:
        return read_hex(text, what)
    except BadEnvelope as error:
        raise BadEnvelope(Fault.BAD_KEY, error.text) from None


def _point(data: bytes) -> curve.Point:
    return curve.Point(int.from_bytes(data[:32]), int.from_bytes(data[32:_POINT]))


def _pair(point: curve.Point) -> bytes:
    return point.x.to_bytes(32) + point.y.to_bytes(32)


def _hash(shared: curve.Point, text: bytes) -> bytes:
    """C3 of GM/T 0003.4: SM3(x2 ‖ text ‖ y2)."""
    return sm3(shared.x.to_bytes(32) + text + shared.y.to_bytes(32))


def _masked(shared: curve.Point, data: bytes) -> bytes:
    """Text to C2 and back: XOR with the key stream of x2 ‖ y2. Its all-zero case is out of reach beyond 255 bytes."""
    stream = X963KDF(algorithm=hashes.SM3(), length=len(data), sharedinfo=None).derive(_pair(shared))
    return (int.from_bytes(data) ^ int.from_bytes(stream)).to_bytes(len(data))


def _read(data: bytes, order: Order) -> _Cipher:
    if order == "DER":
        return _from_der(data)
    at = 1 if data[:1] == b"\x04" and curve.on_curve(_point(data[1:])) else 0
    rest = data[at + _POINT :]
    if not curve.on_curve(_point(data[at:])):
        raise _undecipherable()
    if order == "C1C3C2":
        return _Cipher(_point(data[at:]), rest[:_HASH], rest[_HASH:])
    return _Cipher(_point(data[at:]), rest[-_HASH:], rest[:-_HASH])


def _write(parts: _Cipher, order: Order) -> bytes:
    if order == "DER":
        return _to_der(parts)
    tail = parts.c3 + parts.c2 if order == "C1C3C2" else parts.c2 + parts.c3
    return b"\x04" + _pair(parts.c1) + tail


def _from_der(data: bytes) -> _Cipher:
    try:
        found = asn1.decode_der(_Sequence, data)
    except ValueError:
        raise _undecipherable() from None
    point = curve.Point(found.x, found.y)
    if not curve.on_curve(point):
        raise _undecipherable()
    return _Cipher(point, found.c3, found.c2)


def _to_der(parts: _Cipher) -> bytes:
    return asn1.encode_der(_Sequence(x=parts.c1.x, y=parts.c1.y, c3=parts.c3, c2=parts.c2))
