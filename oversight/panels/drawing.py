"""Small drawings for screen and paper: narrow enough for a telephone, told apart by shape and never by colour. Pure.

Words in them are few: every number stands in the table of the panel. Colours are classes of static/css/panels.css.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from oversight.charts import Field, Point, stretches, text

WIDTH = 440
LABEL, ROW, BAR = 134, 40, 13
# How many numbers stand beside dots that lie on one another.
TOGETHER = 4
# From here on letters are Han; names of patterns longer than this stand one below the other.
HAN, LONG = 0x2E7F, 22
# How the parts of a bar are drawn, from light to dark; the last one is a dashed outline.
FILLS = ("open", "pale", "hatch", "full", "dashed")


@dataclass(frozen=True)
class Pair:
    """A row of two bars: this quarter's and the last one's."""

    label: str
    now: int
    before: int


@dataclass(frozen=True)
class Stack:
    """A row of one bar with its parts."""

    label: str
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Spot:
    """A dot on a square from 0 to 1 each way. name: its number in the table; hollow: of too small a sample."""

    name: str
    x: float
    y: float
    hollow: bool


def pairs(rows: Sequence[Pair], *, now: str, before: str, mark: str) -> str:
    """Horizontal bars, this period's full and the last one's hatched below it.

    Args:
        mark: what tells the patterns of this drawing from those of others on the page.
    """
    longest = max((max(row.now, row.before) for row in rows), default=0) or 1
    scale = (WIDTH - LABEL - 50) / longest
    body = [_hatch(mark), *_key([(now, "full"), (before, "hatch")], mark)]
    for place, row in enumerate(rows):
        y = 30 + place * ROW
        body += [
            text(LABEL - 8, y + 17, _cut(row.label), "end"),
            _rect(LABEL, y, row.now * scale, "full", mark),
            _rect(LABEL, y + BAR + 1, row.before * scale, "hatch", mark),
            text(LABEL + max(row.now, row.before) * scale + 6, y + 17, str(row.now)),
        ]
    return _svg(30 + ROW * len(rows), body)


def stacks(rows: Sequence[Stack], key: Sequence[str], mark: str) -> str:
    """Horizontal bars of parts, each part in its own pattern."""
    longest = max((sum(row.parts) for row in rows), default=0) or 1
    scale = (WIDTH - LABEL - 40) / longest
    named = [pair for pair in zip(key, FILLS, strict=True) if pair[0]]
    tops = 22 * _key_rows(key) + 10
    body = [_hatch(mark), *_key(named, mark)]
    for place, row in enumerate(rows):
        x, y = float(LABEL), tops + place * 28
        body.append(text(LABEL - 8, y + 14, _cut(row.label), "end"))
        for part, fill in zip(row.parts, FILLS, strict=True):
            body.append(_rect(x, y, part * scale, fill, mark, 18))
            x += part * scale
        body.append(text(x + 6, y + 14, str(sum(row.parts))))
    return _svg(tops + 28 * len(rows), body)


def steps(rows: Sequence[tuple[str, int, str]], mark: str) -> str:
    """Steps one below the other: name, how many, and what stands behind the bar."""
    longest = max((count for _name, count, _words in rows), default=0) or 1
    scale = (WIDTH - LABEL - 110) / longest
    body = [_hatch(mark)]
    for place, (name, count, words) in enumerate(rows):
        y = 4 + place * 30
        body += [
            text(LABEL - 8, y + 16, _cut(name), "end"),
            _rect(LABEL, y, count * scale, "full", mark, 20),
            text(LABEL + count * scale + 6, y + 16, words),
        ]
    return _svg(6 + 30 * len(rows), body)


def line(points: Sequence[Point], marks: Sequence[tuple[float, str]], mark: str) -> str:
    """A line with its band; where there is no value it is interrupted.

    Args:
        marks: what happened, as a share of the way along the axis with a short name.
    """
    low, right, bottom = 60, WIDTH - 12, 190
    highest = _top(points)
    body = [f'<path class="axis" d="M{low} {bottom}H{right}M{low} 14V{bottom}"/>']
    for band, middle in stretches(points, Field(low, right, 14, bottom, highest)):
        body += [
            f'<polygon class="band" points="{" ".join(band)}"/>',
            f'<polyline class="line" points="{" ".join(middle)}"/>',
        ]
        body += [_circle(x, y, "full", 2.5) for x, y in (one.split(",") for one in middle)]
    body += [
        text(low - 6, 20, f"{highest:,.0f}" if highest >= 10 else f"{highest:.1f}", "end"),
        text(low - 6, bottom + 4, "0", "end"),
    ]
    for share, name in _at_once(marks):
        x = low + share * (right - low)
        body += [f'<path class="mark" d="M{x:.1f} 14V{bottom + 6}"/>', text(x, bottom + 34, name, "middle")]
    if points:
        body += [text(low, bottom + 18, points[0].label), text(right, bottom + 18, points[-1].label, "end")]
    return _svg(bottom + (42 if marks else 26), body)


def dots(spots: Sequence[Spot], *, across: str, up: str, middle: tuple[float | None, float | None]) -> str:
    """Dots on a square of two shares.

    Args:
        across, up: what the axes are.
        middle: the values of all together, as lines; None where there is none.
    """
    low, right, top, bottom = 56, WIDTH - 16, 26, 226

    def x(value: float) -> float:
        return low + value * (right - low)

    def y(value: float) -> float:
        return bottom - value * (bottom - top)

    body = [f'<path class="axis" d="M{low} {bottom}H{right}M{low} {top}V{bottom}"/>']
    if middle[0] is not None:
        body.append(f'<path class="middle" d="M{x(middle[0]):.1f} {top}V{bottom}"/>')
    if middle[1] is not None:
        body.append(f'<path class="middle" d="M{low} {y(middle[1]):.1f}H{right}"/>')
    for spot in _gathered(spots):
        body.append(_circle(f"{x(spot.x):.1f}", f"{y(spot.y):.1f}", "open" if spot.hollow else "full", 5))
        away, side = (9, "start") if spot.x < 0.75 else (-9, "end")
        body.append(text(x(spot.x) + away, y(spot.y) + 16, spot.name, side))
    body += [
        text(low - 6, bottom + 4, "0", "end"),
        text(low - 6, top + 10, "100%", "end"),
        text(right, bottom + 18, f"{across} → 100%", "end"),
        text(low + 4, top - 8, f"↑ {up}"),
    ]
    return _svg(bottom + 24, body)


def _gathered(spots: Sequence[Spot]) -> list[Spot]:
    """Dots that would lie on one another as one, with the numbers of the first of them; a full one stays full."""
    places: dict[tuple[int, int], list[Spot]] = {}
    for spot in spots:
        places.setdefault((round(spot.x * 40), round(spot.y * 20)), []).append(spot)
    return [
        Spot(
            ", ".join(spot.name for spot in some[:TOGETHER]) + ("…" if len(some) > TOGETHER else ""),
            some[0].x,
            some[0].y,
            all(spot.hollow for spot in some),
        )
        for some in places.values()
    ]


def _at_once(marks: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Marks of one day as one, with all their names."""
    names: dict[float, list[str]] = {}
    for share, name in marks:
        names.setdefault(share, []).append(name)
    return [(share, ", ".join(some)) for share, some in names.items()]


def _top(points: Sequence[Point]) -> float:
    """Up to where the line needs room: bands of weeks with next to no ratings are cut off."""
    values = sorted(point.high for point in points if point.value is not None)
    if not values:
        return 1.0
    highest = max(point.value or 0 for point in points)
    return max(highest * 1.2, values[len(values) // 2] * 1.5) or 1.0


def _svg(height: float, body: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}" aria-hidden="true" focusable="false">{"".join(body)}</svg>'


def _rect(x: float, y: float, width: float, fill: str, mark: str, height: float = BAR) -> str:
    if width <= 0:
        return ""
    pattern = f' fill="url(#{mark}-hatch)"' if fill == "hatch" else ""
    return f'<rect class="{fill}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}"{pattern}/>'


def _circle(x: str, y: str, fill: str, size: float) -> str:
    return f'<circle class="{fill}" cx="{x}" cy="{y}" r="{size}"/>'


def _hatch(mark: str) -> str:
    return (
        f'<defs><pattern id="{mark}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><path class="stripe" d="M0 0V6"/></pattern></defs>'
    )


def _key(named: Sequence[tuple[str, str]], mark: str) -> list[str]:
    """What the patterns mean, two beside one another where their names are short."""
    found = []
    beside = _beside([name for name, _fill in named])
    for place, (name, fill) in enumerate(named):
        x, y = 4 + place % beside * WIDTH // 2, 4 + place // beside * 22
        found += [_rect(x, y, 22, fill, mark), text(x + 28, y + 12, name)]
    return found


def _key_rows(names: Sequence[str]) -> int:
    """How many rows the key takes; a pattern without a name is not used."""
    used = [name for name in names if name]
    return -(-len(used) // _beside(used))


def _beside(names: Sequence[str]) -> int:
    return 2 if max(map(_width, names), default=0) <= LONG else 1


def _width(words: str) -> int:
    """A Han character is as wide as two letters."""
    return sum(2 if ord(letter) > HAN else 1 for letter in words)


def _cut(words: str, most: int = 15) -> str:
    """What fits beside a bar; the table has it whole."""
    if _width(words) <= most:
        return words
    return next(f"{words[:count]}…" for count in range(len(words), -1, -1) if _width(words[:count]) < most)
