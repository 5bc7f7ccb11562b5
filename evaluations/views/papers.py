"""Printing at the desk: signs of windows, and slips of single services."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from common.printing import PrintError, pdf
from evaluations import queries
from evaluations.access import PRINTS_SLIPS, slip_units
from evaluations.actions import issue_slips
from evaluations.enums import SignKind, SlipPaper
from evaluations.forms import SignForm, SlipForm
from evaluations.signs import code_of, in_order, sign_file, sign_sheets, slip_file, slip_sheets, url_of
from organizations.access import KEEPS_SIGNS, STOPS_SIGNS, sign_scope
from organizations.models import Window
from organizations.queries import halls_with_signs
from organizations.views.doors import for_roles, staff_of

OFFERED_SLIPS = 30


@require_safe
@for_roles(KEEPS_SIGNS | PRINTS_SLIPS)
def signs(request: HttpRequest) -> HttpResponseBase:
    """What one may print: the signs of halls, and slips."""
    user = staff_of(request)
    context = {"halls": halls_with_signs(sign_scope(user.duties)), "slips": user.has_role(*PRINTS_SLIPS)}
    return render(request, "evaluations/papers/signs.html", context)


@require_safe
@login_required
def signs_hall(request: HttpRequest, code: str) -> HttpResponseBase:
    """Signs of a hall's windows, all or some, in one file; of those windows whose signs the person keeps."""
    windows = in_order(_kept(request).filter(hall__code=code))
    if not windows:
        raise Http404
    return _signs(request, windows, "evaluations/papers/hall.html", hall=windows[0].hall, windows=windows)


@require_safe
@login_required
def signs_window(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sign of one window: its code, its paper, and the codes it had."""
    window = get_object_or_404(_kept(request), pk=pk)
    retired = [(sign, sign.taken_until(settings.SIGN_GRACE_DAYS)) for sign in window.retired_signs.all()]
    return _signs(
        request,
        [window],
        "evaluations/papers/window.html",
        window=window,
        code=code_of(url_of(window.sign_code)),
        retired=retired,
        now=timezone.now(),
        stops=staff_of(request).has_role(*STOPS_SIGNS),
    )


def _kept(request: HttpRequest) -> QuerySet[Window]:
    """The open windows whose signs the person keeps."""
    kept = Window.objects.open().kept_by(sign_scope(staff_of(request).duties))
    return kept.select_related("hall", "unit")


def _signs(request: HttpRequest, ours: Sequence[Window], template: str, **context: Any) -> HttpResponseBase:
    """The page, or the file once somebody has chosen what to print."""
    form = SignForm(request.GET if "print" in request.GET else None, windows=ours)
    file = None
    if form.is_valid():
        ticked = set(form.cleaned_data["windows"])
        chosen = [window for window in ours if window.pk in ticked] or ours
        kinds = [SignKind(kind) for kind in form.cleaned_data["kinds"]]
        file = _file("print/sign.typ", sign_sheets(chosen, kinds), sign_file(chosen), form)
    return file or render(request, template, {"form": form, **context})


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(PRINTS_SLIPS)
def slips(request: HttpRequest) -> HttpResponseBase:
    """Slips of services given at the windows of one's unit: each holds a link that rates that service once."""
    user = staff_of(request)
    units = slip_units(user.duties)
    form = SlipForm(request.POST if request.method == "POST" else None, mine=queries.slip_services(units))
    file = None
    if form.is_valid():
        with transaction.atomic():
            issued = issue_slips(form.chosen, by=user, at=timezone.now())
            paper = SlipPaper(form.cleaned_data["paper"])
            file = _file("print/slip.typ", slip_sheets(issued, paper), slip_file(issued), form)
            transaction.set_rollback(file is None)
    offered = queries.slip_services_today(units, timezone.localdate(), OFFERED_SLIPS)
    return file or render(request, "evaluations/papers/slips.html", {"form": form, "offered": offered})


def _file(template: str, data: dict[str, Any], name: str, form: BaseForm) -> FileResponse | None:
    """The printed file, or None with the reason on the form."""
    try:
        made = pdf(template, data, at=timezone.now())
    except PrintError as refusal:
        form.add_error(None, str(refusal))
        return None
    return FileResponse(BytesIO(made), as_attachment=True, filename=name, content_type="application/pdf")
