"""The notice (通报) and its kin as data: words, figures, tables and charts, each said once and shown four times. Pure.

A page, a Word file, a PDF and a workbook are made of one `Paper`. A figure is a number with its way of being written,
so no two of them can say it differently (docs/notice.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

NOTHING = "—"


@dataclass(frozen=True)
class Figure:
    """A number and how it is written.

    value: None where there is nothing to be counted (never 0 in its place).
    places: digits after the point. unit: stands behind it. signed: a change, with its sign.
    """

    value: int | Decimal | None
    places: int = 0
    unit: str = ""
    signed: bool = False

    @property
    def rounded(self) -> int | Decimal | None:
        """The number as it is written, for a cell that is a number."""
        if self.value is None or isinstance(self.value, int):
            return self.value
        return self.value.quantize(Decimal(10) ** -self.places, ROUND_HALF_EVEN)

    def __str__(self) -> str:
        value = self.rounded
        if value is None:
            return NOTHING
        return f"{value:+,}{self.unit}" if self.signed else f"{value:,}{self.unit}"


Part = str | Figure
Cell = str | Figure | date


@dataclass(frozen=True)
class Heading:
    """level 1 is 一、 and 2 is (一)."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, *parts: Part) -> Paragraph:
        return cls(parts)

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


@dataclass(frozen=True)
class Column:
    """wide: takes the room the others leave. number: its cells stand at the right."""

    label: str
    wide: bool = False
    number: bool = False


@dataclass(frozen=True)
class Table:
    """One table; in the workbook a sheet of this name (at most 31 characters, unique in its paper)."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.name} has another number of cells than it has columns")


@dataclass(frozen=True)
class Chart:
    """A drawing (SVG) with what it says in words; its numbers stand in the table below it."""

    drawing: str
    says: str
    table: Table


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Definition:
    """指标口径: what a figure is of."""

    name: str
    text: str


@dataclass(frozen=True)
class Paper:
    """A document of the office.

    number: 文号, empty while it is a draft. summary: the findings and demands of the first page.
    as_of: 数据截止. seal: the head of the audit trail at that moment.
    """

    title: str
    issuer: str
    as_of: datetime
    blocks: tuple[Block, ...]
    number: str = ""
    summary: tuple[str, ...] = ()
    addressees: str = ""
    copies: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    issued_on: date | None = None
    seal: str = ""

    @property
    def tables(self) -> list[Table]:
        """Every table with those under charts, in their order."""
        found = [block.table if isinstance(block, Chart) else block for block in self.blocks]
        return [block for block in found if isinstance(block, Table)]

    def figures(self) -> Iterator[Figure]:
        """Every figure in the order in which it stands."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield from (part for part in block.parts if isinstance(part, Figure))
            table = block.table if isinstance(block, Chart) else block
            if isinstance(table, Table):
                yield from (cell for row in table.rows for cell in row if isinstance(cell, Figure))


# --- kept whole -----------------------------------------------------------------------------------------------


def dump(paper: Paper) -> dict[str, Any]:
    """A paper as JSON, for the row that keeps what was issued."""
    kept = {name: getattr(paper, name) for name in ("title", "issuer", "number", "addressees", "seal")}
    return kept | {
        "as_of": paper.as_of.isoformat(),
        "issued_on": paper.issued_on.isoformat() if paper.issued_on else None,
        "summary": list(paper.summary),
        "copies": list(paper.copies),
        "definitions": [[one.name, one.text] for one in paper.definitions],
        "blocks": [_dump_block(block) for block in paper.blocks],
    }


def load(kept: dict[str, Any]) -> Paper:
    """The paper that was dumped; `load(dump(paper)) == paper`."""
    names = ("title", "issuer", "number", "addressees", "seal")
    return Paper(
        **{name: kept[name] for name in names},
        as_of=datetime.fromisoformat(kept["as_of"]),
        issued_on=date.fromisoformat(kept["issued_on"]) if kept["issued_on"] else None,
        summary=tuple(kept["summary"]),
        copies=tuple(kept["copies"]),
        definitions=tuple(Definition(*one) for one in kept["definitions"]),
        blocks=tuple(_load_block(block) for block in kept["blocks"]),
    )


def _dump_block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "parts": [_dump_cell(part) for part in block.parts]}
    if isinstance(block, Chart):
        return {"kind": "chart", "drawing": block.drawing, "says": block.says, "table": _dump_block(block.table)}
    return {
        "kind": "table",
        "name": block.name,
        "note": block.note,
        "columns": [[one.label, one.wide, one.number] for one in block.columns],
        "rows": [[_dump_cell(cell) for cell in row] for row in block.rows],
    }


def _load_block(kept: dict[str, Any]) -> Block:
    match kept["kind"]:
        case "heading":
            return Heading(kept["level"], kept["text"])
        case "paragraph":
            return Paragraph(tuple(_load_part(part) for part in kept["parts"]))
        case "chart":
            return Chart(kept["drawing"], kept["says"], _load_table(kept["table"]))
        case _:
            return _load_table(kept)


def _load_table(kept: dict[str, Any]) -> Table:
    rows = tuple(tuple(_load_cell(cell) for cell in row) for row in kept["rows"])
    return Table(kept["name"], tuple(Column(*one) for one in kept["columns"]), rows, kept["note"])


def _dump_cell(cell: Cell) -> object:
    if isinstance(cell, Figure):
        value = str(cell.value) if isinstance(cell.value, Decimal) else cell.value
        return {"figure": [value, cell.places, cell.unit, cell.signed]}
    return {"day": cell.isoformat()} if isinstance(cell, date) else cell


def _load_cell(kept: Any) -> Cell:
    if isinstance(kept, str):
        return kept
    if "day" in kept:
        return date.fromisoformat(kept["day"])
    value, places, unit, signed = kept["figure"]
    return Figure(Decimal(value) if isinstance(value, str) else value, places, unit, signed)


def _load_part(kept: Any) -> Part:
    cell = _load_cell(kept)
    if isinstance(cell, str | Figure):
        return cell
    raise ValueError(f"no part of a sentence: {kept}")
