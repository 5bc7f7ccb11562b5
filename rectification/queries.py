"""Questions about cases, rules and duties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from common.prepared import Reading
from organizations.models import Staff, Unit
from rectification.deadlines import ClockRules
from rectification.enums import Duty, PressureKind, PressureOutcome, Standing
from rectification.models import Case, CaseQuerySet, CoHandling, Deadline, DutyRule, PressureReport

# All versions that are valid on a day, the one in force first of its duty and class.
RULES = Reading(
    DutyRule,
    "duty_rules",
    """first.preset = %(preset)s AND first.valid_from <= %(day)s
    ORDER BY first.duty, first.complexity, first.valid_from DESC, first.version DESC""",
    {"preset": "text", "day": "date"},
)


def clock_rules() -> ClockRules:
    """How days are counted here: the settings of docs/operations.md."""
    return ClockRules(
        opening=settings.OFFICE_OPENING,
        closing=settings.OFFICE_CLOSING,
        day_one=settings.DAY_ONE,
        pause_day_counts=settings.PAUSE_DAY_COUNTS,
        shift_natural=settings.SHIFT_NATURAL_DAYS,
    )


def rules_in_force(day: date) -> list[DutyRule]:
    """The duty rules of the chosen preset on a day: of each duty and class the newest version."""
    newest: dict[tuple[str, str], DutyRule] = {}
    for rule in RULES.every(preset=settings.DUTY_PRESET, day=day):
        newest.setdefault((rule.duty, rule.complexity), rule)
    return list(newest.values())


def rule_for(rules: Iterable[DutyRule], duty: Duty, complexity: str) -> DutyRule:
    """The rule of a duty, for the class of the case where the regulation tells them apart.

    Raises:
        LookupError: the preset has no rule for this duty; it must be completed before cases can run.
    """
    for rule in rules:
        if rule.duty == duty and rule.complexity in ("", complexity):
            return rule
    raise LookupError(f"{settings.DUTY_PRESET}: no rule for {duty}/{complexity}")


def with_next_due(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases with the moment, duty, pause and provisional mark of their most urgent unmet deadline.

    The panel's clock is none of the case's: while it runs, the case is paused, and so it is shown.
    """
    unmet = Deadline.objects.unmet().filter(case=OuterRef("pk")).order_by("due_at", "id")
    running = unmet.filter(paused_at=None).exclude(duty=Duty.APPEAL)
    return cases.annotate(
        next_due_at=Subquery(running.values("due_at")[:1]),
        next_duty=Subquery(running.values("duty")[:1]),
        next_provisional=Subquery(running.values("provisional")[:1]),
        paused_since=Subquery(unmet.exclude(paused_at=None).values("paused_at")[:1]),
    )


def standing_is(standing: str, at: datetime) -> Q:
    """The condition on cases `with_next_due` for one standing of their time."""
    day, long_past = at + timedelta(days=1), at - timedelta(days=5)
    return {
        Standing.IN_TIME: Q(next_due_at__gt=day),
        Standing.SOON: Q(next_due_at__gt=at, next_due_at__lte=day),
        Standing.LATE: Q(next_due_at__lte=at, next_due_at__gt=long_past),
        Standing.VERY_LATE: Q(next_due_at__lte=long_past),
        Standing.RUNNING: Q(next_due_at__isnull=False),
    }[Standing(standing)]


def open_cases_of(handler: Staff) -> QuerySet[Case]:
    """What a person still has in hand, for handing over."""
    return Case.objects.open().filter(handler=handler)


def open_cases_with(unit: Unit) -> QuerySet[Case]:
    """What a unit must still finish, leading or asked to help; it cannot be closed before."""
    helping = Exists(CoHandling.objects.filter(case=OuterRef("pk"), unit=unit, answered_at=None))
    return Case.objects.open().filter(Q(unit=unit) | helping)


def state_counts(cases: QuerySet[Case]) -> dict[str, int]:
    """How many of these cases are in which state."""
    return dict(cases.order_by().values_list("state").annotate(count=Count("pk")))


def overdue_cases(cases: CaseQuerySet, at: datetime) -> CaseQuerySet:
    """Those with at least one running duty past its due time."""
    return cases.filter(pk__in=Deadline.objects.overdue(at).values("case_id"))


@dataclass(frozen=True)
class Share:
    """How many of how many: shown together, never as a percentage alone."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 means all; None for nothing at all."""
        return self.part * 100 // self.whole if self.whole else None


def on_time_share(user: Staff, at: datetime, days: int = 30) -> Share:
    """Of the rectifications met in the last days, in cases this person may see: how many were in time."""
    met = Deadline.objects.filter(
        duty__in=[Duty.RECTIFY, Duty.REWORK],
        met_at__gte=at - timedelta(days=days),
        case__in=Case.objects.visible_to(user),
    )
    found = met.aggregate(whole=Count("pk"), part=Count("pk", filter=Q(met_at__lte=F("due_at"))))
    return Share(found["part"], found["whole"])


def ledger_rows(cases: CaseQuerySet) -> CaseQuerySet:
    """Cases with what the ledger's columns need beyond the case itself: the first rectification's due and done."""
    rectify = Deadline.objects.filter(case=OuterRef("pk"), duty=Duty.RECTIFY, withdrawn_at=None).order_by("id")
    return cases.annotate(
        rectify_due=Subquery(rectify.values("due_at")[:1]), rectified_at=Subquery(rectify.values("met_at")[:1])
    )


@dataclass(frozen=True)
class PressureFigures:
    """How many reports of pressure there are, by how they became known and by what was found.

    kinds, outcomes: of each in the order of its choices, with its label. waiting: not looked into yet.
    """

    kinds: list[tuple[str, int]]
    outcomes: list[tuple[str, int]]
    waiting: int


def pressure_figures(reports: QuerySet[PressureReport]) -> PressureFigures:
    """What the ledger of pressure adds up to.

    Args:
        reports: those to count, as `visible_to` gave them.
    """
    kinds, outcomes, waiting = Counter[str](), Counter[str](), 0
    for kind, outcome, settled_at in reports.order_by().values_list("kind", "outcome", "settled_at"):
        kinds[kind] += 1
        outcomes[outcome] += 1
        waiting += settled_at is None
    return PressureFigures(
        [(str(kind.label), kinds[kind]) for kind in PressureKind],
        [(str(outcome.label), outcomes[outcome]) for outcome in PressureOutcome],
        waiting,
    )
