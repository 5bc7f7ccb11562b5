"""The parts of a workbook as a stream of XML.

Parts of a hostile workbook may ask for any amount of memory: entities that multiply, tags without end, names that never
come twice. Here everything that grows has a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from evaluations.enums import FaultCode
from evaluations.readers.results import MEGABYTE, Unreadable

CHUNK = MEGABYTE // 4
TOKEN_MAX = 4 * MEGABYTE
DEPTH_MAX, NAMES_MAX = 50, 500
Begin = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Letters = Callable[[str], None]


def broken(line: int = 0) -> Unreadable:
    """A part that is not what the standard says."""
    return Unreadable(FaultCode.SHEET_BROKEN, line=line)


def pieces(part: IO[bytes], begin: Begin, end: End, letters: Letters | None) -> Iterator[None]:
    """Parses a part piece by piece; the listeners get names as they stand, and answer for `DEPTH_MAX` and `NAMES_MAX`.

    Raises:
        Unreadable: it is no XML, or declares a document type (where entities are).
    """
    # No interning: the parser would keep every name it ever saw.
    parser = expat.ParserCreate(None, None, None)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, letters
    fed = 0
    try:
        while chunk := part.read(CHUNK):
            parser.Parse(chunk, False)
            fed += len(chunk)
            if fed - parser.CurrentByteIndex > TOKEN_MAX:
                raise broken()
            yield
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise broken() from error
    yield


def through(part: IO[bytes], begin: Begin, end: End | None = None, letters: Letters | None = None) -> None:
    """Parses a part; names of elements come without their prefix.

    Raises:
        Unreadable: see `pieces`; or it nests too deep, or names too much.
    """
    names: dict[str, str] = {}
    depth = 0

    def start(tag: str, said: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if (name := names.get(tag)) is None:
            name = names.setdefault(tag, tag.rpartition(":")[2])
        if depth > DEPTH_MAX or len(names) > NAMES_MAX:
            raise broken()
        begin(name, said)

    def stop(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if end:
            end(names[tag])

    for _piece in pieces(part, start, stop, letters):
        pass


def _refuse(*_declared: object) -> None:
    raise broken()
