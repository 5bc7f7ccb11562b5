"""The lists behind the numbers of a campaign's effect."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from organizations.views.doors import for_roles, staff_of
from oversight.access import MEETS_DOSSIERS
from oversight.enums import Kind
from oversight.queries.campaigns import cases_of_window, effect_for
from oversight.views.dossiers import shown
from rectification.models import Case

WORDS = {
    "scope-before": _("整治范围,整治前"),
    "scope-after": _("整治范围,整治后"),
    "comparison-before": _("对照单位,整治前"),
    "comparison-after": _("对照单位,整治后"),
    "baseline": _("整治范围,基线"),
}


@require_safe
@for_roles(MEETS_DOSSIERS)
def cases(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """The cases that one number counts; those the reader may not open are counted, and said to be so."""
    row, user = shown(request, number), staff_of(request)
    told = effect_for(row, at=timezone.now()) if row.kind == Kind.CAMPAIGN else None
    try:
        found = cases_of_window(told, name) if told else ()
    except KeyError as error:
        raise Http404(name) from error
    if told is None:
        raise Http404(name)
    rows = Case.objects.visible_to(user).filter(pk__in=found).select_related("unit").order_by("received_at", "pk")
    title = WORDS.get(name) or _("销号后又出现")
    context = {"dossier": row, "title": title, "cases": rows, "total": len(found), "hidden": len(found) - rows.count()}
    return render(request, "oversight/campaigns/cases.html", context)
