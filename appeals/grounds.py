"""What a ground needs, and what an upheld one does. Pure; the grounds themselves are rows (`models.Ground`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from appeals.enums import UPHELD, Effect, Proof, Vote


class Effects(NamedTuple):
    """The three effects of a ruling, decided apart (domain.md §7.2)."""

    public: Effect
    unit_score: Effect
    staff_score: Effect

    @property
    def ends_case(self) -> bool:
        """Whether nothing is left to rectify: the rating does not count against the unit at all."""
        return self.unit_score == Effect.EXCLUDE

    @property
    def moves_case(self) -> bool:
        """Whether another unit has to rectify."""
        return self.unit_score == Effect.MOVE


# Another person of the same unit should have been rated: only the count of persons moves.
WITHIN_UNIT = Effects(Effect.KEEP, Effect.KEEP, Effect.MOVE)
NO_EFFECT = Effects(Effect.KEEP, Effect.KEEP, Effect.KEEP)


def missing(needs: Sequence[Sequence[str]], there: Collection[str]) -> list[list[Proof]]:
    """What a filing still lacks: of each list that is returned, one kind is needed.

    Args:
        needs: lists of alternatives; of each one is needed.
        there: kinds of evidence that were given.
    """
    return [[Proof(kind) for kind in kinds] for kinds in needs if not set(kinds) & set(there)]


def effects_of(outcome: Vote, ground: Effects, *, within_unit: bool = False) -> Effects:
    """What a ruling does, by what was found.

    Upheld in part, it stays in the public count, counts half against the unit, and against the person as the ground
    says; a case that lies with the wrong unit cannot lie there in part. (docs/decisions.md)

    Args:
        within_unit: it is said to lie with another person of the same unit, and with no other unit.
    """
    if outcome not in UPHELD:
        return NO_EFFECT
    if ground.moves_case:
        return WITHIN_UNIT if within_unit else ground
    if outcome == Vote.UPHOLD:
        return ground
    return Effects(Effect.KEEP, Effect.HALF if ground.ends_case else ground.unit_score, ground.staff_score)
