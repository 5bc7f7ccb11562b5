"""Who writes, signs and reads the notice. Each predicate once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from organizations.enums import UNIT_ROLES, RegionLevel, Role

# The notice is the city's: whoever supervises it drafts, reviews and signs, never one person alone.
WRITES = frozenset({Role.CITY_SUPERVISOR, Role.DISPATCHER})
SIGNS = frozenset({Role.CITY_SUPERVISOR})
READS_DRAFTS = WRITES | {Role.AUDITOR}
# It is served on every unit; its supervisor says that it was read.
ACKNOWLEDGES = frozenset({Role.UNIT_SUPERVISOR, Role.COUNTY_SUPERVISOR})
READS_NOTICES = READS_DRAFTS | ACKNOWLEDGES

# 总览: who answers for what happens in a city, a county or a unit.
SUPERVISES = frozenset({Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR, Role.UNIT_SUPERVISOR})

# 督办卷: a division's managing body opens, leads and closes them; whoever supervises it and its trail may read them.
MANAGES_DOSSIERS = frozenset({Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR})
READS_DOSSIERS = MANAGES_DOSSIERS | {Role.DISPATCHER, Role.AUDITOR}
MEETS_DOSSIERS = READS_DOSSIERS | UNIT_ROLES
# Who says something in the name of a unit that is asked about itself (`speaks_for`).
ANSWERS_FOR_UNITS = frozenset({Role.UNIT_SUPERVISOR, Role.COUNTY_SUPERVISOR})


# 暗访、巡查: whom the managing body of a division may send.
INSPECTS = MANAGES_DOSSIERS | {Role.DISPATCHER}


class UnitLike(Protocol):
    @property
    def pk(self) -> int: ...
    @property
    def path(self) -> str: ...


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def region_prefix(self) -> str | None: ...
    @property
    def unit(self) -> UnitLike: ...


@dataclass(frozen=True)
class Supervised:
    """regional: somebody supervises a division, so that there are units to compare. city: all of them."""

    regional: bool
    city: bool


def supervised(memberships: Iterable[MembershipLike]) -> Supervised:
    """What somebody's overview reaches."""
    prefixes = [held.region_prefix or "" for held in memberships if held.role in SUPERVISES - {Role.UNIT_SUPERVISOR}]
    lengths = [len(prefix) for prefix in prefixes if prefix]
    return Supervised(bool(lengths), RegionLevel.CITY in lengths)


M = TypeVar("M", bound=MembershipLike)


def for_the_city(memberships: Iterable[M], roles: Collection[Role]) -> M | None:
    """The membership by which somebody holds one of these roles in the city's office; a county's has no part."""
    for held in memberships:
        if held.role in roles and len(held.region_prefix or "") == RegionLevel.CITY:
            return held
    return None


def extract_paths(memberships: Iterable[MembershipLike]) -> list[str]:
    """Below which units somebody reads extracts: a supervisor of a unit those of it and of what is under it."""
    return [held.unit.path for held in memberships if held.role == Role.UNIT_SUPERVISOR]


def extract_regions(memberships: Iterable[MembershipLike]) -> list[str]:
    """In which divisions somebody reads extracts: a county's managing body those of its county."""
    return [held.region_prefix for held in memberships if held.role == Role.COUNTY_SUPERVISOR and held.region_prefix]


def managing(memberships: Iterable[M], region_code: str, unit: UnitLike | None = None) -> M | None:
    """The membership by which somebody leads what lies in a division, and signs off what its units did.

    Args:
        region_code: of the dossier.
        unit: whose work is judged; nobody judges the work of the body they sit in.
    """
    for held in memberships:
        prefix = held.region_prefix
        inside = held.role in MANAGES_DOSSIERS and prefix and region_code.startswith(prefix)
        if inside and (unit is None or unit.pk != held.unit.pk):
            return held
    return None


def answering(memberships: Iterable[M], unit: UnitLike) -> M | None:
    """The membership by which somebody does what a unit has to do: in it, or above it.

    For a county's managing body that is also its supervisor: the city judges the body by its county's work.
    """
    for held in memberships:
        own = held.role == Role.COUNTY_SUPERVISOR and held.unit.pk == unit.pk
        if own or (held.role in UNIT_ROLES and unit.path.startswith(held.unit.path)):
            return held
    return None


def speaks_for(memberships: Iterable[M], unit: UnitLike) -> M | None:
    """The membership by which somebody answers in the name of a unit when it is asked about itself."""
    for held in memberships:
        own = held.role == Role.COUNTY_SUPERVISOR and held.unit.pk == unit.pk
        if own or (held.role == Role.UNIT_SUPERVISOR and unit.path.startswith(held.unit.path)):
            return held
    return None


def arranges(memberships: Iterable[M], unit: UnitLike) -> M | None:
    """The membership by which somebody says who in a unit does what it has to do."""
    for held in memberships:
        if held.role == Role.UNIT_SUPERVISOR and unit.path.startswith(held.unit.path):
            return held
    return None


def inspecting(memberships: Iterable[M], region_code: str) -> M | None:
    """The membership by which somebody may be sent to inspect in a division."""
    for held in memberships:
        if held.role in INSPECTS and held.region_prefix and region_code.startswith(held.region_prefix):
            return held
    return None


def meets(memberships: Iterable[MembershipLike], region_code: str, unit: UnitLike) -> bool:
    """Whether somebody reads a dossier in which a unit has a part, by their division or by that unit.

    Args:
        region_code: where the unit's matter lies.
    """
    for held in memberships:
        prefix = held.region_prefix
        if held.role in READS_DOSSIERS and prefix and region_code.startswith(prefix):
            return True
        if held.role in UNIT_ROLES and unit.path.startswith(held.unit.path):
            return True
    return False


def acknowledging(memberships: Iterable[M], units: Collection[int]) -> dict[int, M]:
    """The membership by which somebody says for each of these units that something was read, by the unit's key."""
    return {held.unit.pk: held for held in memberships if held.role in ACKNOWLEDGES and held.unit.pk in units}
