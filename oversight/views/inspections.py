"""现场填表: one stop of an inspection, on a phone, with or without a network."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.ids import new_token
from organizations.actions import Refused
from organizations.views.doors import for_roles, staff_of
from oversight import actions
from oversight.access import INSPECTS
from oversight.actions.dossiers import acting
from oversight.courses import COURSES
from oversight.enums import InspectionAct, Kind
from oversight.forms.inspections import StopForm
from oversight.models import Dossier, Stop
from oversight.views.dossiers import shown


@for_roles(INSPECTS)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, number: str, stop: int) -> HttpResponse:
    """The form of a stop. A form sent twice is stored once; one that was stored with other words is offered again."""
    row, user = shown(request, number), staff_of(request)
    if row.kind != Kind.INSPECTION:
        raise Http404(number)
    found = get_object_or_404(
        Stop.objects.select_related("inspection__dossier", "unit", "hall"), inspection=row.pk, number=stop
    )
    acting(row, COURSES[row.kind].step(InspectionAct.VISIT).who, user)
    if request.method != "POST":
        return _page(request, row, found, StopForm(stop=found, initial={"nonce": new_token()}))
    form = StopForm(request.POST, request.FILES, stop=found)
    if not form.is_valid():
        return _page(request, row, found, form)
    try:
        said = form.cleaned_data
        actions.visit_stop(found, said["nonce"], form.met(), by=user, at=timezone.now(), note=said["note"])
    except actions.FormUsed as used:
        fresh = request.POST.copy()
        fresh["nonce"] = new_token()
        form = StopForm(fresh, stop=found)
        form.add_error(None, str(used))
        return _page(request, row, found, form, status=409)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, row, found, form)
    messages.success(request, _("已保存:%(stop)s") % {"stop": found})
    return redirect("dossier", row.number)


def _page(request: HttpRequest, row: Dossier, found: Stop, form: StopForm, status: int = 200) -> HttpResponse:
    context = {"dossier": row, "stop": found, "form": form, "keep": f"{row.number}:{found.number}"}
    return render(request, "oversight/inspections/stop.html", context, status=status)
