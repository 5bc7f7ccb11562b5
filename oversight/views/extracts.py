"""摘编: who has one, one on a page, and its files, made of what was kept when the notice was signed."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from organizations.views.doors import for_roles, keyset, staff_of
from oversight.access import READS_NOTICES
from oversight.enums import FileKind
from oversight.models import Extract
from oversight.paper import Paper, load
from oversight.queries import extracts_of
from oversight.renderings import as_pdf, as_word, as_workbook
from oversight.renderings.printed import as_data
from oversight.views.notices import shown

MAKERS: dict[str, Callable[[Paper], bytes]] = {
    FileKind.WORD: as_word,
    FileKind.PDF: as_pdf,
    FileKind.WORKBOOK: as_workbook,
}


@require_safe
@for_roles(READS_NOTICES)
def extracts(request: HttpRequest, pk: int) -> HttpResponse:
    """The extracts of a notice that one may read, by the codes of units."""
    row = shown(request, pk)
    page = keyset(request, extracts_of(row, staff_of(request)), "unit_code")
    return render(request, "oversight/extracts.html", {"notice": row, "page": page})


@require_safe
@for_roles(READS_NOTICES)
def extract(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One extract as a page."""
    row = _one(request, pk, code)
    with translation.override(settings.LANGUAGE_CODE):
        paper = as_data(load(row.content))
    return render(request, "oversight/extract.html", {"extract": row, "paper": paper, "kinds": FileKind.choices})


@require_safe
@for_roles(READS_NOTICES)
def extract_file(request: HttpRequest, pk: int, code: str, kind: str) -> FileResponse:
    """One extract as a file: of the same content always the same bytes."""
    if kind not in MAKERS:
        raise Http404(kind)
    row = _one(request, pk, code)
    with translation.override(settings.LANGUAGE_CODE):
        made = MAKERS[kind](load(row.content))
    name = f"{row.notice.number}-{row.unit_code}.{kind}"
    return FileResponse(ContentFile(made), as_attachment=True, filename=name)


def _one(request: HttpRequest, pk: int, code: str) -> Extract:
    """An extract, if this person may read it; strangers meet a 404."""
    seen = Extract.objects.visible_to(staff_of(request)).select_related("notice")
    return get_object_or_404(seen, notice=shown(request, pk), unit_code=code)
