"""A paper as a workbook: one sheet a table, numbers as numbers, the figures of the text, the definitions."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date
from typing import Any

import xlsxwriter
from django.utils import timezone

from common.rows import safe_cell
from oversight.paper import Cell, Figure, Paper, Paragraph

FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST = 31


def as_workbook(paper: Paper) -> bytes:
    """The figures of a paper for whoever counts on with them; opens without a warning, holds no formula."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": paper.title, "author": paper.issuer, "created": paper.as_of.astimezone(UTC)})
        book.set_size(2400, 1600)
        written = _Sheets(book)
        written.table("封面", ["项目", "内容"], _cover(paper))
        written.table("正文数字", ["段落", "数字", "单位", "原文"], _of_text(paper))
        for table in paper.tables:
            written.table(table.name, [column.label for column in table.columns], table.rows, note=table.note)
        written.table("指标口径", ["指标", "口径"], [(one.name, one.text) for one in paper.definitions])
    return target.getvalue()


def _cover(paper: Paper) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [
        ("标题", paper.title),
        ("文号", paper.number or "草稿"),
        ("发文机关", paper.issuer),
        ("数据截止", f"{timezone.localtime(paper.as_of):%Y-%m-%d %H:%M}"),
        ("校验码", paper.seal),
    ]
    return [*rows, *(("摘要", line) for line in paper.summary)]


def _of_text(paper: Paper) -> list[tuple[Cell, ...]]:
    """Every figure that stands in a sentence, with the sentence."""
    found: list[tuple[Cell, ...]] = []
    paragraphs = [block for block in paper.blocks if isinstance(block, Paragraph)]
    for number, paragraph in enumerate(paragraphs, start=1):
        for part in paragraph.parts:
            if isinstance(part, Figure):
                found.append((Figure(number), part, part.unit, str(paragraph)))
    return found


class _Sheets:
    """Sheets of a book under names that are allowed and unique."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.formats: dict[str, Any] = {}
        self.names: set[str] = set()

    def table(self, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, note: str = "") -> None:
        """A sheet with a frozen head and a filter, as wide as what stands in it, printed as wide as the paper."""
        kept = list(rows)
        sheet = self.book.add_worksheet(self._name(name))
        sheet.write_row(0, 0, heads, self.bold)
        sheet.freeze_panes(1, 1)
        for line, row in enumerate(kept, start=1):
            for place, cell in enumerate(row):
                self._cell(sheet, line, place, cell)
        if kept:
            sheet.autofilter(0, 0, len(kept), len(heads) - 1)
        for place, head in enumerate(heads):
            sheet.set_column(place, place, _width([head, *(str(row[place]) for row in kept)]))
        if note:
            sheet.set_footer(f"&L{note}".replace("&", "&&").replace("&&L", "&L", 1))
        sheet.repeat_rows(0)
        sheet.fit_to_pages(1, 0)
        sheet.set_paper(9)

    def _cell(self, sheet: Any, line: int, place: int, cell: Cell) -> None:
        if isinstance(cell, Figure):
            if cell.rounded is not None:
                sheet.write_number(line, place, float(cell.rounded), self._number(cell))
        elif isinstance(cell, date):
            sheet.write_datetime(line, place, cell, self.day)
        else:
            sheet.write_string(line, place, safe_cell(cell), self.words)

    def _number(self, figure: Figure) -> Any:
        digits = "#,##0" + ("." + "0" * figure.places if figure.places and not isinstance(figure.value, int) else "")
        unit = f'"{figure.unit}"' if figure.unit else ""
        pattern = f"+{digits}{unit};-{digits}{unit};{digits}{unit}" if figure.signed else digits + unit
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({"num_format": pattern, "valign": "top"})
        return self.formats[pattern]

    def _name(self, name: str) -> str:
        plain = FORBIDDEN.sub(" ", name)[:LONGEST].strip() or "-"
        number, unique = 1, plain
        while unique.lower() in self.names:
            number += 1
            unique = f"{plain[: LONGEST - len(str(number)) - 1]} {number}"
        self.names.add(unique.lower())
        return unique


def _width(texts: Iterable[str], most: int = 60) -> float:
    """Of a column in characters; a Chinese one takes two."""
    longest = max(sum(2 if ord(letter) > 0x2E80 else 1 for letter in text) for text in texts)
    return min(most, longest + 2)
