"""A file that was given as evidence, to who may see the appeal; always as an attachment, in parts where asked for.

A player asks for parts, so that it can begin at the second somebody quoted.
"""

from __future__ import annotations

import re
from typing import IO

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from appeals.actions.panel import why_barred
from appeals.models import Appeal, Exhibit, Place
from appeals.views.finding import has_left, recused
from organizations.views.doors import staff_of

RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
# Of a part that names no end: as much as a player needs to begin.
PART = 4 * 1024 * 1024


@login_required
@require_safe
def exhibit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file. Whoever has left the panel gets none; a stranger's and one that is not there look the same."""
    user = staff_of(request)
    found = Exhibit.objects.filter(pk=pk).exclude(file="").select_related("appeal").first()
    if found is None:
        raise Http404(pk)
    if has_left(user, Appeal.objects.filter(pk=found.appeal_id)) or _barred(found.appeal, user.pk):
        return recused(request)
    if not Appeal.objects.filter(pk=found.appeal_id).visible_to(user).exists():
        raise Http404(pk)
    try:
        contents = found.file.open()
    except FileNotFoundError as error:
        raise Http404(pk) from error
    return _sent(request, contents, found)


def _barred(appeal: Appeal, staff_id: int) -> bool:
    sits = Place.objects.filter(appeal=appeal, staff=staff_id, sits_from__isnull=False, left_at=None).exists()
    return appeal.is_open and sits and why_barred(appeal, staff_id, at=timezone.now()) is not None


def _sent(request: HttpRequest, contents: IO[bytes], found: Exhibit) -> HttpResponseBase:
    part = _part(request.headers.get("Range", ""), found.file.size)
    response = _whole(contents, found) if part is None else _in_part(contents, found, *part)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store"
    return response


def _part(asked: str, whole: int) -> tuple[int, int] | None:
    """The first and last byte that are asked for; None for the whole file, as for what cannot be given."""
    found = RANGE.fullmatch(asked)
    if found is None:
        return None
    first = int(found[1])
    last = min(int(found[2]) if found[2] else whole, first + PART - 1, whole - 1)
    return (first, last) if first <= last else None


def _whole(contents: IO[bytes], found: Exhibit) -> HttpResponseBase:
    name = found.name or str(found.file).rsplit("/", 1)[-1]
    return FileResponse(contents, as_attachment=True, filename=name, content_type=found.media_type)


def _in_part(contents: IO[bytes], found: Exhibit, first: int, last: int) -> HttpResponseBase:
    with contents:
        contents.seek(first)
        response = HttpResponse(contents.read(last - first + 1), status=206, content_type=found.media_type)
    response["Content-Range"] = f"bytes {first}-{last}/{found.file.size}"
    response["Content-Disposition"] = "attachment"
    return response
