"""Who reads figures, and who says what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from evaluations.access import READS_RATINGS
from organizations.enums import REGION_ROLES, SUPERVISOR_ROLES, RegionLevel, Role

# A figure and the ratings behind it have the same readers.
READS_FIGURES = READS_RATINGS
SETS_BASELINE = frozenset({Role.CITY_SUPERVISOR})
# 疑点: who decides, within a region; who reads; who may explain what was found about the own unit.
DECIDES_FINDINGS = frozenset({Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR})
_REGIONAL = DECIDES_FINDINGS | {Role.AUDITOR}
EXPLAINS_FINDINGS = frozenset({Role.UNIT_SUPERVISOR})
READS_FINDINGS = _REGIONAL | EXPLAINS_FINDINGS


class UnitLike(Protocol):
    @property
    def path(self) -> str: ...


class RegionLike(Protocol):
    @property
    def code(self) -> str: ...


class PlacedUnit(UnitLike, Protocol):
    @property
    def region(self) -> RegionLike: ...


# 考核: who reads scores, who says by which scheme, and who closes a quarter.
READS_SCORES = frozenset({Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR, Role.AUDITOR, Role.UNIT_SUPERVISOR})
READS_SCHEMES = READS_SCORES
KEEPS_SCHEMES = frozenset({Role.CITY_SUPERVISOR})
CLOSES_QUARTERS = frozenset({Role.CITY_SUPERVISOR})
READS_QUARTERS = frozenset({Role.CITY_SUPERVISOR, Role.AUDITOR})
OBJECTS = frozenset({Role.UNIT_SUPERVISOR})


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def region_prefix(self) -> str | None: ...
    @property
    def unit(self) -> UnitLike: ...


def reads_whole_city(memberships: Iterable[MembershipLike]) -> bool:
    """Whether what somebody reads is the city, which alone can be compared with the city of another year."""
    return any(
        membership.role in READS_FIGURES and len(membership.region_prefix or "") == RegionLevel.CITY
        for membership in memberships
    )


def finding_regions(memberships: Iterable[MembershipLike]) -> frozenset[str]:
    """The beginnings of division codes within which somebody reads every finding."""
    return frozenset(held.region_prefix or "" for held in memberships if held.role in _REGIONAL) - {""}


def finding_paths(memberships: Iterable[MembershipLike]) -> frozenset[str]:
    """The paths of the units below which somebody reads findings as the one they are about."""
    return frozenset(held.unit.path for held in memberships if held.role in EXPLAINS_FINDINGS)


def reads_findings_of_no_unit(memberships: Iterable[MembershipLike]) -> bool:
    """Whether somebody reads what is about no unit but about a source: those who read the whole city."""
    return any(held.role in _REGIONAL and len(held.region_prefix or "") == RegionLevel.CITY for held in memberships)


M = TypeVar("M", bound=MembershipLike)


def deciding_duty(memberships: Iterable[M], unit: PlacedUnit | None) -> M | None:
    """The membership by which somebody decides a finding about a unit, or of no unit; nobody decides on their own.

    A management body's supervisor does not decide what is about the body itself (as with reports of pressure, D129).
    """
    for held in memberships:
        if held.role not in DECIDES_FINDINGS:
            continue
        prefix = held.region_prefix or ""
        if unit is None and len(prefix) == RegionLevel.CITY:
            return held
        if unit and prefix and unit.region.code.startswith(prefix) and not unit.path.startswith(held.unit.path):
            return held
    return None


def explaining_duty(memberships: Iterable[M], unit: PlacedUnit | None) -> M | None:
    """The membership by which somebody explains a finding about the own unit or one below it."""
    held_here = (held for held in memberships if held.role in EXPLAINS_FINDINGS)
    return next((held for held in held_here if unit and unit.path.startswith(held.unit.path)), None)


def score_prefixes(memberships: Iterable[MembershipLike]) -> list[str]:
    """The divisions whose scores somebody reads by a role of the management body."""
    return [
        membership.region_prefix
        for membership in memberships
        if membership.role in READS_SCORES & REGION_ROLES and membership.region_prefix
    ]


# 问题类别: who keeps the rules, and who corrects the class of a case: never the unit that is rated.
KEEPS_CLASSES = frozenset({Role.CITY_SUPERVISOR})
READS_CLASSES = READS_FIGURES
CORRECTS_CLASSES = SUPERVISOR_ROLES


def correcting_duty(memberships: Iterable[M], unit: PlacedUnit) -> M | None:
    """The membership by which somebody says what class a case of a unit is of.

    Whoever oversees does not do it for the own body: a class over its threshold begins a campaign there.
    """
    for held in memberships:
        inside = held.role in CORRECTS_CLASSES and unit.region.code.startswith(held.region_prefix or "-")
        if inside and not unit.path.startswith(held.unit.path):
            return held
    return None
