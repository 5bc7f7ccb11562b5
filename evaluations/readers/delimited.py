"""Text with separators: comma, semicolon, tab or full-width comma. The standard csv module, in its strict mode."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from typing import BinaryIO

from evaluations.enums import FaultCode
from evaluations.readers.header import Names, missing, normalised
from evaluations.readers.results import CELL_MAX, Rows, Unreadable

DELIMITERS = (",", "\t", ";", "，")
CHUNK_BYTES = 1 << 20
HEAD = 65_536
# The limit belongs to the process: without it a cell of more than 128 KB could not come out to be named.
csv.field_size_limit(CELL_MAX)
MANY_LINES = 100


@contextmanager
def text_of(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The decoded text from the beginning; the file itself stays open."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, errors="strict", newline="")
    # Each read lets go of Python's lock and takes it again at once. Done every 8 KB, whoever else waits for the lock
    # never waits long enough to ask for it: the thread that writes stood still while a whole chunk was read.
    text._CHUNK_SIZE = CHUNK_BYTES  # type: ignore[attr-defined]  # not in the stubs
    try:
        yield text
    finally:
        text.detach()


def delimiter_of(file: BinaryIO, encoding: str, required: Sequence[Names]) -> str:
    """The separator under which the first line holds the required columns; without any, the most columns.

    Raises:
        Unreadable: two separators do equally well.
    """
    with text_of(file, encoding) as text:
        head = text.read(HEAD)
    headers = {sign: _first_row(head, sign) for sign in DELIMITERS}
    fitting = [sign for sign, names in headers.items() if required and not missing(names, required)]
    candidates = fitting or list(DELIMITERS)
    most = max(len(headers[sign]) for sign in candidates)
    best = [sign for sign in candidates if len(headers[sign]) == most]
    if len(best) > 1 and most > 1:
        raise Unreadable(FaultCode.DELIMITER_UNCLEAR, line=1)
    return best[0]


def _first_row(head: str, delimiter: str) -> list[str]:
    try:
        rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, strict=True)
        return [normalised(name) for name in next((row for row in rows if any(row)), [])]
    except csv.Error:
        return []


class Delimited:
    """The rows of a text, the header first. `blanks`: blank lines passed over so far; they keep their line numbers."""

    def __init__(self, file: BinaryIO, encoding: str, delimiter: str) -> None:
        self._file, self._encoding, self._delimiter = file, encoding, delimiter
        self.blanks = 0

    def __iter__(self) -> Rows:
        """Every row that is not blank, with the line on which it begins.

        Raises:
            Unreadable: a quote that is never closed, that ends too early, or that swallowed rows.
        """
        with text_of(self._file, self._encoding) as text:
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            last, width = 0, 0
            try:
                for cells in reader:
                    line, last = last + 1, reader.line_num
                    # The first cell is asked first: in nearly every row it says that the row is not blank.
                    if not cells or not (cells[0].strip() or "".join(cells).strip()):
                        self.blanks += 1
                        continue
                    width = width or len(cells)
                    if last > line:
                        _refuse_swallowed(cells, width, self._delimiter, line)
                    yield line, cells
            except csv.Error as error:
                raise _refusal(error, last + 1, reader.line_num) from error

    def data(self, start: int, *, blanks: int) -> Rows:
        """The rows after the header, from number `start` on. Without blank lines the skipping never leaves C."""
        if blanks:
            with closing(iter(self)) as found:
                yield from islice(found, start + 1, None)
            return
        with text_of(self._file, self._encoding) as text:
            reader = csv.reader(text, delimiter=self._delimiter, strict=True)
            deque(islice(reader, start + 1), maxlen=0)
            last = reader.line_num
            for cells in reader:
                line, last = last + 1, reader.line_num
                yield line, cells

    def picked(self, numbers: Sequence[int]) -> Rows:
        """The rows of these numbers, ascending, of a text in which every row but the last is one line."""
        with text_of(self._file, self._encoding) as text:
            passed = 0
            for number in numbers:
                line = next(islice(text, number + 1 - passed, None), "")
                cells = next(csv.reader(chain([line], text), delimiter=self._delimiter, strict=True), None)
                if cells is None:
                    raise Unreadable(FaultCode.FILE_CHANGED)
                passed = number + 2
                yield passed, cells


def _refusal(error: csv.Error, line: int, last: int) -> Unreadable:
    words = str(error)
    if "field larger" in words and last - line < MANY_LINES:
        return Unreadable(FaultCode.CELL_TOO_LARGE, line=line, most=CELL_MAX)
    if "expected after" in words and last == line:
        return Unreadable(FaultCode.QUOTE_STRAY, line=line)
    return Unreadable(FaultCode.QUOTE_UNCLOSED, line=line)


def _refuse_swallowed(cells: Sequence[str], width: int, delimiter: str, line: int) -> None:
    """A row over several lines of which each would be a whole row for itself: a quote was left open in between."""
    lines = delimiter.join(cells).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if width > 2 and all(part.count(delimiter) == width - 1 for part in lines):
        raise Unreadable(FaultCode.QUOTE_UNCLOSED, line=line)
