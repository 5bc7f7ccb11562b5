"""The rows behind a number of the overview that no other list has; as many as the number says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment import queries
from assessment.views.rows import PAGE, Row, appeal_rows, case_rows
from assessment.words import period_words
from evaluations.access import READS_INTAKE
from evaluations.keys import shortened
from evaluations.models import Evaluation
from identity.enums import Purpose
from organizations.models import Staff
from organizations.views.doors import for_roles, staff_of
from oversight.access import SUPERVISES
from oversight.forms import SetForm
from oversight.queries.kept import kept_or_found
from oversight.queries.overview import DOUBTS, batches_of, doubt_is, looks_of
from oversight.views.overview import Looked, looked_at, panel_of

Listed = tuple[int, list[Row]]


@require_safe
@for_roles(SUPERVISES)
def rows(request: HttpRequest, code: str) -> HttpResponse:
    """What a number counts: cases, appeals, ratings, batches of rows that came twice, or looks into the vault.

    Where no number is named, it leads to the panel.
    """
    looked, user = looked_at(request), staff_of(request)
    panel = panel_of(code, looked)
    form = SetForm(request.GET, first=looked.period.begins, today=timezone.localdate(looked.at))
    name = form.cleaned_data["set"] if form.is_valid() else ""
    if not name:
        return redirect(looked.url("overview-panel", panel))
    begin = _number(request.GET.get("from", ""))
    found = _integrity(user, looked, name, begin) if code == "integrity" else _set(user, looked, code, name, begin)
    if found is None:
        return render(request, "oversight/overview/rows.html", {"panel": panel, "failed": True}, status=503)
    total, lines = found
    more = urlencode({"quarter": looked.period.name, "set": name, "from": begin + PAGE})
    context = {
        "panel": panel,
        "panel_url": looked.url("overview-panel", panel),
        "period": period_words(looked.period),
        "total": total,
        "rows": lines,
        "next_url": f"?{more}" if len(lines) == PAGE else "",
    }
    return render(request, "oversight/overview/rows.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _set(user: Staff, looked: Looked, code: str, name: str, begin: int) -> Listed | None:
    """A set of cases or appeals, out of the same facts that the panel was drawn from."""
    found = kept_or_found(code, looked.scope, looked.period, at=looked.at)
    if found is None:
        return None
    sets = panel_of(code, looked).sets(found.facts)
    if name not in sets:
        raise Http404
    ids = sorted(sets[name], reverse=True)
    page = ids[begin : begin + PAGE]
    return len(ids), appeal_rows(user, page) if code == "appeals" else case_rows(user, page)


def _integrity(user: Staff, looked: Looked, name: str, begin: int) -> Listed:
    kind, _colon, purpose = name.partition(":")
    if kind in DOUBTS:
        return _ratings(looked, kind, begin)
    if kind == "look" and purpose in Purpose:
        return _looks(looked, purpose, begin)
    if kind == "duplicates" and looked.scope.city:
        return _batches(user, looked, begin)
    raise Http404


def _ratings(looked: Looked, name: str, begin: int) -> Listed:
    """Ratings with a doubt, the newest first; no list of theirs says who gave them."""
    doubts = queries.doubted(looked.period, looked.scope.units)
    ids = sorted((pk for pk, doubt in doubts.items() if doubt_is(name, doubt)), reverse=True)
    page = Evaluation.objects.filter(pk__in=ids[begin : begin + PAGE]).select_related("unit", "item").order_by("-pk")
    return len(ids), [
        Row(
            shortened(one.project_number),
            f"{reverse('findings')}?{urlencode({'state': 'all', 'unit': one.unit.code})}",
            one.unit.name,
            one.rated_at,
            str(one.get_level_display()),
        )
        for one in page
    ]


def _looks(looked: Looked, purpose: str, begin: int) -> Listed:
    """When somebody was looked up and for which case; neither whom nor by whom, which the audit trail knows."""
    looks = looks_of(looked.scope, looked.period).filter(purpose=purpose).order_by("-pk")
    return looks.count(), [
        Row(look.about, "", "", look.at, str(look.get_purpose_display())) for look in looks[begin : begin + PAGE]
    ]


def _batches(user: Staff, looked: Looked, begin: int) -> Listed:
    """Rows that came twice are counted in their batches and not kept: the batches, and how many in each."""
    batches = batches_of(looked.period).filter(duplicates__gt=0).order_by("-pk")
    opens = user.has_role(*READS_INTAKE)
    lines: Iterable[Any] = batches[begin : begin + PAGE]
    return sum(batches.values_list("duplicates", flat=True)), [
        Row(
            one.name,
            reverse("intake-batch", args=[one.pk]) if opens else "",
            one.source,
            one.created_at,
            _("重复 %(n)s 行") % {"n": f"{one.duplicates:,}"},
        )
        for one in lines
    ]
