"""A paper as a Word file to be edited: the office's own template, filled."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC
from functools import cache
from typing import Any

import typst
from django.conf import settings
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment

from common.printing import fonts
from oversight.paper import Paper
from oversight.renderings.printed import as_data

TEMPLATE = settings.BASE_DIR / "oversight" / "reference" / "notice.docx"
WIDTH, DOTS = 150, 220
DRAWN = '#set page(width: auto, height: auto, margin: 2pt)\n#image(bytes(sys.inputs.svg), format: "svg", width: 150mm)'


class Remembering(Environment):
    """Compiles the template of the office once, and not again for each of several hundred extracts."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.compiled: dict[str, Any] = {}

    def from_string(self, source: Any, *more: Any, **named: Any) -> Any:
        if source not in self.compiled:
            self.compiled[source] = super().from_string(source, *more, **named)
        return self.compiled[source]


WORDS = Remembering()


def as_word(paper: Paper) -> bytes:
    """The paper in the template of the office; what people wrote is text in it, never a field or a tag."""
    template = DocxTemplate(TEMPLATE)
    data = as_data(paper)
    for block in data["blocks"]:
        if block["kind"] == "chart":
            block["picture"] = InlineImage(template, io.BytesIO(picture(block["svg"])), width=Mm(WIDTH))
    template.render(data, jinja_env=WORDS, autoescape=True)
    _describe(template, paper, data)
    _align(template, data)
    target = io.BytesIO()
    template.save(target)
    return _undated(target)


def _undated(made: io.BytesIO) -> bytes:
    """The same file without the moment at which it was packed: of one paper always the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(made) as read, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in sorted(read.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            packed.writestr(zipfile.ZipInfo(one), read.read(one), zipfile.ZIP_DEFLATED)
    return target.getvalue()


@cache
def picture(drawing: str) -> bytes:
    """A drawing as dots, since older Word knows no other."""
    compiler = typst.Compiler(DRAWN.encode(), font_paths=fonts(), sys_inputs={"svg": drawing})
    made = compiler.compile(format="png", ppi=DOTS)
    assert isinstance(made, bytes)
    return made


def _describe(template: Any, paper: Paper, data: dict[str, Any]) -> None:
    """Title, author and language of the file, and what each picture says, for readers that speak."""
    document = template.docx
    document.core_properties.title, document.core_properties.author = paper.title, paper.issuer
    document.core_properties.language = "zh-CN"
    document.core_properties.created = document.core_properties.modified = paper.as_of.astimezone(UTC)
    says = [block["says"] for block in data["blocks"] if block["kind"] == "chart"]
    for shape, words in zip(document.inline_shapes, says, strict=True):
        shape._inline.docPr.set("descr", words)


def _align(template: Any, data: dict[str, Any]) -> None:
    """Numbers stand at the right, which the template cannot know of columns that it does not have."""
    tables = [block for block in data["blocks"] if block["kind"] == "table"]
    for drawn, table in zip(template.docx.tables, tables, strict=True):
        right = [place for place, column in enumerate(table["columns"]) if column["number"]]
        for row in drawn.rows:
            cells = row.cells
            for place in right:
                cells[place].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
