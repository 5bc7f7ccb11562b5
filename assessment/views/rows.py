"""The list behind a number of a metric: as many rows as the number says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appeals.models import Appeal
from assessment import queries
from assessment.access import READS_FIGURES
from assessment.forms import RowsForm
from assessment.metrics import BY_CODE, COVERED, Facts, Kind, Rows, Side
from assessment.views.scope import Scope, scope_of
from assessment.words import period_words
from common.queries import TooLong, patiently
from organizations.models import ServiceItem, Staff, Unit
from organizations.views.doors import for_roles, staff_of
from rectification.models import Case

PAGE = 50
COUNTED = COVERED | {Rows.SERVICES}


@dataclass(frozen=True)
class Row:
    """One line of the list. url is empty where the person may not open it: what lies with another unit by now."""

    name: str
    url: str
    unit: str
    at: Any = None
    about: str = ""


@require_safe
@for_roles(READS_FIGURES)
def metric_rows(request: HttpRequest, code: str) -> HttpResponse:
    """The ratings, services, cases, appeals or units that one of the two numbers of a metric counts."""
    metric = BY_CODE.get(code)
    if metric is None:
        raise Http404
    user = staff_of(request)
    form, scope = scope_of(request, user, RowsForm)
    chosen = form.cleaned_data if form.is_valid() else {}
    name = chosen.get("side") or "part"
    side: Side = getattr(metric, name)
    if metric.kind == Kind.SCORE and name == "part":
        raise Http404
    own = bool(chosen.get("own")) and scope.unit is not None
    if side.rows == Rows.RATINGS:
        return redirect(scope.list_url(metric, name, own=own))
    units = scope.units.filter(pk=scope.unit.pk) if own and scope.unit else scope.units
    begin = _number(request.GET.get("from", ""))
    total, rows = 0, list[Row]()
    try:
        with patiently(settings.PATIENCE_SECONDS):
            total, rows = _listed(user, scope, side, units, begin)
    except TooLong:
        form.add_error(None, _("范围太大,几秒内没有找完。请选短一些的期间,或者选一个单位。"))
    more = {"side": name, **({"own": "1"} if own else {}), "from": str(begin + PAGE)}
    context = {
        "metric": metric,
        "side": side,
        "scope": scope,
        "form": form,
        "period": period_words(scope.period),
        "total": total,
        "rows": rows,
        "next_url": f"?{scope.query(**more)}" if begin + PAGE < total else "",
    }
    return render(request, "assessment/rows.html", context)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _listed(user: Staff, scope: Scope, side: Side, units: Any, begin: int) -> tuple[int, list[Row]]:
    """How many there are, and a page of them."""
    known = scope.facts(units=units)
    if side.rows in COUNTED and not known.ratings:
        raise TooLong
    facts = known.whole
    if side.rows == Rows.SERVICES:
        # Millions of rows are not counted again for a page that shows fifty of them.
        total = side.count(facts)
        return total, _services(scope, side, units, begin) if total else []
    if side.rows in COVERED:
        return _covered(side, facts, begin)
    ids = side.ids(facts)
    page_ids = sorted(ids, reverse=True)[begin : begin + PAGE]
    return len(ids), case_rows(user, page_ids) if side.rows == Rows.CASES else appeal_rows(user, page_ids)


def _services(scope: Scope, side: Side, units: Any, begin: int) -> list[Row]:
    pks = units.values_list("pk", flat=True)
    found = queries.services_behind(scope.period, pks, unrated="unrated" in side.asks, at=scope.at)
    return [
        Row(service.project_number[-4:], "", service.unit.name, service.served_at, service.item.name)
        for service in found.select_related("unit", "item")[begin : begin + PAGE]
    ]


def _covered(side: Side, facts: Facts, begin: int) -> tuple[int, list[Row]]:
    """Units, or items with the unit they belong to."""
    page, rated = slice(begin, begin + PAGE), "rated" in side.asks
    if side.rows == Rows.UNITS:
        ids = facts.rated if rated else facts.units
        return len(ids), [Row(unit.code, "", unit.name) for unit in _by_code(Unit, ids)[page]]
    ids = facts.rated_items if rated else facts.items
    items = _by_code(ServiceItem, ids).select_related("unit")[page]
    return len(ids), [Row(item.code, "", item.unit.name, about=item.name) for item in items]


def _by_code(model: type[Any], ids: Sequence[int]) -> QuerySet[Any]:
    found: QuerySet[Any] = model.objects.filter(pk__in=ids).order_by("code")
    return found


def case_rows(user: Staff, ids: Sequence[int]) -> list[Row]:
    """These cases, the newest first; only those somebody may open lead anywhere."""
    open_to = set(Case.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Row(
            case.number,
            reverse("case", args=[case.number]) if case.pk in open_to else "",
            case.unit_name,
            case.received_at,
            str(case.get_state_display()),
        )
        for case in Case.objects.filter(pk__in=ids).order_by("-pk")
    ]


def appeal_rows(user: Staff, ids: Sequence[int]) -> list[Row]:
    """These appeals, the newest first; only those somebody may open lead anywhere."""
    open_to = set(Appeal.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Row(
            appeal.number,
            reverse("appeal", args=[appeal.number]) if appeal.pk in open_to else "",
            appeal.unit.name,
            appeal.filed_at,
            appeal.ground.name,
        )
        for appeal in Appeal.objects.filter(pk__in=ids).select_related("unit", "ground").order_by("-pk")
    ]
