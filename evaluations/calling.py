"""抽访: when somebody may be called, by whom, and when one stops trying. Pure: the present is an argument.

Source: domain.md §8 (≥ 3 attempts on different days and hours; the caller never of the rated unit), §15 (people are
asked too often: no calls in the evening and at night).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from evaluations.enums.surveys import CallOutcome, CallStage
from organizations.enums import Role

AGAIN = timedelta(hours=2)
ENDS = {
    CallOutcome.REACHED: CallStage.ANSWERED,
    CallOutcome.REFUSED: CallStage.REFUSED,
    CallOutcome.WRONG_NUMBER: CallStage.WRONG_NUMBER,
}


@dataclass(frozen=True, slots=True)
class CallRules:
    """When people may be called, and how often.

    opening, closing: local time; a call begins at or after the one and before the other.
    days_min: on how many different days somebody is tried before one stops.
    shift: of two tries on different days the second is this much later or earlier in the day, so that nobody is
        only tried at the hour at which they are never there.
    """

    opening: time = time(9)
    closing: time = time(20)
    days_min: int = 3
    shift: timedelta = timedelta(hours=3)
    tz: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.tz).date()


def may_ring(at: datetime, rules: CallRules) -> bool:
    """Whether it is an hour at which people may be called."""
    return rules.opening <= at.astimezone(rules.tz).time() < rules.closing


def earliest(at: datetime, rules: CallRules) -> datetime:
    """The first moment from `at` on at which somebody may be called."""
    if may_ring(at, rules):
        return at
    local = at.astimezone(rules.tz)
    day = local.date() if local.time() < rules.opening else local.date() + timedelta(days=1)
    return datetime.combine(day, rules.opening, rules.tz)


def after(
    outcome: CallOutcome, at: datetime, days_tried: Collection[date], rules: CallRules
) -> tuple[CallStage, datetime]:
    """Where a call leads, and from when on the next one may be made (of no meaning once it has ended).

    Nobody is given up who asked to be called at another time; one who does not answer is tried once a day, at
    another hour of it, until `days_min` days have been tried.

    Args:
        days_tried: the different local days on which nobody answered, this call's among them.
    """
    if outcome in ENDS:
        return ENDS[outcome], at
    if outcome == CallOutcome.LATER:
        return CallStage.WAITING, earliest(at + AGAIN, rules)
    if len(set(days_tried)) >= rules.days_min:
        return CallStage.UNREACHABLE, at
    return CallStage.WAITING, _another_hour(at, rules)


def _another_hour(at: datetime, rules: CallRules) -> datetime:
    """Tomorrow, in the other half of the calling hours."""
    local = at.astimezone(rules.tz)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), rules.opening, rules.tz)
    early = local.time() < (datetime.combine(local.date(), rules.opening) + rules.shift).time()
    return earliest(tomorrow + rules.shift, rules) if early else tomorrow


class UnitLike(Protocol):
    @property
    def path(self) -> str: ...


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> UnitLike: ...
    @property
    def region_prefix(self) -> str | None: ...


M = TypeVar("M", bound=MembershipLike)


def caller(memberships: Iterable[M], path: str, region_code: str) -> M | None:
    """The membership by which somebody may call people who were served by a unit; None if they may not.

    Nobody calls who has any duty in the rated unit or one below it. A body above it may (as with callbacks).

    Args:
        memberships: in force today.
        path, region_code: of the rated unit.
    """
    held = list(memberships)
    if any(membership.unit.path.startswith(path) for membership in held):
        return None
    for membership in held:
        prefix = membership.region_prefix
        if membership.role == Role.CALLBACK and prefix is not None and region_code.startswith(prefix):
            return membership
    return None
