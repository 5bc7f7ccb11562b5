"""局长走流程 over a period: who walked, what stood in the way, what came of it; every number leads to its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessment.enums import Grain
from assessment.periods import Period, last_periods, period_of, read_period
from organizations.views.doors import for_roles, staff_of
from oversight.access import MEETS_DOSSIERS
from oversight.models import Walk
from oversight.paper import Block, Paper
from oversight.queries.sections.walks import blocks_of
from oversight.queries.walks import Problem, Summary, summary_of, walks_seen_by
from oversight.renderings import as_workbook

QUARTERS = 8
SETS: dict[str, str | Promise] = {
    "walked": _("已走"),
    "planned": _("计划"),
    "problems": _("发现问题"),
    "solved": _("已解决"),
    "open": _("还没解决"),
    "dropped": _("已撤销"),
}


@dataclass(frozen=True)
class Asked:
    """What the page is about: a period, which rows, and of which unit (its code)."""

    period: Period
    rows: str
    unit: str


def _asked(request: HttpRequest) -> Asked:
    today = timezone.localdate()
    name = request.GET.get("period", "")
    try:
        period = read_period(name) if name else period_of(today, Grain.QUARTER)
    except ValueError as error:
        raise Http404(name) from error
    rows = request.GET.get("set", "")
    return Asked(period, rows if rows in SETS else "", request.GET.get("unit", "")[:40])


@require_safe
@for_roles(MEETS_DOSSIERS)
def summary(request: HttpRequest) -> HttpResponse:
    """The summary of a period with a table by department; `?set=` lists the rows of one number below it."""
    asked, user = _asked(request), staff_of(request)
    found = summary_of(walks_seen_by(user), asked.period.begins, asked.period.after)
    today = timezone.localdate()
    periods = [*last_periods(today, Grain.QUARTER, QUARTERS), *last_periods(today, Grain.YEAR, 2)]
    context = {
        "asked": asked,
        "found": found,
        "counts": {state: found.count(state) for state in ("solved", "open", "dropped")},
        "lines": [
            (line, {state: line.count(state) for state in ("solved", "open", "dropped")}) for line in found.lines
        ],
        "periods": periods,
        "set_label": SETS.get(asked.rows, ""),
        **_rows(found, asked),
    }
    return render(request, "oversight/walks/summary.html", context)


def _rows(found: Summary, asked: Asked) -> dict[str, Any]:
    """The rows behind a number: walks or problems, of one unit if one is named."""
    if asked.rows in ("walked", "planned"):
        walks: list[Walk] = getattr(found, asked.rows)
        return {"walks": [one for one in walks if _of(one.dossier.unit, asked)]}
    if asked.rows:
        kept = [one for one in found.problems if asked.rows in ("problems", one.state)]
        problems: list[Problem] = [one for one in kept if _of(one.unit, asked)]
        return {"problems": problems}
    return {}


def _of(unit: Any, asked: Asked) -> bool:
    return not asked.unit or (unit is not None and unit.code == asked.unit)


@require_safe
@for_roles(MEETS_DOSSIERS)
def summary_file(request: HttpRequest) -> FileResponse:
    """The same as a workbook."""
    asked, user, at = _asked(request), staff_of(request), timezone.now()
    found = summary_of(walks_seen_by(user), asked.period.begins, asked.period.after)
    with translation.override(settings.LANGUAGE_CODE):
        made = ContentFile(as_workbook(_paper(asked.period, blocks_of(found, every=True), at)))
    return FileResponse(made, as_attachment=True, filename=f"walks-{asked.period.name}.xlsx")


def _paper(period: Period, blocks: list[Block], at: datetime) -> Paper:
    title = f"局长走流程汇总({period.name})"
    return Paper(title=title, issuer=settings.NOTICE_ISSUER, as_of=at, blocks=tuple(blocks))
