"""Tables of ratings as text, workbook, JSON lines and archive, and what spoils them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

HEADER = ["办件编号", "满意度", "评价标签", "文字评价", "评价时间", "渠道", "部门编码"]
ROW = ["37060020260001", "5", "510,511", "办得很快,谢谢", "2026-11-20 09:30:00", "3", "370600-SPJ"]


def row(**changed: str) -> list[str]:
    """A good row; cells are changed by their place: `row(c1="6")`."""
    return [changed.get(f"c{place}", cell) for place, cell in enumerate(ROW)]


def text(rows: Iterable[Sequence[str]], *, delimiter: str = ",", end: str = "\r\n") -> str:
    """The rows as a table, quoted where needed."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def table(*rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",", end: str = "\r\n") -> bytes:
    """A file with the usual header."""
    return text([HEADER, *rows], delimiter=delimiter, end=end).encode(encoding)


def json_lines(*objects: Mapping[str, Any]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in objects)


def workbook(*rows: Sequence[Any], sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> bytes:
    """A real workbook. A cell that is a pair is (value, number format); a text beginning with "=" is a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd hh:mm:ss", "strings_to_urls": False})
    for name, content in (sheets or {"评价": rows}).items():
        sheet = book.add_worksheet(name)
        for down, cells in enumerate(content):
            for right, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write(down, right, cell[0], book.add_format({"num_format": cell[1]}))
                else:
                    sheet.write(down, right, cell)
    book.close()
    return out.getvalue()


def spoilt(book: bytes, path: str, content: bytes) -> bytes:
    """A workbook or archive with one part replaced or added."""
    return archive({**{entry: data for entry, data in members(book).items() if entry != path}, path: content})


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {entry: opened.read(entry) for entry in opened.namelist()}


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def bomb(name: str, *, megabytes: int) -> bytes:
    """A zip with one member that unpacks to much more than it weighs."""
    out, zeros = io.BytesIO(), bytes(1 << 20)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made, made.open(name, "w") as member:
        for _ in range(megabytes):
            member.write(zeros)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_xml(cells: str, *, before: str = "") -> bytes:
    """The part of a sheet, written by hand."""
    head = f'<?xml version="1.0" encoding="UTF-8"?>{before}'
    return f'{head}<worksheet xmlns="{_SPREADSHEET}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def far_corners() -> bytes:
    """Two cells that span a sheet: calamine alone asks for half a terabyte and the process ends."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return spoilt(workbook(HEADER, ROW), SHEET, sheet_xml(cells))


def laughs() -> bytes:
    """Entities that multiply ("billion laughs") among the shared texts."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "笑">{entities}]>'
    content = f'{head}<sst xmlns="{_SPREADSHEET}"><si><t>&l9;</t></si></sst>'.encode()
    return spoilt(workbook(HEADER, ROW), "xl/sharedStrings.xml", content)
