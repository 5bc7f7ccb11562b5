"""Mode A: the envelopes of Shandong and Beijing as they are in use (domain.md §13.1), both sides of them. Pure.

`sign` is the SM2 encryption of time + appMark + appWord with our public key, `params` holds the SM2 encryption of a
JSON array of messages. This keeps contents secret and knows a partner by its appWord, but nothing binds `params` to
`sign`: whoever reads one envelope can put other contents under its sign. So a sign counts once (`remember_legacy`) and
only near its time; a partner that can choose takes mode B.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives import constant_time

from evaluations.envelopes import sm2
from evaluations.envelopes.faults import BadEnvelope, Fault
from evaluations.envelopes.reading import BODY_LIMIT, check_size, read_hex, read_object, read_objects
from evaluations.envelopes.signed import SKEW

# "txn" is Shandong's JSON {"txnBodyCom": …, "txnCommCom": {}}, "form" Beijing's form post.
Style = Literal["txn", "form"]
BEIJING_TIME = timezone(timedelta(hours=8))
_TIME = re.compile(r"[0-9]{14}")
_FORM_FIELDS = 20


@dataclass(frozen=True)
class LegacyEnvelope:
    """An envelope as it came, not yet believed: `app_mark` tells whose appWord to use."""

    app_mark: str
    time: str
    sign: str
    ciphers: tuple[str, ...]


def read_legacy(style: Style, params_key: str, body: bytes, *, limit: int = BODY_LIMIT) -> LegacyEnvelope:
    """Takes an envelope apart.

    Args:
        params_key: the name under which `params` holds its ciphertext ("evaluate" in Shandong, "data" in Beijing).
        limit: bytes of the body.

    Raises BadEnvelope.
    """
    check_size(body, limit)
    outer = _txn(body) if style == "txn" else _form(body)
    app_mark, time, sign = (_text(outer, name) for name in ("appMark", "time", "sign"))
    return LegacyEnvelope(app_mark, time, sign, _ciphers(outer.get("params"), params_key))


def open_legacy(
    envelope: LegacyEnvelope,
    *,
    app_word: str,
    private_key: str,
    at: datetime,
    skew: timedelta = SKEW,
    order: sm2.Order = "C1C3C2",
) -> list[dict[str, Any]]:
    """The messages of an envelope whose time and sign are right. Raises BadEnvelope.

    Args:
        app_word: the partner's secret, found by `envelope.app_mark`.
        private_key: ours, in hex.
        at: the present, aware.
    """
    if abs(_moment(envelope) - at) > skew:
        raise BadEnvelope(Fault.STALE, f"the time is more than {skew.total_seconds():.0f} s from our clock")
    expected = _sign_text(envelope.time, envelope.app_mark, app_word)
    if not constant_time.bytes_eq(sm2.decrypt(private_key, envelope.sign, order), expected):
        raise BadEnvelope(Fault.BAD_SIGNATURE, "the sign does not belong to this time and appMark")
    texts = (sm2.decrypt(private_key, cipher, order) for cipher in envelope.ciphers)
    return [message for text in texts for message in read_objects(text)]


def seal_legacy(
    style: Style,
    params_key: str,
    messages: Sequence[Mapping[str, Any]],
    *,
    app_mark: str,
    app_word: str,
    public_key: str,
    at: datetime,
    order: sm2.Order = "C1C3C2",
) -> bytes:
    """The body a source would post; the other arguments as in `read_legacy` and `open_legacy`.

    Raises BadEnvelope for a bad key or without SM2.
    """
    time = at.astimezone(BEIJING_TIME).strftime("%Y%m%d%H%M%S")
    sign = sm2.encrypt(public_key, _sign_text(time, app_mark, app_word), order)
    cipher = sm2.encrypt(public_key, _dump(list(messages)).encode(), order)
    outer: dict[str, Any] = {"sign": sign, "time": time, "appMark": app_mark}
    if style == "form":
        return urlencode({**outer, "params": _dump({params_key: cipher})}).encode()
    return _dump({"txnBodyCom": {**outer, "params": {params_key: [cipher]}}, "txnCommCom": {}}).encode()


def remember_legacy(envelope: LegacyEnvelope) -> str:
    """What to remember of an opened envelope for `REPEATABLE`: its sign, whatever its case, for it may count once."""
    sign = sm2.sm3(read_hex(envelope.sign, "sign")).hex()
    return f"A:{envelope.app_mark}:{sign}"


def decrypt_fields(
    message: Mapping[str, Any], names: Iterable[str], *, private_key: str, order: sm2.Order = "C1C3C2"
) -> dict[str, Any]:
    """A message whose named fields were encrypted one by one (Jining's queue gateway), in plain text.

    Names are compared in any case; fields that are absent, null or empty stay as they are. Raises BadEnvelope.
    """
    hidden = {name.lower() for name in names}
    return {
        name: _opened(name, value, private_key, order) if name.lower() in hidden and value not in (None, "") else value
        for name, value in message.items()
    }


def encrypt_fields(
    message: Mapping[str, Any], names: Iterable[str], *, public_key: str, order: sm2.Order = "C1C3C2"
) -> dict[str, Any]:
    """The inverse of `decrypt_fields`, as the source would do it. Raises BadEnvelope."""
    hidden = {name.lower() for name in names}
    return {
        name: sm2.encrypt(public_key, str(value).encode(), order)
        if name.lower() in hidden and value not in (None, "")
        else value
        for name, value in message.items()
    }


def _opened(name: str, value: Any, private_key: str, order: sm2.Order) -> str:
    if not isinstance(value, str):
        raise BadEnvelope(Fault.BAD_SHAPE, f"{name} is not a text")
    return _decoded(sm2.decrypt(private_key, value, order), name)


def _decoded(data: bytes, what: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise BadEnvelope(Fault.BAD_CIPHER, f"{what} is not UTF-8") from None


def _txn(body: bytes) -> dict[str, Any]:
    outer = read_object(body).get("txnBodyCom")
    if not isinstance(outer, dict):
        raise BadEnvelope(Fault.MISSING_FIELD, "missing object txnBodyCom")
    return outer


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=_FORM_FIELDS,
        )
    except ValueError:
        raise BadEnvelope(Fault.BAD_FORM, "not a form post in UTF-8") from None
    outer = dict(pairs)
    if len(outer) != len(pairs):
        raise BadEnvelope(Fault.BAD_FORM, "a field stands twice in the form")
    return outer


def _text(outer: Mapping[str, Any], name: str) -> str:
    value = outer.get(name)
    if not isinstance(value, str) or not value:
        raise BadEnvelope(Fault.MISSING_FIELD, f"missing text {name}")
    return value


def _ciphers(params: Any, key: str) -> tuple[str, ...]:
    """The ciphertexts under `params`: an object or its JSON text, holding one text or a list of them."""
    inner = read_object(params) if isinstance(params, str) else params
    if not isinstance(inner, dict) or key not in inner:
        raise BadEnvelope(Fault.MISSING_FIELD, f"missing params.{key}")
    found = inner[key] if isinstance(inner[key], list) else [inner[key]]
    if not found or not all(isinstance(cipher, str) for cipher in found):
        raise BadEnvelope(Fault.BAD_SHAPE, f"params.{key} is neither a text nor a list of texts")
    return tuple(found)


def _moment(envelope: LegacyEnvelope) -> datetime:
    if not _TIME.fullmatch(envelope.time):
        raise BadEnvelope(Fault.BAD_TIME, "time has the form yyyyMMddHHmmss")
    try:
        return datetime.strptime(envelope.time, "%Y%m%d%H%M%S").replace(tzinfo=BEIJING_TIME)
    except ValueError:
        raise BadEnvelope(Fault.BAD_TIME, "time is no moment of the calendar") from None


def _sign_text(time: str, app_mark: str, app_word: str) -> bytes:
    return f"{time}{app_mark}{app_word}".encode("utf-8", "surrogatepass")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
