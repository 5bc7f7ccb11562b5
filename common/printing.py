"""Paper: a Typst template and data become a PDF. Data travel as JSON, never as markup, and nothing is fetched."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files

import typst
from django.conf import settings
from django.utils.translation import gettext as _

TEMPLATES = settings.BASE_DIR / "templates"
# Tagged for readers that speak, and with every font inside: what is printed today can be read in an archive.
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
MISSING_GLYPH = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.DOTALL)
log = logging.getLogger(__name__)


class PrintError(Exception):
    """Nothing was printed; the message is for the user."""


def pdf(template: str, data: Mapping[str, object], *, at: datetime) -> bytes:
    """Compiles a template.

    Args:
        template: name below templates/, such as "print/sign.typ".
        data: what the template reads from `sys.inputs.data`; "title" is the document's.
        at: the moment the document says it was made.

    Raises:
        PrintError: a letter that our font does not have, or a fault of the template (which the log names).
    """
    compiler = typst.Compiler(
        TEMPLATES / template, root=TEMPLATES, font_paths=fonts(), sys_inputs={"data": json.dumps(data)}
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=int(at.timestamp()))
    except typst.TypstError as error:
        raise PrintError(_reason(template, error)) from error
    assert isinstance(made, bytes)
    return made


@functools.cache
def fonts() -> typst.Fonts:
    """Noto Sans CJK from its own package and no other, so that paper looks the same from every machine."""
    folder = str(files("manimgx_fonts_cjk"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _reason(template: str, error: typst.TypstError) -> str:
    missing = MISSING_GLYPH.search(error.message)
    if missing:
        return _("有打印不出来的字:%(text)s。请换一个字再打印。") % {"text": missing[1]}
    log.error("printing %s failed: %s", template, error.message)
    return _("现在打印不出来,请联系系统管理员。")
