"""One paper, four ways: the same figures in each, in the same order, and what people wrote is text in all of them."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from decimal import Decimal

import docx
import pytest
import time_machine
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from python_calamine import CalamineWorkbook

from oversight.paper import NOTHING, Column, Figure, Heading, Paper, Paragraph, Table
from oversight.renderings import as_pdf, as_word, as_workbook
from tests.oversight.sample import AT, HOSTILE, full, paper, papers
from tests.support.paper import Paper as Printed

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def in_word(file: bytes) -> str:
    """All text in the order of the document, tables where they stand."""
    body = docx.Document(io.BytesIO(file)).element.body
    return squeezed("".join(node.text or "" for node in body.iter(qn("w:t"))))


def in_order(text: str, words: Iterable[str]) -> None:
    """Asserts that these words follow each other in a text."""
    place = 0
    for one in words:
        found = text.find(squeezed(one), place)
        assert found >= 0, f"{one} is missing after {text[max(0, place - 60) : place]}"
        place = found + len(squeezed(one))


def numbers_of_workbook(file: bytes, paper: Paper) -> list[object]:
    """The figures of a workbook in the order in which they stand in the paper."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(file))
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    text, tables = iter([row[1] for row in sheets[1][1:]]), iter(sheets[2:-1])
    found: list[object] = []
    for block in paper.blocks:
        table = getattr(block, "table", block)
        if isinstance(table, Table):
            rows = next(tables)[1:]
            found += [
                cell
                for kept, row in zip(table.rows, rows, strict=True)
                for one, cell in zip(kept, row, strict=True)
                if isinstance(one, Figure)
            ]
        elif isinstance(block, Paragraph):
            found += [next(text) for part in block.parts if isinstance(part, Figure)]
    return found


def on_paper(file: bytes) -> str:
    printed = Printed(file)
    return squeezed("".join(printed.text(page) for page in range(len(printed))))


def lines_of(printed: Printed, page: int, letter: str) -> list[int]:
    """How often a letter stands in each line of a page, from above."""
    text = printed.document[page].get_textpage()
    places = [n for n in range(text.count_chars()) if text.get_text_range(n, 1) == letter]
    tops = Counter(round(text.get_charbox(n)[3]) for n in places)
    return [tops[top] for top in sorted(tops, reverse=True)]


def check(made: Paper) -> None:
    wanted = [str(figure) for figure in made.figures()]
    in_order(on_paper(as_pdf(made)), wanted)
    in_order(in_word(as_word(made)), wanted)
    kept = numbers_of_workbook(as_workbook(made), made)
    rounded = ["" if figure.rounded is None else Decimal(figure.rounded) for figure in made.figures()]
    assert [one if one == "" else round(Decimal(str(one)), 6) for one in kept] == rounded


@given(papers())
@QUICK
def test_the_same_figures_stand_in_word_pdf_and_workbook(made: Paper) -> None:
    check(made)


def test_a_paper_with_everything() -> None:
    check(full())


def test_what_people_wrote_is_text_everywhere() -> None:
    made = full()
    assert squeezed(HOSTILE) in on_paper(as_pdf(made))
    assert squeezed(HOSTILE) in in_word(as_word(made))
    formula = paper(Table("表", (Column("甲"),), (("=1+1",), ("@SUM",), ("-2",))))
    file = as_workbook(formula)
    assert not any(
        b"<f>" in zipfile.ZipFile(io.BytesIO(file)).read(name) for name in zipfile.ZipFile(io.BytesIO(file)).namelist()
    )


def test_the_office_layout() -> None:
    printed = Printed(as_pdf(full()))
    long = Printed(as_pdf(paper(Heading(1, "一、"), Paragraph.of("字" * 28 * 60))))
    assert lines_of(long, 1, "字") == [28] * 22
    left, top, _right, _bottom = printed.room("演示市行政审批服务局")
    assert left >= 28
    assert top >= 37
    assert "—2/" in squeezed(printed.text(1))
    section = docx.Document(io.BytesIO(as_word(full()))).sections[0]
    margins = [
        round(side.mm)
        for side in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ]  # type: ignore[union-attr]
    assert margins == [37, 35, 28, 26]


def test_heads_of_tables_are_repeated_on_every_page() -> None:
    printed = Printed(as_pdf(full()))
    assert sum("按期率" in printed.text(page) for page in range(len(printed))) >= 2
    document = docx.Document(io.BytesIO(as_word(full())))
    assert document.tables[0].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_pictures_say_what_they_show() -> None:
    shapes = docx.Document(io.BytesIO(as_word(full()))).inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == ["材料类差评减少"]
    assert b"/StructTreeRoot" in as_pdf(full())


def test_sheets_have_names_that_are_allowed_and_unique() -> None:
    names = ("甲/乙:[丙]?" * 9, "甲/乙:[丙]?" * 9, "'", "封面")
    made = paper(*(Table(name, (Column("列"),), ()) for name in names))
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_workbook(made)))
    assert len({name.lower() for name in book.sheet_names}) == len(book.sheet_names) == 7
    assert max(map(len, book.sheet_names)) <= 31


def test_nothing_is_a_dash_and_no_number() -> None:
    assert str(Figure(None)) == NOTHING
    assert str(Figure(0)) == "0"
    assert str(Figure(Decimal("0.125"), 2, "%", signed=True)) == "+0.12%"


def test_a_row_with_another_number_of_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="another number of cells"):
        Table("表", (Column("甲"), Column("乙")), (("一",),))


def test_a_draft_says_that_it_is_one() -> None:
    assert "草稿,未签发" in Printed(as_pdf(paper())).text()
    assert "草稿,未签发" in in_word(as_word(paper()))


@pytest.mark.parametrize("make", [as_word, as_pdf, as_workbook])
def test_of_one_paper_always_the_same_bytes(make: Callable[[Paper], bytes]) -> None:
    """A file that is made when it is asked for is the file that was made before, on another day too."""
    made = full()
    first = make(made)
    with time_machine.travel(AT + timedelta(days=400)):
        assert make(made) == first
    assert make(dataclasses.replace(made, title="另一份")) != first
