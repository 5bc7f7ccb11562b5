"""Who may contest a rating, and who may not sit on its panel. Each predicate once; everybody asks here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from appeals.enums import Appellant, Recusal
from rectification.access import CaseLike
from rectification.enums import Party

FOR_THE_UNIT = frozenset({Party.HANDLER, Party.UNIT_SUPERVISOR})


def sides(staff_id: int, standing: Collection[Party], case: CaseLike) -> list[Appellant]:
    """On whose behalf somebody may contest a rating: for the unit that handles it, or as the person who was rated.

    Args:
        standing: the capacities of `rectification.access.parties`; the rated person never handles the case and so never
            contests it for the unit.
    """
    found = [Appellant.UNIT] if FOR_THE_UNIT & set(standing) else []
    return [*found, Appellant.PERSON] if case.rated_staff_id == staff_id else found


@dataclass(frozen=True)
class Contested:
    """What an appeal is about, as far as it bars people from its panel.

    Attributes:
        paths: of the units it concerns: the appellant's, the rated one, and the one that is said to be responsible.
        rated_staff: the rated person.
        other_staff: who is said to be the one who should have been rated.
        handlers: everybody who has acted on the case, and who filed the appeal.
        earlier: members of the panel whose ruling is reviewed.
        next_level: only people of the city may sit: the ruling on a county's case is reviewed one level up.
    """

    paths: frozenset[str]
    rated_staff: int | None
    handlers: frozenset[int]
    other_staff: int | None = None
    earlier: frozenset[int] = frozenset()
    next_level: bool = False


@dataclass(frozen=True)
class Candidate:
    """Somebody of the pool.

    Attributes:
        paths: of all units in which they hold a role today.
        related_paths, related_staff: units and people they have declared a relation to.
        listed: in the pool, and still 评审成员 somewhere.
        of_city: 评审成员 at a unit of the city itself.
    """

    staff: int
    paths: frozenset[str]
    related_paths: frozenset[str] = frozenset()
    related_staff: frozenset[int] = frozenset()
    listed: bool = True
    of_city: bool = True


def barred(candidate: Candidate, contested: Contested) -> Recusal | None:
    """Why somebody may not sit on the panel of an appeal; None if they may. Asked at the draw and at every vote.

    Source: docs/domain.md §7.3 (回避), docs/reliability.md §5 (evaluated at vote time, not only at assignment).
    """
    if not candidate.listed:
        return Recusal.OFF
    concerned = {contested.rated_staff, contested.other_staff} - {None}
    if candidate.staff in concerned:
        return Recusal.PERSON
    if _overlap(candidate.paths, contested.paths):
        return Recusal.OWN_UNIT
    if candidate.staff in contested.handlers | contested.earlier:
        return Recusal.HANDLED
    people = contested.handlers | concerned
    if _overlap(candidate.related_paths, contested.paths) or candidate.related_staff & people:
        return Recusal.RELATION
    return Recusal.LEVEL if contested.next_level and not candidate.of_city else None


def _overlap(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a unit of the one side is, contains or belongs to a unit of the other.

    The city's top unit contains all; somebody who holds a role there holds it for the whole city.
    """
    others = tuple(others)
    return any(one.startswith(other) or other.startswith(one) for one in ones for other in others)
