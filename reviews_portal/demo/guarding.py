"""演示角色提名: one that waits for another administrator, and one that was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from organizations import actions
from organizations.enums import Role
from organizations.models import Staff, Unit


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
