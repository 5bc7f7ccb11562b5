"""局长走流程 in a notice and in the workbook: how many walked, what stood in the way, what came of it."""

from __future__ import annotations

from decimal import Decimal

from assessment.periods import Period
from oversight.models import Dossier
from oversight.paper import Block, Cell, Column, Figure, Paragraph, Table
from oversight.queries.walks import Problem, Summary, summary_of

STATES = {"solved": "已解决", "open": "未解决", "dropped": "已撤销"}


def blocks(period: Period, region_prefix: str = "") -> list[Block]:
    """The walks of a period.

    Args:
        region_prefix: of the divisions whose walks count; empty counts all.

    Returns:
        Nothing where none was made or planned.
    """
    dossiers = Dossier.objects.filter(region__code__startswith=region_prefix)
    return blocks_of(summary_of(dossiers, period.begins, period.after))


def blocks_of(found: Summary, *, every: bool = False) -> list[Block]:
    """The same of a summary.

    Args:
        every: with a table of every problem.
    """
    if not found.planned and not found.walked:
        return []
    said = Paragraph.of(
        "走流程 ",
        Figure(len(found.walked)),
        " 次,涉及 ",
        Figure(found.units_walked),
        " 个部门;发现问题 ",
        Figure(len(found.problems)),
        " 个,已解决 ",
        Figure(found.count("solved")),
        " 个,未解决 ",
        Figure(found.count("open")),
        " 个。办一件事用时的中位数 ",
        _minutes(found.median_minutes),
        "。",
    )
    return [said, _units(found), *([_problems(found.problems)] if every else [])]


def _minutes(value: float | None) -> Figure:
    return Figure(None if value is None else Decimal(str(value)), 0, " 分钟")


def _units(found: Summary) -> Table:
    columns = (
        Column("部门", wide=True),
        Column("计划", number=True),
        Column("已走", number=True),
        Column("发现问题", number=True),
        Column("已解决", number=True),
        Column("未解决", number=True),
        Column("用时中位数", number=True),
    )
    rows = tuple(
        (
            line.unit.name,
            Figure(len(line.planned)),
            Figure(len(line.walked)),
            Figure(len(line.problems)),
            Figure(line.count("solved")),
            Figure(line.count("open")),
            _minutes(line.median_minutes),
        )
        for line in found.lines
    )
    return Table("局长走流程", columns, rows, "按走流程的日期计;计划按计划日期计。撤销的问题不在已解决和未解决内。")


def _problems(problems: list[Problem]) -> Table:
    columns = (Column("编号"), Column("部门", wide=True), Column("问题", wide=True), Column("状态"))
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one.dossier.number, one.unit.name, one.words, STATES[one.state]) for one in problems
    )
    return Table("走流程发现的问题", columns, rows)
