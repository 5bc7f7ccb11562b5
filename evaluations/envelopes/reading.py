"""Bytes from outside, read within limits. Whatever is wrong with them becomes a BadEnvelope."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from evaluations.envelopes.faults import BadEnvelope, Fault

BODY_LIMIT = 8 * 1024 * 1024
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})*")


def check_size(body: bytes, limit: int = BODY_LIMIT) -> None:
    """Raises BadEnvelope for more than `limit` bytes."""
    if len(body) > limit:
        raise BadEnvelope(Fault.TOO_LARGE, f"the body has more than {limit} bytes")


def read_json(text: bytes | str) -> Any:
    """The value of a JSON text in UTF-8.

    Raises BadEnvelope for anything else, for NaN and Infinity, for a name that stands twice in one object (two readers
    would understand two things), and for nesting or numbers beyond what Python reads.
    """
    try:
        # Decoded here: json would also guess at UTF-16 and UTF-32.
        given = text if isinstance(text, str) else text.decode()
        return json.loads(given, object_pairs_hook=_named_once, parse_constant=_no_number)
    except RecursionError:
        raise BadEnvelope(Fault.BAD_JSON, "nested too deeply") from None
    except BadEnvelope:
        raise
    except ValueError:
        raise BadEnvelope(Fault.BAD_JSON, "not a JSON text in UTF-8") from None


def read_object(text: bytes | str) -> dict[str, Any]:
    """As `read_json`, and a JSON object. Raises BadEnvelope."""
    value = read_json(text)
    if not isinstance(value, dict):
        raise BadEnvelope(Fault.BAD_SHAPE, "not a JSON object")
    return value


def read_objects(text: bytes | str) -> list[dict[str, Any]]:
    """As `read_json`, and a JSON array of objects. Raises BadEnvelope."""
    value = read_json(text)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise BadEnvelope(Fault.BAD_SHAPE, "not a JSON array of objects")
    return value


def read_hex(text: str, what: str) -> bytes:
    """The bytes of a hexadecimal text in either case. Raises BadEnvelope naming `what`."""
    if not _HEX.fullmatch(text):
        raise BadEnvelope(Fault.BAD_HEX, f"{what} is not hexadecimal")
    return bytes.fromhex(text)


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadEnvelope(Fault.BAD_JSON, "a name stands twice in one object")
    return found


def _no_number(word: str) -> NoReturn:
    raise BadEnvelope(Fault.BAD_JSON, f"{word} is not JSON")
