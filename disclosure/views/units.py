"""公示 by unit: who has public cases, and what is known of one unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessment.enums import Grain
from assessment.figures import Figures
from assessment.metrics import BY_CODE, Measured
from assessment.periods import last_periods
from disclosure.enums import DONE, UNIT_METRICS, Result
from disclosure.models import PublicCase
from disclosure.queries import figures, metrics
from disclosure.queries import public as queries
from disclosure.queries.metrics import OfUnits
from disclosure.views.manners import public_page
from evaluations.enums import Origin
from evaluations.intervals import percent_words
from organizations.models import Unit
from rectification.enums import Level

LAST_CASES, MOST_REASONS = 10, 8


@dataclass(frozen=True)
class Bar:
    """A row of a bar chart. length: in per cent of the longest. told: the label is a word of the city's, in Chinese."""

    label: str
    count: int
    length: int
    told: bool = False


def bars(counted: list[tuple[str, int]], *, told: bool = False) -> list[Bar]:
    """Rows of a chart, all in proportion to the longest."""
    longest = max((count for _, count in counted), default=0) or 1
    return [Bar(label, count, count * 100 // longest, told) for label, count in counted]


@dataclass(frozen=True)
class Rate:
    """A share with its count; with too few of them it is not to be compared with that of others."""

    label: str
    share: Measured

    @property
    def words(self) -> str:
        return percent_words(self.share.value)


@require_safe
@public_page
def units(request: HttpRequest) -> HttpResponse:
    """Every unit with public cases."""
    since = four_quarters(timezone.localdate())
    found = metrics.of_units(since)
    lines = [(line, *_rates(found, line.unit)[1:]) for line in figures.unit_lines(DONE)]
    context = {"lines": lines, "least": settings.CASE_MIN_SAMPLE, "since": since, "as_of": found.as_of}
    return render(request, "disclosure/units.html", context)


@require_safe
@public_page
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit with those below it: ratings by level, reasons, punctuality, results, the last cases."""
    found = Unit.objects.filter(code=code).first() if len(code) <= 40 else None
    if found is None:
        raise Http404
    since = four_quarters(timezone.localdate())
    rows = PublicCase.objects.filter(unit__path__startswith=found.path)
    known = figures.of_units(Unit.objects.below([found.path]), since)
    measured = metrics.of_units(since, [found.pk])
    facts = figures.facts(rows, since)
    context = {
        "unit": found,
        "since": since,
        "as_of": measured.as_of,
        "known": known,
        "levels": _levels(known),
        "origins": [(origin.label, known.of(origin).counted) for origin in (Origin.INVITED, Origin.DEFAULT)],
        "facts": facts,
        "rates": _rates(measured, found),
        "reasons": bars(list(facts.of("reason").items())[:MOST_REASONS], told=True),
        "results": bars([(str(Result(name).label), count) for name, count in facts.of("result").items()]),
        "rows": queries.page_of(rows.shown(), queries.NEWEST, None, LAST_CASES),
    }
    return render(request, "disclosure/unit.html", context)


def four_quarters(today: date) -> date:
    """The first day of the third quarter before this one: four quarters with this."""
    return last_periods(today, Grain.QUARTER, 4)[-1].begins


def _levels(known: Figures) -> list[Bar]:
    """The active ratings by level, the best first: words, no stars."""
    levels = known.active.valid_levels
    return bars([(str(level.label), levels[level]) for level in Level])


def _rates(found: OfUnits, unit: Unit) -> list[Rate]:
    return [Rate(str(BY_CODE[code].label), found.of(unit.pk, code)) for code in UNIT_METRICS]
