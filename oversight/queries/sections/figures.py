"""How a metric stands in a paper: its value with its counts, and what may be said of a change."""

from __future__ import annotations

from decimal import Decimal

from assessment.metrics import BY_CODE, Facts, Measured, Metric
from assessment.uncertainty import Change
from assessment.words import number_words
from oversight.paper import Figure


def measured(code: str, facts: Facts) -> Measured:
    return BY_CODE[code].value(facts)


def figure(metric: Metric, found: Measured) -> Figure:
    """A value as a number that is written, digit for digit as on the page of the metric."""
    if found.value is None:
        return Figure(None)
    words = number_words(metric, found.value)
    digits = words.removesuffix("%")
    return Figure(Decimal(digits), len(digits.partition(".")[2]), words[len(digits) :])


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
