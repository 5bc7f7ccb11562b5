"""Lists of appeals: the ledger with its saved filters, what waits for whom, and the panel's home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from appeals.ballot import quorum
from appeals.casefile import is_heard
from appeals.contests import may_still_contest
from appeals.enums import OPEN_STAGES, Proof, Stage
from appeals.models import (
    CONFIRMERS,
    READERS,
    Appeal,
    AppealQuerySet,
    CitizenFact,
    Exhibit,
    PanelMember,
    Place,
    Relation,
    Ruling,
)
from appeals.queries import Figure, figures_by_unit
from organizations.enums import SUPERVISOR_ROLES, Role
from organizations.models import Membership, Staff

# Who may have an appeal to see: as a party, on a panel, or in the management body.
OPENS = READERS | {Role.WINDOW, Role.UNIT_SUPERVISOR, Role.CALLBACK, Role.PANEL}
SERVES = SUPERVISOR_ROLES | {Role.DISPATCHER}
# Within this time of the end, a panel without a quorum is at risk.
AT_RISK = timedelta(days=1)
MEASURED = timedelta(days=365)
LAST = 20

# --- the ledger -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """One saved filter over the ledger."""

    label: Promise
    question: Q
    empty: Promise


VIEWS: Mapping[str, View] = {
    "open": View(_("评审中"), Q(now_at__in=OPEN_STAGES), _("没有在评审的申诉。")),
    "waiting": View(_("缺评审员"), Q(now_at=Stage.DRAWING), _("没有缺评审员的申诉。")),
    "serve": View(_("待送达"), Q(unserved=True), _("没有等待核对送达的裁定。")),
    "all": View(_("全部"), Q(), _("还没有申诉。")),
}


def views_of(user: Staff) -> list[str]:
    """The saved filters of a person: who serves rulings sees what waits for that."""
    return list(VIEWS) if user.has_role(*SERVES) else ["open", "all"]


def ledger(user: Staff) -> AppealQuerySet:
    """Every appeal somebody may see, once: a review stands in the row of its first round, as in the figures.

    Adds `outcome` (what it came to in the end), `now_at`, `due` and `review_number` (of the round that is open or was
    the last), and `unserved` (whether a ruling waits to be served).
    """
    review = Appeal.objects.filter(reviews=OuterRef("pk")).filed()
    unserved = Ruling.objects.filter(Q(appeal=OuterRef("pk")) | Q(appeal__reviews=OuterRef("pk")), service=None)
    rows: AppealQuerySet = (
        Appeal.objects.visible_to(user)
        .filed()
        .filter(round=1)
        .annotate(
            outcome=Coalesce("review__ruling__outcome", "ruling__outcome"),
            now_at=Coalesce(Subquery(review.values("stage")), "stage"),
            due=Coalesce(Subquery(review.values("due_at")), "due_at"),
            review_number=Subquery(review.values("number")),
            unserved=Exists(unserved),
        )
    )
    return rows.select_related("case", "ground", "unit")


def counts(names: list[str], user: Staff) -> dict[str, int]:
    """How many rows each saved filter holds, in one query."""
    return ledger(user).aggregate(**{name: Count("pk", filter=VIEWS[name].question) for name in names})


def drafts(user: Staff) -> AppealQuerySet:
    """Drafts somebody may see: the own ones, and those in which they may record what an evaluator confirmed."""
    seen: AppealQuerySet = Appeal.objects.visible_to(user).filter(stage=Stage.DRAFT)
    return seen.select_related("case", "ground", "unit").order_by("-pk")


# --- the panel ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """An appeal as a member of its panel finds it on a list."""

    appeal: Appeal
    votes: int
    voted: bool
    heard: bool
    at_risk: bool

    @property
    def short(self) -> int:
        """How many votes are still missing to a quorum."""
        return max(0, quorum(self.appeal.seats) - self.votes)


def seats_of(user: Staff, at: datetime) -> list[Seat]:
    """The appeals whose panel somebody sits on and which are being voted on, next due first."""
    sits = Q(places__sits_from__isnull=False, places__left_at=None)
    places = Place.objects.filter(staff=user, sits_from__isnull=False, left_at=None)
    mine = Appeal.objects.filter(pk__in=places.values("appeal"), stage=Stage.VOTING)
    rows = mine.annotate(
        votes=Count("places__ballot", filter=sits),
        mine_in=Exists(places.filter(appeal=OuterRef("pk"), ballot__isnull=False)),
    )
    rows = rows.select_related("case", "ground", "unit", "citizen_fact").order_by("due_at", "pk")
    return [_seat(row, at) for row in rows]


def _seat(row: Appeal, at: datetime) -> Seat:
    votes, voted = row.votes, row.mine_in  # type: ignore[attr-defined]  # annotated by `seats_of`
    fact: CitizenFact | None = getattr(row, "citizen_fact", None)
    late = row.due_at is not None and row.due_at <= at + AT_RISK
    return Seat(row, votes, voted, is_heard(row, fact, at), late and votes < quorum(row.seats))


@dataclass(frozen=True)
class PanelHome:
    """What a member of the pool finds first.

    days: from filing to ruling, on average of the last year; None where there was none.
    """

    to_vote: list[Seat]
    others: list[Seat]
    ruled: list[Appeal]
    days: float | None
    figures: list[Figure]

    @property
    def at_risk(self) -> int:
        return sum(seat.at_risk for seat in (*self.to_vote, *self.others))


def panel_home(user: Staff, at: datetime) -> PanelHome:
    """The open votes of a member, panels at risk, and how units fare; without what the member has left."""
    seats = seats_of(user, at)
    left = Place.objects.filter(appeal=OuterRef("pk"), staff=user).exclude(left_at=None)
    known: AppealQuerySet = Appeal.objects.exclude(Exists(left))
    ruled = Place.objects.filter(staff=user, sits_from__isnull=False, left_at=None, appeal__stage=Stage.RULED)
    recent = Appeal.objects.filter(pk__in=ruled.values("appeal")).select_related("case", "ground", "ruling")
    open_votes = [seat for seat in seats if not seat.voted and seat.heard]
    return PanelHome(
        to_vote=open_votes,
        others=[seat for seat in seats if seat not in open_votes],
        ruled=list(recent.order_by("-ended_at")[:LAST]),
        days=average_days(Ruling.objects.exclude(appeal__in=_left_by(user)), at),
        figures=figures_by_unit(known),
    )


def _left_by(user: Staff) -> QuerySet:
    return Place.objects.filter(staff=user).exclude(left_at=None).values("appeal")


def average_days(rulings: QuerySet[Ruling], at: datetime) -> float | None:
    """How many days it took from filing to ruling, on average of those of the last year."""
    recent = rulings.filter(at__gte=at - MEASURED)
    span = recent.aggregate(span=Avg(F("at") - F("appeal__filed_at")))["span"]
    return None if span is None else round(span / timedelta(days=1), 1)


# --- what waits -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Task:
    """Something of this app that waits for a person, as the desk's first page shows it."""

    label: Promise
    count: int
    url: str


def tasks_for(user: Staff, at: datetime) -> list[Task]:
    """What waits for somebody, each number as long as its list; nothing that is empty."""
    ledger_url, numbers = reverse("appeals"), _waiting(user)
    tasks = []
    if user.has_role(Role.PANEL):
        votes = sum(not seat.voted and seat.heard for seat in seats_of(user, at))
        tasks.append(Task(_("待表决的申诉"), votes, reverse("panel")))
    if user.has_role(*SERVES):
        tasks.append(Task(_("裁定待送达"), numbers["serve"], f"{ledger_url}?view=serve"))
        tasks.append(Task(_("申诉缺评审员"), numbers["waiting"], f"{ledger_url}?view=waiting"))
    if user.has_role(*CONFIRMERS):
        tasks.append(Task(_("待记录的评价人确认"), numbers["unconfirmed"], f"{ledger_url}#drafts"))
    tasks.append(Task(_("申诉草稿"), numbers["mine"], f"{ledger_url}#drafts"))
    if user.has_role(Role.WINDOW):
        about_me = len(may_still_contest(user, at))
        tasks.append(Task(_("评价到我、可以申诉的件"), about_me, f"{ledger_url}#about-me"))
    return [task for task in tasks if task.count]


def _waiting(user: Staff) -> dict[str, int]:
    """Everything that is counted by the stage it is at, in one query, for every desk's first page asks."""
    draft, confirmed = Q(stage=Stage.DRAFT), Exhibit.objects.filter(appeal=OuterRef("pk"), kind=Proof.CONFIRMATION)
    return Appeal.objects.visible_to(user).aggregate(
        serve=Count("pk", filter=Q(stage=Stage.RULED, ruling__service=None)),
        waiting=Count("pk", filter=Q(stage=Stage.DRAWING)),
        mine=Count("pk", filter=draft & Q(by=user)),
        unconfirmed=Count("pk", filter=draft & ~Q(by=user) & ~Q(Exists(confirmed))),
    )


# --- the pool -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A member of the pool with the units of their office today, ties that hold, and on how many panels they sit."""

    member: PanelMember
    units: list[str]
    relations: list[Relation]
    sits_on: int
    holds_role: bool


def pool_on(day: date) -> list[Listed]:
    """Everybody on the list, those who can be drawn first."""
    members = PanelMember.objects.select_related("staff").order_by("-active", "staff__username")
    held: dict[int, list[tuple[str, str]]] = {}
    memberships = Membership.objects.in_force(day).filter(staff__panel_membership__isnull=False)
    for person, role, unit in memberships.values_list("staff_id", "role", "unit__name"):
        held.setdefault(person, []).append((role, unit))
    ties: dict[int, list[Relation]] = {}
    for relation in Relation.objects.filter(ended_at=None).select_related("unit", "staff").order_by("pk"):
        ties.setdefault(relation.member_id, []).append(relation)
    sits = Place.objects.filter(sits_from__isnull=False, left_at=None, appeal__stage__in=OPEN_STAGES)
    busy = dict(sits.order_by().values_list("staff").annotate(count=Count("pk")))
    return [
        Listed(
            member,
            list(dict.fromkeys(unit for _role, unit in held.get(member.staff_id, []))),
            ties.get(member.pk, []),
            busy.get(member.staff_id, 0),
            any(role == Role.PANEL for role, _unit in held.get(member.staff_id, [])),
        )
        for member in members
    ]
