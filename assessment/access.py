"""Who reads figures, and who says what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from evaluations.access import READS_RATINGS
from organizations.enums import RegionLevel, Role

# A figure and the ratings behind it have the same readers.
READS_FIGURES = READS_RATINGS
SETS_BASELINE = frozenset({Role.CITY_SUPERVISOR})


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
