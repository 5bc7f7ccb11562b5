"""One view for every act: the form, what is said when somebody was faster, and what is kept when it cannot be done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from rectification import casefile, workflow
from rectification.access import sees_pressure
from rectification.actions import Conflict, Refused, drop_draft, store_picture
from rectification.actions.core import capacities
from rectification.enums import State
from rectification.forms import ActForm, PicturesForm, ReportForm
from rectification.models import Case
from rectification.replies import BEGINNINGS
from rectification.views.finding import find_case, staff_of
from rectification.views.table import ACTS, Act
from rectification.workflow import NotAllowed

Errors = dict[str, list[str]]


def find_act(request: HttpRequest, number: str, door: str) -> tuple[Case, Act]:
    """The case and the row of `ACTS` an address names.

    Raises:
        Http404: no such act, or no such case for this person.
    """
    case = find_case(request, number)
    if door not in ACTS:
        raise Http404(door)
    return case, ACTS[door]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, door: str) -> HttpResponse:
    """Shows the form of an act, and carries the act out."""
    case, row = find_act(request, number, door)
    try:
        workflow.check(row.action, State(case.state), capacities(staff_of(request), case))
        if request.method != "POST":
            return _page(request, case, row, _reopened(request, case, row))
        errors = keep_pictures(request, case, row)
        if "rewrite" in request.POST or "preview" in request.POST:
            return _page(request, case, row, _rewritten(request, case, row), errors=errors)
        form = row.form(request.POST, request.FILES, case=case, staff=staff_of(request))
        return _carry_out(request, case, row, form, errors)
    except NotAllowed as refusal:
        return not_allowed(request, case, row, refusal)


def _carry_out(request: HttpRequest, case: Case, row: Act, form: ActForm, errors: Errors) -> HttpResponse:
    if not form.is_valid() or errors:
        return _page(request, case, row, form, errors=errors)
    try:
        row.run(
            case,
            by=staff_of(request),
            at=timezone.now(),
            seen=form.cleaned_data["seen"],
            **row.settings(),
            **form.arguments(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, case, row, form)
    except Conflict as conflict:
        return _faster(request, conflict.case, row, form)
    drop_draft(case, by=staff_of(request), action=row.action)
    messages.success(request, str(row.done))
    visible = Case.objects.visible_to(staff_of(request)).filter(pk=case.pk).exists()
    return redirect("case", case.number) if visible else redirect("desk")


def _reopened(request: HttpRequest, case: Case, row: Act) -> ActForm:
    """The form as it was left: with the draft, if there is one."""
    draft = casefile.draft_of(case, staff_of(request), row.action)
    return row.form(initial=draft.data if draft else None, case=case, staff=staff_of(request))


def _rewritten(request: HttpRequest, case: Case, row: Act) -> ActForm:
    """The form with everything typed, and the chosen beginning put before the reply; nothing is judged yet."""
    values = {name: str(value) for name, value in request.POST.items() if value}
    chosen = BEGINNINGS.get(values.get("beginning", ""))
    if chosen and "rewrite" in values:
        values["reply"] = "\n\n".join(filter(None, [chosen[1], values.get("reply", "")]))
    return row.form(initial=values, case=case, staff=staff_of(request))


def keep_pictures(request: HttpRequest, case: Case, row: Act) -> Errors:
    """Stores the pictures that came with a report, so that they need not be chosen again whatever else is missing.

    Returns:
        What is wrong with them, by field.
    """
    errors: Errors = {}
    if row.form is not ReportForm:
        return errors
    form = PicturesForm({}, request.FILES)
    if not form.is_valid():
        return errors
    for name, kind in PicturesForm.evidence.items():
        for upload in form.cleaned_data[name]:
            try:
                store_picture(case, upload, kind=kind, by=staff_of(request), at=timezone.now())
            except Refused as refusal:
                errors.setdefault(name, []).append(f"{upload.name}: {refusal}")
    return errors


def _page(
    request: HttpRequest, case: Case, row: Act, form: ActForm, *, errors: Errors | None = None, **more: Any
) -> HttpResponse:
    if form.is_bound:
        for name, found in (errors or {}).items():
            for error in found:
                form.add_error(name, error)
    draft = casefile.draft_of(case, staff_of(request), row.action) if request.method != "POST" else None
    context = {
        "case": case,
        "act": row,
        "form": form,
        "draft": draft,
        "pseudonym": casefile.pseudonym(case),
        "matter_template": f"rectification/case/_matter_{row.matter}.html" if row.matter else "",
        "preview": "preview" in request.POST,
        "picture_errors": [error for found in (errors or {}).values() for error in found] if not form.is_bound else [],
        **row.gather(case),
        **more,
    }
    return render(request, "rectification/case/act.html", context)


def _faster(request: HttpRequest, case: Case, row: Act, form: ActForm) -> HttpResponse:
    """Somebody was faster: what happened since, beside what was typed, to be sent again or changed."""
    values = {name: value for name, value in request.POST.items() if name != "seen"}
    secret = sees_pressure(capacities(staff_of(request), case))
    again = row.form(initial=values, case=case, staff=staff_of(request))
    entries = casefile.since(case, form.cleaned_data["seen"] or 0, secret=secret)
    response = _page(request, case, row, again, conflict=True, entries=entries)
    response.status_code = 409
    return response


def not_allowed(request: HttpRequest, case: Case, row: Act, refusal: NotAllowed) -> HttpResponse:
    """The step is over (409, with what happened and what was typed), or is somebody else's.

    Raises:
        PermissionDenied: the person may see the case but not do this.
    """
    if refusal.reason == "party":
        raise PermissionDenied(row.door)
    case.refresh_from_db()
    form = row.form(request.POST or None, case=case, staff=staff_of(request))
    secret = sees_pressure(capacities(staff_of(request), case))
    context = {
        "case": case,
        "act": row,
        "entries": casefile.latest(case, secret=secret),
        "written": form.written if form.is_bound else [],
    }
    return render(request, "rectification/case/over.html", context, status=409)
