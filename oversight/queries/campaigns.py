"""Questions of 专项整治: what one begins from, its board, and shares of tasks signed off."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from assessment.periods import Period
from assessment.queries import moments_of
from organizations.models import Staff, Unit
from oversight.courses import COURSES, label_of, possible, stage_label
from oversight.effect import Effect, Recurrence, Scope
from oversight.enums import CampaignStage, Kind, Part, TaskState
from oversight.models import CampaignEffect, Dossier, DossierUnit, Task
from oversight.models.dossiers import CLOSED, DROPPED
from oversight.queries.analysis import bads_of
from oversight.queries.dossiers import with_counts
from oversight.queries.effects import effect_from, effect_of, recurrences_of
from rectification.models import Case


def cases_behind(quarter: Period, scope: Collection[Unit], classes: Collection[str]) -> list[Case]:
    """The valid 差评 of a quarter for which a campaign is begun: of these classes, with these units and those below."""
    paths = [unit.path for unit in scope]
    units = Unit.objects.below(paths)
    found = [bad.case for bad in bads_of(quarter, units) if bad.group in set(classes)]
    return list(Case.objects.filter(pk__in=found).order_by("received_at", "pk"))


@dataclass(frozen=True)
class Told:
    """The effect of a campaign. kept: when it was kept; None while its window after it runs.

    checks: whether the problem came again, so many days after sign-off; empty before it.
    """

    effect: Effect
    kept: datetime | None
    checks: tuple[Recurrence, ...]


def scope_of_campaign(row: Dossier) -> Scope:
    """What a campaign is about, as it was fixed; its dossier comes with `campaign`."""
    assert row.begins is not None
    assert row.ends is not None
    return Scope(frozenset(row.campaign.classes), row.begins, row.ends, row.campaign.window_days)


def effect_for(row: Dossier, *, at: datetime) -> Told | None:
    """What a campaign has come to: as it was kept, or as it can be counted now; None of one that has not started."""
    if row.campaign.fixed_at is None:
        return None
    kept = CampaignEffect.objects.filter(campaign=row.campaign).first()
    effect = counted_effect(row, at=at) if kept is None else _kept_effect(row, kept)
    return Told(effect, kept.at if kept else None, _checks(row, at))


def counted_effect(row: Dossier, *, at: datetime) -> Effect:
    """What can be counted at a moment, whatever was kept."""
    chosen = row.campaign.by_threshold
    return effect_of(
        scope_of_campaign(row), _units(row, Part.SCOPE), _units(row, Part.COMPARISON), chosen=chosen, at=at
    )


def _kept_effect(row: Dossier, kept: CampaignEffect) -> Effect:
    return effect_from(kept.facts, scope_of_campaign(row), chosen=row.campaign.by_threshold)


def _checks(row: Dossier, at: datetime) -> tuple[Recurrence, ...]:
    if row.stage != CLOSED or row.closed_at is None:
        return ()
    return recurrences_of(row.campaign.classes, _units(row, Part.SCOPE), timezone.localdate(row.closed_at), at=at)


def _units(row: Dossier, part: Part) -> list[int]:
    return list(row.units.filter(part=part).values_list("unit_id", flat=True))


def cases_of_window(told: Told, name: str) -> tuple[int, ...]:
    """The cases behind a number of an effect.

    Args:
        name: "scope-before" and so on, "baseline", or "recur-30" for what came again within so many days.

    Raises:
        KeyError: there is no such number.
    """
    effect = told.effect
    found = {"scope-before": effect.units.before, "scope-after": effect.units.after, "baseline": effect.baseline}
    if effect.beside:
        found |= {"comparison-before": effect.beside.before, "comparison-after": effect.beside.after}
    again = {check.code: check.cases for check in told.checks}
    return again[name] if name in again else found[name].bad


def started_in(units: QuerySet[Unit], *, since: date) -> list[Dossier]:
    """The campaigns that have started and whose scope has one of these units, the newest first.

    Args:
        since: the earliest last day.
    """
    begun = Dossier.objects.of(Kind.CAMPAIGN).exclude(stage=DROPPED).filter(campaign__fixed_at__isnull=False)
    scope = DossierUnit.objects.filter(part=Part.SCOPE, unit__in=units).values("dossier")
    return list(begun.filter(pk__in=scope, ends__gte=since).select_related("campaign").order_by("-begins", "-pk"))


@dataclass(frozen=True)
class Card:
    """A campaign on the board.

    moves: act, its words, and in which column it would stand then.
    counts: cases before and after it, once its effect is kept; None before.
    """

    row: Dossier
    moves: tuple[tuple[str, str, str], ...]
    counts: tuple[int, int] | None


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
    found = list(with_counts(rows, at).select_related("unit", "campaign__effect"))
    return [_lane(stage, [row for row in found if row.stage == stage], leads) for stage in _columns()]


def _columns() -> Iterable[str]:
    return [stage for stage in CampaignStage.values if stage != DROPPED]


def _lane(stage: str, rows: Iterable[Dossier], leads: bool) -> Lane:
    moves = _moves(stage) if leads else ()
    return Lane(stage, str(stage_label(Kind.CAMPAIGN, stage)), tuple(Card(row, moves, _counts(row)) for row in rows))


def _counts(row: Dossier) -> tuple[int, int] | None:
    effect = getattr(row.campaign, "effect", None)
    facts = effect.facts["scope"] if effect else None
    return (len(facts["before"]["cases"]), len(facts["after"]["cases"])) if facts else None


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
