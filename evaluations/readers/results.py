"""What is found out about a file, what is allowed, and the one way of refusing it."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, BinaryIO

from evaluations.enums import FaultCode
from evaluations.faults import Fault, explain

Source = str | os.PathLike[str] | BinaryIO
# Line of the file (the first is 1), and its cells.
Row = tuple[int, list[str]]
Rows = Generator[Row, None, None]
MEGABYTE = 1 << 20
# Larger cells and lines are no table any more; smaller ones, however absurd, come out whole.
CELL_MAX = LINE_MAX = 4 * MEGABYTE


@dataclass(frozen=True)
class ReadLimits:
    """How much a file may hold.

    Attributes:
        columns: named in a header.
        preview: data rows kept to be shown.
        preview_cell: characters of a cell of the preview, which is for eyes only; longer ones end in "…".
        negatives: row numbers of negative ratings kept; a file with more of them is simply read in order.
        members: files in a zip.
        unpacked: bytes of all members of a zip or workbook together.
        workbook: bytes of all parts of a workbook together, of which the texts are held in memory.
        ratio: unpacked to packed, for archives and workbooks of more than 16 MB unpacked.
    """

    columns: int = 200
    preview: int = 50
    preview_cell: int = 200
    negatives: int = 100_000
    members: int = 100
    unpacked: int = 8 * 1024 * MEGABYTE
    workbook: int = 512 * MEGABYTE
    ratio: int = 200


@dataclass(frozen=True)
class Inspection:
    """A file that can be read to its end. Plain values only, so it can be kept as JSON.

    Attributes:
        name: as uploaded; of a file in a zip, `member` is its path there.
        format: a value of FileFormat.
        encoding: Python's name of it; "" where the format has its own.
        header: column names as given; `names`: the same, normalised for comparison.
        rows: data rows, without blank lines and header.
        blanks: blank lines after the header. last_line: the line on which the last row begins.
        preview: line and cells of the first rows, shortened for display.
        negatives: numbers of data rows (the first is 0) that the caller's rule calls negative, for taking them in
            first; `negatives_complete` says whether these are all.
        size: bytes of the file.
        members: of a zip, one inspection a file; rows are then sums.
    """

    name: str
    format: str
    size: int
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    member: str = ""
    header: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    rows: int = 0
    blanks: int = 0
    last_line: int = 0
    preview: tuple[tuple[int, tuple[str, ...]], ...] = ()
    negatives: tuple[int, ...] = ()
    negatives_complete: bool = True
    members: tuple[Inspection, ...] = ()

    @property
    def parts(self) -> tuple[Inspection, ...]:
        """What `rows` reads: the files of a zip, or this file."""
        return self.members or (self,)


class Unreadable(Exception):
    """A file of which nothing is taken in, and why.

    Attributes:
        fault: what is wrong; its column is the name as given, "" when it is none.
        line: where, from 1; 0 for the file as a whole.
        member: the file in a zip.
    """

    def __init__(self, code: FaultCode, *, line: int = 0, column: str = "", **params: Any) -> None:
        self.fault = Fault(column, code, params)
        self.line = line
        self.member = ""
        super().__init__(code.value, line, column)

    @property
    def column(self) -> str:
        return self.fault.column

    @property
    def reason(self) -> str:
        """Why, in the reader's language."""
        return explain(self.fault)[0]

    @property
    def fix(self) -> str:
        """What to do, in the reader's language."""
        return explain(self.fault)[1]
