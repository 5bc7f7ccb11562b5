"""考核得分: a quarter in its groups, a score line by line, an objection, and files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment import actions
from assessment.access import CLOSES_QUARTERS, OBJECTS, READS_QUARTERS, READS_SCORES
from assessment.enums import Grain, QuarterState
from assessment.forms import ObjectionForm
from assessment.models import Quarter, UnitScore
from assessment.periods import read_period
from assessment.queries import sheets
from assessment.scoring import Line
from assessment.scoring.record import lines_of
from assessment.scoring.words import line_words
from assessment.words import period_words
from organizations.models import Staff
from organizations.views.doors import Page, for_roles, one_act, staff_of

BOM = "\ufeff"
FILES = {
    "scores.csv": (sheets.SCORE_COLUMNS, sheets.score_rows),
    "lines.csv": (sheets.LINE_COLUMNS, sheets.line_rows),
}


@for_roles(READS_SCORES)
@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    """The newest quarter with scores; a page that says so where there is none."""
    newest = sheets.quarters_seen_by(staff_of(request)).first()
    if newest is None:
        return render(request, "assessment/scores/none.html", {"closes": staff_of(request).has_role(*READS_QUARTERS)})
    return redirect("scores-quarter", newest.period.name)


@for_roles(READS_SCORES)
@require_safe
def scores_of(request: HttpRequest, name: str) -> HttpResponse:
    """Everybody's score in a quarter that the reader may see, by group; who is not ranked, with the reason."""
    user = staff_of(request)
    quarter = quarter_named(name, user)
    rows = _rows(quarter, user)
    context = {
        "quarter": quarter,
        "period": period_words(quarter.period),
        "groups": sheets.groups_of(rows),
        "quarters": [(one, period_words(one.period)) for one in sheets.quarters_seen_by(user)],
        "streaks": [one for one in sheets.low_streaks(quarter) if one.subject in {row.subject for row in rows}],
        "closes": user.has_role(*READS_QUARTERS),
        "corrections": _corrections(quarter, rows),
    }
    return render(request, "assessment/scores/quarter.html", context)


def _corrections(quarter: Quarter, rows: list[UnitScore]) -> list[Any]:
    seen = {(row.kind, row.subject) for row in rows}
    return [one for one in quarter.corrections.all() if (one.kind, one.subject) in seen]


@for_roles(READS_SCORES)
@require_safe
def score(request: HttpRequest, name: str, kind: str, subject: str) -> HttpResponse:
    """One score, line by line."""
    user = staff_of(request)
    found = _score(name, kind, subject, user)
    objections = sheets.objections_seen_by(user, found.quarter).filter(kind=found.kind, subject=found.subject)
    context = {
        "score": found,
        "quarter": found.quarter,
        "period": period_words(found.quarter.period),
        "group": sheets.groups_of([found])[0],
        "items": sheets.sheet(found),
        "objections": objections,
        "may_object": _may_object(found, user),
        "answers": user.has_role(*CLOSES_QUARTERS),
    }
    return render(request, "assessment/scores/score.html", context)


def _may_object(found: UnitScore, user: Staff) -> bool:
    quarter = found.quarter
    until = quarter.objections_until if quarter.state == QuarterState.OBJECTING else None
    return until is not None and timezone.now() <= until and actions.may_object(found, user)


@for_roles(OBJECTS)
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, name: str, kind: str, subject: str) -> HttpResponse:
    """考核异议 against one line (its number is in the address), or against the whole."""
    found = _score(name, kind, subject, staff_of(request))
    line = _line(found, request.GET.get("line", ""))
    form = ObjectionForm(request.POST or None)
    page = Page(
        _("提出考核异议"),
        reverse("score", args=[name, kind, subject]),
        _("提出异议"),
        _("已提出,答复后会通知您。"),
        about=line_words(line) if line else _("对总分提出异议"),
        subject=found.name,
    )
    return one_act(
        request,
        form,
        lambda by, at: actions.object_to_score(found, line, form.cleaned_data["text"], by=by, at=at),
        page,
    )


def _line(found: UnitScore, asked: str) -> Line | None:
    lines = lines_of(found.lines)
    place = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    return lines[place] if place is not None and place < len(lines) else None


@for_roles(READS_SCORES)
@require_safe
def export(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """The scores one may see as a file in the format of docs/scoring.md: scores.csv, lines.csv or scores.json."""
    user = staff_of(request)
    quarter = quarter_named(name, user)
    rows = _rows(quarter, user)
    if kind == "scores.json":
        told = {"format": sheets.FORMAT, "scores": list(sheets.score_rows(quarter, rows))}
        told["lines"] = list(sheets.line_rows(quarter, rows))
        answer: HttpResponse = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    elif kind in FILES:
        columns, rows_of = FILES[kind]
        answer = HttpResponse(
            BOM + sheets.csv_of(columns, rows_of(quarter, rows)), content_type="text/csv; charset=utf-8"
        )
    else:
        raise Http404(kind)
    answer["Content-Disposition"] = f'attachment; filename="{quarter.period.name}-{kind}"'
    return answer


def quarter_named(name: str, user: Staff) -> Quarter:
    """A quarter with scores that somebody may see; for everybody else there is none."""
    try:
        period = read_period(name)
    except ValueError as error:
        raise Http404(name) from error
    if period.grain != Grain.QUARTER:
        raise Http404(name)
    known = sheets.quarters_seen_by(user).select_related("city_scheme", "county_scheme")
    return get_object_or_404(known, begins=period.begins)


def _rows(quarter: Quarter, user: Staff) -> list[UnitScore]:
    return list(UnitScore.objects.visible_to(user).filter(quarter=quarter))


def _score(name: str, kind: str, subject: str, user: Staff) -> UnitScore:
    seen = UnitScore.objects.visible_to(user).select_related("quarter__city_scheme", "quarter__county_scheme")
    return get_object_or_404(seen, quarter=quarter_named(name, user), kind=kind, subject=subject)
