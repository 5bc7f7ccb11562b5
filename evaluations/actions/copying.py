"""Rows as the lines of PostgreSQL's COPY, with their identifiers. A year's file passes here, so it is lean."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import NamedTuple

from django.utils import timezone

from evaluations.enums import Origin
from evaluations.queries import name_index
from evaluations.rows import RatingRow, ServiceRow
from identity.queries import vault

NOTHING = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
HOUR = 3600
# The fields of a rating of which its frame is made.
ALIKE = itemgetter(
    *[
        RatingRow._fields.index(name)
        for name in (
            "service_number",
            "assess_number",
            "level",
            "tags",
            "channel",
            "is_default",
            "unit",
            "item",
            "hall",
            "window",
            "staff",
        )
    ]
)


@dataclass(frozen=True)
class Lines:
    """Rows as COPY takes them: their keys, the rows, their lines in the file; and the days of units they touch."""

    keys: str
    rows: list[str]
    numbers: list[int]
    days: set[tuple[int, date]]

    @property
    def direct(self) -> str:
        """For the table itself."""
        return "".join(self.rows)

    @property
    def staged(self) -> str:
        """For the stage, which knows the line as well."""
        return "".join(f"{row[:-1]}\t{number}\n" for row, number in zip(self.rows, self.numbers, strict=True))


class Moments:
    """Identifiers that tell their time (uuid, version 7) and the local day of a moment, for one chunk of rows."""

    def __init__(self) -> None:
        self.days: dict[int, date] = {}
        # Random once a chunk, a counter from there on: no two alike, and nothing drawn for each row.
        self.middle, self.last = f"7{secrets.randbits(12):03x}", secrets.randbits(61) | 1 << 63

    def read(self, moment: datetime) -> tuple[str, date]:
        """The next identifier for a moment, as 32 hexadecimal digits, and the day it lies on here."""
        self.last += 1
        seconds = int(moment.timestamp())
        hour = seconds // HOUR
        if (day := self.days.get(hour)) is None:
            # Offsets of full hours are all there are here; the day changes when an hour begins.
            day = self.days[hour] = timezone.localdate(datetime.fromtimestamp(hour * HOUR, UTC))
        return f"{seconds * 1000 + moment.microsecond // 1000:012x}{self.middle}{self.last:016x}", day


class Frame(NamedTuple):
    """A rating's line but for identifier, moments, text and number: before the text, before the number, after it; and
    what follows the number in its key."""

    head: str
    middle: str
    tail: str
    key: str


def frame_of(row: RatingRow, *, source: str, batch: int, origin: Origin) -> Frame:
    """What the line of a good rating has in common with those of its like (`ALIKE`).

    Args:
        origin: of the ratings that the source does not call default ones.
    """
    target = "window" if row.item is None and row.window is not None else "service"
    flag = f"{Origin.DEFAULT.value}\tt" if row.is_default else f"{origin.value}\tf"
    where = _fields(row.unit, row.item, row.hall, row.window, row.staff)
    count, assess = row.service_number, row.assess_number
    return Frame(
        f"{row.level}\t{{{','.join(row.tags)}}}\t",
        f"\t{row.channel}\t{flag}\t{target}\t\t{source}\t",
        f"\t{count}\t{assess}\t{where}\t{batch}\tf\t\n",
        f"\t{source}\t{count}\t{assess}\t",
    )


def rating_lines(rows: Sequence[RatingRow], *, source: str, batch: int, origin: Origin, at: datetime) -> Lines:
    """Good ratings for COPY, in the columns of `staging.RATING_COLUMNS`.

    Args:
        origin: of the ratings that the source does not call default ones.
    """
    moments, days = Moments(), set()
    keys, lines = [], []
    received = at.isoformat()
    frames: dict[tuple[object, ...], Frame] = {}
    for row in rows:
        if not row.project_number:
            row = row._replace(project_number="#" + row.source_rating_id, service_number=0)
        if (frame := frames.get(ALIKE(row))) is None:
            frame = frames[ALIKE(row)] = frame_of(row, source=source, batch=batch, origin=origin)
        head, middle, tail, key_tail = frame
        key, day = moments.read(row.rated_at)
        days.add((row.unit or 0, day))
        text = row.text.translate(ESCAPES) if row.text else ""
        number = row.project_number
        lines.append(f"{key}\t{row.rated_at.isoformat()}\t{received}\t{head}{text}{middle}{number}{tail}")
        keys.append(f"{number}{key_tail}{key}\n")
    return Lines("".join(keys), lines, [row.line for row in rows], days)


def _fields(*values: int | None) -> str:
    return "\t".join(NOTHING if value is None else str(value) for value in values)


def service_lines(
    rows: Sequence[ServiceRow], contacts: dict[int, str], *, source: str, batch: int, at: datetime
) -> Lines:
    """Services for COPY, in the columns of `staging.SERVICE_COLUMNS`.

    Args:
        contacts: line → key of the sealed number of the person to invite.
    """
    moments, days = Moments(), set()
    keys, lines = [], []
    received, safe = at.isoformat(), vault()
    applicants: dict[str, str] = {"": ""}
    for row in rows:
        key, day = moments.read(row.served_at)
        days.add((row.unit or 0, day))
        if (applicant := applicants.get(row.applicant)) is None:
            applicant = applicants[row.applicant] = name_index(row.applicant, safe)
        lines.append(
            f"{key}\t{row.served_at.isoformat()}\t{received}\t{row.service_name.translate(ESCAPES)}\t{source}"
            f"\t{row.project_number}\t{row.service_number}\t{row.unit}\t{row.item}"
            f"\t{NOTHING if row.window is None else row.window}\t{NOTHING if row.staff is None else row.staff}"
            f"\t{applicant}\t{contacts.get(row.line, NOTHING)}\t{batch}\n"
        )
        keys.append(f"{row.project_number}\t{source}\t{row.service_number}\t0\t{key}\n")
    return Lines("".join(keys), lines, [row.line for row in rows], days)
