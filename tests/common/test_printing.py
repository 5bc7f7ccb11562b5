"""Paper: what is typed is printed as typed, what cannot be printed is said, and no fault leaks to the reader."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from common import printing
from common.printing import PrintError, pdf
from tests.factories import NOW
from tests.support.paper import Paper

TEMPLATE = '#import "/print/parts.typ": data, sheet\n#show: sheet\n#set page(width: 200mm, height: 100mm)\n#data.words'


@pytest.fixture
def words_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Prints words through a template of its own, beside the real parts."""
    (tmp_path / "print").mkdir()
    (tmp_path / "print" / "parts.typ").write_text((printing.TEMPLATES / "print" / "parts.typ").read_text())
    monkeypatch.setattr(printing, "TEMPLATES", tmp_path)

    def print_words(words: object, template: str = TEMPLATE) -> Paper:
        (tmp_path / "words.typ").write_text(template)
        return Paper(pdf("words.typ", {"title": "试印", "words": words}, at=NOW))

    return print_words


@pytest.mark.parametrize("words", ["𠮷野家䶮㙍堃", "青岛大街﨑", "Ünïcödé", "①㈱㎡", "维吾尔·买买提"])
def test_rare_letters_are_printed(words_sheet: Any, words: str) -> None:
    assert words in words_sheet(words).text()


MARKUP = [
    "*粗* _斜_ `码` $x^2$",
    '#read("/etc/passwd")',
    '#import "@preview/tablex:0.0.8"',
    "= 标题",
    "\\ #sys.version",
    "<a> @b",
]


@pytest.mark.parametrize("words", MARKUP)
def test_words_are_never_markup(words_sheet: Any, words: str) -> None:
    assert "".join(words.split()) in words_sheet(words).text()


@pytest.mark.parametrize(("words", "named"), [("政务🏛厅", "🏛"), ("私\ue123用", "e123")])
def test_a_letter_without_a_shape_is_named_and_nothing_is_printed(words_sheet: Any, words: str, named: str) -> None:
    with pytest.raises(PrintError) as refusal:
        words_sheet(words)
    assert named in str(refusal.value)
    assert "换一个字" in str(refusal.value)


def test_a_fault_of_a_template_is_logged_and_not_told(words_sheet: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(PrintError) as refusal:
        words_sheet("王演示", TEMPLATE.replace("data.words", "data.nothing"))
    assert "系统管理员" in str(refusal.value)
    assert "nothing" not in str(refusal.value)
    assert "nothing" in caplog.text
    assert "王演示" not in caplog.text


def test_a_template_reaches_no_file_of_the_machine(words_sheet: Any) -> None:
    outside = TEMPLATE.replace("#data.words", '#read("/../../etc/passwd")')
    with pytest.raises(PrintError):
        words_sheet("", outside)


def test_paper_is_the_same_every_time_and_in_every_language(words_sheet: Any) -> None:
    once = words_sheet("烟台").data
    with translation.override("en"):
        assert words_sheet("烟台").data == once


def test_every_font_is_inside_and_the_pages_are_tagged(words_sheet: Any) -> None:
    """PDF/A-2a and PDF/UA-1: the file says so itself; the compiler refuses to write one that is not."""
    data = words_sheet("烟台").data
    assert b"pdfaid:part" in data
    assert b"pdfuaid:part" in data
    assert b"/StructTreeRoot" in data
