"""统计: figures by unit and by channel for a month, quarter or year; every number of ratings leads to these ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assessment import queries
from assessment.access import READS_FIGURES, SETS_BASELINE, reads_whole_city
from assessment.actions import set_baseline
from assessment.figures import Counts, Figures, total
from assessment.forms import BaselineForm, StatisticsForm
from assessment.metrics import METRICS, Facts, Metric
from assessment.models import Baseline
from assessment.periods import Period
from assessment.words import number_words, period_words
from evaluations.enums import Origin, RatingChannel
from evaluations.lists import units_read_by
from organizations.models import Unit
from organizations.views.doors import Page, for_roles, one_act, staff_of

# A rating is in the figures within two minutes; older than that, the sweep is behind.
LATE = timedelta(minutes=2)
SHOWN_ORIGINS = tuple(origin for origin in Origin if origin != Origin.TEST)
SHOWN = ("active", "unrated", "active-good", "very-satisfied", "score", "negative")
ORIGIN_LABELS: dict[str, str | Promise] = {Origin.DEFAULT: gettext_lazy("默认(未评)")}


@dataclass(frozen=True)
class Column:
    """A number of ratings: its label, how it is read off figures, and how its list asks for the same ratings."""

    label: str | Promise
    count: Callable[[Figures], int]
    asks: dict[str, str]


def _of_origin(origin: Origin) -> Column:
    return Column(ORIGIN_LABELS.get(origin, origin.label), lambda one: one.of(origin).counted, {"origin": origin})


COLUMNS = (
    *(_of_origin(origin) for origin in SHOWN_ORIGINS),
    Column(gettext_lazy("收到差评"), lambda one: one.together.negative, {"negative": "received"}),
    Column(gettext_lazy("认定无效"), lambda one: one.together.invalid, {"negative": "invalid"}),
    Column(gettext_lazy("有效差评"), lambda one: one.together.effective, {"negative": "effective"}),
    Column(gettext_lazy("未计入"), lambda one: one.together.left_out, {"left_out": "1"}),
)


@dataclass(frozen=True)
class Cell:
    """A number and, if there is anything to see, the address of what it counts."""

    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """A row of the page. opens is the address of the page of its unit."""

    label: str
    figures: Figures
    cells: list[Cell]
    own: bool = False
    opens: str = ""


@dataclass(frozen=True)
class Scope:
    """What a page is about: a period, and all one reads or one unit of it with those below."""

    period: Period
    unit: Unit | None

    def list_of(self, value: int, unit: Unit | None, *, own: bool = False, **asks: str) -> Cell:
        """A number with the address of its ratings."""
        where = {"unit": unit.code, **({"own": "1"} if own else {})} if unit else {}
        query = urlencode({**where, "since": self.period.begins, "until": self.period.last, **asks})
        return Cell(value, f"{reverse('ratings')}?{query}" if value else "")

    def definition_of(self, metric: Metric) -> str:
        """Where a metric is defined and told by unit."""
        where = {"period": self.period.name, **({"unit": self.unit.code} if self.unit else {})}
        return f"{reverse('metric', args=[metric.code])}?{urlencode(where)}#definition"

    def line(self, label: str, figures: Figures, unit: Unit | None, *, own: bool = False, opens: bool = False) -> Line:
        cells = [self.list_of(column.count(figures), unit, own=own, **column.asks) for column in COLUMNS]
        query = urlencode({"period": self.period.name, "unit": unit.code}) if unit and opens else ""
        return Line(label, figures, cells, own, f"?{query}" if query else "")


@require_safe
@for_roles(READS_FIGURES)
def statistics(request: HttpRequest) -> HttpResponse:
    """Figures of a period for what one reads, or for one unit of it."""
    user, today = staff_of(request), timezone.localdate()
    readable = units_read_by(user)
    months = queries.known_months()
    form = StatisticsForm(request.GET, units=readable, first=months[0] if months else today, today=today)
    scope = Scope(form.chosen_period, form.chosen_unit)
    # Where the database knows units beyond the city, a city's supervisor reads a part like everybody else.
    everything = reads_whole_city(user.duties) and not Unit.objects.exclude(pk__in=readable.order_by()).exists()
    city = everything and scope.unit is None
    units = readable.filter(path__startswith=scope.unit.path) if scope.unit else readable
    lines, whole = _lines(scope, _rows(scope, units, everything=everything))
    context = {
        "form": form,
        "scope": scope,
        "period": period_words(scope.period),
        "columns": COLUMNS,
        "lines": lines,
        "whole": whole,
        "shares": _shares(scope, whole.figures),
        "origins": [ORIGIN_LABELS.get(origin, origin.label) for origin in SHOWN_ORIGINS],
        "channels": _channels(scope, None if city else units),
        "as_of": _as_of(),
        "probe": queries.last_probe(),
        "compared": _compared(scope) if city else [],
        "baseline_year": settings.BASELINE_YEAR,
        "sets_baseline": user.has_role(*SETS_BASELINE),
    }
    return render(request, "assessment/statistics.html", context)


def _rows(scope: Scope, units: QuerySet[Unit], *, everything: bool) -> list[queries.UnitRow]:
    """A row for each unit at the top of what one reads. Whoever reads everything has them added up by the database."""
    if everything:
        return queries.head_rows(queries.by_head(scope.period, scope.unit), scope.unit)
    return queries.unit_rows(units.order_by("code"), queries.by_unit(scope.period, units), scope.unit)


def _lines(scope: Scope, rows: list[queries.UnitRow]) -> tuple[list[Line], Line]:
    """A line for each unit that has anything, and the line of all of them together."""
    lines = [
        scope.line(row.unit.name, row.figures, row.unit, own=row.own, opens=row.opens and not row.own)
        for row in rows
        if row.figures != Figures()
    ]
    whole = Figures.sum([row.figures for row in rows])
    return lines, scope.line(_("合计"), whole, scope.unit)


def _shares(scope: Scope, whole: Figures) -> list[tuple[str, str | None, str, int, str]]:
    """The metrics of ratings, as the catalogue defines them: label, value, unit, of how many, and the definition."""
    facts = Facts(queries.rules_now(), whole)
    found = []
    for metric in (metric for metric in METRICS if metric.code in SHOWN):
        one = metric.value(facts)
        value = None if one.value is None else number_words(metric, one.value)
        found.append((str(metric.label), value, "", one.whole, scope.definition_of(metric)))
    return found


def _channels(scope: Scope, units: Any) -> list[tuple[str, list[Cell], int]]:
    """Channel by origin: label, a number for each origin, and all of the channel."""
    found = queries.by_channel(scope.period, units)
    return [
        (str(channel.label), _across(scope, channel, found[channel]), total(found[channel].values()).counted)
        for channel in RatingChannel
        if channel in found
    ]


def _across(scope: Scope, channel: RatingChannel, origins: dict[str, Counts]) -> list[Cell]:
    return [
        scope.list_of(origins.get(origin, Counts()).counted, scope.unit, channel=channel, origin=origin)
        for origin in SHOWN_ORIGINS
    ]


def _as_of() -> dict[str, datetime | bool | None]:
    moment = queries.as_of()
    return {"moment": moment, "late": moment is None or timezone.now() - moment > LATE}


def _compared(scope: Scope) -> Iterable[queries.Compared]:
    return queries.against_baseline(scope.period.begins, scope.period.last, year=settings.BASELINE_YEAR)


@for_roles(SETS_BASELINE)
def baseline(request: HttpRequest) -> HttpResponse:
    """The numbers of the year of comparison."""
    year = settings.BASELINE_YEAR
    kept = {f"m{row.month}": row.active for row in Baseline.objects.filter(year=year)}
    form = BaselineForm(request.POST or None, initial=kept)
    page = Page(
        title=_("基准年主动评价数"),
        back=reverse("statistics"),
        submit=_("保存"),
        done=_("已保存。"),
        about=_("各月主动评价数,用来和今后的同月比较。不知道的月份留空。"),
        subject=str(year),
    )
    return one_act(request, form, lambda **who: set_baseline(year, form.months(), **who), page)
