"""In what capacity somebody stands towards a case. Each predicate once; everybody asks here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from organizations.enums import SUPERVISOR_ROLES, Role
from rectification.enums import Party


class UnitLike(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def path(self) -> str: ...


class CaseLike(Protocol):
    """What a rule needs to know of a case."""

    @property
    def region_code(self) -> str: ...
    @property
    def handler_id(self) -> int | None: ...
    @property
    def rated_staff_id(self) -> int | None: ...
    @property
    def rated_unit_id(self) -> int: ...
    @property
    def unit(self) -> UnitLike: ...


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> UnitLike: ...
    @property
    def region_prefix(self) -> str | None: ...


M = TypeVar("M", bound="MembershipLike")


def parties(
    staff_id: int, memberships: Iterable[M], case: CaseLike, co_unit_paths: Iterable[str] = ()
) -> dict[Party, M]:
    """Every capacity a staff member has towards a case, with the membership it follows from.

    The rated person never handles the own case; nobody oversees, calls back for or closes a case of the own
    unit (docs/domain.md §6: the handling unit never closes its own case). A body above it may.

    Args:
        staff_id: the person.
        memberships: in force today.
        case: with its unit.
        co_unit_paths: paths of the units asked to co-handle.
    """
    standing: dict[Party, M] = {}
    co_paths = list(co_unit_paths)
    for membership in memberships:
        own = covers_unit(membership.unit.path, case)
        if membership.role in (Role.WINDOW, Role.UNIT_SUPERVISOR) and any(
            path.startswith(membership.unit.path) for path in co_paths
        ):
            standing[Party.CO_HANDLER] = membership
        if membership.role == Role.WINDOW and own and case.rated_staff_id != staff_id:
            if case.handler_id in (None, staff_id) and membership.unit.pk == case.unit.pk:
                standing[Party.HANDLER] = membership
        elif membership.role == Role.UNIT_SUPERVISOR and own and case.rated_staff_id != staff_id:
            standing[Party.UNIT_SUPERVISOR] = membership
        elif oversees(membership, case):
            if membership.role == Role.DISPATCHER:
                standing[Party.DISPATCHER] = membership
            elif membership.unit.pk in (case.unit.pk, case.rated_unit_id):
                continue
            elif membership.role == Role.CALLBACK:
                standing[Party.CALLBACK] = membership
            elif membership.role in SUPERVISOR_ROLES:
                standing[Party.SUPERVISOR] = membership
    return standing


def covers_unit(path: str, case: CaseLike) -> bool:
    """Whether the case lies with the unit of this path or one below it."""
    return case.unit.path.startswith(path)


def oversees(membership: MembershipLike, case: CaseLike) -> bool:
    """Whether a membership of the management body covers the case's division."""
    prefix = membership.region_prefix
    return prefix is not None and case.region_code.startswith(prefix)


def sees_pressure(standing: Mapping[Party, MembershipLike | None]) -> bool:
    """Whether somebody may read that an evaluator was pressed: the city supervisors, never the unit."""
    membership = standing.get(Party.SUPERVISOR)
    return membership is not None and membership.role == Role.CITY_SUPERVISOR
