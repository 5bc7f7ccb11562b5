"""The ledger of appeals, the figures by unit and ground, and the panel's home."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from appeals.contests import may_still_contest
from appeals.enums import OPEN_STAGES
from appeals.filters import LedgerFilter
from appeals.lists import LAST, OPENS, VIEWS, average_days, counts, drafts, ledger, panel_home, views_of
from appeals.models import READERS, Appeal, PanelMember, Ruling
from appeals.queries import figures_by_ground, figures_by_unit
from evaluations.views.paging import newest
from organizations.enums import Role
from organizations.views.doors import for_roles, staff_of
from rectification.models import Case
from rectification.views.queue import Tab
from rectification.words import due_chip

PAGE = 25


@for_roles(OPENS)
@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    """The appeals one may see, by saved filters and by what is asked; with drafts, and ratings of oneself."""
    user, at = staff_of(request), timezone.now()
    names = views_of(user)
    name = request.GET.get("view") or ("all" if "q" in request.GET else names[0])
    if name not in names:
        raise Http404
    form = LedgerFilter(request.GET, rows=ledger(user))
    found, next_url = newest(request, form.narrowed().filter(VIEWS[name].question), PAGE)
    numbers = counts(names, user)
    context = {
        "tabs": [Tab(f"?view={key}", str(VIEWS[key].label), numbers[key], key == name) for key in names],
        "view": VIEWS[name],
        "name": name,
        "filter_form": form,
        "narrowed": any(request.GET.get(field) for field in form.fields),
        "rows": [(row, due_chip(row.due, at=at) if row.now_at in OPEN_STAGES else None) for row in found],
        "next_url": next_url,
        "drafts": list(drafts(user)[:LAST]),
        "about_me": may_still_contest(user, at),
        "reads_figures": user.has_role(*READERS),
        "me": user,
    }
    return render(request, "appeals/ledger.html", context)


@for_roles(READERS)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """How many were filed and upheld, by unit and by ground; each number leads to its rows."""
    user = staff_of(request)
    seen = Appeal.objects.visible_to(user)
    context = {
        "by_unit": figures_by_unit(seen, Case.objects.visible_to(user)),
        "by_ground": figures_by_ground(seen),
        "days": average_days(Ruling.objects.filter(appeal__in=seen), timezone.now()),
    }
    return render(request, "appeals/figures.html", context)


@for_roles({Role.PANEL})
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """Open votes, panels at risk, how long it takes, how units fare, and one's declared relations (docs/ux.md §7)."""
    user, at = staff_of(request), timezone.now()
    member = PanelMember.objects.filter(staff=user).first()
    home = panel_home(user, at)
    context = {
        "home": home,
        "to_vote": [(seat, due_chip(seat.appeal.due_at, at=at)) for seat in home.to_vote if seat.appeal.due_at],
        "others": [(seat, due_chip(seat.appeal.due_at, at=at)) for seat in home.others if seat.appeal.due_at],
        "member": member,
        "relations": list(member.relations.filter(ended_at=None).select_related("unit", "staff")) if member else [],
    }
    return render(request, "appeals/panel.html", context)
