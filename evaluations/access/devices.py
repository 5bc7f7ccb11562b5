"""Who looks after the tablets, and who must not rate. Each predicate once; everybody asks here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from organizations.enums import UNIT_ROLES, Role

MANAGES_DEVICES = frozenset({Role.SYSTEM_ADMIN, Role.UNIT_SUPERVISOR})


class UnitLike(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def path(self) -> str: ...


class DutyLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> UnitLike: ...
    @property
    def window_id(self) -> int | None: ...


def looks_after(duty: DutyLike, *units: UnitLike) -> bool:
    """Whether a duty includes the tablets of these units: the window's own, and the one that manages its hall.

    Args:
        duty: a membership in force today.
        units: it is enough to supervise one of them, or a unit above.
    """
    if duty.role == Role.SYSTEM_ADMIN:
        return True
    return duty.role == Role.UNIT_SUPERVISOR and any(unit.path.startswith(duty.unit.path) for unit in units)


def rates_own(
    staff_id: int, duties: Iterable[DutyLike], *, rated_staff: int | None, window: int | None, unit: int
) -> bool:
    """Whether somebody who is signed in would rate themselves or their own window (reliability.md §8.2).

    Who sits at a named window is held to that one; who may sit at any window of the unit, or supervises it, to all.

    Args:
        staff_id, duties: the person and what they hold today.
        rated_staff, window, unit: what is rated.
    """
    if staff_id == rated_staff:
        return True
    for duty in duties:
        if duty.role in UNIT_ROLES and (duty.window_id == window if duty.window_id else duty.unit.pk == unit):
            return True
    return False
