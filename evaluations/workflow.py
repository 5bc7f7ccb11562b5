"""The way of a suggestion as a table: who may do what to it, from which stage, and where that leads. Pure.

Read a row as: *action*, allowed in *sources*, leads to *target* (None: the stage stays), by *who*.
Source: the city's report (收集120余条、采纳30余条, with what was changed: domain.md §1 row 3), demands.md §1 no. 12
(a funnel with an answer to the proposer).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from evaluations.enums.suggestions import (
    ADOPTING,
    SuggestionAct,
    SuggestionParty,
    SuggestionStage,
)
from organizations.enums import Role

A, S, P = SuggestionAct, SuggestionStage, SuggestionParty
SORTERS = frozenset({Role.DISPATCHER, Role.CITY_SUPERVISOR})
READERS = SORTERS | {Role.UNIT_SUPERVISOR, Role.COUNTY_SUPERVISOR, Role.AUDITOR}


class NotAllowed(Exception):
    """The act is refused. `reason` is a short machine word: "stage" or "party"."""

    def __init__(self, action: SuggestionAct, reason: str) -> None:
        super().__init__(f"{action}: {reason}")
        self.action, self.reason = action, reason


@dataclass(frozen=True)
class Transition:
    action: SuggestionAct
    sources: frozenset[SuggestionStage]
    target: SuggestionStage | None
    who: frozenset[SuggestionParty]


def _row(
    action: SuggestionAct,
    sources: Iterable[SuggestionStage],
    target: SuggestionStage | None,
    who: Iterable[SuggestionParty],
) -> Transition:
    return Transition(action, frozenset(sources), target, frozenset(who))


TRANSITIONS: dict[SuggestionAct, Transition] = {
    row.action: row
    for row in (
        # The management body names the unit that is to answer; it may name another while nobody has answered.
        _row(A.SORT, [S.RECEIVED, S.SORTED], S.SORTED, [P.SORTER]),
        _row(A.MERGE, [S.RECEIVED, S.SORTED], S.MERGED, [P.SORTER]),
        _row(A.SET_ASIDE, [S.RECEIVED], S.SET_ASIDE, [P.SORTER]),
        _row(A.HAND_BACK, [S.SORTED], S.RECEIVED, [P.UNIT]),
        _row(A.ANSWER, [S.SORTED], S.ANSWERED, [P.UNIT]),
        # 落实: only what was adopted can be done; the action and a CHECK see to it.
        _row(A.RECORD_RESULT, [S.ANSWERED], S.DONE, [P.UNIT]),
        _row(A.PUBLISH, [S.ANSWERED, S.DONE], None, [P.SORTER]),
    )
}

# What a stage waits for: the act offered first.
NEXT_STEP: dict[SuggestionStage, SuggestionAct] = {
    S.RECEIVED: A.SORT,
    S.SORTED: A.ANSWER,
    S.ANSWERED: A.RECORD_RESULT,
}


def check(action: SuggestionAct, stage: SuggestionStage, parties: Collection[SuggestionParty]) -> Transition:
    """The row that allows an act, stage first, then permission.

    Raises:
        NotAllowed: with reason "stage" or "party".
    """
    row = TRANSITIONS.get(action)
    if row is None or stage not in row.sources:
        raise NotAllowed(action, "stage")
    if row.who.isdisjoint(parties):
        raise NotAllowed(action, "party")
    return row


def offered(
    stage: SuggestionStage, verdict: str, parties: Collection[SuggestionParty], *, unlooked: bool
) -> list[SuggestionAct]:
    """The acts open to these parties, the next step first: what has nothing to act on is not offered.

    Args:
        verdict: what was decided, or empty: only what was adopted can be carried out.
        unlooked: there is something to publish that nobody has looked at.
    """
    acts = [act for act, row in TRANSITIONS.items() if stage in row.sources and not row.who.isdisjoint(parties)]
    if not may_be_done(verdict):
        acts = [act for act in acts if act != A.RECORD_RESULT]
    if not unlooked:
        acts = [act for act in acts if act != A.PUBLISH]
    return sorted(acts, key=lambda act: act != NEXT_STEP.get(stage))


def may_be_done(verdict: str) -> bool:
    """Whether a decision promises that something will change."""
    return verdict in ADOPTING


class UnitLike(Protocol):
    @property
    def path(self) -> str: ...


class MembershipLike(Protocol):
    @property
    def role(self) -> str: ...
    @property
    def unit(self) -> UnitLike: ...
    @property
    def region_prefix(self) -> str | None: ...


class SuggestionLike(Protocol):
    """What a rule needs to know of a suggestion."""

    @property
    def region_code(self) -> str: ...
    @property
    def unit(self) -> UnitLike | None: ...


M = TypeVar("M", bound=MembershipLike)


def parties(memberships: Iterable[M], suggestion: SuggestionLike) -> Mapping[SuggestionParty, M]:
    """In which capacities somebody stands towards a suggestion, with the membership each follows from.

    Args:
        memberships: in force today.
        suggestion: with its unit.
    """
    standing: dict[SuggestionParty, M] = {}
    for membership in memberships:
        prefix = membership.region_prefix
        if membership.role in SORTERS and prefix is not None and suggestion.region_code.startswith(prefix):
            standing.setdefault(P.SORTER, membership)
        elif (
            membership.role == Role.UNIT_SUPERVISOR
            and suggestion.unit is not None
            and suggestion.unit.path.startswith(membership.unit.path)
        ):
            standing.setdefault(P.UNIT, membership)
    return standing
