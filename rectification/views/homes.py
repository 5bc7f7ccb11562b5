"""Home of everybody who decides: what waits, as lists with counts; each number is the list behind it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.enums import Role
from organizations.models import Staff
from rectification.lists import AGES, VIEWS, ageing, cases_in, counts, views_of, with_tries
from rectification.models import PressureReport
from rectification.queries import on_time_share
from rectification.views.queue import Row, rows_of, staff, view_url

SHOWN = 5


@dataclass(frozen=True)
class Panel:
    """One saved filter with its first rows."""

    name: str
    label: str
    empty: str
    count: int
    url: str
    rows: list[Row]


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Window staff go straight to their queue; those who decide see lists; administrators their tools."""
    user = staff(request)
    if not views_of(user):
        return redirect("tools")
    if {membership.role for membership in user.duties} == {Role.WINDOW}:
        return redirect("queue")
    at = timezone.now()
    names = [name for name in views_of(user) if name != "all"]
    numbers = counts([*names, "all"], user, at)
    ages = ageing(user, at) if user.has_role(Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR) else []
    context = {
        "panels": [_panel(name, numbers[name], user) for name in names],
        "total": numbers["all"],
        "total_url": view_url("all"),
        "share": on_time_share(user, at),
        "ageing": ages,
        "ages": AGES,
        "longest": max((row.total for row in ages), default=0),
        "pressure": PressureReport.objects.visible_to(user).filter(settled_at=None).count() if _city(user) else None,
    }
    return render(request, "rectification/lists/home.html", context)


def _city(user: Staff) -> bool:
    return user.has_role(Role.CITY_SUPERVISOR)


def _panel(name: str, count: int, user: Staff) -> Panel:
    at, view = timezone.now(), VIEWS[name]
    rows: list[Row] = []
    if count:
        cases = cases_in(name, user, at).select_related("unit")
        rows = rows_of((with_tries(cases) if name == "callbacks" else cases)[:SHOWN], user, at)
    return Panel(name, str(view.label), str(view.empty), count, view_url(name), rows)
