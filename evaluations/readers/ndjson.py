"""One JSON object a line (NDJSON). Every value becomes the text that was written; two readings of it are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import msgspec

from evaluations.enums import FaultCode
from evaluations.readers.results import LINE_MAX, MEGABYTE, ReadLimits, Rows, Unreadable

BOM = b"\xef\xbb\xbf"
SPACES = b" \t\r\n"
# Numbers with a fraction or an exponent stay as written; whole numbers are exact however long.
_decode = msgspec.json.Decoder(float_hook=str).decode


class JsonLines:
    """The objects of a file as rows under one header, which is first.

    The header holds the keys of all objects, each where it was first seen; a key that an object lacks is an empty cell.
    """

    def __init__(self, file: BinaryIO, header: Sequence[str]) -> None:
        self._file, self._header = file, list(header)
        self.blanks = 0

    def __iter__(self) -> Rows:
        yield 1, self._header
        yield from self.data(0, blanks=0)

    def data(self, start: int, *, blanks: int) -> Rows:
        """The rows from number `start` on."""
        header = self._header
        for number, (line, written) in enumerate(self._lines()):
            if number >= start:
                found = _object(written, line)
                yield line, [_text(found[key], line, key) if key in found else "" for key in header]

    def _lines(self) -> Iterator[tuple[int, bytes]]:
        self._file.seek(0)
        line = 0
        while written := self._file.readline(LINE_MAX + 1):
            line += 1
            if len(written) > LINE_MAX:
                raise Unreadable(FaultCode.LINE_TOO_LONG, line=line, most=LINE_MAX // MEGABYTE)
            written = written.removeprefix(BOM) if line == 1 else written
            if written.strip(SPACES):
                yield line, written
            else:
                self.blanks += 1

    def keys(self, limits: ReadLimits) -> list[str]:
        """The keys of all objects; the whole file is read for it.

        Raises:
            Unreadable: a line that is no object, or whose keys or values can be taken in two ways.
        """
        keys: dict[str, None] = {}
        for line, written in self._lines():
            found = _object(written, line)
            if found.keys() <= keys.keys():
                continue
            keys |= dict.fromkeys(found)
            if len(keys) > limits.columns:
                raise Unreadable(FaultCode.COLUMNS_TOO_MANY, line=line, count=len(keys), most=limits.columns)
        return list(keys)


def _object(written: bytes, line: int) -> dict[str, Any]:
    try:
        found = _decode(written)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _refusal(written, line) from error
    if type(found) is not dict:
        raise Unreadable(FaultCode.JSON_NOT_OBJECT, line=line)
    # As many commas as keys need: no key came twice. Else commas stand in values, or the slower look finds the key.
    if written.count(b",") != len(found) - 1:
        _refuse_twice(written, line)
    return found


def _refusal(written: bytes, line: int) -> Unreadable:
    try:
        text = written.decode()
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and not written.endswith(b"\n")
        return Unreadable(FaultCode.CHARACTER_CUT if cut else FaultCode.JSON_ENCODING, line=line)
    if "\0" in text:
        return Unreadable(FaultCode.NUL, line=line)
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return Unreadable(FaultCode.SURROGATE, line=line)
    except (ValueError, RecursionError):
        pass
    return Unreadable(FaultCode.JSON_BROKEN, line=line)


def _refuse_twice(written: bytes, line: int) -> None:
    def pairs(found: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _value in found:
            if key in seen:
                raise Unreadable(FaultCode.JSON_KEY_TWICE, line=line, column=key)
            seen.add(key)

    try:
        json.loads(written, object_pairs_hook=pairs)
    except (ValueError, RecursionError) as error:
        raise Unreadable(FaultCode.JSON_BROKEN, line=line) from error


def _text(value: Any, line: int, key: str) -> str:
    if type(value) is str:
        return value
    if value is None:
        return ""
    if value is True or value is False:
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list) and all(type(part) is int or (type(part) is str and part.isalnum()) for part in value):
        return ",".join(map(str, value))
    raise Unreadable(FaultCode.JSON_NESTED, line=line, column=key)
