"""导出: one's own files, and those of others that wait for a second person's word."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.models import Export
from organizations import actions
from organizations.access import DECIDES_EXPORTS, TAKES_EXPORTS, kinds_for
from organizations.actions import Refused
from organizations.enums import Role
from organizations.forms import DecisionForm
from organizations.views.doors import Page, for_roles, one_act, staff_of

SHOWN = 50
DECIDES: frozenset[Role] = frozenset().union(*DECIDES_EXPORTS.values())


def _own(request: HttpRequest) -> list[str]:
    """The kinds of files that may be one's own today: those of a former role are no longer.

    Raises:
        Http404: none may.
    """
    kinds = kinds_for(staff_of(request).duties, TAKES_EXPORTS)
    if not kinds:
        raise Http404
    return kinds


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own files, with how far they have come."""
    kinds = _own(request)
    rows = Export.objects.filter(by=staff_of(request), kind__in=kinds).select_related("decided_by")[:SHOWN]
    context = {"exports": rows, "now": timezone.now(), "limit": settings.EXPORT_SECOND_PERSON_ROWS}
    return render(request, "organizations/exports.html", context)


@login_required
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's own finished file, as an attachment; a post, because it is noted that it was taken."""
    export = get_object_or_404(Export, pk=pk, by=staff_of(request), kind__in=_own(request))
    try:
        actions.take_export(export, by=staff_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("exports")
    name = f"{export.kind}-{timezone.localtime(export.requested_at):%Y%m%d-%H%M}.{export.format}"
    response = FileResponse(export.file.open(), as_attachment=True, filename=name)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@for_roles(DECIDES)
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what was said to the last ones."""
    me = staff_of(request)
    rows = Export.objects.filter(kind__in=kinds_for(me.duties, DECIDES_EXPORTS), takes_two=True)
    rows = rows.select_related("by", "decided_by")
    context = {
        "waiting": [(row, row.by_id != me.pk) for row in rows.filter(approved=None).exclude(file="")],
        "decided": rows.exclude(approved=None).order_by("-decided_at")[:SHOWN],
    }
    return render(request, "organizations/exports_waiting.html", context)


@for_roles(DECIDES)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One large file, and the word of a second person."""
    kinds = kinds_for(staff_of(request).duties, DECIDES_EXPORTS)
    row = get_object_or_404(Export.objects.select_related("by"), pk=pk, kind__in=kinds, takes_two=True)
    form = DecisionForm(request.POST or None)
    back = reverse("exports-waiting")
    page = Page(_("同意导出"), back, _("提交"), _("已处理,申请人会收到通知。"), subject=str(row.by))
    return one_act(
        request,
        form,
        lambda **who: actions.decide_export(row, **form.cleaned_data, **who),
        page,
        template="organizations/export.html",
        export=row,
    )
