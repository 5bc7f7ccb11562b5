"""代录: the clerk's screen, one slip after the other, by keyboard alone."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.ids import new_token
from evaluations import lists, queries, typed
from evaluations.actions import AlreadyRated, FormUsed, SlipRefused, enter_slip
from evaluations.entering import CLERKS, ENTERED
from evaluations.forms import EntryForm
from evaluations.models import Evaluation
from organizations.enums import REGION_ROLES, Role
from organizations.views.doors import for_roles, staff_of


@for_roles({*CLERKS, Role.UNIT_SUPERVISOR})
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """Takes one slip and gives the next empty line, with channel, day and place kept in the address."""
    user, posted = staff_of(request), request.method == "POST"
    reach = lists.entry_reach(user)
    if not reach:
        raise PermissionDenied
    form = EntryForm(request.POST if posted else None, tags=queries.active_tags(), initial=_kept(request))
    form.offer("place", typed.places_offered(reach.prefixes, reach.managed))
    if not posted or not form.is_valid():
        return _show(request, form)
    try:
        receipt = enter_slip(form.slip(), by=user, at=timezone.now())
    except FormUsed as used:
        form = EntryForm(_with_new_nonce(request), tags=queries.active_tags())
        form.add_error(None, str(used))
        return _show(request, form, status=409)
    except SlipRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return _show(request, form)
    except AlreadyRated as known:
        form.add_error("matter", _("这次办件已经评价过,不能再录;已有的评价见下面。您填写的都还在。"))
        return _show(request, form, known=known.evaluation, status=409)
    messages.success(request, _("已保存,编号 %(number)s") % {"number": receipt.evaluation.number})
    return redirect(f"{reverse('entry')}?{urlencode(form.kept())}")


def _with_new_nonce(request: HttpRequest) -> dict[str, str]:
    return {**request.POST.dict(), "nonce": new_token()}


def _kept(request: HttpRequest) -> dict[str, str | date]:
    """Channel, day and place of the slip before; the day of today on a fresh screen."""
    channel, day = request.GET.get("channel", ""), request.GET.get("day", "")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        on = timezone.localdate()
    return {
        "channel": channel if channel in ENTERED else ENTERED[0].value,
        "day": on,
        "place": request.GET.get("place", "")[:100],
    }


def _show(request: HttpRequest, form: EntryForm, known: Evaluation | None = None, status: int = 200) -> HttpResponse:
    user = staff_of(request)
    _offer_items(form)
    context = {
        "form": form,
        "rows": lists.last_entered(user),
        "known": known,
        "known_tags": queries.tags_of(known) if known else [],
        "reads_words": user.has_role(*REGION_ROLES),
        "codes": form.codes(),
    }
    return render(request, "evaluations/entry.html", context, status=status)


def _offer_items(form: EntryForm) -> None:
    """The items of the window that is kept, or of all; unless several near ones are on offer already."""
    if "matter" in form.errors:
        return
    places = [form.found_place] if form.is_bound else typed.place_named(str(form.initial["place"]))
    place = places[0] if len(places) == 1 else None
    form.offer("matter", typed.items_offered(place.unit if place and place.window else None))
