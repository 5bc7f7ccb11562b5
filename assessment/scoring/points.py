"""What facts come to under a scheme, line by line. Pure, exact, and the same for the same facts.

What an item without any case comes to (the scheme's `absent`) is the most that an item gives of whose cases not one was
done as it should be: otherwise a unit could gain by having one case and failing it, because 19 of 20 points may be more
than the mean that it would have been given. And weight is spread by the items that are measured, not by those that lose
points case by case. With both, a case that is late never raises a score (tests/assessment/test_scoring.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from assessment.enums import Absent, LineKind, Rule
from assessment.scoring.scheme import Item, Mark, Scheme

CENT = Decimal("0.01")
WEIGHED = (LineKind.ITEM, LineKind.ABSENT)
NOTHING: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Ratio:
    """So much of so many. A part may be a half: a 差评 that a ruling halves."""

    part: Decimal
    whole: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.part) / self.whole if self.whole else None


@dataclass(frozen=True)
class Event:
    """A fact from elsewhere: of what kind, and how often, or (for an item that is told) which share."""

    id: int
    kind: str
    value: Decimal


@dataclass(frozen=True)
class Facts:
    """All that a score of one subject rests on.

    measures, before: by code of `Measure`, in the quarter and in the same quarter of the year before.
    cases: ids by code of `Cases`.
    sample: how many valid active ratings.
    exempt: codes of items with the reason why they are not assessed.
    waived: (item, key of a line) of what an objection took out.
    """

    measures: Mapping[str, Ratio] = field(default_factory=dict)
    before: Mapping[str, Ratio] = field(default_factory=dict)
    cases: Mapping[str, frozenset[int]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    sample: int = 0
    exempt: Mapping[str, str] = field(default_factory=dict)
    waived: frozenset[tuple[str, str]] = frozenset()

    def of(self, sets: Iterable[str]) -> frozenset[int]:
        """The cases that are in any of these sets."""
        return NOTHING.union(*(self.cases.get(name, NOTHING) for name in sets))

    def told(self, kind: str) -> list[Event]:
        return sorted((event for event in self.events if event.kind == kind), key=lambda event: event.id)


@dataclass(frozen=True)
class Line:
    """Why there are so many points more or less.

    of: the weight, on the line of an item.
    refs: what it rests on: "case:12", "event:5", or "active:3/40" (a metric with its part and whole).
    words: what is to be said beside it: the set, a reason.
    """

    item: str
    kind: LineKind
    points: Decimal
    of: Decimal = Decimal(0)
    refs: tuple[str, ...] = ()
    words: str = ""

    @property
    def key(self) -> str:
        """What names the line within its item: a case may cost points in more than one set."""
        return key_of(self.refs[0], self.words) if self.refs else ""


def key_of(ref: str, cases: str) -> str:
    return f"{ref}/{cases}" if cases else ref


@dataclass(frozen=True)
class Score:
    """The points of a subject: the sum of the lines, exactly."""

    total: Decimal
    lines: tuple[Line, ...]
    assessed: int

    @property
    def measured(self) -> Fraction:
        """The share of the weight that was assessed on facts and not spread; what is exempt is left out of both."""
        weights = {kind: _weight(line for line in self.lines if line.kind == kind) for kind in WEIGHED}
        whole = sum(weights.values(), Decimal(0))
        return Fraction(weights[LineKind.ITEM]) / Fraction(whole) if whole else Fraction(0)

    def of(self, item: str) -> Decimal:
        return sum((line.points for line in self.lines if line.item == item), Decimal(0))


@dataclass(frozen=True)
class _Reckoned:
    """An item before its weight is spread; failed: of its cases not one was done as it should be."""

    item: Item
    lines: list[Line]
    failed: bool = False

    @property
    def points(self) -> Decimal:
        return _sum(self.lines)


def score(scheme: Scheme, facts: Facts) -> Score:
    """The score of one subject for one quarter.

    Returns:
        A total within 0 and 100 + bonus_cap, and lines whose points come to it exactly.
    """
    lines: list[Line] = []
    reckoned: list[_Reckoned] = []
    for item in scheme.items:
        found = _item(scheme, item, facts)
        lines += found.lines
        if found.lines[0].kind == LineKind.ITEM:
            reckoned.append(found)
    lines += _spread(scheme, facts, reckoned)
    lines += _section(scheme.deductions, facts, LineKind.DEDUCTION, scheme.deduction_cap)
    lines += _section(scheme.bonuses, facts, LineKind.BONUS, scheme.bonus_cap)
    lines += _ends(scheme, facts, _sum(lines))
    return Score(_sum(lines), tuple(lines), len(reckoned))


def _item(scheme: Scheme, item: Item, facts: Facts) -> _Reckoned:
    if item.code in facts.exempt:
        return _Reckoned(item, [Line(item.code, LineKind.EXEMPT, Decimal(0), item.weight, (), facts.exempt[item.code])])
    found = _share(item, facts)
    if found is None:
        full = item.weight if scheme.absent == Absent.FULL else Decimal(0)
        return _Reckoned(item, [Line(item.code, LineKind.ABSENT, full, item.weight)])
    share, refs = found
    first = Line(item.code, LineKind.ITEM, _points(share * Fraction(item.weight)), item.weight, refs)
    lines = [first, *_losses(item, facts)]
    if _sum(lines) < 0:
        lines.append(Line(item.code, LineKind.FLOOR, -_sum(lines)))
    return _Reckoned(item, lines, _failed(item, facts))


def _share(item: Item, facts: Facts) -> tuple[Fraction, tuple[str, ...]] | None:
    """The share of the weight before any loss, with what it rests on; None without any base."""
    if item.rule == Rule.EACH:
        return (Fraction(1), ()) if facts.of(item.base) else None
    if item.rule == Rule.TOLD:
        return _told(item, facts)
    ratio = facts.measures.get(item.metric, Ratio(Decimal(0), 0))
    if item.rule == Rule.BANDS:
        return _banded(item, ratio, facts.before.get(item.metric, Ratio(Decimal(0), 0)))
    value, refs = ratio.value, (_measured(item.metric, ratio),)
    if value is None:
        return None
    if item.rule == Rule.LINEAR:
        value = (value - Fraction(item.floor)) / (Fraction(item.full) - Fraction(item.floor))
    return _within(value), refs


def _told(item: Item, facts: Facts) -> tuple[Fraction, tuple[str, ...]] | None:
    """The mean of the shares that were recorded."""
    events = facts.told(item.code)
    if not events:
        return None
    mean = sum((_within(Fraction(event.value)) for event in events), Fraction(0)) / len(events)
    return mean, tuple(f"event:{event.id}" for event in events)


def _banded(item: Item, now: Ratio, before: Ratio) -> tuple[Fraction, tuple[str, ...]] | None:
    """This year's rate by last year's, each of one case more than there were, so that none is divided by none.

    A single 差评 after a year without any is then twice as many, and none after none is as many as before.
    """
    if not now.whole or not before.whole:
        return None
    times = (Fraction(now.part) + 1) / now.whole / ((Fraction(before.part) + 1) / before.whole)
    band = next(band for band in item.bands if band.upto is None or times <= Fraction(band.upto))
    return Fraction(band.share), (_measured(item.metric, now), _measured(f"{item.metric}_before", before))


def _losses(item: Item, facts: Facts) -> Iterator[Line]:
    for loss in item.losses:
        for case in sorted(facts.of([loss.cases])):
            yield _lost(facts, item.code, f"case:{case}", loss.points, loss.cases)


def _lost(facts: Facts, item: str, ref: str, points: Decimal, words: str) -> Line:
    if (item, key_of(ref, words)) in facts.waived:
        return Line(item, LineKind.WAIVED, Decimal(0), refs=(ref,), words=words)
    return Line(item, LineKind.LOSS, -_points(Fraction(points)), refs=(ref,), words=words)


def _failed(item: Item, facts: Facts) -> bool:
    """Whether there are cases and every one of them cost points."""
    base = facts.of(item.base)
    lost = {
        case
        for loss in item.losses
        for case in facts.of([loss.cases])
        if (item.code, key_of(f"case:{case}", loss.cases)) not in facts.waived
    }
    return item.rule == Rule.EACH and bool(base) and base <= lost


def _spread(scheme: Scheme, facts: Facts, reckoned: list[_Reckoned]) -> Iterator[Line]:
    """The weight of items without any base, at the share of the others; and what was failed, held to the same.

    An exempt item is spread under every scheme: somebody exempt neither gains nor loses by it.
    """
    for one in reckoned:
        most = _unassessed(scheme, reckoned, one)
        if one.failed and one.points > most:
            yield Line(one.item.code, LineKind.HELD, most - one.points)
    there = {one.item.code for one in reckoned}
    for item in scheme.items:
        if item.code not in there and (scheme.absent == Absent.SPREAD or item.code in facts.exempt):
            yield Line(item.code, LineKind.SPREAD, _points(_reference(reckoned) * Fraction(item.weight)))


def _unassessed(scheme: Scheme, reckoned: list[_Reckoned], one: _Reckoned) -> Decimal:
    """What an item would have come to without any case."""
    if scheme.absent == Absent.SPREAD:
        others = [other for other in reckoned if other is not one]
        return _points(_reference(others) * Fraction(one.item.weight)) if others else one.points
    return one.item.weight if scheme.absent == Absent.FULL else Decimal(0)


def _reference(reckoned: Iterable[_Reckoned]) -> Fraction:
    """The share at which weight is spread: that of all measured items together; if there are none, the lowest share."""
    measured = [one for one in reckoned if one.item.rule != Rule.EACH]
    weight = sum((one.item.weight for one in measured), Decimal(0))
    if weight:
        return Fraction(sum((one.points for one in measured), Decimal(0))) / Fraction(weight)
    return min((Fraction(one.points) / Fraction(one.item.weight) for one in reckoned), default=Fraction(0))


def _section(marks: Iterable[Mark], facts: Facts, kind: LineKind, cap: Decimal) -> list[Line]:
    """Deductions or bonuses, and what a cap gives back or takes."""
    sign = -1 if kind == LineKind.DEDUCTION else 1
    lines = [line for mark in marks for line in _marked(mark, facts, kind, sign)]
    beyond = abs(_sum(lines)) - cap
    if beyond > 0:
        capped = LineKind.DEDUCTION_CAP if kind == LineKind.DEDUCTION else LineKind.BONUS_CAP
        lines.append(Line("", capped, -sign * beyond))
    return lines


def _marked(mark: Mark, facts: Facts, kind: LineKind, sign: int) -> Iterator[Line]:
    found = [(f"case:{case}", Fraction(1)) for case in sorted(facts.of([mark.cases]))] if mark.cases else []
    if not mark.cases:
        found = [(f"event:{event.id}", Fraction(event.value)) for event in facts.told(mark.code)]
    for ref, times in found:
        if (mark.code, key_of(ref, mark.cases)) in facts.waived:
            yield Line(mark.code, LineKind.WAIVED, Decimal(0), refs=(ref,), words=mark.cases)
        else:
            yield Line(mark.code, kind, sign * _points(Fraction(mark.points) * times), refs=(ref,), words=mark.cases)


def _ends(scheme: Scheme, facts: Facts, total: Decimal) -> Iterator[Line]:
    """Nothing below 0; a veto leaves nothing."""
    if total < 0:
        yield Line("", LineKind.ZERO, -total)
    found = [event for kind in scheme.vetoes for event in facts.told(kind)]
    veto = [event for event in found if (event.kind, f"event:{event.id}") not in facts.waived]
    if veto:
        refs = tuple(f"event:{event.id}" for event in veto)
        yield Line(veto[0].kind, LineKind.VETO, -max(total, Decimal(0)), refs=refs)


def _measured(metric: str, ratio: Ratio) -> str:
    return f"{metric}:{ratio.part.normalize():f}/{ratio.whole}"


def _within(value: Fraction) -> Fraction:
    return min(Fraction(1), max(Fraction(0), value))


def _points(exact: Fraction) -> Decimal:
    """The one rounding rule: to hundredths of a point, halves away from zero."""
    hundredths = exact * 100
    whole, rest = divmod(abs(hundredths.numerator), hundredths.denominator)
    whole += 1 if rest * 2 >= hundredths.denominator else 0
    return (Decimal(whole if hundredths >= 0 else -whole) / 100).quantize(CENT, ROUND_HALF_UP)


def _weight(lines: Iterable[Line]) -> Decimal:
    return sum((line.of for line in lines), Decimal(0))


def _sum(lines: Iterable[Line]) -> Decimal:
    return sum((line.points for line in lines), Decimal("0.00"))
