"""台账: a dossier as a paper, for the page, for A4 landscape and for a workbook; its words are the office's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from organizations.models import Staff
from oversight.courses import stage_label
from oversight.models import Dossier, Task
from oversight.paper import Block, Cell, Column, Figure, Paper, Paragraph, Table
from oversight.queries.dossiers import tasks_of

HEADS = (
    Column("序号", number=True),
    Column("责任单位"),
    Column("责任人"),
    Column("地点"),
    Column("发现的问题", wide=True),
    Column("要求", wide=True),
    Column("交办"),
    Column("期限"),
    Column("整改情况", wide=True),
    Column("报结"),
    Column("报结人"),
    Column("销号"),
    Column("销号人"),
    Column("状态"),
    Column("退回次数", number=True),
    Column("证据", number=True),
)


def ledger_of(dossier: Dossier, user: Staff, *, at: datetime, more: Iterable[Block] = ()) -> Paper:
    """The ledger of a dossier, as far as somebody may see its tasks.

    Args:
        at: 数据截止.
        more: what only its kind has.
    """
    about = [f"编号 {dossier.number}", str(stage_label(dossier.kind, dossier.stage))]
    if dossier.begins and dossier.ends:
        about.append(f"{dossier.begins:%Y-%m-%d} 至 {dossier.ends:%Y-%m-%d}")
    lines = ["，".join(about), *(line for line in dossier.about.splitlines() if line.strip())]
    said = [Paragraph.of(line) for line in lines]
    table = Table("任务台账", HEADS, tuple(_row(task, at) for task in tasks_of(dossier, user).select_related(*PEOPLE)))
    outcome = [Paragraph.of(f"结果:{dossier.outcome}")] if dossier.outcome else []
    return Paper(
        title=f"{dossier.title}台账",
        issuer=settings.NOTICE_ISSUER,
        number=dossier.number,
        as_of=at,
        blocks=(*said, table, *more, *outcome),
    )


PEOPLE = ("unit", "owner", "reported_by", "checked_by")


def _row(task: Task, at: datetime) -> tuple[Cell, ...]:
    overdue = "(逾期)" if task.open and task.late(at) else ""
    return (
        Figure(task.number),
        task.unit.name,
        task.owner.name if task.owner else "",
        task.place,
        task.finding,
        task.wanted,
        timezone.localdate(task.started_at),
        timezone.localdate(task.due_at),
        task.fix,
        timezone.localdate(task.reported_at) if task.reported_at else "",
        task.reported_by.name if task.reported_by else "",
        timezone.localdate(task.checked_at) if task.checked_at else "",
        task.checked_by.name if task.checked_by else "",
        f"{task.get_state_display()}{overdue}",
        Figure(task.returns),
        Figure(getattr(task, "n_pictures", 0)),
    )
