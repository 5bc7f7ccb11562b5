"""Who reads figures, and who says what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from evaluations.access import READS_RATINGS
from organizations.enums import REGION_ROLES, RegionLevel, Role

# A figure and the ratings behind it have the same readers.
READS_FIGURES = READS_RATINGS
SETS_BASELINE = frozenset({Role.CITY_SUPERVISOR})
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


def reads_whole_city(memberships: Iterable[MembershipLike]) -> bool:
    """Whether what somebody reads is the city, which alone can be compared with the city of another year."""
    return any(
        membership.role in READS_FIGURES and len(membership.region_prefix or "") == RegionLevel.CITY
        for membership in memberships
    )


def score_prefixes(memberships: Iterable[MembershipLike]) -> list[str]:
    """The divisions whose scores somebody reads by a role of the management body."""
    return [
        membership.region_prefix
        for membership in memberships
        if membership.role in READS_SCORES & REGION_ROLES and membership.region_prefix
    ]
