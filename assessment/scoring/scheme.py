"""A scoring scheme: read from its stored form, written to it, and looked over. Pure.

Source: domain.md §11.1 (no place publishes a whole table, so a scheme is data), §11.2 (the proposed preset).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from assessment.enums import Absent, Cases, EventKind, Low, Measure, Rule, Ties

WHOLE = Decimal(100)
_MOST = Decimal(1000)


@dataclass(frozen=True)
class Loss:
    """Points that each case of a set costs."""

    cases: str
    points: Decimal


@dataclass(frozen=True)
class Band:
    """Up to and including this value, this share of the weight; the last band of an item is open (None)."""

    upto: Decimal | None
    share: Decimal


@dataclass(frozen=True)
class Item:
    """One item of 100 points.

    weight: in points.
    metric: what `linear`, `bands` and `share` measure.
    floor, full: `linear`: nothing up to the one, everything from the other on.
    bands: `bands`: shares of the weight over this year's rate by last year's, each of one case more than there were.
    base: `each`: the sets without any of whose cases there is nothing to assess.
    losses: what cases cost, under every rule.
    """

    code: str
    name: str
    weight: Decimal
    rule: Rule
    metric: str = ""
    floor: Decimal = Decimal(0)
    full: Decimal = Decimal(1)
    bands: tuple[Band, ...] = ()
    base: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A deduction or a bonus: so many points for each score event of a kind, or for each case of a set."""

    code: str
    name: str
    points: Decimal
    cases: str = ""


@dataclass(frozen=True)
class Volume:
    """Units of so many valid active ratings and more are compared with one another."""

    name: str
    least: int


@dataclass(frozen=True)
class Scheme:
    """考核办法, as one version has it.

    vetoes: kinds of score events of which one alone makes the score 0.
    absent: what becomes of an item without any base.
    least: fewer valid active ratings than this, no rank.
    measured: of less than this share of the weight there is something to assess, no rank.
    volumes: the largest first; the last one's `least` is 0.
    bottom, periods: among the last so many of a group for so many quarters running, somebody is called low.
    low: whether a rank that may be chance makes somebody low.
    """

    items: tuple[Item, ...]
    deductions: tuple[Mark, ...] = ()
    bonuses: tuple[Mark, ...] = ()
    vetoes: tuple[str, ...] = ()
    deduction_cap: Decimal = Decimal(20)
    bonus_cap: Decimal = Decimal(5)
    absent: Absent = Absent.SPREAD
    least: int = 30
    measured: Decimal = Decimal(0)
    volumes: tuple[Volume, ...] = (Volume("", 0),)
    ties: Ties = Ties.SHARED
    bottom: int = 3
    periods: int = 2
    low: Low = Low.RANK
    by_code: Mapping[str, Item] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {item.code: item for item in self.items})

    @property
    def names(self) -> list[tuple[str, str]]:
        """Code and name of everything that gives or takes points, in the order of the scheme."""
        marks = [(mark.code, mark.name) for mark in (*self.deductions, *self.bonuses)]
        return [*((item.code, item.name) for item in self.items), *marks]

    @property
    def measured_points(self) -> str:
        """`measured` in points of 100, as it is read."""
        return plain(self.measured * WHOLE)

    def is_low(self, rank: int, of: int, best: int | None) -> bool:
        """Whether a rank is among the last ones.

        Args:
            of: how many have a rank; a group of no more than `bottom` has no last ones.
            best: the best rank that chance leaves possible; None where nobody has drawn it.
        """
        if of <= self.bottom or rank <= of - self.bottom:
            return False
        return self.low == Low.RANK or (best is not None and best * 2 > of)

    def volume_of(self, ratings: int) -> Volume:
        """The group of size that so many ratings belong to."""
        return next((volume for volume in self.volumes if ratings >= volume.least), self.volumes[-1])


class Problem(NamedTuple):
    """What is wrong with a scheme, and where: a path such as "items.2.weight"."""

    where: str
    words: str


def read_scheme(stored: Mapping[str, Any]) -> Scheme:
    """The scheme of its stored form.

    Raises:
        ValueError, KeyError: it is none; ask `problems_of` first.
    """
    return Scheme(
        items=tuple(_item(one) for one in stored["items"]),
        deductions=tuple(_mark(one) for one in stored.get("deductions", ())),
        bonuses=tuple(_mark(one) for one in stored.get("bonuses", ())),
        vetoes=tuple(stored.get("vetoes", ())),
        deduction_cap=_number(stored.get("deduction_cap", "20")),
        bonus_cap=_number(stored.get("bonus_cap", "5")),
        absent=Absent(stored.get("absent", Absent.SPREAD)),
        least=int(stored.get("least", 30)),
        measured=_number(stored.get("measured", "0")),
        volumes=tuple(Volume(one["name"], int(one["least"])) for one in stored.get("volumes", ())) or (Volume("", 0),),
        ties=Ties(stored.get("ties", Ties.SHARED)),
        bottom=int(stored.get("bottom", 3)),
        periods=int(stored.get("periods", 2)),
        low=Low(stored.get("low", Low.RANK)),
    )


def _item(stored: Mapping[str, Any]) -> Item:
    return Item(
        code=stored["code"],
        name=stored["name"],
        weight=_number(stored["weight"]),
        rule=Rule(stored["rule"]),
        metric=stored.get("metric", ""),
        floor=_number(stored.get("floor", "0")),
        full=_number(stored.get("full", "1")),
        bands=tuple(
            Band(None if one["upto"] in (None, "") else _number(one["upto"]), _number(one["share"]))
            for one in stored.get("bands", ())
        ),
        base=tuple(stored.get("base", ())),
        losses=tuple(Loss(one["cases"], _number(one["points"])) for one in stored.get("losses", ())),
    )


def _mark(stored: Mapping[str, Any]) -> Mark:
    return Mark(stored["code"], stored["name"], _number(stored["points"]), stored.get("cases", ""))


def _number(text: Any) -> Decimal:
    try:
        found = Decimal(str(text))
    except InvalidOperation as error:
        raise ValueError(str(text)) from error
    if not found.is_finite():
        raise ValueError(str(text))
    return found


def written(scheme: Scheme) -> dict[str, Any]:
    """The stored form: every number of points and every share as text, so that nothing is rounded on the way."""
    return {
        "items": [_written_item(item) for item in scheme.items],
        "deductions": [_written_mark(mark) for mark in scheme.deductions],
        "bonuses": [_written_mark(mark) for mark in scheme.bonuses],
        "vetoes": list(scheme.vetoes),
        "deduction_cap": str(scheme.deduction_cap),
        "bonus_cap": str(scheme.bonus_cap),
        "absent": str(scheme.absent),
        "least": scheme.least,
        "measured": str(scheme.measured),
        "volumes": [{"name": volume.name, "least": volume.least} for volume in scheme.volumes],
        "ties": str(scheme.ties),
        "bottom": scheme.bottom,
        "periods": scheme.periods,
        "low": str(scheme.low),
    }


def _written_item(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {"code": item.code, "name": item.name, "weight": str(item.weight), "rule": str(item.rule)}
    if item.metric:
        told["metric"] = item.metric
    if item.rule == Rule.LINEAR:
        told |= {"floor": str(item.floor), "full": str(item.full)}
    if item.bands:
        told["bands"] = [
            {"upto": None if band.upto is None else str(band.upto), "share": str(band.share)} for band in item.bands
        ]
    if item.base:
        told["base"] = list(item.base)
    if item.losses:
        told["losses"] = [{"cases": loss.cases, "points": str(loss.points)} for loss in item.losses]
    return told


def _written_mark(mark: Mark) -> dict[str, Any]:
    told = {"code": mark.code, "name": mark.name, "points": str(mark.points)}
    return {**told, "cases": mark.cases} if mark.cases else told


def problems_of(scheme: Scheme) -> list[Problem]:
    """What keeps a scheme from being adopted: weights, bands, caps, names that mean nothing."""
    return [*_of_whole(scheme), *_of_items(scheme), *_of_marks(scheme), *_of_groups(scheme)]


def _of_whole(scheme: Scheme) -> Iterator[Problem]:
    total = sum((item.weight for item in scheme.items), Decimal(0))
    if total != WHOLE:
        yield Problem("items", _("各项权重合计应为100分,现在是%(total)s分") % {"total": plain(total)})
    codes = [code for code, _name in scheme.names]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Problem("items", _("代码“%(code)s”用了不止一次") % {"code": code})
    for name, cap in (("deduction_cap", scheme.deduction_cap), ("bonus_cap", scheme.bonus_cap)):
        if not 0 <= cap <= WHOLE:
            yield Problem(name, _("封顶分数应在0到100之间"))


def _of_items(scheme: Scheme) -> Iterator[Problem]:
    for place, item in enumerate(scheme.items):
        where = f"items.{place}"
        if not item.name.strip():
            yield Problem(f"{where}.name", _("请填写名称"))
        if item.weight <= 0:
            yield Problem(f"{where}.weight", _("“%(name)s”的权重应大于0") % {"name": item.name})
        yield from _of_rule(where, item)
        for loss in item.losses:
            if loss.cases not in Cases.values:
                yield Problem(f"{where}.losses", _("“%(name)s”的扣分没有选定哪些件") % {"name": item.name})
            if not 0 < loss.points <= _MOST:
                yield Problem(f"{where}.losses", _("“%(name)s”每件扣分应大于0") % {"name": item.name})


def _of_rule(where: str, item: Item) -> Iterator[Problem]:
    name = {"name": item.name}
    if item.rule in (Rule.LINEAR, Rule.BANDS, Rule.SHARE) and item.metric not in Measure.values:
        yield Problem(f"{where}.metric", _("“%(name)s”没有选定指标") % name)
    if item.rule == Rule.LINEAR and not 0 <= item.floor < item.full <= 1:
        yield Problem(f"{where}.full", _("“%(name)s”:零分线应低于满分线,都在0到100%%之间") % name)
    if item.rule == Rule.EACH and not (item.base and item.losses and set(item.base) <= set(Cases.values)):
        yield Problem(f"{where}.losses", _("“%(name)s”:逐件扣分要选定应办的件和扣分的件") % name)
    if item.rule == Rule.BANDS:
        yield from (Problem(f"{where}.bands", words % name) for words in _of_bands(item.bands))


def _of_bands(bands: tuple[Band, ...]) -> Iterator[str]:
    """Contiguous and complete: they rise, and only the last is open."""
    if not bands:
        yield _("“%(name)s”没有分档")
        return
    ends = [band.upto for band in bands]
    if ends[-1] is not None:
        yield _("“%(name)s”:最后一档不设上限,否则有的数值不在任何一档")
    if any(end is None for end in ends[:-1]):
        yield _("“%(name)s”:只有最后一档可以不设上限")
    closed = [end for end in ends if end is not None]
    if any(low >= high for low, high in pairwise(closed)) or any(end < 0 for end in closed):
        yield _("“%(name)s”:各档上限要从小到大")
    if any(not 0 <= band.share <= 1 for band in bands):
        yield _("“%(name)s”:各档得分比例应在0到100%%之间")
    if any(low.share < high.share for low, high in pairwise(bands)):
        yield _("“%(name)s”:差评率越高的档,得分比例不能越高")


def _of_marks(scheme: Scheme) -> Iterator[Problem]:
    for section in ("deductions", "bonuses"):
        for place, mark in enumerate(getattr(scheme, section)):
            where = f"{section}.{place}"
            known = mark.cases in Cases.values if mark.cases else mark.code in EventKind.values
            if not known:
                yield Problem(f"{where}.code", _("“%(name)s”没有对应的记分事件或差评件") % {"name": mark.name})
            if not 0 < mark.points <= WHOLE:
                yield Problem(f"{where}.points", _("“%(name)s”的分数应在0到100之间") % {"name": mark.name})
    if not set(scheme.vetoes) <= set(EventKind.values):
        yield Problem("vetoes", _("一票否决只能选记分事件"))


def _of_groups(scheme: Scheme) -> Iterator[Problem]:
    leasts = [volume.least for volume in scheme.volumes]
    if leasts[-1] != 0 or any(high <= low for high, low in pairwise(leasts)):
        yield Problem("volumes", _("评价量分组要从大到小,最后一组从0开始"))
    if scheme.least < 0:
        yield Problem("least", _("最少样本数不能小于0"))
    if not 0 <= scheme.measured <= 1:
        yield Problem("measured", _("有据可考的分值应在0到100分之间"))
    if not (1 <= scheme.bottom <= 100 and 1 <= scheme.periods <= 20):
        yield Problem("bottom", _("连续靠后:末几位在1到100之间,季度数在1到20之间"))


def plain(number: Decimal) -> str:
    """A number without the zeros that say nothing: 20, 0.5."""
    return f"{number.normalize():f}"
