"""Excel workbooks (.xlsx), values by calamine.

Calamine lays a sheet out in memory as the rectangle around its cells: two cells in opposite corners would ask for half
a terabyte and end the process. So every part is read once before by an XML parser that counts, and refuses more than
`ReadLimits.sheet_cells`. Calamine also shows #N/A as nothing; such cells are found and named here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any, BinaryIO
from xml.parsers import expat

import python_calamine as calamine

from evaluations.enums import FaultCode
from evaluations.readers.archives import WORKBOOK_ENTRIES, opened_archive, pour, weigh
from evaluations.readers.header import Names, missing, normalised
from evaluations.readers.results import MEGABYTE, ReadLimits, Rows, Unreadable

CELL = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
CONTENT_TYPES, BOOK, LINKS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Excel keeps fifteen digits of a number: beyond, an identifier has lost its end.
EXACT = 10**15


@dataclass
class Shape:
    """What one part of a workbook holds: the far corner of its cells, and the first cell with an error value."""

    rows: int = 0
    columns: int = 0
    error: tuple[str, int] | None = None


@dataclass
class Anatomy:
    """What the parts of a workbook say before calamine sees them: shapes by path, sheets by name."""

    parts: dict[str, Shape] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)

    def of_sheet(self, name: str) -> Shape | None:
        """The shape of a sheet; None where the workbook does not say which part it is."""
        target = self.targets.get(self.sheets.get(name, ""), "")
        return self.parts.get(target.lstrip("/") if target.startswith("/") else f"xl/{target}")


def anatomy(file: BinaryIO, limits: ReadLimits) -> Anatomy:
    """Reads every part of a workbook once: all of it is there, is proper XML, and fits into memory.

    Raises:
        Unreadable: macros, a bomb, a broken part, document types (where entities that multiply are declared), too many
            cells.
    """
    found = Anatomy()
    with opened_archive(file) as archive:
        weigh(archive, entries_max=WORKBOOK_ENTRIES, unpacked_max=limits.workbook, ratio_max=limits.ratio)
        if any(entry.filename.lower().endswith("vbaproject.bin") for entry in archive.infolist()):
            raise Unreadable(FaultCode.FORMAT_MACRO)
        for entry in archive.infolist():
            with archive.open(entry) as part:
                _dissect(part, found, entry.filename, limits)
    return found


def _dissect(part: IO[bytes], found: Anatomy, path: str, limits: ReadLimits) -> None:
    chunk = part.read(MEGABYTE)
    if b"<" not in chunk[:8]:
        pour(part)
        return
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _listener(found, path, limits)
    try:
        while chunk:
            parser.Parse(chunk, False)
            chunk = part.read(MEGABYTE)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable(FaultCode.SHEET_BROKEN) from error


def _refuse_doctype(*_declared: object) -> None:
    raise Unreadable(FaultCode.SHEET_BROKEN)


Listener = Callable[[str, dict[str, str]], None]


def _listener(found: Anatomy, path: str, limits: ReadLimits) -> Listener:
    if path == CONTENT_TYPES:
        return _types
    if path == BOOK:
        return lambda tag, said: _note(found.sheets, tag, "sheet", said.get("name"), said.get("r:id"))
    if path == LINKS:
        return lambda tag, said: _note(found.targets, tag, "Relationship", said.get("Id"), said.get("Target"))
    found.parts[path] = Shape()
    return _counter(found.parts[path], limits.sheet_cells)


def _types(_tag: str, said: dict[str, str]) -> None:
    if "macroenabled" in said.get("ContentType", "").lower():
        raise Unreadable(FaultCode.FORMAT_MACRO)


def _note(into: dict[str, str], tag: str, wanted: str, key: str | None, value: str | None) -> None:
    if tag.rpartition(":")[2] == wanted and key and value:
        into[key] = value


def _counter(shape: Shape, most: int) -> Listener:
    """Follows the cells as calamine does: by their reference, without one by counting on."""
    row = column = 0
    letters: dict[str, int] = {}

    def begin(tag: str, said: dict[str, str]) -> None:
        nonlocal row, column
        name = tag.rpartition(":")[2]
        if name == "row":
            row, column = _row(said["r"]) if "r" in said else row + 1, 0
        elif name == "c":
            column, at = column + 1, row
            if reference := said.get("r"):
                if not (parts := CELL.fullmatch(reference)):
                    raise Unreadable(FaultCode.SHEET_BROKEN)
                column, at = letters.get(parts[1]) or letters.setdefault(parts[1], _column(parts[1])), int(parts[2])
            if column > shape.columns or at > shape.rows:
                shape.columns, shape.rows = max(column, shape.columns), max(at, shape.rows)
                if shape.rows * shape.columns > most:
                    raise Unreadable(FaultCode.SHEET_TOO_LARGE, rows=shape.rows, columns=shape.columns, most=most)
            if said.get("t") == "e" and shape.error is None:
                shape.error = (said.get("r", ""), at)

    return begin


def _row(number: str) -> int:
    if not (number.isascii() and number.isdigit() and len(number) <= 7):
        raise Unreadable(FaultCode.SHEET_BROKEN)
    return int(number)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


class Workbook:
    """The rows of one sheet, the header first. `blanks`: empty rows passed over so far."""

    def __init__(self, file: BinaryIO, sheet: str) -> None:
        self._file, self._sheet = file, sheet
        self.blanks = 0

    def __iter__(self) -> Rows:
        """Every row that is not empty, as wide as the header; wider where more cells are filled."""
        width = 0
        with _opened(self._file) as book:
            for number, values in enumerate(book.get_sheet_by_name(self._sheet).iter_rows(), 1):
                cells = [value if type(value) is str else written(value) for value in values]
                if not (cells and (cells[0] or "".join(cells).strip())):
                    self.blanks += 1
                    continue
                width = width or _filled(cells)
                yield number, cells if _filled(cells) > width else cells[:width]

    def data(self, start: int, *, blanks: int) -> Rows:
        """The rows after the header, from number `start` on."""
        yield from islice(self, start + 1, None)


def sheet_of(file: BinaryIO, found: Anatomy, required: Sequence[Names]) -> str:
    """The one visible sheet with data; of several, the one with the required columns.

    Raises:
        Unreadable: no sheet holds anything, several might be meant, or a cell of the sheet is an error value.
    """
    with _opened(file) as book:
        visible = [meta.name for meta in book.sheets_metadata if _is_visible(meta)]
        names = [name for name in visible if (shape := found.of_sheet(name)) is None or shape.rows]
        if len(names) > 1:
            names = _fitting({name: _header(book, name) for name in names}, required)
    if not names:
        raise Unreadable(FaultCode.EMPTY_FILE)
    if len(names) > 1:
        raise Unreadable(FaultCode.SHEET_UNCLEAR, names="、".join(names))
    if (shape := found.of_sheet(names[0])) and shape.error:
        cell, line = shape.error
        raise Unreadable(FaultCode.SHEET_ERROR_CELL, line=line, cell=cell)
    return names[0]


def _is_visible(meta: calamine.SheetMetadata) -> bool:
    return meta.typ == calamine.SheetTypeEnum.WorkSheet and meta.visible == calamine.SheetVisibleEnum.Visible


def _fitting(headers: dict[str, list[str]], required: Sequence[Names]) -> list[str]:
    """The sheets that may be meant: those with the required columns, else all that hold anything."""
    filled = [name for name, header in headers.items() if header]
    fitting = [name for name in filled if required and not missing(headers[name], required)]
    return fitting or filled


def _header(book: calamine.CalamineWorkbook, name: str) -> list[str]:
    rows = ([written(value) for value in values] for values in book.get_sheet_by_name(name).iter_rows())
    return [normalised(cell) for cell in next((cells for cells in rows if "".join(cells).strip()), [])]


def _filled(cells: Sequence[str]) -> int:
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return width


def written(value: Any) -> str:
    """The exact text of a cell; a number too long for Excel in scientific form, so that it is refused by name."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if abs(value) >= EXACT:
            return f"{value:.14E}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)


@contextmanager
def _opened(file: BinaryIO) -> Iterator[calamine.CalamineWorkbook]:
    file.seek(0)
    try:
        with calamine.CalamineWorkbook.from_filelike(file) as book:
            yield book
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unreadable(FaultCode.SHEET_BROKEN) from error
    except BaseException as error:
        # A panic of the Rust library is no Exception and has no importable name.
        if type(error).__name__ == "PanicException":
            raise Unreadable(FaultCode.SHEET_BROKEN) from error
        raise
