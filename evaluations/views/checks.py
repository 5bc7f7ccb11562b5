"""监督查评: one's own checks, and the form of the next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.ids import new_token
from evaluations import lists, queries, typed
from evaluations.actions import FormUsed, SlipRefused, record_check
from evaluations.entering import CHECKERS
from evaluations.forms import CheckForm
from organizations.views.doors import for_roles, staff_of


@for_roles(CHECKERS)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """What one has found, newest first."""
    return render(request, "evaluations/checks.html", {"rows": lists.own_checks(staff_of(request))})


@for_roles(CHECKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_check(request: HttpRequest) -> HttpResponse:
    """Takes what was found at a window, a hall, for an item, on the platform or the hotline."""
    user, tags = staff_of(request), queries.active_tags()
    form = CheckForm(request.POST if request.method == "POST" else None, tags=tags)
    if request.method != "POST" or not form.is_valid():
        return _show(request, form)
    try:
        receipt = record_check(form.check(), by=user, at=timezone.now())
    except FormUsed as used:
        fresh = request.POST.copy()
        fresh["nonce"] = new_token()
        form = CheckForm(fresh, tags=tags)
        form.add_error(None, str(used))
        return _show(request, form, status=409)
    except SlipRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return _show(request, form)
    words = _("已保存,已立案 %(number)s") if receipt.case else _("已保存,编号 %(number)s")
    messages.success(request, words % {"number": receipt.evaluation.number})
    return redirect("checks")


def _show(request: HttpRequest, form: CheckForm, status: int = 200) -> HttpResponse:
    reach = lists.check_reach(staff_of(request))
    if "place" not in form.errors:
        form.offer("place", typed.places_offered(reach.prefixes, ()))
    if "matter" not in form.errors:
        form.offer("matter", typed.items_offered(form.unit_here))
    return render(request, "evaluations/check.html", {"form": form}, status=status)
