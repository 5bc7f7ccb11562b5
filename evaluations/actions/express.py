"""Good ratings of a file, straight from their cells to the lines of COPY: a year's file passes here.

What is wrong with a rating depends on its number, its time, its text, phone and name, each by itself, and on all its
other cells together. So once the validator has passed a row, another with the same other cells passes too, if its
number is plain, its day and clock are known, it has no text, and phone and name are beyond doubt. Every other row goes
to the validator itself: there is no rule here, only the memory of what it said. (docs/performance.md)
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from operator import itemgetter
from typing import NamedTuple

from evaluations.actions.copying import Lines, Moments, frame_of, rating_lines
from evaluations.enums import Origin
from evaluations.rows import KEY_MAX, NAME_MAX, Clock, Limits, RatingRow

# Validates a row: a good rating comes back, anything else has been put where it belongs.
Judge = Callable[[int, list[str]], RatingRow | None]
# Read each by itself, in this order; all other cells together say what kind of row it is.
ALONE = ("project_number", "rated_at", "text", "phone", "name")
# A row in which one of these is filled is like no other.
UNLIKE = ("source_rating_id", "id_number")
KINDS_MAX = 50_000


class Kind(NamedTuple):
    """What the lines of all rows of a kind have in common: before and after the number, behind it in its key; unit."""

    head: str
    tail: str
    key: str
    unit: int


class Sorted(NamedTuple):
    """Rows that were read: how many, the good ones as lines, and those of them that came in with a doubt."""

    seen: int
    lines: Lines
    doubted: list[RatingRow]


class Express:
    """Reads the ratings of one file.

    Args:
        columns: for each column of the file the canonical name, None for one that is not read.
        limits: those of the validator.
        origin: of ratings that the source does not call default ones.
    """

    def __init__(
        self, columns: Sequence[str | None], limits: Limits, *, source: str, batch: int, origin: Origin
    ) -> None:
        self._source, self._batch, self._origin = source, batch, origin
        self._width = len(columns)
        # What the file does not have stands empty behind the last cell.
        self._alone = itemgetter(*[columns.index(name) if name in columns else -1 for name in ALONE])
        self._others = itemgetter(*[place for place, name in enumerate(columns) if name and name not in ALONE], -1)
        self._unlike = [columns.index(name) for name in UNLIKE if name in columns]
        self._clock = Clock(limits)
        self._kinds: dict[tuple[str, ...], Kind] = {}

    def read(
        self,
        rows: Iterable[tuple[int, list[str]]],
        judge: Judge,
        *,
        first: int,
        left_out: Collection[int],
        at: datetime,
    ) -> Sorted:
        """Reads rows; those it does not know for good ones go to the judge.

        Args:
            first: number of the first row.
            left_out: numbers of rows that have been taken elsewhere.
            at: when they were received.
        """
        kinds, alone, others, width = self._kinds, self._alone, self._others, self._width
        days, minutes, seconds, latest = self._clock.days, self._clock.minutes, self._clock.seconds, self._clock.latest
        moments, received = Moments(), at.isoformat()
        middle, last = moments.middle, moments.last
        keys: list[str] = []
        lines: list[str] = []
        numbers: list[int] = []
        touched: set[tuple[int, date]] = set()
        judged: list[RatingRow] = []
        number = first - 1
        # One long loop on purpose, as in `rows.rating`: every call less saves seconds.
        for number, (line, cells) in enumerate(rows, first):
            if number in left_out:
                continue
            if len(cells) == width:
                cells.append("")
                project, when, text, phone, name = alone(cells)
                if (
                    not text
                    and (kind := kinds.get(others(cells))) is not None
                    and (day := days.get(when[:10])) is not None
                    and (minute := minutes.get(when[10:16])) is not None
                    and (second := seconds.get(when[16:])) is not None
                    and (moment := day[0] + minute + second) <= latest
                    and (project.isalnum() and project.isascii() and len(project) <= KEY_MAX)
                    and (not phone or (len(phone) == 11 and phone[0] == "1" and phone.isascii() and phone.isdigit()))
                    and (not name or (len(name) <= NAME_MAX and name.isprintable()))
                ):
                    last += 1
                    _, written, offset, on = day
                    head, tail, key_tail, unit = kind
                    key = f"{moment:012x}{middle}{last:016x}"
                    lines.append(f"{key}\t{written}{when[10:]}{offset}\t{received}\t{head}{project}{tail}")
                    keys.append(f"{project}{key_tail}{key}\n")
                    numbers.append(line)
                    touched.add((unit, on))
                    continue
                cells.pop()
            if (row := self._judged(line, cells, judge)) is not None:
                judged.append(row)
        more = rating_lines(judged, source=self._source, batch=self._batch, origin=self._origin, at=at)
        made = Lines("".join(keys) + more.keys, lines + more.rows, numbers + more.numbers, touched | more.days)
        return Sorted(number + 1 - first, made, [row for row in judged if row.warnings])

    def _judged(self, line: int, cells: list[str], judge: Judge) -> RatingRow | None:
        """What the judge says of a row, remembered for its like."""
        before = [*cells, ""]
        row = judge(line, cells)
        if row is None or row.warnings or len(self._kinds) >= KINDS_MAX or any(before[n] for n in self._unlike):
            return row
        self._clock.learn(self._alone(before)[1], row.rated_at)
        kind = self._others(before)
        if kind not in self._kinds:
            frame = frame_of(row, source=self._source, batch=self._batch, origin=self._origin)
            self._kinds[kind] = Kind(frame.head + frame.middle, frame.tail, frame.key, row.unit or 0)
        return row
