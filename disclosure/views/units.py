"""公示 by unit: who has public cases, and what is known of one unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.enums import Grain
from assessment.figures import Figures, Share
from assessment.periods import period_of
from disclosure.enums import DONE, Result
from disclosure.models import PublicCase
from disclosure.queries import figures
from disclosure.queries import public as queries
from disclosure.views.manners import public_page
from evaluations.enums import Origin
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
    """A share with its count. too_few: it is not to be compared with that of others (setting RANK_MIN_SAMPLE)."""

    label: str
    share: Share

    @property
    def too_few(self) -> bool:
        return self.share.whole < settings.RANK_MIN_SAMPLE


@require_safe
@public_page
def units(request: HttpRequest) -> HttpResponse:
    """Every unit with public cases."""
    lines = [(line, Rate("", line.on_time), Rate("", line.satisfied)) for line in figures.unit_lines(DONE)]
    return render(request, "disclosure/units.html", {"lines": lines, "least": settings.RANK_MIN_SAMPLE})


@require_safe
@public_page
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit with those below it: ratings by level, reasons, punctuality, results, the last cases."""
    found = Unit.objects.filter(code=code).first() if len(code) <= 40 else None
    if found is None:
        raise Http404
    since = _a_year_ago(timezone.localdate())
    rows = PublicCase.objects.filter(unit__path__startswith=found.path)
    known, as_of = figures.of_units(Unit.objects.below([found.path]), since)
    facts = figures.facts(rows, since)
    context = {
        "unit": found,
        "since": since,
        "as_of": as_of,
        "known": known,
        "levels": _levels(known),
        "origins": [(origin.label, known.of(origin).counted) for origin in (Origin.INVITED, Origin.DEFAULT)],
        "facts": facts,
        "rates": _rates(known, facts),
        "reasons": bars(list(facts.of("reason").items())[:MOST_REASONS], told=True),
        "results": bars([(str(Result(name).label), count) for name, count in facts.of("result").items()]),
        "rows": queries.page_of(rows.shown(), queries.NEWEST, None, LAST_CASES),
    }
    return render(request, "disclosure/unit.html", context)


def _a_year_ago(today: date) -> date:
    """The first day of the month eleven months before this one: twelve months with this."""
    month = period_of(today, Grain.MONTH)
    for _month in range(11):
        month = month.before()
    return month.begins


def _levels(known: Figures) -> list[Bar]:
    """The active ratings by level, the best first: words, no stars."""
    levels = known.active.valid_levels
    return bars([(str(level.label), levels[level]) for level in Level])


def _rates(known: Figures, facts: figures.Facts) -> list[Rate]:
    return [
        Rate(_("主动评价率"), known.active_rate),
        Rate(_("按期整改率"), facts.on_time()),
        Rate(_("整改满意率"), facts.satisfied()),
    ]
