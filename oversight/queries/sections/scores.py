"""考核得分和名次: as they were frozen, group by group; who is not ranked, and why."""

from __future__ import annotations

from assessment.models import UnitScore
from assessment.queries.sheets import groups_of
from oversight.paper import Block, Cell, Column, Figure, Heading, Paragraph, Table
from oversight.queries.facts import Facts

COLUMNS = (
    Column("名次", number=True),
    Column("名称", wide=True),
    Column("得分", number=True),
    Column("名次范围", number=True),
    Column("说明"),
)
NOTE = "名次只在同组内比较;名次范围是考虑偶然性后可能的名次。每一分的依据见考核得分页面。"


def blocks(facts: Facts) -> list[Block]:
    """A table for each group; until the quarter is frozen, that it is not."""
    if not facts.scores:
        return [Paragraph.of("本季度考核尚未封存,得分和名次以封存后的为准。")]
    made: list[Block] = []
    for group in groups_of(facts.scores):
        made.append(Heading(2, group.label))
        if group.scored:
            made.append(Table(f"得分 {group.label}", COLUMNS, tuple(_row(row) for row in group.scored), NOTE))
        if group.nothing:
            names = "、".join(row.name for row in group.nothing)
            made.append(Paragraph.of(f"没有可考核的事实的 {len(group.nothing)} 个:{names}。"))
    return made


def _row(score: UnitScore) -> tuple[Cell, ...]:
    between = f"{score.rank_low}–{score.rank_high}" if score.rank_low else "—"
    why = "" if score.rank else "·".join(part for part in (str(score.get_unranked_display()), score.why) if part)
    return Figure(score.rank), score.name, Figure(score.total, 2), between, why
