"""Which votes somebody may see, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appeals.enums import UPHELD, Vote
from appeals.models import READERS, Appeal, Ballot, Place, Ruling
from organizations.enums import Role
from organizations.models import Staff


@dataclass(frozen=True)
class VoteSeen:
    """One vote as somebody may see it; without a name for the parties."""

    vote: Vote
    reason: str
    name: str = ""
    lenient: bool = False
    lenient_basis: str = ""


@dataclass(frozen=True)
class VotesSeen:
    """counts: of each kind, once there is a ruling. votes: those that may be read."""

    counts: dict[str, int]
    votes: list[VoteSeen]


def votes_seen_by(user: Staff, appeal: Appeal) -> VotesSeen:
    """The votes of an appeal that somebody may see now.

    Before the ruling nobody sees any vote but the own one (docs/ux.md §7: no anchoring). After it the panel,
    supervisors and auditor see them with names and reasons; everybody else who sees the appeal sees the counts and the
    reasons of dissent, without names.

    Returns:
        Nothing at all for who does not see the appeal.
    """
    if not Appeal.objects.filter(pk=appeal.pk).visible_to(user).exists():
        return VotesSeen({}, [])
    ballots = Ballot.objects.filter(place__appeal=appeal).select_related("place__staff").order_by("place__order")
    ruling = Ruling.objects.filter(appeal=appeal).first()
    if ruling is None:
        return VotesSeen({}, [_seen(ballot, named=True) for ballot in ballots if ballot.place.staff_id == user.pk])
    if reads_names(user, appeal):
        return VotesSeen(ruling.votes, [_seen(ballot, named=True) for ballot in ballots])
    dissent = [ballot for ballot in counted(ballots) if dissents(ballot.vote, ruling.outcome)]
    return VotesSeen(ruling.votes, [_seen(ballot, named=False) for ballot in dissent])


def reads_names(user: Staff, appeal: Appeal) -> bool:
    """Whether somebody may know who sits on a panel: its members, supervisors and auditor; never the parties."""
    if Place.objects.filter(appeal=appeal, staff=user, sits_from__isnull=False, left_at=None).exists():
        return True
    return any(
        membership.role in READERS - {Role.DISPATCHER}
        and appeal.case.region_code.startswith(membership.region_prefix or "-")
        and not appeal.unit.path.startswith(membership.unit.path)
        for membership in user.duties
    )


def _seen(ballot: Ballot, *, named: bool) -> VoteSeen:
    name = ballot.place.staff.name if named else ""
    return VoteSeen(Vote(ballot.vote), ballot.reason, name, ballot.lenient, ballot.lenient_basis)


def counted(ballots: Iterable[Ballot]) -> list[Ballot]:
    """Of some votes those that count: whoever has left the panel is not counted."""
    return [ballot for ballot in ballots if ballot.place.sits]


def dissents(vote: str, outcome: str) -> bool:
    """Whether a vote is on the other side of a ruling: 成立 and 部分成立 are one side."""
    return (vote in UPHELD) != (outcome in UPHELD)
