"""What is typed and not yet submitted: kept every few seconds, before a call, or at the press of a button."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from identity.calls import CallFailed, place_call
from organizations.queries import staff_actor
from rectification import workflow
from rectification.actions import keep_draft
from rectification.actions.core import capacities
from rectification.enums import State
from rectification.models import Case
from rectification.views.acts import find_act, keep_pictures, not_allowed
from rectification.views.finding import staff_of
from rectification.views.table import Act
from rectification.workflow import NotAllowed

# Of one field; the forms themselves allow a tenth of it.
KEPT_MAX = 20_000


@login_required
@require_POST
def keep(request: HttpRequest, number: str, door: str) -> HttpResponse:
    """Keeps a draft. Scripts get a line to show; without scripts the form opens again with the draft in it."""
    case, row = find_act(request, number, door)
    try:
        workflow.check(row.action, State(case.state), capacities(staff_of(request), case))
        errors = keep_pictures(request, case, row)
    except NotAllowed as refusal:
        return not_allowed(request, case, row, refusal)
    _keep(request, case, row, {})
    line = _("草稿已于 %(clock)s 保存") % {"clock": date_format(timezone.localtime(), "TIME_FORMAT")}
    if request.accepts("application/json") and not request.accepts("text/html"):
        return JsonResponse({"line": line})
    for found in errors.values():
        for error in found:
            messages.error(request, error)
    messages.success(request, line)
    return redirect("act", case.number, row.door)


def _keep(request: HttpRequest, case: Case, row: Act, more: dict[str, str]) -> None:
    fields = row.form(case=case, staff=staff_of(request)).fields
    typed = {
        name: str(value)[:KEPT_MAX]
        for name, value in request.POST.items()
        if name in fields and name not in ("seen", "confirmed")
    }
    keep_draft(case, by=staff_of(request), at=timezone.now(), action=row.action, data={**typed, **more})


@login_required
@require_POST
def call(request: HttpRequest, number: str, door: str) -> HttpResponse:
    """呼叫: connects the person with the evaluator and notes the call's reference in the form they are filling in."""
    case, row = find_act(request, number, door)
    staff = staff_of(request)
    if row.purpose is None or case.evaluator_id is None:
        raise Http404(door)
    standing = capacities(staff, case)
    try:
        allowed = workflow.check(row.action, State(case.state), standing)
    except NotAllowed as refusal:
        return not_allowed(request, case, row, refusal)
    membership = next(standing[party] for party in standing if party in allowed.who)
    try:
        by = staff_actor(staff, membership)
        reference = place_call(case.evaluator_id, by=by, purpose=row.purpose, about=case.number)
    except CallFailed:
        _keep(request, case, row, {})
        messages.error(request, _("没有接通总机,请稍后再试;您填写的都还在。"))
    else:
        _keep(request, case, row, {"call_reference": reference})
        messages.success(request, _("正在为您接通评价人,请拿起话机。通话编号 %(reference)s") % {"reference": reference})
    return redirect("act", case.number, row.door)
