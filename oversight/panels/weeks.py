"""2 · Valid bad ratings per 100,000 by week, with what chance alone would make of them: change or noise? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.enums import SchemeKind
from assessment.metrics import BY_CODE
from assessment.uncertainty import Change, Rate, rate, rate_ratio
from assessment.words import change_words
from oversight.charts import Point
from oversight.panels import drawing
from oversight.panels.model import About, Ask, Cell, Shown, Table

WEEKS, HALF = 52, 13
METRIC = BY_CODE["negative"]


@dataclass(frozen=True)
class Week:
    """From a Monday on: effective bad ratings of so many valid ones."""

    begins: date
    part: int
    whole: int

    @property
    def last(self) -> date:
        return self.begins + timedelta(days=6)


@dataclass(frozen=True)
class Mark:
    """Something that happened on a day: what it is called. scheme: of a scheme that came into force, its kind."""

    day: date
    name: str
    scheme: str = ""

    @property
    def words(self) -> str:
        return f"{SchemeKind(self.scheme).label} {self.name}" if self.scheme else self.name


@dataclass(frozen=True)
class Found:
    weeks: tuple[Week, ...]
    marks: tuple[Mark, ...] = ()


def weeks_until(day: date) -> list[date]:
    """The Mondays of the last 52 full weeks up to a day that is over."""
    last = day - timedelta(days=(day.weekday() + 1) % 7)  # the Sunday on it or before it
    return [last - timedelta(days=6 + 7 * back) for back in range(WEEKS - 1, -1, -1)]


def show(found: Found, about: About) -> Shown:
    rates = [rate(week.part, week.whole) for week in found.weeks]
    points = [_point(week, one) for week, one in zip(found.weeks, rates, strict=True)]
    nothing = not any(week.whole for week in found.weeks)
    total = sum(week.part for week in found.weeks)
    return Shown(
        title=_("这一年还没有主动评价") if nothing else title(found),
        n=_("差评 %(part)s 件,评价 %(whole)s 条")
        % {"part": f"{total:,}", "whole": f"{sum(week.whole for week in found.weeks):,}"},
        span=_span(found),
        drawing="" if nothing else drawing.line(points, _places(found), "weeks"),
        tables=(_table(found, rates), _marks(found)) if found.marks else (_table(found, rates),),
        notes=(_("灰带是每周的95%精确泊松区间,评价很少的周太宽,图上不画到头。"),),
        metrics=("negative",),
        empty=nothing,
    )


def title(found: Found) -> str:
    """The last quarter of a year beside the one before it."""
    late, early = found.weeks[-HALF:], found.weeks[-2 * HALF : -HALF]
    sums = [(sum(week.part for week in part), sum(week.whole for week in part)) for part in (late, early)]
    (part, whole), (part2, whole2) = sums
    if not whole or not whole2:
        return _("近13周差评 %(n)s 件,之前没有评价可比") % {"n": part}
    compared = rate_ratio(part, whole, part2, whole2)
    value = f"{rate(part, whole).value or 0:.2f}"
    if compared.change in (Change.MORE, Change.LESS):
        words = _("近13周差评每十万条 %(value)s,%(change)s")
        return words % {"value": value, "change": change_words(compared)}
    return _("近13周差评每十万条 %(value)s,没有证据表明有变化") % {"value": value}


def _span(found: Found) -> str:
    first, last = found.weeks[0].begins, found.weeks[-1].last
    return f"{date_format(first, 'SHORT_DATE_FORMAT')} – {date_format(last, 'SHORT_DATE_FORMAT')}"


def _point(week: Week, one: Rate) -> Point:
    label = date_format(week.begins, "SHORT_DATE_FORMAT")
    return Point(label, one.value, *((one.interval.low, one.interval.high) if one.interval else ()))


def _places(found: Found) -> list[tuple[float, str]]:
    """Where marks stand along the axis, numbered as in their table; those before or after the year stand nowhere."""
    first, last = found.weeks[0].begins, found.weeks[-1].begins
    return [
        (min(1.0, (mark.day - first).days / max(1, (last - first).days)), str(number))
        for number, mark in enumerate(found.marks, start=1)
    ]


def _table(found: Found, rates: list[Rate]) -> Table:
    columns = (_("周(从)"), _("每十万条"), _("95%精确区间"), str(METRIC.part.label), str(METRIC.whole.label))
    rows = [_row(week, one) for week, one in zip(found.weeks, rates, strict=True)]
    return Table(columns, tuple(reversed(rows)))


def _row(week: Week, one: Rate) -> tuple[Cell, ...]:
    dates = {"since": week.begins.isoformat(), "until": week.last.isoformat()}
    part, whole = (
        Cell(f"{count:,}", Ask("ratings", (), {**dates, **side.asks}) if count else None, count)
        for count, side in ((week.part, METRIC.part), (week.whole, METRIC.whole))
    )
    ends = f"{one.interval.low:.2f} – {one.interval.high:.2f}" if one.interval else "—"
    value = "—" if one.value is None else f"{one.value:.2f}"
    return Cell(date_format(week.begins, "SHORT_DATE_FORMAT")), Cell(value), Cell(ends), part, whole


def _marks(found: Found) -> Table:
    rows = [
        (Cell(str(number)), Cell(date_format(mark.day, "SHORT_DATE_FORMAT")), Cell(mark.words))
        for number, mark in enumerate(found.marks, start=1)
    ]
    return Table((_("标记"), _("日期"), _("事情")), tuple(rows), _("图上的标记"))
