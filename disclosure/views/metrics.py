"""指标 for everybody: every metric of the city this quarter and last, with both numbers, interval and definition."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessment.enums import Grain
from assessment.metrics import Measured
from assessment.periods import period_of
from assessment.queries import rules_now
from assessment.words import change_words, definition, ends_words, number_words, period_words
from disclosure.queries import metrics
from disclosure.queries.metrics import Told
from disclosure.views.manners import public_page


@dataclass(frozen=True)
class Line:
    """A metric as the page writes it. value, before, ends, change: in words."""

    code: str
    label: str
    now: Measured
    value: str
    before: str
    ends: str
    change: str
    definition: list[tuple[str, str]]


def line_of(told: Told) -> Line:
    """The words of a metric; what cannot be compared says so."""
    metric, rules = told.metric, rules_now()
    return Line(
        metric.code,
        str(metric.label),
        told.now,
        number_words(metric, told.now.value),
        number_words(metric, told.before.value),
        ends_words(metric, told.now),
        change_words(told.compared, enough=told.now.enough and told.before.enough),
        definition(metric, rules),
    )


@require_safe
@public_page
def public_metrics(request: HttpRequest) -> HttpResponse:
    """The whole catalogue with its numbers: this quarter so far beside all of the last."""
    quarter = period_of(timezone.localdate(), Grain.QUARTER)
    found = metrics.of_city(quarter)
    context = {
        "quarter": period_words(quarter),
        "last_quarter": period_words(quarter.before()),
        "lines": [line_of(told) for told in found.told],
        "as_of": found.as_of,
    }
    return render(request, "disclosure/metrics.html", context)
