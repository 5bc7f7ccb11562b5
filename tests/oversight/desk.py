"""Dossiers and tasks for tests, made by the acts themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image

from organizations.models import Staff
from oversight import actions
from oversight.actions import Plan, Wanted
from oversight.enums import Method
from oversight.models import Dossier, Task
from tests.factories import NOW, Cast

LATER = NOW + timedelta(hours=1)


def plan(cast: Cast, **changes: Any) -> Plan:
    """A survey of payment at the public security bureau's windows, with the insurance bureau only compared with."""
    facts: dict[str, Any] = {
        "title": "窗口收费渠道全面普查",
        "method": Method.SURVEY,
        "classes": ["收费与支付"],
        "begins": date(2026, 11, 23),
        "ends": date(2026, 12, 11),
        "scope": [cast.unit],
        "comparison": [cast.other_unit],
        "lead": cast.body,
        "about": "群众反映窗口不收现金",
        "checklist": ["每个收费窗口能收现金", "公示收费标准"],
    }
    return Plan(**{**facts, **changes})


def campaign(cast: Cast, *, started: bool = True, at: datetime = NOW, **changes: Any) -> Dossier:
    """A campaign that Qian has planned, and started unless told otherwise."""
    row = actions.plan_campaign(cast.body.region, plan(cast, **changes), by=cast.qian, at=at)
    return actions.start_campaign(row, by=cast.qian, at=at) if started else row


def wanted(cast: Cast, **changes: Any) -> Wanted:
    """What the bureau is asked: to take cash at window 3, within five working days."""
    facts: dict[str, Any] = {
        "unit": cast.unit,
        "wanted": "恢复收取现金,备零钱",
        "place": "3 号窗口",
        "finding": "贴有“只收扫码”告示",
        "days": 5,
    }
    return Wanted(**{**facts, **changes})


def task(cast: Cast, row: Dossier, *, at: datetime = NOW, **changes: Any) -> Task:
    """A task that Qian has given."""
    return actions.add_task(row, wanted(cast, **changes), by=cast.qian, at=at)


def signed_off(cast: Cast, one: Task, *, by: Staff | None = None, at: datetime = LATER) -> Task:
    """A task that Zheng has reported and Qian has signed off."""
    reported = actions.report_task(one, "告示已撤,备零钱 500 元", by=by or cast.zheng, at=at)
    return actions.sign_off_task(reported, by=cast.qian, at=at)


def jpeg(colour: str = "white") -> BytesIO:
    """A small picture as it comes from a phone."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return out
