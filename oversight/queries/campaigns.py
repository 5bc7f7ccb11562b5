"""Questions of 专项整治: what one begins from, its board, and shares of tasks signed off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from assessment.periods import Period
from assessment.queries import moments_of
from organizations.models import Staff, Unit
from oversight.courses import COURSES, label_of, possible, stage_label
from oversight.enums import CampaignStage, Kind, TaskState
from oversight.models import Dossier, Task
from oversight.models.dossiers import DROPPED
from oversight.queries.analysis import bads_of
from oversight.queries.dossiers import with_counts
from rectification.models import Case


def cases_behind(quarter: Period, scope: Collection[Unit], classes: Collection[str]) -> list[Case]:
    """The valid 差评 of a quarter for which a campaign is begun: of these classes, with these units and those below."""
    paths = [unit.path for unit in scope]
    units = Unit.objects.below(paths)
    found = [bad.case for bad in bads_of(quarter, units) if bad.group in set(classes)]
    return list(Case.objects.filter(pk__in=found).order_by("received_at", "pk"))


@dataclass(frozen=True)
class Card:
    """A campaign on the board. moves: act, its words, and in which column it would stand then."""

    row: Dossier
    moves: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Lane:
    """A column of the board."""

    stage: str
    label: str
    cards: tuple[Card, ...]


def board_of(user: Staff, at: datetime, *, leads: bool) -> list[Lane]:
    """Campaigns by where they stand; those that were dropped are not shown.

    Args:
        leads: whether the reader may move what they see.
    """
    rows = Dossier.objects.visible_to(user).of(Kind.CAMPAIGN).exclude(stage=DROPPED)
    found = list(with_counts(rows, at).select_related("unit", "campaign"))
    return [_lane(stage, [row for row in found if row.stage == stage], leads) for stage in _columns()]


def _columns() -> Iterable[str]:
    return [stage for stage in CampaignStage.values if stage != DROPPED]


def _lane(stage: str, rows: Iterable[Dossier], leads: bool) -> Lane:
    moves = _moves(stage) if leads else ()
    return Lane(stage, str(stage_label(Kind.CAMPAIGN, stage)), tuple(Card(row, moves) for row in rows))


def _moves(stage: str) -> tuple[tuple[str, str, str], ...]:
    course = COURSES[Kind.CAMPAIGN]
    steps = [course.step(name) for name in possible(course, stage)]
    ahead = [step for step in steps if step.to and step.to != DROPPED]
    return tuple((step.act, str(label_of(Kind.CAMPAIGN, step.act)), str(step.to)) for step in ahead)


@dataclass(frozen=True)
class SignedOff:
    """How many of a unit's campaign tasks due in a quarter are signed off."""

    unit: Unit
    done: int
    tasks: int

    @property
    def share(self) -> Decimal:
        return (Decimal(self.done) / self.tasks).quantize(Decimal("0.0001"))


def campaign_tasks(period: Period) -> Q:
    """The tasks of campaigns that fell due in a period; what was dropped was none."""
    since, until = moments_of(period)
    return Q(dossier__kind=Kind.CAMPAIGN, due_at__gte=since, due_at__lt=until) & ~Q(state=TaskState.DROPPED)


def signed_off_in(period: Period) -> list[SignedOff]:
    """专项整治销号率 of every unit that had such tasks (domain.md §11.2)."""
    counted = Task.objects.filter(campaign_tasks(period)).order_by().values_list("unit")
    rows = counted.annotate(done=Count("pk", filter=Q(state=TaskState.DONE)), n=Count("pk"))
    numbers = {unit: (done, n) for unit, done, n in rows}
    units = Unit.objects.filter(pk__in=numbers).order_by("code")
    return [SignedOff(unit, *numbers[unit.pk]) for unit in units]
