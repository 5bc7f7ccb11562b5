"""A paper as a file: Word to be edited, PDF to be sent, a workbook to be counted with."""

from oversight.renderings.printed import as_pdf
from oversight.renderings.word import as_word
from oversight.renderings.workbook import as_workbook

__all__ = ["as_pdf", "as_word", "as_workbook"]
