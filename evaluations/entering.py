"""代录、监督查评: what was said or seen elsewhere, by whom it may be entered, and which moment it gets. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Protocol, TypeVar

from django.utils import timezone

from evaluations.enums import EntryFault, RatingChannel
from organizations.calendar import WorkingCalendar
from organizations.enums import UNIT_ROLES, Role
from rectification.access import MembershipLike, UnitLike

# The channels a slip keeps, in the order of the form.
ENTERED = (RatingChannel.PAPER, RatingChannel.BOX, RatingChannel.HOTLINE, RatingChannel.PHONE)
ON_PAPER = frozenset({RatingChannel.PAPER, RatingChannel.BOX})
CLERKS = frozenset({Role.DISPATCHER, Role.CALLBACK})
CHECKERS = frozenset({Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR, Role.CALLBACK})
DAY = timedelta(days=1)


class RegionLike(Protocol):
    @property
    def code(self) -> str: ...


class RatedUnit(UnitLike, Protocol):
    @property
    def region(self) -> RegionLike: ...


M = TypeVar("M", bound=MembershipLike)


class Unfit(Exception):
    """This may not be entered, or not by this person."""

    def __init__(self, fault: EntryFault) -> None:
        super().__init__(fault)
        self.fault = fault


def clerk(
    staff_id: int,
    memberships: Iterable[M],
    *,
    unit: RatedUnit,
    rated_staff_id: int | None,
    hall_path: str,
    channel: RatingChannel,
) -> M:
    """The membership by which somebody may enter a slip for a unit.

    The management body's dispatchers and callback officers enter for their division; the supervisors of the unit that
    manages a hall enter what lay on paper there. Nobody ever enters a rating of themselves or of their own unit.

    Args:
        memberships: in force today.
        unit: the rated one.
        hall_path: path of the unit that manages the hall; empty for what happened in none.

    Raises:
        Unfit: OWN_UNIT, CHANNEL or ELSEWHERE.
    """
    held = list(memberships)
    _forbid_own(staff_id, held, unit, rated_staff_id)
    found = _overseer(held, CLERKS, unit)
    if found is not None:
        return found
    for membership in held:
        if membership.role == Role.UNIT_SUPERVISOR and hall_path.startswith(membership.unit.path):
            if channel not in ON_PAPER:
                raise Unfit(EntryFault.CHANNEL)
            return membership
    raise Unfit(EntryFault.ELSEWHERE)


def checker(staff_id: int, memberships: Iterable[M], *, unit: RatedUnit) -> M:
    """The membership by which somebody may check a unit (监督查评): of its division, and not of the unit itself.

    Raises:
        Unfit: OWN_UNIT or ELSEWHERE.
    """
    held = list(memberships)
    _forbid_own(staff_id, held, unit, None)
    found = _overseer(held, CHECKERS, unit)
    if found is None:
        raise Unfit(EntryFault.ELSEWHERE)
    return found


def _forbid_own(staff_id: int, held: list[M], unit: RatedUnit, rated_staff_id: int | None) -> None:
    if staff_id == rated_staff_id or any(own_unit(membership, unit) for membership in held):
        raise Unfit(EntryFault.OWN_UNIT)


def own_unit(membership: MembershipLike, unit: UnitLike) -> bool:
    """Whether a unit is one's own: for a role of a department with all below it, else the very unit."""
    if membership.role in UNIT_ROLES:
        return unit.path.startswith(membership.unit.path)
    return membership.unit.pk == unit.pk


def _overseer(held: list[M], roles: frozenset[Role], unit: RatedUnit) -> M | None:
    for membership in held:
        prefix = membership.region_prefix
        if membership.role in roles and prefix is not None and unit.region.code.startswith(prefix):
            return membership
    return None


def first_open_day(today: date, calendar: WorkingCalendar, amount: int) -> date:
    """The earliest service day on which a service can still be rated today.

    Args:
        calendar: reaching back far enough.
        amount: working days of the supplementary window (setting SUPPLEMENT_WORKING_DAYS).
    """
    day = today
    while calendar.add_working_days(day - DAY, amount) >= today:
        day -= DAY
    return day


def day_fault(
    day: date, *, today: date, earliest: date, served: date | None = None, last: date | None = None
) -> EntryFault | None:
    """What is wrong with the date on a slip.

    Args:
        earliest: before this day nothing is entered any more.
        served, last: of a known service, the day it was given and the last one on which it might be rated.
    """
    if day > today:
        return EntryFault.FUTURE
    if day < earliest:
        return EntryFault.TOO_OLD
    if served is not None and day < served:
        return EntryFault.BEFORE_SERVICE
    if last is not None and day > last:
        return EntryFault.AFTER_WINDOW
    return None


def said_at(day: date, *, at: datetime, closing: time, served_at: datetime | None = None) -> datetime:
    """The moment a slip stands for: closing time of its day, by which it was said; never before its service, never
    after now (docs/decisions.md D48)."""
    closed = timezone.make_aware(datetime.combine(day, closing))
    return min(at, max(closed, served_at) if served_at else closed)
