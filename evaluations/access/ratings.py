"""Who reads ratings one by one, and who takes one out of the figures. Each predicate once; everybody asks here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from organizations.enums import SUPERVISOR_ROLES, Role

# 部门主管 the ratings of the unit's subtree, 督导 and 审计员 those of their region; nobody reads who rated.
READS_RATINGS = SUPERVISOR_ROLES | {Role.UNIT_SUPERVISOR, Role.AUDITOR}
EXCLUDES = frozenset({Role.CITY_SUPERVISOR})


class RegionLike(Protocol):
    @property
    def code(self) -> str: ...


class UnitLike(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def region(self) -> RegionLike: ...


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def region_prefix(self) -> str | None: ...


M = TypeVar("M", bound="MembershipLike")


def excluder(memberships: Iterable[M], unit: UnitLike) -> M | None:
    """The membership by which somebody may take a rating of a unit out of the figures; None if there is none.

    A city supervisor may, whose region holds the unit and who is not of that unit: nobody clears their own record.
    The auditor reads and changes nothing.
    """
    for membership in memberships:
        prefix = membership.region_prefix
        covered = prefix is not None and unit.region.code.startswith(prefix)
        if membership.role in EXCLUDES and covered and membership.unit_id != unit.pk:
            return membership
    return None
