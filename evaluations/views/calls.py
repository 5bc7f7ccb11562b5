"""抽访 for callers: how far one is, the next person, the masked call, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations import calling
from evaluations.access import CALLS
from evaluations.actions import calls as actions
from evaluations.enums.surveys import CallStage
from evaluations.forms.surveys import CallForm
from evaluations.models import SampledCall
from evaluations.queries import surveys as queries
from identity.calls import CallFailed, place_call
from identity.enums import Purpose
from organizations.actions import Refused
from organizations.models import Membership
from organizations.queries import staff_actor
from organizations.views.doors import for_roles, staff_of


@for_roles(CALLS)
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Where a caller begins: the surveys, what one has done today, and the next person."""
    user, at = staff_of(request), timezone.now()
    plans = list(queries.open_plans())
    progress = queries.progress_of(plans)
    tries, reached = queries.calls_today(user, at)
    context = {
        "rows": [(plan, progress[plan.pk]) for plan in plans],
        "held": queries.held_by(user, at),
        "waiting": queries.callable_now(user, at).count(),
        "tries": tries,
        "reached": reached,
        "in_hours": calling.may_ring(at, queries.call_rules()),
        "hours": actions.hours(),
    }
    return render(request, "evaluations/calls/list.html", context)


@for_roles(CALLS)
@require_POST
def call_next(request: HttpRequest) -> HttpResponse:
    """Takes the next person in hand."""
    try:
        call = actions.take_next(by=staff_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("calls")
    if call is None:
        messages.info(request, _("现在没有可以拨打的人。"))
        return redirect("calls")
    return redirect("sampled-call", call.pk)


def _find(request: HttpRequest, pk: int) -> tuple[SampledCall, Membership]:
    """A call that this person may make.

    Raises:
        Http404: there is none.
        PermissionDenied: it is about people of their own unit, or beyond their division.
    """
    call = queries.call_numbered(pk)
    if call is None:
        raise Http404(str(pk))
    try:
        return call, actions.standing_of(staff_of(request), call)
    except actions.NotYours as refusal:
        raise PermissionDenied from refusal


def _in_hand(request: HttpRequest, call: SampledCall) -> bool:
    return call.stage == CallStage.WAITING and call.taken_by_id == staff_of(request).pk


@for_roles(CALLS)
@require_http_methods(["GET", "HEAD", "POST"])
def sampled_call(request: HttpRequest, pk: int) -> HttpResponse:
    """The talk: what it is about, what to read out, and what came of it. What was rated is not shown beforehand."""
    call, _membership = _find(request, pk)
    if not _in_hand(request, call):
        return _over(request, call)
    form = CallForm(request.POST or None, call=call)
    if request.method != "POST" or not form.is_valid():
        return _page(request, call, form)
    said = form.cleaned_data
    try:
        done = actions.record_attempt(
            call,
            by=staff_of(request),
            at=timezone.now(),
            outcome=said["result"],
            note=said["note"],
            heard=form.heard(),
            no_more=said["no_more"],
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, call, form)
    if done.case:
        messages.success(request, _("已记录,并已立案 %(number)s。") % {"number": done.case.number})
    else:
        messages.success(request, _("已记录。"))
    return redirect("calls")


def _page(request: HttpRequest, call: SampledCall, form: CallForm, status: int = 200) -> HttpResponse:
    context = {"call": call, "form": form, "tries": list(call.attempts.select_related("by"))}
    return render(request, "evaluations/calls/page.html", context, status=status)


def _over(request: HttpRequest, call: SampledCall) -> HttpResponse:
    """Somebody else has it, or it has ended; what was typed is shown, to be copied."""
    status = 409 if request.method == "POST" else 200
    return render(request, "evaluations/calls/over.html", {"call": call}, status=status)


@for_roles(CALLS)
@require_POST
def call_ring(request: HttpRequest, pk: int) -> HttpResponse:
    """呼叫: connects the caller with the person; the number is shown to neither. What was typed stays in the form."""
    call, membership = _find(request, pk)
    if not _in_hand(request, call):
        return _over(request, call)
    now = timezone.now()
    typed = {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}
    form = CallForm(initial=typed, call=call)
    if not calling.may_ring(now, queries.call_rules()):
        messages.error(request, _("现在不是访问时间,请在 %(opening)s 到 %(closing)s 之间拨打。") % actions.hours())
        return _page(request, call, form)
    by = staff_actor(staff_of(request), membership)
    try:
        reference = place_call(call.evaluator_id, by=by, purpose=Purpose.SURVEY, about=call.reference)
    except CallFailed:
        messages.error(request, _("没有接通总机,请稍后再试;您填写的都还在。"))
        return _page(request, call, form)
    actions.note_ringing(call, reference, by=staff_of(request), at=now)
    messages.success(request, _("正在为您接通,请拿起话机。通话编号 %(reference)s") % {"reference": reference})
    return _page(request, call, form)


@for_roles(CALLS)
@require_POST
def call_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts the person back, uncalled."""
    call, _membership = _find(request, pk)
    actions.release_call(call, by=staff_of(request))
    return redirect("calls")
