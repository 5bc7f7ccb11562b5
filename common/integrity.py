"""The hash chain over history. Pure: rows come in as dictionaries."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder

GENESIS = "0" * 64
_MARK = struct.Struct(">q8s")


class Mark(NamedTuple):
    """One row in a seal: its id and the beginning of its hash."""

    id: int
    digest: bytes


@dataclass(frozen=True)
class Chain:
    hash: str
    marks: list[Mark]


def row_digest(row: Mapping[str, Any]) -> bytes:
    """The hash of everything a row says."""
    text = json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def fold(previous: str, rows: Iterable[Mapping[str, Any]]) -> Chain:
    """Continues a chain over rows.

    Args:
        previous: the hash so far, 64 hex digits.
        rows: in the order in which they are sealed.
    """
    whole = hashlib.sha256(previous.encode())
    marks = []
    for row in rows:
        digest = row_digest(row)
        whole.update(digest)
        marks.append(Mark(row["id"], digest[:8]))
    return Chain(whole.hexdigest(), marks)


def pack(marks: Sequence[Mark]) -> bytes:
    """Marks as 16 bytes each."""
    return b"".join(_MARK.pack(mark.id, mark.digest) for mark in marks)


def unpack(data: bytes) -> list[Mark]:
    """The inverse of `pack`."""
    return [Mark(*found) for found in _MARK.iter_unpack(data)]


def first_difference(sealed: Sequence[Mark], found: Sequence[Mark]) -> tuple[int, str] | None:
    """The first row that is not as it was sealed: (id, "changed" | "missing" | "added"), or None."""
    known, present = dict(sealed), dict(found)
    for mark in sealed:
        if mark.id not in present:
            return mark.id, "missing"
        if present[mark.id] != mark.digest:
            return mark.id, "changed"
    for mark in found:
        if mark.id not in known:
            return mark.id, "added"
    return None
