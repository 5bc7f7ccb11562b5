"""督办: where the supervisors of a city or county begin, and every unit finds what it takes part in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.views.doors import for_roles, staff_of
from oversight.access import MEETS_DOSSIERS
from oversight.models import Dossier
from oversight.queries.clues import statements_waiting
from oversight.queries.dossiers import to_check, to_do
from oversight.views.kinds import KINDS
from rectification.words import due_chip

SHOWN = 20


@require_safe
@for_roles(MEETS_DOSSIERS)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, and how many dossiers of each kind are in progress."""
    user, at = staff_of(request), timezone.now()
    waiting = [(task, due_chip(task.due_at, at=at)) for task in [*to_check(user)[:SHOWN], *to_do(user)[:SHOWN]]]
    open_rows = Dossier.objects.visible_to(user).open()
    kinds = [(pages, open_rows.of(pages.kind).count()) for pages in KINDS]
    asked = [(one, due_chip(one.due_at, at=at)) for one in statements_waiting(user)[:SHOWN]]
    context = {"waiting": waiting, "kinds": kinds, "asked": asked}
    return render(request, "oversight/dossiers/home.html", context)
