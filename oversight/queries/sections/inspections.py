"""暗访巡查 in a notice: how many, how many stops, what was wrong, what was put right."""

from __future__ import annotations

from assessment.periods import Period
from oversight.models import Dossier
from oversight.paper import Block, Column, Figure, Paragraph, Table
from oversight.queries.inspections import figures_of


def blocks(period: Period, region_prefix: str = "") -> list[Block]:
    """The inspections whose visits were over in a period.

    Args:
        region_prefix: of the divisions whose inspections count; empty counts all.

    Returns:
        Nothing where there was none.
    """
    dossiers = Dossier.objects.filter(region__code__startswith=region_prefix)
    found = figures_of(dossiers, period.begins, period.after)
    if not found.inspections:
        return []
    said = Paragraph.of(
        "暗访巡查 ",
        Figure(found.inspections),
        " 次(暗访 ",
        Figure(found.covert),
        " 次),走访 ",
        Figure(found.stops),
        " 站,检查 ",
        Figure(found.looked),
        " 项次,不符合 ",
        Figure(found.wrong),
        " 项次,已整改 ",
        Figure(found.solved),
        " 项次。",
    )
    columns = (Column("单位", wide=True), Column("不符合", number=True), Column("已整改", number=True))
    rows = tuple((name, Figure(wrong), Figure(solved)) for name, wrong, solved in found.units)
    return [said, *([Table("暗访巡查发现的问题", columns, rows)] if rows else [])]
