"""6 · Open cases by how their time stands, by department: whom to press today? Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from oversight.panels import drawing
from oversight.panels.model import About, Cell, Ids, Sets, Shown, Table, of_rows

DRAWN = 12


class Age(StrEnum):
    """How the most urgent running duty stands; PAUSED: none is running."""

    IN_TIME = "in_time"
    SOON = "soon"
    LATE = "late"
    VERY_LATE = "very_late"
    PAUSED = "paused"


@dataclass(frozen=True)
class Place:
    """A unit with all below it (own: without them), and its open cases by how their time stands."""

    code: str
    name: str
    own: bool
    cases: Mapping[Age, Ids]

    def count(self, *ages: Age) -> int:
        return sum(len(self.cases.get(age, ())) for age in ages or tuple(Age))


@dataclass(frozen=True)
class Found:
    """far: after how many working days a case is far overdue (setting OVERDUE_FAR_DAYS)."""

    places: tuple[Place, ...]
    far: int = 5


def sets(found: Found) -> Sets:
    named = {f"{place.code}:{age}": place.cases.get(age, ()) for place in found.places for age in Age}
    whole = {f":{age}": tuple(pk for place in found.places for pk in place.cases.get(age, ())) for age in Age}
    return named | whole


def show(found: Found, about: About) -> Shown:
    order = sorted(found.places, key=lambda one: (-one.count(Age.VERY_LATE, Age.LATE), -one.count(), one.code))
    labels = _labels(found.far)
    bars = [drawing.Stack(place.name, tuple(len(place.cases.get(age, ())) for age in Age)) for place in order[:DRAWN]]
    more = len(order) - DRAWN
    return Shown(
        title=title(found),
        n=f"{sum(place.count() for place in order):,}",
        drawing=drawing.stacks(bars, list(labels.values()), "ages") if order else "",
        tables=(_table(order, labels, about),) if order else (),
        notes=tuple(_notes(about, more > 0)),
        empty=not order,
    )


def _notes(about: About, cut: bool) -> Iterator[str]:
    if not about.runs:
        yield _("这是现在的情况,不是所选季度的。")
    if cut:
        yield _("图上只画逾期最多的 %(n)s 个单位,其余在表中。") % {"n": DRAWN}


def title(found: Found) -> str:
    """How many are late now, and how many of them far."""
    if not found.places:
        return _("现在没有未办结的件")
    late = sum(place.count(Age.LATE, Age.VERY_LATE) for place in found.places)
    far = sum(place.count(Age.VERY_LATE) for place in found.places)
    if not late:
        return _("未办结的件都没有逾期")
    return _("逾期 %(late)s 件,其中超过%(days)s个工作日 %(far)s 件") % {"late": late, "far": far, "days": found.far}


def _labels(far: int) -> dict[Age, str]:
    return {
        Age.IN_TIME: _("未到期"),
        Age.SOON: _("1天内到期"),
        Age.LATE: _("逾期≤%(days)s个工作日") % {"days": far},
        Age.VERY_LATE: _("逾期>%(days)s个工作日") % {"days": far},
        Age.PAUSED: _("没有在走的期限"),
    }


def _table(order: list[Place], labels: Mapping[Age, str], about: About) -> Table:
    whole = (Cell(_("合计")), *(of_rows("ages", f":{age}", sum(one.count(age) for one in order), about) for age in Age))
    rows = [
        (
            Cell(place.name + (_("(本级)") if place.own else "")),
            *(of_rows("ages", f"{place.code}:{age}", place.cases.get(age, ()), about) for age in Age),
        )
        for place in order
    ]
    return Table((_("单位"), *labels.values()), (whole, *rows))
