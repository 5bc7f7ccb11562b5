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

    group: that of the candidate, with the volume.
    of: how many of the group have a rank. beside: with how many others the rank is shared.
    """

    key: str
    group: str
    rank: int | None = None
    of: int = 0
    beside: int = 0
    unranked: Unranked | None = None


def standings(scheme: Scheme, candidates: Iterable[Candidate]) -> dict[str, Place]:
    """The place of each, the order of the candidates being of no matter.

    Ranks are those of sport: of two that share the second place the next is the fourth.
    """
    groups: dict[str, list[Candidate]] = defaultdict(list)
    places: dict[str, Place] = {}
    for one in candidates:
        group = group_of(scheme, one)
        reason = _unranked(scheme, one)
        if reason is None:
            groups[group].append(one)
        else:
            places[one.key] = Place(one.key, group, unranked=reason)
    for group, some in groups.items():
        places |= _ranked(scheme, group, some)
    return places


def group_of(scheme: Scheme, one: Candidate) -> str:
    """The group with its volume: "city_units/高频"."""
    volume = scheme.volume_of(one.facts.sample).name
    return f"{one.group}/{volume}" if volume else one.group


def _unranked(scheme: Scheme, one: Candidate) -> Unranked | None:
    if one.exempt:
        return Unranked.EXEMPT
    if not one.score.assessed:
        return Unranked.NOTHING
    return Unranked.SAMPLE if one.facts.sample < scheme.least else None


def _ranked(scheme: Scheme, group: str, some: Sequence[Candidate]) -> dict[str, Place]:
    by_order: Mapping[tuple[Decimal, Decimal], list[str]] = defaultdict(list)
    for one in some:
        by_order[_order(scheme, one)].append(one.key)
    places, rank = {}, 1
    for order in sorted(by_order, reverse=True):
        keys = by_order[order]
        for key in keys:
            places[key] = Place(key, group, rank, len(some), len(keys) - 1)
        rank += len(keys)
    return places


def _order(scheme: Scheme, one: Candidate) -> tuple[Decimal, Decimal]:
    """The score, and where the scheme asks for it a further metric; nothing measured stands last."""
    if scheme.ties == Ties.SHARED:
        return one.score.total, Decimal(0)
    ratio = one.facts.measures.get(scheme.ties)
    value = ratio.value if ratio else None
    further = Decimal(-1) if value is None else Decimal(value.numerator) / Decimal(value.denominator)
    return one.score.total, further
