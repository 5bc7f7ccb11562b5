"""Questions about appeals: who may sit, what is still missing, who sees which votes, how often which unit is right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from appeals.access import Candidate, Contested
from appeals.enums import UPHELD, Proof, Seat, Stage, Vote
from appeals.grounds import missing
from appeals.models import READERS, Appeal, AppealQuerySet, Ballot, CitizenFact, PanelMember, Place, Relation, Ruling
from common.ids import keyed_hash
from organizations.enums import Role
from organizations.models import Membership, Staff, Unit
from organizations.queries import working_calendar
from rectification.deadlines import due_at
from rectification.enums import Action, Duty, TimeUnit
from rectification.models import Case
from rectification.queries import Share, clock_rules, rule_for, rules_in_force

# --- time -----------------------------------------------------------------------------------------------------


def limit_of(duty: Duty, start: datetime) -> datetime:
    """When a limit ends that began at a moment, by the rules of the regulation in force on that day.

    Args:
        duty: `APPEAL_FILE`, `APPEAL` or `REVIEW_FILE` (docs/domain.md §5.1).
    """
    rule = rule_for(rules_in_force(timezone.localdate(start)), duty, "")
    return _due(start, rule.amount, TimeUnit(rule.time_unit))


def working_days_after(start: datetime, days: int) -> datetime:
    """The closing time of the so-and-so-many-th working day after a moment."""
    return _due(start, days, TimeUnit.WORKING_DAYS)


def _due(start: datetime, amount: int, unit: TimeUnit) -> datetime:
    day = timezone.localdate(start)
    return due_at(start, amount, unit, working_calendar(day, day + timedelta(days=60)), clock_rules()).at


def dispatched_at(case: Case) -> datetime | None:
    """When the case was sent to the unit that has it now; a unit it was sent on to has its own time to file."""
    return case.events.filter(action=Action.DISPATCH).order_by("id").values_list("at", flat=True).last()


# --- evidence -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """Kinds of evidence of which a ground needs one, and whether it is there."""

    kinds: tuple[Proof, ...]
    met: bool


def needs_of(appeal: Appeal) -> list[Need]:
    """The checklist of an appeal: what its ground needs, and what of it is there. A review keeps what was there."""
    there = proofs_of(appeal)
    return [Need(tuple(Proof(kind) for kind in kinds), not missing([kinds], there)) for kinds in appeal.ground.needs]


def proofs_of(appeal: Appeal) -> set[str]:
    """The kinds of evidence in an appeal and, for a review, in its first round."""
    return set(_exhibits(appeal).values_list("kind", flat=True))


def _exhibits(appeal: Appeal) -> QuerySet:
    rounds = [appeal.pk, appeal.reviews_id] if appeal.reviews_id else [appeal.pk]
    return appeal.exhibits.model.objects.filter(appeal__in=rounds)


def new_evidence(appeal: Appeal) -> int:
    """How many exhibits of a review were not in the first round: another file, or other words."""
    assert appeal.reviews is not None
    known = {_mark(*row) for row in appeal.reviews.exhibits.values_list("sha256", "text")}
    return len({_mark(*row) for row in appeal.exhibits.values_list("sha256", "text")} - known)


def _mark(sha256: str, text: str) -> str:
    return sha256 or "".join(text.split())


# --- who may sit ----------------------------------------------------------------------------------------------


def contested(appeal: Appeal) -> Contested:
    """What an appeal is about, as far as it bars people: units, the rated person, everybody who had to do with it."""
    case = appeal.case
    units = [pk for pk in (appeal.unit_id, case.unit_id, case.rated_unit_id, appeal.other_unit_id) if pk is not None]
    acted = set(case.events.exclude(actor=None).values_list("actor_id", flat=True))
    wrote = {person for pair in case.reports.values_list("by_id", "checked_by_id") for person in pair}
    filed = set(case.appeals.values_list("by_id", flat=True))
    brought = set(_exhibits(appeal).values_list("by_id", flat=True))
    seated = Place.objects.filter(appeal=appeal.reviews_id, sits_from__isnull=False)
    return Contested(
        paths=frozenset(Unit.objects.filter(pk__in=units).values_list("path", flat=True)),
        rated_staff=case.rated_staff_id,
        handlers=frozenset(pk for pk in (*acted, *wrote, *filed, *brought, case.handler_id) if pk is not None),
        earlier=frozenset(seated.values_list("staff_id", flat=True)) if appeal.reviews_id else frozenset(),
    )


def candidates(at: datetime, staff: Iterable[int] | None = None) -> list[Candidate]:
    """The pool as it stands on a day, with units, roles and declared relations.

    Args:
        staff: only these people; whoever of them is in no pool comes back as not listed.
    """
    today = timezone.localdate(at)
    listed = dict(PanelMember.objects.values_list("staff_id", "active"))
    people = set(listed) if staff is None else set(staff)
    held: dict[int, set[str]] = {}
    panel: set[int] = set()
    memberships = Membership.objects.in_force(today).filter(staff__in=people)
    for person, role, path in memberships.values_list("staff_id", "role", "unit__path"):
        held.setdefault(person, set()).add(path)
        panel |= {person} if role == Role.PANEL else set()
    units: dict[int, set[str]] = {}
    others: dict[int, set[int]] = {}
    declared = Relation.objects.filter(member__staff__in=people, ended_at=None)
    for person, path, other in declared.values_list("member__staff_id", "unit__path", "staff_id"):
        if path:
            units.setdefault(person, set()).add(path)
        else:
            others.setdefault(person, set()).add(other)
    return [
        Candidate(
            staff=person,
            paths=frozenset(held.get(person, ())),
            related_paths=frozenset(units.get(person, ())),
            related_staff=frozenset(others.get(person, ())),
            listed=listed.get(person, False) and person in panel,
        )
        for person in sorted(people)
    ]


# --- votes ----------------------------------------------------------------------------------------------------


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


# --- rulings --------------------------------------------------------------------------------------------------


def rulings_in_force() -> QuerySet[Ruling]:
    """The rulings that hold: of an appeal that was reviewed, that of the review."""
    return Ruling.objects.exclude(appeal__review__stage=Stage.RULED)


def fact_of(token: str) -> CitizenFact | None:
    """What a link asks the evaluator for; None for a link nobody has sent."""
    return CitizenFact.objects.filter(token_hash=token_hash(token)).select_related("appeal__case").first()


def token_hash(token: str) -> str:
    """What is stored of the secret in an evaluator's link."""
    return keyed_hash("appeal-facts", token)


@dataclass(frozen=True)
class Figure:
    """How a unit or a ground fares: how many were filed, and of how many rulings how many upheld."""

    key: str
    name: str
    filed: int
    upheld: Share

    @property
    def alarm(self) -> bool:
        """Whether so many are upheld that somebody should look (settings APPEAL_ALARM_SHARE, APPEAL_ALARM_MIN)."""
        enough = self.upheld.whole >= settings.APPEAL_ALARM_MIN
        return enough and self.upheld.part * 100 > settings.APPEAL_ALARM_SHARE * self.upheld.whole


def figures_by_unit(appeals: AppealQuerySet) -> list[Figure]:
    """Each unit with its appeals. An appeal that was reviewed counts once, with what the review came to.

    Args:
        appeals: those to count, as `visible_to` gave them.
    """
    return _figures(appeals, "unit__code", "unit__name")


def figures_by_ground(appeals: AppealQuerySet) -> list[Figure]:
    """Each ground with its appeals, counted as in `figures_by_unit`."""
    return _figures(appeals, "ground__code", "ground__name")


def _figures(appeals: AppealQuerySet, key: str, name: str) -> list[Figure]:
    first = appeals.filed().filter(round=1).annotate(outcome=Coalesce("review__ruling__outcome", "ruling__outcome"))
    rows = (
        first.order_by()
        .values(group=F(key), label=F(name))
        .annotate(filed=Count("pk"), ruled=Count("outcome"), upheld=Count("pk", filter=Q(outcome__in=UPHELD)))
        .order_by("group")
    )
    return [Figure(r["group"], r["label"], r["filed"], Share(r["upheld"], r["ruled"])) for r in rows]


def sitting(appeal: Appeal) -> list[Place]:
    """Who sits on the panel now, in the order of their seats."""
    return list(appeal.places.filter(sits_from__isnull=False, left_at=None).select_related("staff", "ballot"))


def deputies(appeal: Appeal) -> list[Place]:
    """Who has not been needed yet, in the order in which they step in."""
    return list(appeal.places.filter(seat=Seat.DEPUTY, sits_from=None, left_at=None))
