"""5 · Departments by punctuality and by how content people were: whom to help or call? Pure.

What is of too small a sample is drawn hollow and compared with nobody. Who stands apart is said by the exact limits of
chance around all of them together, never by a place in a row.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessment.metrics import BY_CODE, Measured
from assessment.uncertainty import FUNNEL, funnel_of_share
from assessment.words import number_words, period_words
from oversight.panels import drawing
from oversight.panels.model import About, Cell, Shown, Table, of_metric

ON_TIME, SATISFACTION = BY_CODE["on-time"], BY_CODE["satisfaction"]


@dataclass(frozen=True)
class Place:
    """A unit with all below it; own: without them."""

    code: str
    name: str
    own: bool
    on_time: Measured
    satisfaction: Measured

    @property
    def enough(self) -> bool:
        return self.on_time.enough and self.satisfaction.enough


@dataclass(frozen=True)
class Found:
    """Those with anything to show, and all together."""

    places: tuple[Place, ...]
    on_time: Measured
    satisfaction: Measured


def show(found: Found, about: About) -> Shown:
    rows = sorted(found.places, key=lambda place: (not place.enough, place.code))
    spots = [
        drawing.Spot(str(number), place.on_time.value, place.satisfaction.value, not place.enough)
        for number, place in enumerate(rows, start=1)
        if place.on_time.value is not None and place.satisfaction.value is not None
    ]
    middle = (found.on_time.value, found.satisfaction.value)
    return Shown(
        title=title(found),
        n=_("到期 %(due)s 件,回访打通 %(reached)s 件")
        % {"due": f"{found.on_time.whole:,}", "reached": f"{found.satisfaction.whole:,}"},
        span=period_words(about.period),
        drawing=drawing.dots(spots, across=_("按期整改率"), up=_("整改满意率"), middle=middle) if spots else "",
        tables=(_table(rows, about),) if rows else (),
        notes=(_("空心的样本不足,不比较、不排名。虚线是全部单位合计。点旁的数字是下表的序号。"),),
        metrics=("on-time", "satisfaction"),
        empty=not rows,
    )


def title(found: Found) -> str:
    """Who lies below what chance alone would make of all together (99.8 %)."""
    if not found.places:
        return _("本季度没有到期的整改件")
    enough = [place for place in found.places if place.enough]
    if not enough:
        return _("样本不足(n=%(n)s),不排名") % {"n": found.on_time.whole}
    low = [place.name for place in enough if _below(place.on_time, found.on_time)]
    low += [place.name for place in enough if _below(place.satisfaction, found.satisfaction) and place.name not in low]
    if not low:
        return _("没有证据表明部门之间有差别")
    if len(low) > 1:
        return _("%(name)s等 %(n)s 个单位明显偏低") % {"name": low[0], "n": len(low)}
    return _("%(name)s明显偏低") % {"name": low[0]}


def _below(one: Measured, whole: Measured) -> bool:
    if one.value is None or whole.value is None:
        return False
    return one.value < funnel_of_share(whole.value, one.whole, FUNNEL[1]).low


def _table(places: list[Place], about: About) -> Table:
    columns = (_("序号"), _("单位"), *_heads(str(ON_TIME.label)), *_heads(str(SATISFACTION.label)), _("样本"))
    return Table(columns, tuple(_row(number, place, about) for number, place in enumerate(places, start=1)))


def _heads(label: str) -> tuple[str, ...]:
    return label, _("分子"), _("分母")


def _row(number: int, place: Place, about: About) -> tuple[Cell, ...]:
    cells = [Cell(str(number)), Cell(place.name + (_("(本级)") if place.own else ""))]
    for metric, one in ((ON_TIME, place.on_time), (SATISFACTION, place.satisfaction)):
        cells.append(Cell(number_words(metric, one.value), hollow=not one.enough))
        cells += [
            of_metric(metric, name, count, about, place.code, own=place.own)
            for name, count in (("part", one.part), ("whole", one.whole))
        ]
    least = min(place.on_time.whole, place.satisfaction.whole)
    cells.append(Cell(_("足够") if place.enough else _("样本不足(n=%(n)s),不排名") % {"n": least}))
    return tuple(cells)
