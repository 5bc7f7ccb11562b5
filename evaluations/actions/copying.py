"""Rows as the lines of PostgreSQL's COPY, with their identifiers. A year's file passes here, so it is lean."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.utils import timezone

from evaluations.enums import Origin
from evaluations.queries import name_index
from evaluations.rows import RatingRow, ServiceRow
from identity.queries import vault

NOTHING = r"\N"
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
HOUR = 3600


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


def rating_lines(rows: Sequence[RatingRow], *, source: str, batch: int, origin: Origin, at: datetime) -> Lines:
    """Good ratings for COPY, in the columns of `staging.RATING_COLUMNS`.

    Args:
        origin: of the ratings that the source does not call default ones.
    """
    moments, days = Moments(), set()
    keys, lines = [], []
    received, end = at.isoformat(), f"\t{batch}\tf\t\n"
    wished, silent = f"{origin.value}\tf", f"{Origin.DEFAULT.value}\tt"
    places: dict[tuple[int | None, ...], str] = {}
    tagged: dict[tuple[str, ...], str] = {(): "{}"}
    # A row in one breath: reading its fields by name costs more than writing the line.
    for (
        _line, number, count, assess, foreign, level, tags, text, rated_at, channel, is_default, unit, item, _handling,
        hall, window, staff, _phone, _name, _warnings,
    ) in rows:  # fmt: skip
        if not number:
            number, count = "#" + foreign, 0
        key, day = moments.read(rated_at)
        days.add((unit or 0, day))
        if (where := places.get((unit, item, hall, window, staff))) is None:
            where = places[unit, item, hall, window, staff] = _fields(unit, item, hall, window, staff) + end
        if (marks := tagged.get(tags)) is None:
            marks = tagged[tags] = "{" + ",".join(tags) + "}"
        if text:
            text = text.translate(ESCAPES)
        target = "window" if item is None and window is not None else "service"
        lines.append(
            f"{key}\t{rated_at.isoformat()}\t{received}\t{level}\t{marks}\t{text}\t{channel}"
            f"\t{silent if is_default else wished}\t{target}\t\t{source}\t{number}\t{count}\t{assess}\t{where}"
        )
        keys.append(f"{number}\t{source}\t{count}\t{assess}\t{key}\n")
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
