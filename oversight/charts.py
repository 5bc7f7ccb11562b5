"""Drawings for screen and paper: SVG from numbers, told apart without colour, words left to the table beside. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 900
ROW, BAR, LABEL = 44, 15, 300
INK, SOFT, GRID = "#1a1a1a", "#9a9a9a", "#cccccc"
LETTERS = "Noto Sans CJK SC"


@dataclass(frozen=True)
class Bar:
    """One row: what it is, how many now and before, and how that is written."""

    label: str
    now: float
    before: float
    written: str


@dataclass(frozen=True)
class Point:
    """A value on a line with its band; None where there is nothing to be said."""

    label: str
    value: float | None
    low: float = 0.0
    high: float = 0.0


def bars(rows: Sequence[Bar], *, now: str, before: str) -> str:
    """Horizontal bars, this period's dark and full, the last one's hatched below it.

    Args:
        rows: in the order in which they are shown.
        now, before: what the two are called.
    """
    top = 34
    height = top + ROW * len(rows) + 6
    longest = max((max(row.now, row.before) for row in rows), default=0) or 1
    scale = (WIDTH - LABEL - 150) / longest
    body = [_hatch(), _key(now, before)]
    for place, row in enumerate(rows):
        y = top + place * ROW
        body += [
            text(LABEL - 12, y + 22, _cut(row.label), "end"),
            f'<rect x="{LABEL}" y="{y + 3}" width="{row.now * scale:.1f}" height="{BAR}" fill="{INK}"/>',
            f'<rect x="{LABEL}" y="{y + 5 + BAR}" width="{row.before * scale:.1f}" height="{BAR}" fill="url(#hatch)"'
            f' stroke="{INK}" stroke-width="1"/>',
            text(LABEL + max(row.now, row.before) * scale + 10, y + 22, row.written),
        ]
    return _svg(height, body)


def line(points: Sequence[Point], *, height: int = 300) -> str:
    """A line with its band; weeks without a value interrupt it."""
    low, right, bottom = 60, WIDTH - 20, height - 40
    highest = max((point.high for point in points if point.value is not None), default=0) or 1
    body = [f'<path d="M{low} {bottom}H{right}M{low} 20V{bottom}" stroke="{SOFT}" fill="none"/>']
    for band, middle in stretches(points, Field(low, right, 20, bottom, highest)):
        body += [
            f'<polygon points="{" ".join(band)}" fill="{GRID}"/>',
            f'<polyline points="{" ".join(middle)}" fill="none" stroke="{INK}" stroke-width="3"/>',
            *(f'<circle cx="{x}" cy="{y}" r="4" fill="{INK}"/>' for x, y in (one.split(",") for one in middle)),
        ]
    body += [text(low - 8, 26, f"{highest:,.0f}", "end"), text(low - 8, bottom + 6, "0", "end")]
    if points:
        body += [text(low, height - 10, points[0].label), text(right, height - 10, points[-1].label, "end")]
    return _svg(height, body)


@dataclass(frozen=True)
class Field:
    """Where a line is drawn, and the value at its upper edge."""

    left: float
    right: float
    top: float
    bottom: float
    highest: float


def stretches(points: Sequence[Point], field: Field) -> list[tuple[list[str], list[str]]]:
    """The line between gaps: of each stretch the corners of its band and those of the line, as "x,y"."""
    step = (field.right - field.left) / max(1, len(points) - 1)

    def at(place: int, value: float) -> str:
        up = min(value, field.highest) / field.highest * (field.bottom - field.top)
        return f"{field.left + place * step:.1f},{field.bottom - up:.1f}"

    found = []
    for run in _runs(points):
        over = [at(place, point.high) for place, point in run]
        under = [at(place, point.low) for place, point in reversed(run)]
        found.append((over + under, [at(place, point.value or 0) for place, point in run]))
    return found


def _runs(points: Sequence[Point]) -> list[list[tuple[int, Point]]]:
    runs: list[list[tuple[int, Point]]] = [[]]
    for place, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append((place, point))
    return [run for run in runs if run]


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    """Words of a drawing, escaped."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(height: int, body: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="{LETTERS}"'
        f' font-size="19" fill="{INK}">{"".join(body)}</svg>'
    )


def _cut(words: str, most: int = 14) -> str:
    """What fits beside a bar; the table has it whole."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _hatch() -> str:
    return (
        '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="#fff"/><path d="M0 0V6" stroke="{INK}" stroke-width="2"/></pattern></defs>'
    )


def _key(now: str, before: str) -> str:
    return (
        f'<rect x="{LABEL}" y="6" width="26" height="{BAR}" fill="{INK}"/>{text(LABEL + 34, 20, now)}'
        f'<rect x="{LABEL + 220}" y="6" width="26" height="{BAR}" fill="url(#hatch)" stroke="{INK}"/>'
        f"{text(LABEL + 254, 20, before)}"
    )
