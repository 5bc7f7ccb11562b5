"""Who decides what the public sees. Each predicate once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from organizations.enums import Role
from rectification.access import CaseLike, MembershipLike, oversees

# The management body looks, never the unit that was rated; the auditor reads.
DISCLOSES = frozenset({Role.DISPATCHER, Role.COUNTY_SUPERVISOR, Role.CITY_SUPERVISOR})
READS_DISCLOSURES = DISCLOSES | {Role.AUDITOR}

M = TypeVar("M", bound=MembershipLike)


def reviewer(memberships: Iterable[M], case: CaseLike) -> M | None:
    """The membership by which somebody decides about a case: of a body above it, never of the unit it concerns."""
    for membership in memberships:
        outside = membership.unit.pk not in (case.unit.pk, case.rated_unit_id)
        if membership.role in DISCLOSES and outside and oversees(membership, case):
            return membership
    return None
