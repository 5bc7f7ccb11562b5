"""公示 in figures: five numbers, the weekly line with its band, reasons, steps, what is not shown, suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessment.words import period_words
from disclosure.enums import Reason, Result
from disclosure.models import PublicCase, PublicGround
from disclosure.queries import figures, metrics
from disclosure.queries.figures import City, Facts, Week
from disclosure.queries.metrics import Metrics, Told
from disclosure.views.manners import public_page
from disclosure.views.metrics import Line, line_of
from disclosure.views.units import bars
from evaluations.enums import Origin
from evaluations.intervals import wilson
from evaluations.queries.suggestions import funnel
from rectification.enums import Stage

WEEKS, MOST_REASONS, PER = 26, 10, 100_000
WIDTH, HEIGHT = 1000, 300
ORIGINS = (Origin.ACTIVE, Origin.INVITED, Origin.DEFAULT)


# 主动评价数 and 有效差评 stand beside the first two of these.
BIG = ("active", "negative", "on-time", "satisfaction")


@dataclass(frozen=True)
class Big:
    """A number of this quarter beside that of the last, with the metric that says how it is counted.

    n: what a share is of.
    """

    label: str
    line: Line
    value: str
    before: str
    n: int | None = None


@dataclass(frozen=True)
class Point:
    """A week of the line: rate and band per 100,000, None where nobody rated."""

    week: Week
    rate: float | None = None
    low: float = 0
    high: float = 0


@dataclass(frozen=True)
class Chart:
    """The weekly line as SVG draws it. lines, bands: the stretches of weeks without a gap. top: the highest value."""

    points: list[Point]
    lines: list[str]
    bands: list[str]
    top: int


@require_safe
@public_page
def public_figures(request: HttpRequest) -> HttpResponse:
    """Everything in numbers, each with what it is of and how it is counted."""
    city = figures.city(timezone.localdate(), WEEKS)
    facts = figures.facts(PublicCase.objects.all(), city.quarter.before().begins)
    found = metrics.of_city(city.quarter)
    context = {
        "city": city,
        "quarter": period_words(city.quarter),
        "last_quarter": period_words(city.quarter.before()),
        "bigs": _bigs(found, city),
        "as_of": found.as_of,
        "origins": [(origin.label, city.now.of(origin).counted, city.before.of(origin).counted) for origin in ORIGINS],
        "chart": _chart([_point(week) for week in city.weeks]),
        "reasons": _reasons(city, facts),
        "steps": bars(_steps(facts)),
        "facts": facts,
        "withheld": [(Reason(name).label, count) for name, count in facts.of("withheld").items()],
        "voided": city.now.together,
        "grounds": _grounds(facts),
        "appeals": PublicGround.objects.all(),
        "funnel": bars([(str(label), count) for label, count in funnel().steps]),
    }
    return render(request, "disclosure/figures.html", context)


def _bigs(found: Metrics, city: City) -> list[Big]:
    """有效差评 are those of every origin, as in the three numbers further down; their rate is of active ones."""
    active, negative, on_time, satisfied = (found.of(code) for code in BIG)
    return [
        _count(_("主动评价数"), active, active.now.part, active.before.part),
        _share(active),
        _count(_("有效差评"), negative, city.now.together.effective, city.before.together.effective),
        _share(on_time),
        _share(satisfied),
    ]


def _count(label: str, told: Told, now: int, before: int) -> Big:
    """A count beside its rate. The change is that of the rate: a count alone does not tell of one."""
    return Big(label, line_of(told), f"{now:,}", f"{before:,}")


def _share(told: Told) -> Big:
    line = line_of(told)
    return Big(line.label, line, line.value, line.before, told.now.whole)


def _point(week: Week) -> Point:
    """The rate with Wilson's interval: with few 差评 the band says how little a step up or down means."""
    share = week.negative
    if not share.whole:
        return Point(week)
    band = wilson(share.part, share.whole)
    return Point(week, share.part / share.whole * PER, band.low * PER, band.high * PER)


def _chart(points: list[Point]) -> Chart:
    # One week with a handful of ratings has a band that would press all others flat: it is cut at the top.
    rates = [point.rate for point in points if point.rate is not None]
    top = max(max(rates, default=0) * 2, 10)
    runs = _runs(points)
    return Chart(
        points,
        [" ".join(_at(place, point.rate or 0, len(points), top) for place, point in run) for run in runs],
        [_band(run, len(points), top) for run in runs],
        round(top),
    )


def _runs(points: Sequence[Point]) -> list[list[tuple[int, Point]]]:
    """The stretches of weeks in which somebody rated."""
    runs: list[list[tuple[int, Point]]] = [[]]
    for place, point in enumerate(points):
        if point.rate is None:
            runs.append([])
        else:
            runs[-1].append((place, point))
    return [run for run in runs if run]


def _at(place: int, value: float, many: int, top: float) -> str:
    x, y = place * WIDTH / max(1, many - 1), HEIGHT - min(value, top) * HEIGHT / top
    return f"{x:.0f},{y:.0f}"


def _band(run: list[tuple[int, Point]], many: int, top: float) -> str:
    over = [_at(place, point.high, many, top) for place, point in run]
    under = [_at(place, point.low, many, top) for place, point in reversed(run)]
    return " ".join(over + under)


def _reasons(city: City, facts: Facts) -> list[tuple[object, int]]:
    """The reasons of this quarter, each beside the last quarter's count."""
    now, before = facts.of("reason", city.quarter.begins), facts.of("reason", city.quarter.before().begins)
    both = {name: now.get(name, 0) for name in [*now, *before]}
    ordered = sorted(both.items(), key=lambda row: (-row[1], -before.get(row[0], 0), row[0]))[:MOST_REASONS]
    return [(bar, before.get(bar.label, 0)) for bar in bars(ordered, told=True)]


def _steps(facts: Facts) -> list[tuple[str, int]]:
    """How far the public cases have come; those that were declared void have left the way."""
    return [
        (_("已公示"), facts.reached(Stage.RATED)),
        (_("已转办"), facts.reached(Stage.DISPATCHED)),
        (_("开始整改"), facts.reached(Stage.RECTIFYING)),
        (_("已答复"), facts.reached(Stage.REPLIED)),
        (
            _("整改或说明经核实"),
            sum(facts.of("result").get(result, 0) for result in (Result.RECTIFIED, Result.EXPLAINED)),
        ),
    ]


def _grounds(facts: Facts) -> list[tuple[str, int]]:
    """What became of ratings that were contested: by ground where one is told, and those that proved unfounded."""
    found = [(name or _("没有写明依据"), count) for name, count in facts.of("ground").items()]
    unfounded = facts.of("result").get(Result.UNFOUNDED, 0)
    return [*found, (str(Result.UNFOUNDED.label), unfounded)] if unfounded else found
