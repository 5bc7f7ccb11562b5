"""演示角色提名和身份查看: what auditors and administrators find to look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils import timezone

from identity.actions import look_at
from identity.enums import Purpose
from organizations import actions
from organizations.enums import Role
from organizations.models import Staff, Unit
from organizations.queries import staff_actor, working_calendar
from rectification.models import Case

# Who looked, why, and when on a working morning.
LOOKS = (
    ("wu", Purpose.CONTACT, time(9, 10)),
    ("wu", Purpose.CONTACT, time(9, 40)),
    ("zhao", Purpose.CALLBACK, time(10, 5)),
    ("cui", Purpose.SURVEY, time(10, 30)),
)
LATE = time(21, 40)


def propose_roles(accounts: Mapping[str, Staff], *, now: datetime) -> None:
    """Gu proposes, Meng refuses one of the two.

    Args:
        accounts: the people of the demo by account.
    """
    gu, today = accounts["gu"], timezone.localdate(now)
    unit = Unit.objects.get
    refused = actions.propose_role(
        accounts["wu"],
        role=Role.DISPATCHER,
        unit=unit(code="370600-SPJ"),
        valid_from=today,
        note="转办专人休假,临时顶岗。",
        by=gu,
        at=now - timedelta(days=2),
    )
    note = "在窗口任职,不能转办本窗口的差评件。"
    actions.decide_proposal(refused, approved=False, note=note, by=accounts["meng"], at=now - timedelta(days=1))
    actions.propose_role(
        accounts["cui"],
        role=Role.AUDITOR,
        unit=unit(code="370600-DSJ"),
        valid_from=today,
        note="年度审计人手不足,增加一名审计员。",
        by=gu,
        at=now - timedelta(hours=3),
    )


def look_up(accounts: Mapping[str, Staff], *, now: datetime) -> None:
    """Some looks into the vault for the newest cases, each with its purpose; one late the evening before."""
    local = timezone.localtime(now)
    calendar = working_calendar(local.date(), local.date())
    today = local.date() if calendar.is_working(local.date()) and local.hour >= 11 else None
    morning = today or calendar.previous_working_day(local.date())
    evening = calendar.previous_working_day(morning)
    looks = [*((account, why, morning, at) for account, why, at in LOOKS), ("zhao", Purpose.CALLBACK, evening, LATE)]
    cases = Case.objects.filter(evaluator__erased_at=None, evaluator__isnull=False).order_by("-pk")[: len(looks)]
    for case, (account, purpose, day, at) in zip(cases, looks, strict=False):
        moment, by = timezone.make_aware(datetime.combine(day, at)), staff_actor(accounts[account])
        look_at(case.evaluator_id, by=by, purpose=purpose, about=case.number, at=moment)  # type: ignore[arg-type]  # has one
