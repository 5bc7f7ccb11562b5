"""What a parser is given, and what becomes of a row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from evaluations.enums import RowOutcome
from evaluations.faults import Fault

# As long as the columns they go to (Service, Evaluation, Tag); Evaluator has no limit for names of its own.
KEY_MAX, STEP_MAX, CODE_MAX, NAME_MAX = 60, 30, 60, 60
# PositiveSmallIntegerField.
COUNT_MAX = 32_767
# 实施编码 and 业务办理项编码 (domain.md §13.2).
ITEM_LENGTH, HANDLING_LENGTH = 31, 33


@dataclass(frozen=True)
class Lookups:
    """What codes mean for one source, read once before its rows. Codes are written as `folded` leaves them.

    Attributes:
        units: code → primary key of the unit.
        items: 31-character code → (item, unit that implements it).
        windows: code → (window, hall, unit in the window, whether it is closed).
        staff: staff number → primary key.
        tags: national code → (level, whether in use).
        channels: the source's code → a value of RatingChannel; "" → what an empty cell means, if it may be empty.
    """

    units: Mapping[str, int] = field(default_factory=dict)
    items: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    windows: Mapping[str, tuple[int, int, int, bool]] = field(default_factory=dict)
    staff: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What is reasonable, today.

    Attributes:
        now: the present, aware.
        oldest: times before it are refused, aware.
        future: how far a foreign clock may run ahead.
        text_max: characters of a text.
        negative_requires_reason: levels 1 and 2 need a tag or a text.
        tz: zone of times written without an offset.
    """

    now: datetime
    oldest: datetime
    future: timedelta
    text_max: int
    negative_requires_reason: bool
    tz: tzinfo


class RatingRow(NamedTuple):
    """A rating as it goes into the store. Keys are primary keys; None and "" stand for nothing.

    `unit` is None only inside a `Problem`. `handling_item` is the 33-character code where one was given.
    `phone` and `name` go to the vault and nowhere else.
    """

    line: int
    project_number: str
    service_number: int
    assess_number: int
    source_rating_id: str
    level: int
    tags: tuple[str, ...]
    text: str
    rated_at: datetime
    channel: str
    is_default: bool
    unit: int | None
    item: int | None
    handling_item: str
    hall: int | None
    window: int | None
    staff: int | None
    phone: str
    name: str
    warnings: tuple[Fault, ...]


class ServiceRow(NamedTuple):
    """A service (办件) as it goes into the store; `applicant` and `phone` only as keyed hashes or in the vault."""

    line: int
    project_number: str
    service_number: int
    service_name: str
    unit: int | None
    item: int | None
    handling_item: str
    hall: int | None
    window: int | None
    staff: int | None
    served_at: datetime
    applicant: str
    phone: str
    warnings: tuple[Fault, ...]


class Problem(NamedTuple):
    """A row that is not taken in now, and every reason for it.

    `row`: what was read all the same, of quarantined and held rows; None of refused ones. With it a negative rating
    can be seen before its unit is known.
    """

    line: int
    outcome: RowOutcome
    faults: tuple[Fault, ...]
    row: RatingRow | ServiceRow | None = None


def fingerprint(row: RatingRow) -> str:
    """What was said, in 20 characters: level, tags in any order, text.

    The time is no part of it: the same words sent again under another time are the same rating (domain.md §13.5).
    """
    said = f"{row.level}|{','.join(sorted(row.tags))}|{row.text}"
    return hashlib.blake2b(said.encode(), digest_size=10).hexdigest()
