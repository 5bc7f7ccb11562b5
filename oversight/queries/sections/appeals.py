"""五、申诉评审情况: by ground, how many were ruled on and how many upheld."""

from __future__ import annotations

from oversight.paper import Block, Column, Figure, Paragraph, Table
from oversight.queries.facts import Facts


def blocks(facts: Facts) -> list[Block]:
    """A sentence with the counts, and the table of grounds."""
    loop = facts.now.facts.loop
    said = Paragraph.of(
        "转办的件中提出申诉的",
        Figure(len(loop.appealed)),
        "件;本季度送达裁定",
        Figure(len(loop.ruled)),
        "件,成立",
        Figure(len(loop.upheld)),
        "件,部分成立",
        Figure(len(loop.partly)),
        "件。认定无效的评价照原样保留,收到、无效和有效分别列出。",
    )
    columns = (
        Column("申诉理由", wide=True),
        Column("已裁定", number=True),
        Column("成立和部分成立", number=True),
    )
    rows = tuple((row.name, Figure(row.upheld.whole), Figure(row.upheld.part)) for row in facts.grounds)
    return [said, Table("申诉理由", columns, rows, "按裁定作出的时间;复核过的以复核为准。")]
