"""Questions about surveys: whom to call next, how far a plan is, and what people said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from evaluations.calling import CallRules
from evaluations.enums import Level
from evaluations.enums.surveys import CallOutcome, CallStage, PlanStage
from evaluations.grading import is_negative
from evaluations.intervals import Share, Weighted, weighted_share
from evaluations.models import AnswerSheet, CallAttempt, SampledCall, SamplingPlan
from evaluations.queries.asking import willing
from evaluations.queries.reviews import good_levels
from organizations.enums import Role
from organizations.models import Staff, any_prefix


def call_rules() -> CallRules:
    """When people may be called here: the settings of docs/operations.md."""
    return CallRules(
        opening=settings.SURVEY_OPENING,
        closing=settings.SURVEY_CLOSING,
        days_min=settings.SURVEY_DAYS_MIN,
        tz=timezone.get_default_timezone(),
    )


def _shown() -> QuerySet[SampledCall]:
    related = "plan__questionnaire", "unit__region", "item", "evaluation__window__hall", "evaluation__case"
    return SampledCall.objects.select_related(*related)


def call_numbered(pk: int) -> SampledCall | None:
    """A call with everything its page shows."""
    return _shown().filter(pk=pk).first()


def held_by(person: Staff, at: datetime) -> SampledCall | None:
    """The call somebody has in hand."""
    held = _shown().filter(taken_by=person, taken_until__gt=at, stage=CallStage.WAITING)
    return held.filter(plan__stage=PlanStage.OPEN).first()


def callable_now(person: Staff, at: datetime) -> QuerySet[SampledCall]:
    """The calls a person may make now, those begun on another day first.

    Nobody gets people whom their own unit, or a unit above it, has served (`calling.caller` says it of one call).
    """
    callers = [duty for duty in person.duties if duty.role == Role.CALLBACK]
    own = {int(part) for duty in person.duties for part in duty.unit.path.split("/") if part}
    free = Q(taken_by=None) | Q(taken_until__lte=at)
    waiting = SampledCall.objects.filter(free, stage=CallStage.WAITING, next_from__lte=at, plan__stage=PlanStage.OPEN)
    mine = waiting.filter(any_prefix("unit__region__code", [duty.region_prefix or "" for duty in callers]))
    reachable = willing(mine, "evaluator", stopped=settings.SURVEY_CALLS_STOPPED)
    return reachable.exclude(unit_id__in=own).select_related("unit__region").order_by("plan_id", "-tries", "position")


@dataclass(frozen=True)
class Progress:
    """How far a plan is. reached and the others are people, tries are calls."""

    drawn: int
    waiting: int
    begun: int
    answered: int
    refused: int
    wrong_number: int
    unreachable: int
    tries: int

    @property
    def response(self) -> Share:
        """Answered, of all whose call has ended (domain.md §8: who was not reached is in the denominator)."""
        return Share(self.answered, self.answered + self.refused + self.wrong_number + self.unreachable)


def progress_of(plans: Iterable[SamplingPlan]) -> dict[int, Progress]:
    """How far each plan is, by its key."""
    keys = [plan.pk for plan in plans]
    counts = {stage.value: Count("pk", filter=Q(stage=stage)) for stage in CallStage}
    tried: Any = CallAttempt.objects.filter(call__plan__in=keys).values_list("call__plan").annotate(n=Count("pk"))
    tries = dict(tried.order_by())
    rows: Any = SampledCall.objects.filter(plan__in=keys).order_by().values("plan_id")
    found = {
        row.pop("plan_id"): row
        for row in rows.annotate(
            drawn=Count("pk"), begun=Count("pk", filter=Q(stage=CallStage.WAITING, tries__gt=0)), **counts
        )
    }
    nothing = dict.fromkeys(("drawn", "begun", *counts), 0)
    return {key: Progress(**found.get(key, nothing), tries=tries.get(key, 0)) for key in keys}


@dataclass(frozen=True)
class CallerProgress:
    """What one caller has done for a plan."""

    name: str
    tries: int
    reached: int
    last: datetime


def callers_of(plan: SamplingPlan) -> list[CallerProgress]:
    """Who has called how often, the busiest first."""
    rows: Any = CallAttempt.objects.filter(call__plan=plan).order_by().values("by__name", "by_id")
    counted = rows.annotate(
        tries=Count("pk"), reached=Count("pk", filter=Q(outcome=CallOutcome.REACHED)), last=Max("at")
    )
    return [
        CallerProgress(row["by__name"], row["tries"], row["reached"], row["last"])
        for row in counted.order_by("-tries", "by_id")
    ]


def calls_today(person: Staff, at: datetime) -> tuple[int, int]:
    """How many calls a person has made today, and how many of them were answered."""
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = CallAttempt.objects.filter(by=person, at__gte=day)
    found = mine.aggregate(tries=Count("pk"), reached=Count("pk", filter=Q(outcome=CallOutcome.REACHED)))
    return found["tries"], found["reached"]


def open_plans() -> QuerySet[SamplingPlan]:
    return SamplingPlan.objects.filter(stage=PlanStage.OPEN)


def sheets_of(plan: SamplingPlan) -> QuerySet[AnswerSheet]:
    """What people drawn by a plan have answered."""
    return AnswerSheet.objects.filter(call__plan=plan)


@dataclass(frozen=True)
class StratumResult:
    """The overall level at one unit, beside how many there are and how many were drawn."""

    unit: str
    population: int
    drawn: int
    good: Share


def strata_of(plan: SamplingPlan) -> list[StratumResult]:
    """The overall level by unit, the largest unit first."""
    rows: Any = sheets_of(plan).order_by().values("unit_id")
    counted = rows.annotate(n=Count("pk"), good=Count("pk", filter=good_levels()))
    said = {row["unit_id"]: Share(row["good"], row["n"]) for row in counted}
    strata = plan.strata.select_related("unit").order_by("-population", "unit__code")
    return [
        StratumResult(one.unit.name, one.population, one.drawn, said.get(one.unit_id, Share(0, 0))) for one in strata
    ]


def estimate(strata: Iterable[StratumResult]) -> Weighted | None:
    """The share of satisfied people among all who could have been drawn, each unit by its own size."""
    return weighted_share((one.population, one.good) for one in strata)


@dataclass(frozen=True)
class Matrix:
    """What was rated against what was said on the telephone.

    rows: of every rated level its label, the counts by level said, and the row's sum.
    same: exactly the same level; same_side: good stays good, bad stays bad.
    turned: rated well, and bad on the telephone.
    """

    columns: list[str]
    rows: list[tuple[str, list[int], int]]
    same: Share
    same_side: Share
    turned: Share


def matrix_of(plan: SamplingPlan) -> Matrix:
    """The comparison of everybody who had rated and has answered."""
    both = sheets_of(plan).filter(call__rated_level__isnull=False).annotate(rated=F("call__rated_level"))
    cells: dict[tuple[int, int], int] = {}
    for rated, said, n in both.order_by().values_list("rated", "level").annotate(n=Count("pk")):
        cells[rated, said] = n
    n = sum(cells.values())
    rated_good = sum(count for (rated, _said), count in cells.items() if not is_negative(rated))
    rows = []
    for rated in Level:
        counts = [cells.get((rated, said), 0) for said in Level]
        rows.append((str(rated.label), counts, sum(counts)))
    return Matrix(
        columns=[str(level.label) for level in Level],
        rows=rows,
        same=Share(sum(count for (rated, said), count in cells.items() if rated == said), n),
        same_side=Share(sum(c for (rated, said), c in cells.items() if is_negative(rated) == is_negative(said)), n),
        turned=Share(
            sum(c for (rated, said), c in cells.items() if not is_negative(rated) and is_negative(said)), rated_good
        ),
    )
