"""Who stands where, among those who can be compared. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.enums import Ties, Unranked
from assessment.scoring.points import Facts, Score
from assessment.scoring.scheme import Scheme


@dataclass(frozen=True)
class Candidate:
    """Somebody with a score.

    group: with whom it is compared, before volume is looked at: 市直, 县市区, one county's units, townships.
    exempt: the reason why it is not ranked, if there is one.
    """

    key: str
    group: str
    facts: Facts
    score: Score
    exempt: str = ""


@dataclass(frozen=True)
class Place:
    """Where somebody stands in its group; without a rank the reason.

    group, volume: with whom it is compared. of: how many of these have a rank. beside: with how many it is shared.
    """

    key: str
    group: str
    volume: str
    rank: int | None = None
    of: int = 0
    beside: int = 0
    unranked: Unranked | None = None


def standings(scheme: Scheme, candidates: Iterable[Candidate]) -> dict[str, Place]:
    """The place of each, the order of the candidates being of no matter.

    Ranks are those of sport: of two that share the second place the next is the fourth.
    """
    groups: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    places: dict[str, Place] = {}
    for one in candidates:
        volume, reason = scheme.volume_of(one.facts.sample).name, _unranked(scheme, one)
        if reason is None:
            groups[one.group, volume].append(one)
        else:
            places[one.key] = Place(one.key, one.group, volume, unranked=reason)
    for some in groups.values():
        places |= _ranked(scheme, some)
    return places


def _unranked(scheme: Scheme, one: Candidate) -> Unranked | None:
    if one.exempt:
        return Unranked.EXEMPT
    if not one.score.assessed:
        return Unranked.NOTHING
    if one.facts.sample < scheme.least:
        return Unranked.SAMPLE
    return Unranked.BASIS if one.score.measured < scheme.measured else None


def _ranked(scheme: Scheme, some: Sequence[Candidate]) -> dict[str, Place]:
    by_order: Mapping[tuple[Decimal, Decimal], list[Candidate]] = defaultdict(list)
    for one in some:
        by_order[_order(scheme, one)].append(one)
    places, rank = {}, 1
    for order in sorted(by_order, reverse=True):
        equals = by_order[order]
        for one in equals:
            volume = scheme.volume_of(one.facts.sample).name
            places[one.key] = Place(one.key, one.group, volume, rank, len(some), len(equals) - 1)
        rank += len(equals)
    return places


def _order(scheme: Scheme, one: Candidate) -> tuple[Decimal, Decimal]:
    """The score, and where the scheme asks for it a further metric; nothing measured stands last."""
    if scheme.ties == Ties.SHARED:
        return one.score.total, Decimal(0)
    ratio = one.facts.measures.get(scheme.ties)
    value = ratio.value if ratio else None
    further = Decimal(-1) if value is None else Decimal(value.numerator) / Decimal(value.denominator)
    return one.score.total, further
