"""A paper as PDF in the layout of an office document (GB/T 9704-2012): 22 lines of 28 characters, numbered pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from common.printing import pdf
from oversight.paper import Block, Cell, Chart, Figure, Heading, Paper, Paragraph, Table

QUOTED, JOINER = re.compile("“[^”]{1,8}”"), "\u2060"


def as_pdf(paper: Paper) -> bytes:
    """The paper to be sent: tagged, every font inside (PDF/A-2a, PDF/UA-1).

    Raises:
        PrintError: a letter that no font of ours has; the message is for the user.
    """
    return pdf("print/notice.typ", as_data(paper), at=timezone.localtime(paper.as_of))


def as_data(paper: Paper) -> dict[str, Any]:
    """What the template reads; every word and figure as it is written."""
    return {
        "title": paper.title,
        "headline": unbroken(paper.title),
        "issuer": paper.issuer,
        "number": paper.number or "草稿,未签发",
        "draft": not paper.number,
        "summary": list(paper.summary),
        "addressees": paper.addressees,
        "blocks": list(_blocks(paper.blocks)),
        "definitions": [{"name": one.name, "text": one.text} for one in paper.definitions],
        "definitions_title": "指标口径",
        "copies": "、".join(paper.copies),
        "copies_title": "抄送",
        "issued_on": day_words(paper.issued_on) if paper.issued_on else "",
        "as_of": f"数据截止 {timezone.localtime(paper.as_of):%Y-%m-%d %H:%M}",
        "seal": f"审计校验码 {paper.seal}" if paper.seal else "",
    }


def unbroken(title: str) -> str:
    """A title that is not broken inside its quotation marks."""
    return QUOTED.sub(lambda found: JOINER.join(found[0]), title)


def day_words(day: date) -> str:
    """A date as a document is signed: without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def _blocks(blocks: Iterable[Block]) -> Iterable[dict[str, Any]]:
    for block in blocks:
        if isinstance(block, Heading):
            yield {"kind": f"h{block.level}", "text": block.text}
        elif isinstance(block, Paragraph):
            yield {"kind": "p", "text": str(block)}
        elif isinstance(block, Chart):
            yield {"kind": "chart", "svg": block.drawing, "says": block.says}
            yield table_data(block.table)
        else:
            yield table_data(block)


def table_data(table: Table) -> dict[str, Any]:
    """A table in words, with how its columns stand."""
    return {
        "kind": "table",
        "name": table.name,
        "note": table.note,
        "columns": [{"label": one.label, "wide": one.wide, "number": one.number} for one in table.columns],
        "rows": [[cell_words(cell) for cell in row] for row in table.rows],
    }


def cell_words(cell: Cell) -> str:
    """What stands in a cell on paper and on the page."""
    if isinstance(cell, date) and not isinstance(cell, Figure):
        return f"{cell:%Y-%m-%d}"
    return str(cell)
