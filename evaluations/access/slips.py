"""Who prints the slip of a service. Said once; everybody asks here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from organizations.enums import UNIT_ROLES


class UnitLike(Protocol):
    @property
    def pk(self) -> int: ...


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> UnitLike: ...


M = TypeVar("M", bound=MembershipLike)

# A slip carries a link that rates, so it is printed at the counter of the unit itself and by nobody above it.
PRINTS_SLIPS = UNIT_ROLES


def slip_units(memberships: Iterable[MembershipLike]) -> frozenset[int]:
    """The units at whose windows somebody prints slips."""
    return frozenset(held.unit.pk for held in memberships if held.role in PRINTS_SLIPS)


def slip_duty(memberships: Iterable[M], unit_id: int) -> M | None:
    """The membership by which somebody prints slips at the windows of a unit."""
    return next((held for held in memberships if held.unit.pk == unit_id and held.role in PRINTS_SLIPS), None)
