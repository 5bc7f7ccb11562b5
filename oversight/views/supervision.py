"""督办: where the supervisors of a city or county begin, and every unit finds what it takes part in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organizations.views.doors import for_roles, keyset, staff_of
from oversight.access import MANAGES_DOSSIERS, MEETS_DOSSIERS
from oversight.enums import Kind
from oversight.filters import TaskFilter
from oversight.models import Dossier, Task
from oversight.presets import TEMPLATES
from oversight.queries.campaigns import board_of
from oversight.queries.clues import statements_waiting
from oversight.queries.dossiers import counts_by_kind, home_numbers, late_tasks, to_check, to_do, with_counts
from oversight.views.kinds import KINDS
from oversight.words import task_chip
from rectification.lists import AGES, ageing
from rectification.words import DueChip, due_chip

SHOWN = 8


@require_safe
@for_roles(MEETS_DOSSIERS)
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the reader, what is late, which campaigns run, and every kind of dossier."""
    user, at = staff_of(request), timezone.now()
    leads = user.has_role(*MANAGES_DOSSIERS)
    rows = Dossier.objects.visible_to(user).open()
    campaigns = with_counts(rows.of(Kind.CAMPAIGN), at).select_related("unit", "campaign")[:SHOWN]
    running = counts_by_kind(rows)
    ages = ageing(user, at) if leads else []
    context = {
        "numbers": home_numbers(user, at),
        "check": _chipped(to_check(user)[:SHOWN], at),
        "todo": _chipped(to_do(user)[:SHOWN], at),
        "late": _chipped(late_tasks(user, at)[:SHOWN], at),
        "asked": [(one, due_chip(one.due_at, at=at)) for one in statements_waiting(user)[:SHOWN]],
        "campaigns": campaigns,
        "kinds": [(pages, running.get(pages.kind, 0)) for pages in KINDS],
        "ageing": ages,
        "ages": AGES,
        "longest": max((row.total for row in ages), default=0),
    }
    return render(request, "oversight/supervision/home.html", context)


RELATED = ("dossier", "unit", "owner")


def _chipped(tasks: Iterable[Task], at: datetime) -> list[tuple[Task, DueChip]]:
    return [(task, task_chip(task, at)) for task in tasks]


@require_safe
@for_roles(MEETS_DOSSIERS)
def all_tasks(request: HttpRequest) -> HttpResponse:
    """Every task somebody may see, narrowed by what the address asks; the list behind every number of tasks."""
    user, at = staff_of(request), timezone.now()
    found = TaskFilter(request.GET, Task.objects.visible_to(user))
    rows = found.qs if found.is_valid() else Task.objects.none()
    piece = keyset(request, rows.select_related(*RELATED), "pk")
    context = {"form": found.form, "total": rows.count(), "piece": piece, "tasks": _chipped(piece.rows, at)}
    return render(request, "oversight/supervision/tasks.html", context)


@require_safe
@for_roles(MEETS_DOSSIERS)
def board(request: HttpRequest) -> HttpResponse:
    """专项整治 as a board: a card is moved by a button, by keyboard, or by dragging it to the act's own page."""
    user, at = staff_of(request), timezone.now()
    leads = user.has_role(*MANAGES_DOSSIERS)
    context = {"lanes": board_of(user, at, leads=leads), "templates": TEMPLATES if leads else {}}
    return render(request, "oversight/campaigns/board.html", context)
