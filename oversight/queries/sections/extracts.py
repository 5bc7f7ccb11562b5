"""The sections of an extract: a unit's figures beside the last quarter's, its score line by line, what is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from assessment.enums import Unranked
from assessment.metrics import METRICS
from assessment.metrics import Facts as Measurable
from assessment.models import UnitScore
from assessment.queries.sheets import ItemRows
from assessment.scoring.words import group_words
from organizations.calendar import WorkingCalendar
from oversight.paper import Block, Cell, Column, Figure, Paragraph, Part, Table
from oversight.queries.sections.figures import change_words, figure
from rectification.models import Deadline

FIGURES = (
    Column("指标", wide=True),
    Column("分子", number=True),
    Column("分母", number=True),
    Column("本季度", number=True),
    Column("上季度", number=True),
    Column("环比"),
)
LINES = (
    Column("项目"),
    Column("内容", wide=True),
    Column("依据", wide=True),
    Column("得分", number=True),
    Column("分值", number=True),
)
LATE = (Column("编号", wide=True), Column("期限"), Column("答复"), Column("超期工作日", number=True))


def figures(name: str, now: Measurable, before: Measurable) -> list[Block]:
    """A sentence with the counts of 差评, and every metric."""
    counts = now.figures.together
    said = Paragraph.of(
        "收到差评",
        Figure(counts.negative),
        "件,认定无效",
        Figure(counts.invalid),
        "件,有效差评",
        Figure(counts.effective),
        "件;整改到期",
        Figure(len(now.loop.due)),
        "件,逾期",
        Figure(len(now.loop.overdue)),
        "件,退回二次整改",
        Figure(len(now.loop.reworked)),
        "件。",
    )
    rows = []
    for metric in METRICS:
        found = metric.value(now)
        cells = (Figure(found.part), Figure(found.whole), figure(metric, found), figure(metric, metric.value(before)))
        rows.append((str(metric.label), *cells, change_words(metric.code, now, before)))
    return [said, Table(f"指标 {name}", FIGURES, tuple(rows), "“—”是没有基数。差评率为每十万条。")]


def score(name: str, row: UnitScore | None, items: Sequence[ItemRows]) -> list[Block]:
    """Total and rank in a sentence, then every line with the numbers of the cases it rests on."""
    if row is None:
        return [Paragraph.of("本季度没有考核得分。")]
    lines: list[tuple[Cell, ...]] = [
        (
            item.name,
            line.words,
            "、".join(one.words for one in line.basis) or "—",
            Figure(line.line.points, 2),
            Figure(line.line.of, 2) if line.line.of else Figure(None),
        )
        for item in items
        for line in item.lines
    ]
    return [_standing(row), Table(f"得分 {name}", LINES, tuple(lines), "各行相加为总分;依据是差评件编号或加减分事项。")]


def _standing(row: UnitScore) -> Paragraph:
    group = group_words(row.group) + (f"({row.volume})" if row.volume else "")
    if row.unranked == Unranked.NOTHING:
        return Paragraph.of(f"在“{group}”中不排名:{_why(row)}。")
    total = ("得分", Figure(row.total, 2), "分,")
    if row.rank is None:
        return Paragraph.of(*total, f"在“{group}”中不排名:{_why(row)}。")
    told: list[Part] = [*total, f"在“{group}”", Figure(row.ranked), "个单位中列第", Figure(row.rank), "名"]
    if row.rank_low and row.rank_low == row.rank_high:
        told += [",考虑偶然性后仍是这个名次"]
    elif row.rank_low:
        told += [",考虑偶然性后可能的名次在", Figure(row.rank_low), "和", Figure(row.rank_high), "之间"]
    return Paragraph.of(*told, "。")


def _why(row: UnitScore) -> str:
    return "·".join(part for part in (str(row.get_unranked_display()), row.why) if part)


def overdue(late: Sequence[Deadline], calendar: WorkingCalendar, at: datetime) -> list[Block]:
    """The cases that ran out in the quarter without an answer in time.

    Args:
        at: 数据截止, to which what is still open is counted.
    """
    if not late:
        return [Paragraph.of("本季度没有逾期的整改。")]
    rows: list[tuple[Cell, ...]] = []
    for one in late:
        due, done = timezone.localdate(one.due_at), timezone.localdate(one.met_at) if one.met_at else None
        days = calendar.count_working_days(due, done or timezone.localdate(at))
        rows.append((one.case.number, due, done or "未答复", Figure(days)))
    return [Table("逾期清单", LATE, tuple(rows), "超期工作日:从期限到答复,没有答复的到数据截止。")]
