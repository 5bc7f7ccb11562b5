"""7 · 差评 by window and hour of the day, those about waiting apart: how to staff the windows? Pure.

Windows stand in the order of their halls and numbers, since a window is often one person and a handful of cases says
nothing of anybody. What is compared is the hours, of all windows together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.translation import gettext as _

from assessment.uncertainty import UNKNOWN, Change, Compared, rate_ratio
from assessment.words import period_words
from evaluations.intervals import CONFIDENCE
from oversight.panels.model import About, Cell, Ids, Sets, Shown, Table, of_rows

SHOWN = 15
SHADES = 4
REST, WHOLE = "rest", "whole"
OTHERS, EVERY = SUMS = "others", "every"


@dataclass(frozen=True)
class Desk:
    """A window and its cases by the hour in which they were said, from 0 to 23. key: its name in an address."""

    key: str
    name: str
    hours: Mapping[int, Ids]

    @property
    def count(self) -> int:
        return sum(len(cases) for cases in self.hours.values())

    def only(self, cases: frozenset[int]) -> Desk:
        """The same with some of its cases."""
        return replace(self, hours={hour: tuple(set(ids) & cases) for hour, ids in self.hours.items()})


@dataclass(frozen=True)
class Found:
    """The windows with valid 差评 of the quarter, in the order of halls and numbers.

    Attributes:
        waiting: the cases whose class is one of waiting (setting WAITING_WORDS).
        ratings: at all windows by hour, of the days for which they are known.
        opens, closes: the first hour of office and the first that is none.
    """

    desks: tuple[Desk, ...]
    waiting: frozenset[int]
    ratings: Mapping[int, int]
    opens: int
    closes: int

    @property
    def office(self) -> range:
        return range(self.opens, self.closes)

    @cached_property
    def lines(self) -> tuple[Desk, ...]:
        """The windows with most cases in their order, all others as one."""
        most = {desk.key for desk in sorted(self.desks, key=lambda desk: -desk.count)[:SHOWN]}
        others = [desk for desk in self.desks if desk.key not in most]
        lines = [desk for desk in self.desks if desk.key in most]
        return (*lines, *([together(OTHERS, others)] if others else ()))

    @cached_property
    def every(self) -> Desk:
        return together(EVERY, self.desks)


def together(key: str, desks: Iterable[Desk]) -> Desk:
    """Windows as one, which is named in the language of the reader."""
    hours: dict[int, list[int]] = defaultdict(list)
    for desk in desks:
        for hour, cases in desk.hours.items():
            hours[hour] += cases
    return Desk(key, "", {hour: tuple(cases) for hour, cases in hours.items()})


def sets(found: Found) -> Sets:
    return {
        f"{kind}:{line.key}:{column}": ids
        for kind, lines in (("bad", _bad(found)), ("waiting", _waiting(found)))
        for line in lines
        for column, ids in _columns(line, found).items()
    }


def _bad(found: Found) -> list[Desk]:
    """All windows together, and then each."""
    return [found.every, *found.lines]


def _waiting(found: Found) -> list[Desk]:
    """The lines with any case of waiting; none where there is none at all."""
    lines = (desk.only(found.waiting) for desk in _bad(found))
    return [desk for desk in lines if desk.count]


def _columns(desk: Desk, found: Found) -> dict[str, Ids]:
    """The cases of each column: all, those of each office hour, and of the rest of the day."""
    hours = {str(hour): desk.hours.get(hour, ()) for hour in found.office}
    rest = tuple(case for hour, cases in desk.hours.items() if hour not in found.office for case in cases)
    return {WHOLE: (*(case for cases in hours.values() for case in cases), *rest), **hours, REST: rest}


def show(found: Found, about: About) -> Shown:
    tables = [_table(_("有效差评"), "bad", _bad(found), found, about, _compared_rows(found))]
    waiting = _waiting(found)
    if waiting:
        tables.append(_table(_("其中多头跑、排队的"), "waiting", waiting, found, about))
    return Shown(
        title=title(found),
        n=f"{found.every.count:,}",
        span=period_words(about.period),
        tables=tuple(tables) if found.desks else (),
        notes=tuple(_notes(found)),
        empty=not found.desks,
    )


def title(found: Found) -> str:
    """The hour with more than its part of the ratings, if chance alone would hardly make it so."""
    if not found.desks:
        return _("本季度窗口没有有效差评")
    more = {hour: one for hour, one in compared(found).items() if one.change == Change.MORE}
    if not more:
        return _("看不出哪个时段特别多")
    first = min(more, key=lambda hour: (more[hour].p, hour))
    if len(more) > 1:
        return _("%(hour)s等 %(n)s 个时段差评特别多") % {"hour": _hour(first), "n": len(more)}
    return _("%(hour)s差评特别多:%(n)s 件") % {"hour": _hour(first), "n": len(found.every.hours[first])}


def compared(found: Found) -> dict[int, Compared]:
    """Each hour of office beside all others: its cases on its ratings.

    If cases were spread as ratings are, those of an hour would be binomial given how many there are in all, with its
    part of the ratings: the exact test of two Poisson rates, each at 0.05 divided by the number of hours (Bonferroni).
    """
    cases = {hour: len(found.every.hours.get(hour, ())) for hour in found.office}
    ratings = {hour: found.ratings.get(hour, 0) for hour in found.office}
    count, whole, level = sum(cases.values()), sum(ratings.values()), 1 - (1 - CONFIDENCE) / max(1, len(cases))
    return {
        hour: rate_ratio(cases[hour], ratings[hour], count - cases[hour], whole - ratings[hour], level)
        for hour in found.office
    }


def _notes(found: Found) -> Iterator[str]:
    if not found.desks:
        return
    yield _("窗口按大厅和窗口号排列,不是名次;一个窗口只有几件,说明不了窗口人员的好坏。")
    yield _("按评价的钟点计;没有窗口的件不在其中,办公时间以外的在“其余”。")
    if sum(found.ratings.values()):
        yield _("时段按各自的评价数精确检验,有几个时段就按几次比较放宽;格子越深,件越多。")
    else:
        yield _("各时段的评价数还没有统计,时段之间不比较;格子越深,件越多。")


def _hour(hour: int) -> str:
    return _("%(first)s–%(last)s时") % {"first": hour, "last": hour + 1}


def _table(
    name: str, kind: str, lines: list[Desk], found: Found, about: About, more: tuple[tuple[Cell, ...], ...] = ()
) -> Table:
    columns = (_("窗口"), _("合计"), *(_hour(hour) for hour in found.office), _("其余"))
    cells = [len(line.hours.get(hour, ())) for line in lines if line.key not in SUMS for hour in found.office]
    darkest = max(cells, default=0)
    first, *rows = (_row(kind, line, found, about, darkest) for line in lines)
    return Table(columns, (first, *more, *rows), name)


def _row(kind: str, line: Desk, found: Found, about: About, darkest: int) -> tuple[Cell, ...]:
    cells = []
    for column, ids in _columns(line, found).items():
        cell = of_rows("hours", f"{kind}:{line.key}:{column}", ids, about)
        shaded = line.key not in SUMS and column not in (REST, WHOLE)
        cells.append(replace(cell, shade=shade(len(ids), darkest)) if shaded else cell)
    return Cell({OTHERS: _("其他窗口"), EVERY: _("合计")}.get(line.key, line.name)), *cells


def shade(count: int, darkest: int) -> int:
    """How dark a cell is, from 0 for none to 4 for the most there are."""
    return -(-SHADES * count // darkest) if darkest else 0


def _compared_rows(found: Found) -> tuple[tuple[Cell, ...], ...]:
    """Of each hour its part of the ratings, and whether it has more or fewer cases than that."""
    whole = sum(found.ratings.get(hour, 0) for hour in found.office)
    if not whole:
        return ()
    parts = (f"{found.ratings.get(hour, 0) / whole:.0%}" for hour in found.office)
    words = (_words(one) for one in compared(found).values())
    none = Cell("—")
    return (
        (Cell(_("评价占比")), none, *(Cell(part) for part in parts), none),
        (Cell(_("与评价占比比较")), none, *(Cell(said) for said in words), none),
    )


def _words(one: Compared) -> str:
    if one is UNKNOWN:
        return "—"
    return {Change.MORE: _("多"), Change.LESS: _("少")}.get(one.change, _("看不出"))
