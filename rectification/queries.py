"""Questions about cases, rules and duties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, OuterRef, QuerySet, Subquery

from organizations.models import Staff
from rectification.deadlines import ClockRules
from rectification.enums import Duty
from rectification.models import Case, CaseQuerySet, Deadline, DutyRule


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
    """The duty rules of the chosen preset on a day."""
    return list(DutyRule.objects.in_force(settings.DUTY_PRESET, day))


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
    """Cases with the moment, duty, pause and provisional mark of their most urgent unmet deadline."""
    unmet = Deadline.objects.unmet().filter(case=OuterRef("pk")).order_by("due_at", "id")
    running = unmet.filter(paused_at=None)
    return cases.annotate(
        next_due_at=Subquery(running.values("due_at")[:1]),
        next_duty=Subquery(running.values("duty")[:1]),
        next_provisional=Subquery(running.values("provisional")[:1]),
        paused_since=Subquery(unmet.exclude(paused_at=None).values("paused_at")[:1]),
    )


def open_cases_of(handler: Staff) -> QuerySet[Case]:
    """What a person still has in hand, for handing over."""
    return Case.objects.open().filter(handler=handler)


def state_counts(cases: QuerySet[Case]) -> dict[str, int]:
    """How many of these cases are in which state."""
    return dict(cases.order_by().values_list("state").annotate(count=Count("pk")))


def overdue_cases(cases: CaseQuerySet, at: datetime) -> CaseQuerySet:
    """Those with at least one running duty past its due time."""
    return cases.filter(pk__in=Deadline.objects.overdue(at).values("case_id"))
