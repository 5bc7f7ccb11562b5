"""Changing how long a duty may take: a new version with a date. What runs keeps the rule it began with."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.actions import record_audit
from organizations.models import Staff
from organizations.queries import staff_actor
from rectification.actions.core import Refused
from rectification.enums import TimeUnit
from rectification.models import DutyRule


@transaction.atomic
def revise_rule(
    rule: DutyRule,
    *,
    by: Staff,
    at: datetime,
    amount: int,
    time_unit: TimeUnit,
    extension_max: int,
    valid_from: date,
    source: str,
) -> DutyRule:
    """A new version of a rule.

    Args:
        amount: of `time_unit`; at least 1.
        extension_max: how much more may be granted, in the same unit.
        valid_from: not before tomorrow, so that no duty already begun changes under anybody.
        source: the document it rests on.

    Raises:
        Refused: the date is too early.
    """
    if valid_from <= timezone.localdate(at):
        raise Refused(_("新规则最早从明天起用。"))
    versions = DutyRule.objects.select_for_update().filter(
        preset=rule.preset, duty=rule.duty, complexity=rule.complexity
    )
    newest = max(versions, key=lambda row: row.version)
    revised = DutyRule.objects.create(
        preset=rule.preset,
        duty=rule.duty,
        complexity=rule.complexity,
        amount=amount,
        time_unit=time_unit,
        extension_max=extension_max,
        valid_from=valid_from,
        version=newest.version + 1,
        source=source,
    )
    record_audit(
        "rule.revise",
        ("duty_rule", str(revised)),
        by=staff_actor(by),
        at=at,
        before={"amount": newest.amount, "unit": newest.time_unit, "extension_max": newest.extension_max},
        after={"amount": amount, "unit": time_unit, "extension_max": extension_max, "valid_from": valid_from},
        reason=source,
    )
    return revised
