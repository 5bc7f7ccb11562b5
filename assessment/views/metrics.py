"""指标: all metrics of a period, and one metric across units, each with its counts, its interval and its definition."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessment import actions, queries
from assessment.access import READS_FIGURES
from assessment.metrics import BY_CODE, METRICS, Facts, Kind, Measured, Metric
from assessment.ranks import (
    RankInterval,
    groups_without_evidence,
    rank_intervals,
    rank_intervals_of_shares,
    shrunken_rates_for_sorting,
    shrunken_shares_for_sorting,
)
from assessment.uncertainty import UNKNOWN, rates_differ, shares_differ
from assessment.views.charts import Bar, bars, funnel, is_outside
from assessment.views.scope import Known, Scope, scope_of
from assessment.words import change_words, definition, ends_words, number_words, period_words
from common.rows import safe_cell
from organizations.models import Unit
from organizations.views.doors import for_roles, staff_of


@dataclass(frozen=True)
class Line:
    """A metric of the whole scope, or a unit's value of one metric, as the page shows it. after: in the last period."""

    label: str
    measured: Measured
    value: str
    ends: str
    part_url: str
    whole_url: str
    change: str = ""
    metric: Metric | None = None
    unit: Unit | None = None
    own: bool = False
    bar: Bar | None = None
    rank: RankInterval | None = None
    outside: bool = False


@require_safe
@for_roles(READS_FIGURES)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every metric of a period for what one reads, beside the period before."""
    form, scope = scope_of(request, staff_of(request))
    known, earlier = scope.facts(), scope.facts(scope.period.before())
    now, before = known.whole, earlier.whole
    lines = [_metric_line(scope, metric, now, before) for metric in METRICS if known.tells(metric)]
    context = {
        "form": form,
        "scope": scope,
        "period": period_words(scope.period),
        "lines": lines,
        "as_of": queries.as_of(),
        "told": known.ratings,
        "negative": now.figures.together,
    }
    return render(request, "assessment/metrics.html", context)


def _metric_line(scope: Scope, metric: Metric, now: Facts, before: Facts) -> Line:
    here, there = metric.value(now), metric.value(before)
    compared = metric.compare(here, there)
    return Line(
        str(metric.label),
        here,
        number_words(metric, here.value),
        ends_words(metric, here),
        scope.list_url(metric, "part"),
        scope.list_url(metric, "whole"),
        change_words(compared, enough=(here.enough and there.enough) or compared == UNKNOWN),
        metric,
    )


@require_safe
@for_roles(READS_FIGURES)
def metric(request: HttpRequest, code: str) -> HttpResponse:
    """One metric across units: definition, intervals, funnel, rank intervals, and who cannot be told apart."""
    asked = _asked(code)
    form, scope = scope_of(request, staff_of(request))
    known = scope.facts()
    told = known.tells(asked)
    rows = _rows(scope, known) if told else []
    whole = asked.value(Facts.sum(queries.rules_now(), [facts for _head, facts in rows]))
    lines = _lines(scope, asked, rows, whole)
    ranked = [line for line in lines if line.rank]
    context = {
        "metric": asked,
        "definition": definition(asked, queries.rules_now()),
        "form": form,
        "scope": scope,
        "told": told,
        "period": period_words(scope.period),
        "lines": lines,
        "whole": _line(scope, asked, str(_("合计")), whole, scope.unit) if told else None,
        "funnel": funnel(asked, whole.value, [(line.label, line.measured) for line in ranked])
        if whole.value is not None
        else None,
        "groups": _groups(asked, ranked),
        "as_of": queries.as_of(),
    }
    return render(request, "assessment/metric.html", context)


@require_POST
@for_roles(READS_FIGURES)
def recall(request: HttpRequest) -> HttpResponse:
    """Leaves a past day that is too large for a page to the clock, with the period before that it is compared with."""
    _form, scope = scope_of(request, staff_of(request))
    if scope.day:
        now = timezone.now()
        for period in (scope.period, scope.period.before()):
            actions.ask_past(period, scope.day, at=now)
        messages.success(request, _("已交给后台重算,几分钟后刷新这一页。"))
    code = request.POST.get("metric", "")
    page = reverse("metric", args=[code]) if code in BY_CODE else reverse("metrics")
    return redirect(f"{page}?{scope.query()}")


def _asked(code: str) -> Metric:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def _rows(scope: Scope, known: Known) -> list[tuple[queries.Head, Facts]]:
    """The units at the top of a scope, each with all below it."""
    rules, found = queries.rules_now(), queries.heads(scope.units.order_by("code"), scope.unit)
    return [(head, Facts.sum(rules, [known.facts[pk] for pk in head.members])) for head in found]


def _line(
    scope: Scope, metric: Metric, label: str, one: Measured, unit: Unit | None, *, own: bool = False, **more: Any
) -> Line:
    return Line(
        label,
        one,
        number_words(metric, one.value),
        ends_words(metric, one),
        scope.list_url(metric, "part", unit, own=own),
        scope.list_url(metric, "whole", unit, own=own),
        unit=unit,
        own=own,
        **more,
    )


def _lines(scope: Scope, metric: Metric, rows: list[tuple[queries.Head, Facts]], whole: Measured) -> list[Line]:
    """The units with anything to show: first those that are compared, in the order of their shrunken values."""
    found = [(head, one) for head, facts in rows if (one := metric.value(facts)).whole or one.part]
    compared = [pair for pair in found if _is_compared(metric, pair[1])]
    compared = _sorted(metric, compared)
    rest = [pair for pair in found if pair not in compared]
    ranks: list[RankInterval | None] = [*_ranks(scope, metric, [one for _head, one in compared]), *[None] * len(rest)]
    every = [*compared, *rest]
    return [
        _line(
            scope,
            metric,
            head.unit.name,
            one,
            head.unit,
            own=head.own,
            bar=bar,
            rank=rank,
            outside=rank is not None and whole.value is not None and is_outside(metric, whole.value, one),
        )
        for (head, one), bar, rank in zip(every, bars([one for _head, one in every]), ranks, strict=True)
    ]


def _is_compared(metric: Metric, one: Measured) -> bool:
    """Whether a unit is ranked: enough of it, and an exact interval. What is neither good nor bad is not ranked."""
    return bool(one.enough and one.interval and metric.better)


def _sizes(measured: Sequence[Measured]) -> tuple[list[int], list[int]]:
    return [one.part for one in measured], [one.whole for one in measured]


def _sorted(metric: Metric, pairs: list[tuple[queries.Head, Measured]]) -> list[tuple[queries.Head, Measured]]:
    shrink = shrunken_rates_for_sorting if metric.kind == Kind.RATE else shrunken_shares_for_sorting
    keys = shrink(*_sizes([one for _head, one in pairs]))
    return [pair for _key, pair in sorted(zip(keys, pairs, strict=True), key=lambda both: both[0] or 0, reverse=True)]


def _ranks(scope: Scope, metric: Metric, measured: Sequence[Measured]) -> list[RankInterval]:
    """The seed is the period's first day, so that every page and file of it says the same."""
    simulate = rank_intervals if metric.kind == Kind.RATE else rank_intervals_of_shares
    return simulate(*_sizes(measured), seed=scope.period.begins.toordinal())


def _groups(metric: Metric, lines: Sequence[Line]) -> list[list[str]]:
    differ = rates_differ if metric.kind == Kind.RATE else shares_differ
    chains = groups_without_evidence(*_sizes([line.measured for line in lines]), differ=differ)
    return [[lines[place].label for place in chain] for chain in chains]


@require_safe
@for_roles(READS_FIGURES)
def metric_file(request: HttpRequest, code: str) -> HttpResponse:
    """The same table as a file: counts, value and exact interval of each unit."""
    asked = _asked(code)
    _form, scope = scope_of(request, staff_of(request))
    known = scope.facts()
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"{asked.code}-{scope.period.name}"
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    writer = csv.writer(response)
    writer.writerow(
        [
            _("单位代码"),
            _("单位"),
            asked.part.label,
            asked.whole.label,
            asked.label,
            _("下限"),
            _("上限"),
            _("样本足够"),
        ]
    )
    for head, facts in _rows(scope, known) if known.tells(asked) else []:
        writer.writerow(_cells(head, asked, asked.value(facts)))
    return response


def _cells(head: queries.Head, metric: Metric, one: Measured) -> list[object]:
    ends = (one.interval.low, one.interval.high) if one.interval else (None, None)
    numbers = ["—" if value is None else number_words(metric, value) for value in (one.value, *ends)]
    name = head.unit.name + (f"({_('本级')})" if head.own else "")
    return [head.unit.code, safe_cell(name), one.part, one.whole, *numbers, _("是") if one.enough else _("否")]
