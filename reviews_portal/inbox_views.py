"""待办: one inbox across all parts, next due first: cases, votes, campaign items, resolutions, problems, findings."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appeals.lists import seats_of
from appeals.models import Appeal
from organizations.enums import Role
from organizations.models import Staff
from organizations.views.doors import staff_of
from oversight.models import Statement
from oversight.queries.clues import statements_waiting
from oversight.queries.dossiers import Duty, duties_for
from rectification.lists import cases_in, counts, views_of
from rectification.models import Case
from rectification.views.queue import next_action
from rectification.words import due_chip

SHOWN = 100


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that waits for the reader with its due time; `?kind=` narrows it to one part."""
    user, at = staff_of(request), timezone.now()
    found = sorted(everything(user, at), key=lambda one: (one.due_at is None, one.due_at or at, one.url))
    kinds = {str(one.kind): 0 for one in found}
    for one in found:
        kinds[str(one.kind)] += 1
    asked = request.GET.get("kind", "")
    shown = [one for one in found if not asked or str(one.kind) == asked][:SHOWN]
    rows = [(one, due_chip(one.due_at, at=at) if one.due_at else None) for one in shown]
    context = {"rows": rows, "kinds": kinds, "asked": asked, "total": len(found), "more": _more(user, at)}
    return render(request, "reviews_portal/inbox.html", context)


def everything(user: Staff, at: datetime) -> list[Duty]:
    """What waits for somebody in every part of the portal."""
    duties = [_of_case(case, user) for case in _cases(user, at)]
    if user.has_role(Role.PANEL):
        seats = [seat for seat in seats_of(user, at) if seat.heard and not seat.voted]
        duties += [_of_seat(seat.appeal) for seat in seats]
    duties += [_of_statement(one) for one in statements_waiting(user)[:SHOWN]]
    return [*duties, *duties_for(user, limit=SHOWN)]


def _cases(user: Staff, at: datetime) -> list[Case]:
    return list(cases_in("todo", user, at).select_related("unit")[:SHOWN]) if views_of(user) else []


def _of_case(case: Case, user: Staff) -> Duty:
    action = next_action(case, user)
    words = action.label if action else case.get_state_display()
    due = getattr(case, "next_due_at", None)
    subject = f"{case.number} {case.item_name or case.place}"
    return Duty(_("差评件"), words, subject, reverse("case", args=[case.number]), due)


def _of_seat(appeal: Appeal) -> Duty:
    subject = f"{appeal.number} {appeal.ground}"
    return Duty(_("申诉评审"), _("表决"), subject, reverse("appeal", args=[appeal.number]), appeal.due_at)


def _of_statement(one: Statement) -> Duty:
    return Duty(_("问责"), _("请你单位说明"), one.question, reverse("statement", args=[one.pk]), one.due_at)


def _more(user: Staff, at: datetime) -> int:
    """How many cases are not shown, because there are too many for one page."""
    return max(0, counts(["todo"], user, at)["todo"] - SHOWN) if views_of(user) else 0
