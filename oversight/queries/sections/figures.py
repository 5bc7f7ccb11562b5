"""How a metric stands in a paper: its value with its counts, and what may be said of a change."""

from __future__ import annotations

from decimal import Decimal

from assessment.metrics import BY_CODE, Facts, Kind, Measured, Metric
from assessment.uncertainty import Change
from oversight.paper import Figure


def measured(code: str, facts: Facts) -> Measured:
    return BY_CODE[code].value(facts)


def figure(metric: Metric, found: Measured) -> Figure:
    """A value as a number that is written: per cent with two places, rates and points as they are.

    What is neither nothing nor all is never written as 0 % or 100 %: it has as many places as that takes.
    """
    if found.value is None:
        return Figure(None)
    if metric.kind != Kind.SHARE:
        return Figure(Decimal(repr(found.value)), 2)
    percent = Decimal(found.part) * 100 / Decimal(found.whole)
    places = next(
        (n for n in range(2, 9) if found.part in (0, found.whole) or Figure(percent, n).rounded not in (0, 100)), 8
    )
    return Figure(percent, places, "%")


def share(code: str, facts: Facts) -> Figure:
    """The value of a metric by its code."""
    return figure(BY_CODE[code], measured(code, facts))


def change_words(code: str, now: Facts, before: Facts) -> str:
    """In plain words whether a metric has changed; never a step up or down that may be chance."""
    metric = BY_CODE[code]
    change = metric.compare(metric.value(now), metric.value(before)).change
    return {
        Change.MORE: "上升",
        Change.LESS: "下降",
        Change.NO_EVIDENCE: "没有证据表明有变化",
    }.get(change, "不能比较")
