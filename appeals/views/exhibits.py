"""A file that was given as evidence, to who may see the appeal; always as an attachment, in parts where asked for.

A player asks for parts, so that it can begin at the second somebody quoted.
"""

from __future__ import annotations

import re
from typing import IO

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from appeals.models import Appeal, Exhibit
from appeals.queries import Download, download_of
from appeals.views.finding import barred_from, has_left, recused
from organizations.views.doors import staff_of

RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
# Of a part that names no end: as much as a player needs to begin.
PART = 4 * 1024 * 1024


@login_required
@require_safe
def exhibit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file. Whoever has left the panel gets none; a stranger's and one that is not there look the same."""
    user = staff_of(request)
    shown_in = Appeal.objects.filter(Q(exhibits=pk) | Q(reviews__exhibits=pk))
    if barred_from(user, shown_in):
        return recused(request)
    found = download_of(user, pk)
    if found is None:
        return _nothing(request, pk)
    try:
        contents = found.file.open()
    except FileNotFoundError as error:
        raise Http404(pk) from error
    return _sent(request, contents, found)


def _nothing(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever has left the panel of the appeal, that; for everybody else no such page.

    Raises:
        Http404: always but then.
    """
    if has_left(staff_of(request), Appeal.objects.filter(pk__in=Exhibit.objects.filter(pk=pk).values("appeal"))):
        return recused(request)
    raise Http404(pk)


def _sent(request: HttpRequest, contents: IO[bytes], found: Download) -> HttpResponseBase:
    part = _part(request.headers.get("Range", ""), found.file.size)
    if part is None:
        response: HttpResponseBase = FileResponse(
            contents, as_attachment=True, filename=found.name, content_type=found.media_type
        )
    else:
        response = _in_part(contents, found, *part)
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


def _in_part(contents: IO[bytes], found: Download, first: int, last: int) -> HttpResponseBase:
    with contents:
        contents.seek(first)
        response = HttpResponse(contents.read(last - first + 1), status=206, content_type=found.media_type)
    response["Content-Range"] = f"bytes {first}-{last}/{found.file.size}"
    response["Content-Disposition"] = "attachment"
    return response
