"""The Word template of the notice, made anew: `python -m tools.word_template`.

An office edits the file itself (oversight/reference/notice.docx); this is how it began, in the layout of GB/T 9704:
margins 37/35/28/26 mm, 仿宋 of size 3 in 22 lines of 28 characters, 小标宋 of size 2 above, page numbers outside.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TARGET = Path(__file__).resolve().parent.parent / "oversight" / "reference" / "notice.docx"
THREE, TWO, STEP = 16, 22, 28.9
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"


def build() -> Any:
    """The template as a document."""
    document = Document()
    _paper(document)
    _styles(document)
    _head(document)
    _blocks(document)
    _foot(document)
    return document


def _paper(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        _run(paragraph, "— ", "宋体", 14)
        _field(paragraph, "PAGE")
        _run(paragraph, " —", "宋体", 14)


def _styles(document: Any) -> None:
    _style(document.styles["Normal"], FANG, THREE, indent=True)
    language = OxmlElement("w:lang")
    for name in ("val", "eastAsia"):
        language.set(qn(f"w:{name}"), "zh-CN")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    _style(document.styles["Title"], SONG, TWO, centred=True)
    _style(document.styles["Heading 1"], HEI, THREE, indent=True)
    _style(document.styles["Heading 2"], KAI, THREE, indent=True)
    _style(document.styles["Caption"], HEI, 12, centred=True)
    _style(document.styles["No Spacing"], FANG, 10.5)


def _style(style: Any, face: str, size: float, *, indent: bool = False, centred: bool = False) -> None:
    _face(style.element.get_or_add_rPr(), face)
    style.font.name, style.font.size, style.font.bold, style.font.italic = face, Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(STEP if size >= THREE else size * 1.4)
    if size == TWO:
        layout.line_spacing, layout.space_before, layout.space_after = Pt(36), Pt(18), Pt(12)
    layout.first_line_indent = Pt(2 * THREE) if indent else Pt(0)
    if centred:
        layout.alignment = WD_ALIGN_PARAGRAPH.CENTER
    # Word draws a line under a title by itself.
    for line in style.element.findall(f".//{qn('w:pBdr')}"):
        line.getparent().remove(line)


def _head(document: Any) -> None:
    issuer = _line(document, "{{ issuer }}", SONG, 34, centred=True)
    issuer.paragraph_format.line_spacing = Pt(54)
    for run in issuer.runs:
        run.font.color.rgb = RGBColor(0xC0, 0, 0)
    number = _line(document, "{{ number }}", FANG, THREE, centred=True)
    _rule(number)
    document.add_paragraph("{{ headline }}", style="Title")
    _if(document, "addressees")
    _line(document, "{{ addressees }}", FANG, THREE)
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for line in summary %}")
    _line(document, "{{ line }}", KAI, THREE)
    document.add_paragraph("{%p endfor %}")


def _blocks(document: Any) -> None:
    document.add_paragraph("{%p for block in blocks %}")
    for kind, style in (("h1", "Heading 1"), ("h2", "Heading 2"), ("p", "Normal")):
        _if(document, f'block.kind == "{kind}"')
        document.add_paragraph("{{ block.text }}", style=style)
        document.add_paragraph("{%p endif %}")
    _if(document, 'block.kind == "chart"')
    document.add_paragraph("{{ block.says }}", style="Caption")
    picture = _line(document, "{{ block.picture }}", FANG, THREE, centred=True)
    picture.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    document.add_paragraph("{%p endif %}")
    _if(document, 'block.kind == "table"')
    document.add_paragraph("{{ block.name }}", style="Caption")
    _table(document)
    document.add_paragraph("{{ block.note }}", style="No Spacing")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")


def _table(document: Any) -> None:
    """A head that is repeated on every page, and a row for each row; columns as many as the table has."""
    table = document.add_table(rows=4, cols=3)
    table.style = "Table Grid"
    table.autofit = True
    _fill(table.rows[0], "{%tc for c in block.columns %}", "{{ c.label }}", "{%tc endfor %}")
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    _fill(table.rows[1], "{%tr for row in block.rows %}", "", "")
    _fill(table.rows[2], "{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}")
    _fill(table.rows[3], "{%tr endfor %}", "", "")
    for row in (table.rows[0], table.rows[2]):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fill(row: Any, *texts: str) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.paragraphs[0].style = "No Spacing"
        cell.paragraphs[0].add_run(text)


def _foot(document: Any) -> None:
    for words, right in (("{{ issuer }}", 2), ("{{ issued_on }}", 4)):
        paragraph = _line(document, words, FANG, THREE)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(right * THREE)
    _if(document, "definitions")
    document.add_paragraph("{{ definitions_title }}", style="Heading 1")
    document.add_paragraph("{%p for one in definitions %}")
    document.add_paragraph("{{ one.name }}: {{ one.text }}", style="No Spacing")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endif %}")
    _if(document, "copies")
    copies = _line(document, "{{ copies_title }}: {{ copies }}", FANG, 14)
    _rule(copies, "top")
    copies.paragraph_format.keep_with_next = True
    document.add_paragraph("{%p endif %}")
    _line(document, "{{ as_of }}", FANG, 14).paragraph_format.keep_with_next = True
    _line(document, "{{ seal }}", FANG, 9)


def _if(document: Any, condition: str) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")


def _line(document: Any, words: str, face: str, size: float, *, centred: bool = False) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.first_line_indent = Pt(0)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, words, face, size)
    return paragraph


def _run(paragraph: Any, words: str, face: str, size: float) -> None:
    run = paragraph.add_run(words)
    run.font.size = Pt(size)
    run.font.name = face
    _face(run._r.get_or_add_rPr(), face)


def _face(properties: Any, face: str) -> None:
    """The face for Chinese letters has a name of its own in Word."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{name}"), face)


def _rule(paragraph: Any, edge: str = "bottom") -> None:
    border = OxmlElement("w:pBdr")
    side = OxmlElement(f"w:{edge}")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", "C00000")):
        side.set(qn(f"w:{name}"), value)
    border.append(side)
    paragraph._p.get_or_add_pPr().append(border)


def _field(paragraph: Any, code: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(14)
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


if __name__ == "__main__":
    TARGET.parent.mkdir(exist_ok=True)
    build().save(str(TARGET))
