"""Bars and funnels as SVG draws them: shapes and positions, told apart without colour. Numbers stand in the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from assessment.metrics import Kind, Measured, Metric
from assessment.uncertainty import FUNNEL, PER, funnel_of_rate, funnel_of_share
from evaluations.intervals import Interval

WIDTH, HEIGHT, STEPS = 1000, 400, 40


@dataclass(frozen=True)
class Bar:
    """Where an interval begins, how long it is, and where the value lies, of a thousand."""

    begins: int
    length: int
    at: int


def bars(measured: Sequence[Measured]) -> list[Bar | None]:
    """All on one scale, from 0 to the highest end."""
    top = max((one.interval.high for one in measured if one.interval), default=0)
    return [_bar(one, top) for one in measured]


def _bar(one: Measured, top: float) -> Bar | None:
    if one.interval is None or one.value is None or not top:
        return None
    low, high, at = (round(WIDTH * value / top) for value in (one.interval.low, one.interval.high, one.value))
    return Bar(low, max(2, high - low), at)


@dataclass(frozen=True)
class Dot:
    label: str
    x: int
    y: int
    outside: bool


@dataclass(frozen=True)
class Funnel:
    """Units by size and value, the value of all of them, and the limits of chance. Sizes grow by tens."""

    dots: list[Dot]
    middle: int
    inner: list[str]
    outer: list[str]
    sizes: tuple[int, int]
    top: float


def limits(metric: Metric, target: float, size: int, confidence: float) -> Interval:
    """Between what a unit of this size lies by chance, in what the metric's value is in."""
    if metric.kind == Kind.RATE:
        found = funnel_of_rate(target / PER, size, confidence)
        return Interval(found.low * PER, found.high * PER)
    return funnel_of_share(target, size, confidence)


def funnel(metric: Metric, target: float, named: Sequence[tuple[str, Measured]]) -> Funnel | None:
    """The funnel of units of enough size; None where there are fewer than two."""
    if len(named) < 2:
        return None
    first, last = (edge(one.whole for _name, one in named) for edge in (min, max))
    grows = (last / first) ** (1 / STEPS) if last > first else 1.0
    sizes = sorted({round(first * grows**step) for step in range(STEPS + 1)})
    lines = {confidence: [limits(metric, target, size, confidence) for size in sizes] for confidence in FUNNEL}
    seen = [one.value or 0 for _name, one in named] + [limit.high for limit in lines[FUNNEL[0]]]
    top = max(*seen, target) * 1.05 or 1.0

    def x(size: int) -> int:
        return round(WIDTH * (log10(size) - log10(first)) / (log10(last) - log10(first) or 1))

    def y(value: float) -> int:
        return round(HEIGHT * (1 - min(value, top) / top))

    def line(confidence: float, end: str) -> str:
        return " ".join(f"{x(size)},{y(getattr(at, end))}" for size, at in zip(sizes, lines[confidence], strict=True))

    dots = [Dot(name, x(one.whole), y(one.value or 0), is_outside(metric, target, one)) for name, one in named]
    inner, outer = ([line(confidence, end) for end in ("low", "high")] for confidence in FUNNEL)
    return Funnel(dots, y(target), inner, outer, (first, last), top)


def is_outside(metric: Metric, target: float, one: Measured) -> bool:
    """Whether a unit lies beyond the outer limits (99.8 %)."""
    if one.value is None:
        return False
    found = limits(metric, target, one.whole, FUNNEL[1])
    return not found.low <= one.value <= found.high
