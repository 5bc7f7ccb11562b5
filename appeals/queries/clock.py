"""How long each step of an appeal may take, by the rows of the regulation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from organizations.queries import working_calendar
from rectification.deadlines import due_at
from rectification.enums import Action, Duty, TimeUnit
from rectification.models import Case
from rectification.queries import clock_rules, rule_for, rules_in_force


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
