"""Who may sign in and who administers what. Each predicate once; everybody asks here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from common.enums import ExportKind
from organizations.enums import SEPARATED_ROLES, WEIGHTY_ROLES, Role

# 三员分立 (GB/T 22239-2019 §8.1.4.2): accounts and structure, rights, and the trail lie in different hands.
EDITS_STRUCTURE = frozenset({Role.SYSTEM_ADMIN})
GRANTS_ROLES = frozenset({Role.SECURITY_ADMIN})
ENDS_ROLES = EDITS_STRUCTURE | GRANTS_ROLES
DECIDES_PROPOSALS = GRANTS_ROLES | {Role.AUDIT_ADMIN}
READS_TRAIL = frozenset({Role.AUDITOR, Role.AUDIT_ADMIN})
# Whose files these may be, and who agrees to large ones: of cases whoever oversees the city, or guards its accounts.
TAKES_EXPORTS: dict[str, frozenset[Role]] = {
    ExportKind.LEDGER: frozenset(Role) - SEPARATED_ROLES - {Role.PANEL},
    ExportKind.TRAIL: READS_TRAIL,
}
DECIDES_EXPORTS: dict[str, frozenset[Role]] = {
    ExportKind.LEDGER: frozenset({Role.CITY_SUPERVISOR, Role.SECURITY_ADMIN}),
    ExportKind.TRAIL: READS_TRAIL,
}
KEEPS_SIGNS = EDITS_STRUCTURE | {Role.UNIT_SUPERVISOR}
# A unit must not be able to silence its own windows, so calling a code misused is not left to it.
STOPS_SIGNS = EDITS_STRUCTURE


class UnitLike(Protocol):
    @property
    def path(self) -> str: ...


class HallLike(Protocol):
    @property
    def unit(self) -> UnitLike: ...


class WindowLike(Protocol):
    @property
    def hall(self) -> HallLike: ...
    @property
    def unit(self) -> UnitLike: ...


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> UnitLike: ...


M = TypeVar("M", bound=MembershipLike)


def takes_two(role: str, *, second_person: bool) -> bool:
    """Whether one administrator proposes a role and another one has to agree.

    Args:
        second_person: the setting ROLE_SECOND_PERSON.
    """
    return second_person and role in WEIGHTY_ROLES


def may_decide(by: int, *, proposer: int, staff: int) -> bool:
    """Neither who proposed a role for somebody, nor whoever it is for, agrees to it. All are ids of people."""
    return by not in (proposer, staff)


def kinds_for(held: Iterable[MembershipLike], allowed: dict[str, frozenset[Role]]) -> list[str]:
    """The kinds of exports that somebody may order and take, or agree to, by one of the tables above."""
    roles = {one.role for one in held}
    return [kind for kind, rightful in allowed.items() if roles & rightful]


def may_sign_in(*, active: bool, demo: bool, production: bool) -> bool:
    """Whether an account may sign in, and stay signed in.

    Args:
        active: it has not been disabled.
        demo: it belongs to the demo city.
        production: the portal runs in earnest.
    """
    return active and not (demo and production)


def sign_scope(memberships: Iterable[MembershipLike]) -> frozenset[str]:
    """The paths of the units whose windows' and halls' signs somebody prints and renews; "/" is every unit."""
    return frozenset(filter(None, map(_sign_reach, memberships)))


def sign_duty(memberships: Iterable[M], window: WindowLike) -> M | None:
    """The membership by which somebody keeps the sign of a window: of its unit, or of the unit that runs the hall."""
    return next((held for held in memberships if _reaches(_sign_reach(held), window)), None)


def _sign_reach(membership: MembershipLike) -> str:
    if membership.role in EDITS_STRUCTURE:
        return "/"
    return membership.unit.path if membership.role in KEEPS_SIGNS else ""


def _reaches(path: str, window: WindowLike) -> bool:
    return bool(path) and (window.unit.path.startswith(path) or window.hall.unit.path.startswith(path))
