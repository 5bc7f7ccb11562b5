"""Excel workbooks (.xlsx), row by row.

A reader of our own, because a file from outside may end the process with others: calamine lays a sheet out as the
rectangle around its cells and reserves what an attribute asks for, so that a kilobyte can demand half a terabyte. It
shows #N/A as nothing, too. It serves the tests as a second opinion.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from evaluations.enums import FaultCode
from evaluations.readers.archives import opened_archive, opened_member, weigh
from evaluations.readers.cells import (
    EPOCH,
    EPOCH_1904,
    Kind,
    column_name,
    column_number,
    filled,
    kind_of,
    number_text,
    unescaped,
)
from evaluations.readers.header import Names, missing, normalised
from evaluations.readers.results import CELL_MAX, ReadLimits, Row, Rows, Unreadable
from evaluations.readers.xml import DEPTH_MAX, NAMES_MAX, Begin, End, Letters, broken, pieces, through

CONTENT_TYPES, BOOK, LINKS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
ENTRIES_MAX, SHEETS_MAX = 2_000, 255
# Where a row of any table ends (Excel's own limit is 16,384), and how many shared texts are held, 100 bytes each.
COLUMN_MAX, TEXTS_MAX = 1_000, 3_000_000
NAMES = [column_name(number) for number in range(COLUMN_MAX + 1)]
ROW, CELL = re.compile(r"[1-9][0-9]{0,6}"), re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")


@dataclass
class Book:
    """What the parts around the sheets say.

    Attributes:
        sheets: name → path of its part, visible sheets only, in their order.
        texts: shared ones, by number.
        kinds: what numbers mean, by number of the style.
        epoch: day zero.
    """

    archive: zipfile.ZipFile
    sheets: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    epoch: datetime = EPOCH

    def rows(self, path: str) -> Rows:
        """The rows of a sheet that hold a cell, by their numbers."""
        rows, begin, end, letters = _listeners(self)
        if path not in self.archive.namelist():
            raise broken()
        with opened_member(self.archive, self.archive.getinfo(path)) as part:
            for _piece in pieces(part, begin, end, letters):
                yield from rows
                rows.clear()


@contextmanager
def opened_book(file: BinaryIO, limits: ReadLimits) -> Iterator[Book]:
    """A workbook whose parts are known.

    Raises:
        Unreadable: macros, a bomb, or parts that are not what the standard says.
    """
    with opened_archive(file) as archive:
        weigh(archive, entries_max=ENTRIES_MAX, unpacked_max=limits.workbook, ratio_max=limits.ratio)
        _refuse_macros(archive)
        yield _read_book(archive)


def _refuse_macros(archive: zipfile.ZipFile) -> None:
    def begin(_name: str, said: dict[str, str]) -> None:
        if "macroenabled" in said.get("ContentType", "").lower():
            raise Unreadable(FaultCode.FORMAT_MACRO)

    if any(path.lower().endswith("vbaproject.bin") for path in archive.namelist()):
        raise Unreadable(FaultCode.FORMAT_MACRO)
    if CONTENT_TYPES in archive.namelist():
        with opened_member(archive, archive.getinfo(CONTENT_TYPES)) as part:
            through(part, begin)


def _read_book(archive: zipfile.ZipFile) -> Book:
    book, links, sheets = Book(archive), _links(archive), dict[str, str]()

    def begin(name: str, said: dict[str, str]) -> None:
        if name == "sheet" and said.get("state", "visible") == "visible":
            link = next((value for key, value in said.items() if key.endswith(":id")), "")
            sheets[said.get("name", "")] = link
        elif name == "workbookPr" and said.get("date1904", "0") in ("1", "true", "on"):
            book.epoch = EPOCH_1904

    _through_part(archive, BOOK, begin)
    if len(sheets) > SHEETS_MAX:
        raise broken()
    for name, link in sheets.items():
        kind, path = links.get(link, ("", ""))
        if kind == "worksheet":
            book.sheets[name] = path
    parts = dict(links.values())
    book.texts = _texts(archive, parts["sharedStrings"]) if "sharedStrings" in parts else []
    book.kinds = _kinds(archive, parts["styles"]) if "styles" in parts else []
    return book


def _links(archive: zipfile.ZipFile) -> dict[str, tuple[str, str]]:
    """Id → kind and path of the parts that belong to the workbook."""
    found: dict[str, tuple[str, str]] = {}

    def begin(name: str, said: dict[str, str]) -> None:
        if name == "Relationship" and said.get("TargetMode") != "External":
            target = said.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[said.get("Id", "")] = (said.get("Type", "").rpartition("/")[2], path)

    _through_part(archive, LINKS, begin)
    return found


def _texts(archive: zipfile.ZipFile, path: str) -> list[str]:
    """The shared texts. How Chinese or Japanese names are read aloud (rPh) is no part of them."""
    found: list[str] = []
    parts: list[str] = []
    size = 0
    taking = aloud = False

    def begin(name: str, _said: dict[str, str]) -> None:
        nonlocal taking, aloud
        aloud = aloud or name == "rPh"
        taking = name == "t" and not aloud

    def letters(piece: str) -> None:
        nonlocal size
        if taking:
            parts.append(piece)
            size += len(piece)
            if size > CELL_MAX:
                raise Unreadable(FaultCode.CELL_TOO_LARGE, most=CELL_MAX)

    def end(name: str) -> None:
        nonlocal taking, aloud, size
        taking = False
        if name == "rPh":
            aloud = False
        elif name == "si":
            found.append(unescaped("".join(parts)))
            parts.clear()
            size = 0
            if len(found) > TEXTS_MAX:
                raise Unreadable(FaultCode.SHEET_TOO_LARGE, columns=COLUMN_MAX, texts=TEXTS_MAX)

    _through_part(archive, path, begin, end, letters)
    return found


def _kinds(archive: zipfile.ZipFile, path: str) -> list[Kind]:
    """What each style makes of a number; the named styles (cellStyleXfs) are others than those that cells use."""
    codes: dict[str, str] = {}
    used: list[str] = []
    inside = False

    def begin(name: str, said: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            codes[said.get("numFmtId", "")] = said.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            used.append(said.get("numFmtId", "0"))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    _through_part(archive, path, begin, end)
    return [kind_of(int(number) if number.isdecimal() else 0, codes.get(number, "")) for number in used]


Part = tuple[list[Row], Begin, End, Letters]


def _through_part(
    archive: zipfile.ZipFile, path: str, begin: Begin, end: End | None = None, letters: Letters | None = None
) -> None:
    if path not in archive.namelist():
        raise broken()
    with opened_member(archive, archive.getinfo(path)) as part:
        through(part, begin, end, letters)


def _listeners(book: Book) -> Part:
    """What listens to the part of a sheet, and the list that fills with its rows; the reader empties it.

    Rows and cells come in their order, as the standard wants; what comes twice could be taken in two ways. The usual
    names are asked for first, as they stand: half a million rows make thirty million calls.
    """
    rows: list[Row] = []
    cells: list[str] = []
    parts: list[str] = []
    names: dict[str, str] = {}
    row = column = size = depth = 0
    kind = style = at = ""
    inside = taking = aloud = False

    def begin(tag: str, said: dict[str, str]) -> None:
        nonlocal row, column, cells, kind, style, at, inside, taking, aloud, depth
        depth += 1
        if tag == "c":
            column += 1
            kind, style, inside = said.get("t", "n"), said.get("s", ""), True
            if (reference := said.get("r")) and reference != NAMES[column] + at:
                column = _column(reference, at, column)
            if column >= COLUMN_MAX:
                raise Unreadable(FaultCode.SHEET_TOO_LARGE, line=row, columns=COLUMN_MAX, texts=TEXTS_MAX)
        elif tag in ("v", "t"):
            taking = inside and not aloud
        elif tag == "row":
            row = _row(said.get("r"), row)
            at, column, cells = str(row), 0, []
        elif tag == "rPh":
            aloud = True
        elif (name := names.get(tag) or names.setdefault(tag, tag.rpartition(":")[2])) != tag:
            depth -= 1
            begin(name, said)
        if depth > DEPTH_MAX or len(names) > NAMES_MAX:
            raise broken(row)

    def letters(piece: str) -> None:
        nonlocal size
        if taking:
            parts.append(piece)
            size += len(piece)
            if size > CELL_MAX:
                raise Unreadable(FaultCode.CELL_TOO_LARGE, line=row, most=CELL_MAX)

    def end(tag: str) -> None:
        nonlocal size, inside, taking, aloud, depth
        depth -= 1
        if tag in ("v", "t"):
            taking = False
        elif tag == "c":
            inside = False
            if parts:
                if (gap := column - 1 - len(cells)) > 0:
                    cells.extend([""] * gap)
                cells.append(_value(book, kind, style, parts[0] if len(parts) == 1 else "".join(parts), row))
                parts.clear()
                size = 0
        elif tag == "row":
            if cells:
                rows.append((row, cells))
        elif tag == "rPh":
            aloud = False
        elif (name := names[tag]) != tag:
            depth += 1
            end(name)

    return rows, begin, end, letters


def _row(number: str | None, before: int) -> int:
    row = before + 1 if number is None else int(number) if ROW.fullmatch(number) else 0
    if row <= before:
        raise broken(before)
    return row


def _column(reference: str, row: str, least: int) -> int:
    """The column of a reference such as B7, whose row must be the one it stands in."""
    parts = CELL.fullmatch(reference)
    column = column_number(parts[1]) if parts and parts[2] == row else 0
    if column < least:
        raise broken(int(row or 0))
    return column


def _value(book: Book, kind: str, style: str, raw: str, row: int) -> str:
    """The text of a cell. Errors stay as they are shown (#N/A), for the validator to name."""
    try:
        if kind == "s":
            return book.texts[_index(raw)]
        if kind == "n":
            return number_text(raw, book.kinds[_index(style)] if style else Kind.NUMBER, book.epoch)
    except (ValueError, IndexError, OverflowError) as error:
        raise broken(row) from error
    return unescaped(raw)


def _index(written: str) -> int:
    number = int(written)
    if number < 0:
        raise IndexError(number)
    return number


class Workbook:
    """The rows of one sheet, the header first. `blanks`: empty rows passed over so far."""

    def __init__(self, file: BinaryIO, sheet: str, limits: ReadLimits) -> None:
        self._file, self._sheet, self._limits = file, sheet, limits
        self.blanks = 0

    def __iter__(self) -> Rows:
        """Every row that is not empty, as wide as the header; wider where more cells are filled."""
        width = 0
        with opened_book(self._file, self._limits) as book:
            for number, cells in book.rows(book.sheets.get(self._sheet, "")):
                if not "".join(cells).strip():
                    self.blanks += 1
                    continue
                last = filled(cells)
                width = width or last
                yield number, cells[:last] + [""] * (width - last)

    def data(self, start: int, *, blanks: int) -> Rows:
        """The rows after the header, from number `start` on."""
        with closing(iter(self)) as found:
            yield from islice(found, start + 1, None)


def sheet_of(file: BinaryIO, required: Sequence[Names], limits: ReadLimits) -> str:
    """The one visible sheet with data; of several, the one with the required columns.

    Raises:
        Unreadable: no sheet holds anything, or several might be meant.
    """
    with opened_book(file, limits) as book:
        headers = {name: _header(book, path) for name, path in book.sheets.items()}
    filled_ones = [name for name, header in headers.items() if header]
    fitting = [name for name in filled_ones if required and not missing(headers[name], required)]
    names = fitting or filled_ones
    if not names:
        raise Unreadable(FaultCode.EMPTY_FILE)
    if len(names) > 1:
        raise Unreadable(FaultCode.SHEET_UNCLEAR, names="、".join(names))
    return names[0]


def _header(book: Book, path: str) -> list[str]:
    with closing(book.rows(path)) as rows:
        return next((list(map(normalised, cells)) for _, cells in rows if "".join(cells).strip()), [])
