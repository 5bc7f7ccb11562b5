"""1 · Five big numbers beside those of the quarter before: is anything moving? Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessment.metrics import BY_CODE, Facts, Measured, Metric
from assessment.uncertainty import UNKNOWN, Change, Compared, rate_ratio
from assessment.words import change_words, ends_words, number_words, period_words
from oversight.panels.model import About, Ask, Big, Cell, Shown, Table, is_change, of_metric

CODES = ("active", "negative", "on-time", "satisfaction")
MOST_SAID = 2


@dataclass(frozen=True)
class Found:
    """What the metrics came to in the quarter and in the one before, by their codes; and 差评 of every origin.

    received, invalid: bad ratings of the quarter. effective, effective_before: those of them that are not void.
    """

    now: dict[str, Measured]
    before: dict[str, Measured]
    received: int
    invalid: int
    effective: int
    effective_before: int

    @classmethod
    def of(cls, now: Facts, before: Facts) -> Found:
        here, there = now.figures.together, before.figures.together
        measured, earlier = ({code: BY_CODE[code].value(facts) for code in CODES} for facts in (now, before))
        return cls(measured, earlier, here.negative, here.invalid, here.effective, there.effective)


def show(found: Found, about: About) -> Shown:
    numbers = (
        _asked(found, about),
        _share("active", found, about),
        _negative(found, about),
        _share("on-time", found, about),
        _share("satisfaction", found, about),
    )
    nothing = not any(one.whole or one.part for one in found.now.values())
    return Shown(
        title=_("本期还没有评价,也没有到期的件") if nothing else title(found, about),
        n=_("办件 %(services)s 件,到期 %(due)s 件")
        % {"services": f"{found.now['active'].whole:,}", "due": f"{found.now['on-time'].whole:,}"},
        span=period_words(about.period),
        tables=(
            Table(_columns(about), tuple(_row(code, found, about) for code in CODES)),
            Table((_("差评"), _("数量")), tuple(_negatives(found, about)), _("差评三个数")),
        ),
        numbers=numbers,
        notes=(_("本期还没有结束,两个条数按每天平均和上季度比较。"),) if about.runs else (),
        metrics=CODES,
        empty=nothing,
    )


def title(found: Found, about: About) -> str:
    """What has moved, of the five; never more than two of them."""
    moves = [(_("主动评价数"), _active(found, about)), (_("差评(有效)"), _effective(found, about))]
    moves += [(str(BY_CODE[code].label), _compared(code, found)) for code in ("active", "on-time", "satisfaction")]
    said = [_moved(name, compared.change) for name, compared in moves if is_change(compared)]
    return _(",").join(said[:MOST_SAID]) if said else _("五个数都没有证据表明有变化")


def _moved(name: str, change: Change) -> str:
    words = _("%(what)s比上季度高") if change == Change.MORE else _("%(what)s比上季度低")
    return words % {"what": name}


def _active(found: Found, about: About) -> Compared:
    return _counted(found.now["active"].part, found.before["active"].part, about)


def _effective(found: Found, about: About) -> Compared:
    return _counted(found.effective, found.effective_before, about)


def _counted(now: int, before: int, about: About) -> Compared:
    """A count beside another: by day, since the quarter may not be over."""
    return rate_ratio(now, about.days, before, about.days_before) if now or before else UNKNOWN


def _compared(code: str, found: Found) -> Compared:
    now, before = found.now[code], found.before[code]
    return BY_CODE[code].compare(now, before) if now.enough and before.enough else UNKNOWN


def _asked(found: Found, about: About) -> Big:
    cell = of_metric(BY_CODE["active"], "part", found.now["active"].part, about)
    before = f"{found.before['active'].part:,}"
    return Big(_("主动评价数"), cell, (), before, change_words(_active(found, about)), "active")


def _negative(found: Found, about: About) -> Big:
    before, change = f"{found.effective_before:,}", change_words(_effective(found, about))
    return Big(_("差评(有效)"), _bad("effective", found.effective, about), (), before, change, "negative")


def _bad(which: str, count: int, about: About) -> Cell:
    """差评 of every origin, as the page of statistics counts and lists them."""
    return Cell(f"{count:,}", Ask("ratings", (), {**about.dates, "negative": which}) if count else None, count)


def _negatives(found: Found, about: About) -> Iterator[tuple[Cell, ...]]:
    for which, label in (("received", _("收到差评")), ("invalid", _("认定无效")), ("effective", _("有效差评"))):
        yield Cell(label), _bad(which, getattr(found, which), about)


def _share(code: str, found: Found, about: About) -> Big:
    metric, now, before = BY_CODE[code], found.now[code], found.before[code]
    counts = (of_metric(metric, "part", now.part, about), of_metric(metric, "whole", now.whole, about))
    value = Cell(number_words(metric, now.value), hollow=not now.enough)
    return Big(str(metric.label), value, counts, number_words(metric, before.value), _words(metric, found), code)


def _words(metric: Metric, found: Found) -> str:
    now, before = found.now[metric.code], found.before[metric.code]
    compared = metric.compare(now, before)
    return change_words(compared, enough=(now.enough and before.enough) or compared == UNKNOWN)


def _columns(about: About) -> tuple[str, ...]:
    before = about.period.before()
    return (
        _("指标"),
        period_words(about.period),
        period_words(before),
        _("分子"),
        _("分母"),
        _("95%精确区间"),
        _("与上期比"),
    )


def _row(code: str, found: Found, about: About) -> tuple[Cell, ...]:
    metric, now = BY_CODE[code], found.now[code]
    return (
        Cell(str(metric.label)),
        Cell(number_words(metric, now.value), hollow=not now.enough),
        Cell(number_words(metric, found.before[code].value)),
        of_metric(metric, "part", now.part, about),
        of_metric(metric, "whole", now.whole, about),
        Cell(ends_words(metric, now)),
        Cell(_words(metric, found)),
    )
