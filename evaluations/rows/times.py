"""Moments as other systems write them. None is guessed: what could be read in two ways is refused by name."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from evaluations.enums import FaultCode
from evaluations.faults import Fault
from evaluations.rows.results import Limits
from evaluations.rows.values import folded, shown

WRITTEN = re.compile(
    r"([0-9]{4})(?P<sign>[-/])([0-9]{1,2})(?P=sign)([0-9]{1,2})[ T]+([0-9]{1,2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]{1,6})0*)? ?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")
PLAIN_DAY, PLAIN_CLOCK = re.compile(r"[0-9]{4}([-/])[0-9]{2}\1[0-9]{2}"), re.compile(r"[ T][0-9]{2}:[0-9]{2}:[0-9]{2}")
# What it is instead, in this order.
OTHERWISE = (
    (FaultCode.TIME_AMBIGUOUS, re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\b.*", re.DOTALL)),
    (FaultCode.TIME_SERIAL, re.compile(r"[0-9]{4,6}(\.[0-9]+)?")),
    (
        FaultCode.TIME_DATE_ONLY,
        re.compile(r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}([ T]+[0-9]{1,2}:[0-9]{2})?|[0-9]{8}([0-9]{4})?"),
    ),
)
LONGEST = 60
FARTHEST = timedelta(hours=14)
DAY = timedelta(days=1)


class Moments:
    """Reads the times of one file. Days and clock times come again and again, so both are remembered.

    A parser looks into `days` (the first ten characters → midnight) and `clocks` (the rest → time since midnight)
    itself; only whole days inside the limits are there, so their sum needs no further look.
    """

    def __init__(self, limits: Limits) -> None:
        self.days: dict[str, datetime] = {}
        self.clocks: dict[str, timedelta] = {}
        self._zone = limits.tz
        self._oldest, self._latest = limits.oldest, limits.now + limits.future

    def read(self, column: str, value: str) -> datetime | Fault:
        """The moment a cell means, in the zone of the limits.

        Accepted: yyyy-MM-dd HH:mm:ss, yyyy/MM/dd HH:mm:ss, ISO 8601 with or without offset, yyyyMMddHHmmss.
        Source: domain.md §13.5 no. 6; reliability.md §7.3 nos. 32-37.
        """
        moment = _parsed(column, value, self._zone)
        if isinstance(moment, Fault):
            return moment
        if moment > self._latest:
            return Fault(column, FaultCode.TIME_FUTURE, {"value": shown(value)})
        if moment < self._oldest:
            oldest = self._oldest.astimezone(self._zone).date().isoformat()
            return Fault(column, FaultCode.TIME_TOO_OLD, {"value": shown(value), "oldest": oldest})
        self._remember(value, moment)
        return moment.astimezone(self._zone)

    def _remember(self, value: str, moment: datetime) -> None:
        day, clock = value[:10], value[10:]
        if not (PLAIN_DAY.fullmatch(day) and PLAIN_CLOCK.fullmatch(clock)):
            return
        midnight = moment.replace(hour=0, minute=0, second=0)
        self.clocks[clock] = moment.replace(tzinfo=None) - midnight.replace(tzinfo=None)
        if midnight >= self._oldest and midnight + DAY <= self._latest:
            self.days[day] = midnight


class Clock:
    """The plain times of one file in three parts, for whoever writes lines without making moments.

    Attributes:
        days: the first ten characters → milliseconds of the epoch at midnight, the day in ISO, its offset, the day.
        minutes, seconds: the six characters after them and the rest → milliseconds.
        latest: milliseconds of the epoch after which a time lies in the future. None lies too far back.
    """

    def __init__(self, limits: Limits) -> None:
        self.days: dict[str, tuple[int, str, str, date]] = {}
        self.minutes: dict[str, int] = {}
        self.seconds: dict[str, int] = {}
        self.latest = int((limits.now + limits.future).timestamp() * 1000)
        self._oldest = limits.oldest

    def learn(self, value: str, moment: datetime) -> None:
        """Remembers the parts of a time that was read before.

        Args:
            moment: what the cell means, in the zone of the limits.
        """
        day, minute, second = value[:10], value[10:16], value[16:]
        if day in self.days and minute in self.minutes and second in self.seconds:
            return
        if not (PLAIN_DAY.fullmatch(day) and PLAIN_CLOCK.fullmatch(value[10:])):
            return
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        # A day on which clocks are changed is left to those who reckon moment by moment.
        if midnight >= self._oldest and midnight.utcoffset() == (midnight + DAY).utcoffset():
            written = midnight.isoformat()
            self.days[day] = int(midnight.timestamp() * 1000), written[:10], written[19:], midnight.date()
        self.minutes[minute] = (moment.hour * 60 + moment.minute) * 60_000
        self.seconds[second] = moment.second * 1000


def _parsed(column: str, value: str, zone: tzinfo) -> datetime | Fault:
    text = folded(value[: LONGEST + 1]).upper()
    if not text:
        return Fault(column, FaultCode.TIME_MISSING)
    try:
        if match := COMPACT.fullmatch(text):
            return datetime(*map(int, match.groups()), tzinfo=zone)  # type: ignore[arg-type,misc]  # six
        if match := WRITTEN.fullmatch(text):
            return _assembled(match, zone)
    except ValueError:
        return Fault(column, FaultCode.TIME_IMPOSSIBLE, {"value": shown(value)})
    code = next((code for code, form in OTHERWISE if form.fullmatch(text)), FaultCode.TIME_UNREADABLE)
    return Fault(column, code, {"value": shown(value)})


def _assembled(match: re.Match[str], zone: tzinfo) -> datetime:
    """The moment of the parts; ValueError when there is no such day, hour or offset."""
    year, _sign, month, day, hour, minute, second, fraction, offset = match.groups()
    microsecond = int((fraction or "0").ljust(6, "0"))
    return datetime(
        int(year), int(month), int(day), int(hour), int(minute), int(second), microsecond, _offset(offset) or zone
    )


def _offset(written: str | None) -> tzinfo | None:
    if written in (None, "Z"):
        return UTC if written else None
    hours, minutes = int(written[1:3]), int(written[-2:])
    span = timedelta(hours=hours, minutes=minutes)
    if minutes > 59 or span > FARTHEST:
        raise ValueError(written)
    return timezone(-span if written[0] == "-" else span)
