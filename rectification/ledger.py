"""The columns of the 台账: one table for page and file. No identity is among them. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.redaction import redact
from rectification.enums import Level


@dataclass(frozen=True)
class Column:
    """One column: its heading, and what stands in it for a case of `queries.ledger_rows`."""

    label: Promise
    value: Callable[[Any], str | int | float | datetime | None]


def _reasons(case: Any) -> str:
    return "、".join(tag["label"] for tag in case.tags)


def _words(case: Any) -> str:
    """What was said, without what identifies somebody: a list is read, and a file is sent, further than one case."""
    return redact(case.text).text if case.text else ""


def _classes(case: Any) -> str:
    return "、".join(dict.fromkeys(tag["class"] for tag in case.tags if tag.get("class")))


def _days(case: Any) -> float | None:
    end = case.closed_at or case.replied_at
    return round((end - case.received_at).total_seconds() / 86400, 1) if end else None


def _on_time(case: Any) -> str:
    if case.rectified_at is None:
        return ""
    return str(_("是") if case.rectified_at <= case.rectify_due else _("否"))


COLUMNS: tuple[Column, ...] = (
    Column(_("编号"), lambda case: case.number),
    Column(_("接收时间"), lambda case: case.received_at),
    Column(_("责任单位"), lambda case: case.unit_name),
    Column(_("被评价单位"), lambda case: case.rated_unit_name),
    Column(_("事项"), lambda case: case.item_name),
    Column(_("满意度"), lambda case: str(Level(case.level).label)),
    Column(_("评价标签"), _reasons),
    Column(_("问题类别(按标签)"), _classes),
    Column(_("评价内容(隐去个人信息)"), _words),
    Column(_("状态"), lambda case: str(case.get_state_display())),
    Column(_("分类"), lambda case: str(case.get_complexity_display())),
    Column(_("办理结果"), lambda case: str(case.get_outcome_display())),
    Column(_("核实方式"), lambda case: str(case.get_verification_display())),
    Column(_("整改满意度"), lambda case: str(case.get_verdict_display())),
    Column(_("按期整改"), _on_time),
    Column(_("用时(天)"), _days),
    Column(_("二次整改轮次"), lambda case: case.rework_round),
    Column(_("重新打开次数"), lambda case: case.reopenings),
    Column(_("答复时间"), lambda case: case.replied_at),
    Column(_("销号时间"), lambda case: case.closed_at),
)
