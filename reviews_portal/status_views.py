"""运行状态: all that the system administrator looks at in the morning, and nothing of any case."""

from __future__ import annotations

import platform
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.enums import Drill
from common.models import DrillRun, TaskRun
from common.queries import broker_answers, outbox_by_channel, storage
from organizations.access import EDITS_STRUCTURE
from organizations.models import CalendarYear
from organizations.views.doors import for_roles
from reviews_portal.sweeps import sweeps

# From this month on the State Council's notice of next year's days is to be expected (domain.md §5).
NEXT_YEAR_FROM = 11


@dataclass(frozen=True)
class Year:
    """How the working days of one year stand. ill: somebody should see to it."""

    year: int
    words: str
    ill: bool


@require_safe
@for_roles(EDITS_STRUCTURE)
def status(request: HttpRequest) -> HttpResponse:
    """The clock, the messages, the backups, the room that is left, the calendar, and what runs here."""
    at = timezone.now()
    clock = sweeps({run.name: run for run in TaskRun.objects.all()}, at)
    kept = storage()
    context = {
        "sweeps": clock,
        "ill": sum(one.ill for one in clock),
        "broker": broker_answers(),
        "channels": outbox_by_channel(at),
        "drills": [(kind.label, DrillRun.objects.filter(kind=kind).first()) for kind in Drill],
        "storage": kept,
        "years": years(timezone.localdate(at)),
        "versions": [
            (_("门户"), version()),
            ("Django", django.get_version()),
            ("Python", platform.python_version()),
            ("PostgreSQL", kept.server),
        ],
    }
    return render(request, "reviews_portal/status/status.html", context)


def years(today: date) -> list[Year]:
    """This year's and next year's working days, and the last ones before them that nobody has confirmed.

    Next year may be missing until November; after that offices have announced it.
    """
    known = {row.year: row for row in CalendarYear.objects.all()}
    found = []
    for year in sorted({today.year, today.year + 1, *(y for y, row in known.items() if not row.confirmed)}):
        row, expected = known.get(year), year <= today.year or today.month >= NEXT_YEAR_FROM
        if row is None:
            found.append(Year(year, _("没有录入") if expected else _("尚未公布"), expected))
        else:
            ill = not row.confirmed and expected
            found.append(Year(year, _("已核定") if row.confirmed else _("暂定,待核定"), ill))
    return found


@cache
def version() -> str:
    """The portal's own, from pyproject.toml."""
    return str(tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]["version"])
