"""三、差评分析: what was wrong, about which matters, through which channels."""

from __future__ import annotations

from assessment.figures import total
from evaluations.enums import RatingChannel
from oversight import charts
from oversight.paper import Block, Cell, Chart, Column, Figure, Heading, Table
from oversight.queries.facts import Facts

MOST_REASONS = 12


def blocks(facts: Facts) -> list[Block]:
    """Reasons beside the last quarter's, matters, channels."""
    return [
        Heading(2, "(一)原因"),
        _reasons(facts),
        Heading(2, "(二)事项"),
        _items(facts),
        Heading(2, "(三)渠道"),
        _channels(facts),
    ]


def _reasons(facts: Facts) -> Chart:
    now, before = facts.now.reasons, facts.before.reasons
    ordered = sorted({*now, *before}, key=lambda name: (-now[name], -before[name], name))[:MOST_REASONS]
    rows = tuple((_named(name), Figure(now[name]), Figure(before[name])) for name in ordered)
    bars = [charts.Bar(_named(name), now[name], before[name], str(now[name])) for name in ordered]
    columns = (Column("问题类别", wide=True), Column("本季度", number=True), Column("上季度", number=True))
    return Chart(
        charts.bars(bars, now="本季度", before="上季度"),
        _finding(ordered, facts),
        Table("差评原因", columns, rows, "按收到的差评件计,一件多个原因的按第一个。"),
    )


def _named(name: str) -> str:
    return name or "没有选原因"


def _finding(ordered: list[str], facts: Facts) -> str:
    """The title of the chart says what is to be seen in it."""
    if not ordered:
        return "本季度没有差评"
    first = ordered[0]
    now, before = facts.now.reasons[first], facts.before.reasons[first]
    return f"“{_named(first)}”最多:{now} 件,上季度 {before} 件"


def _items(facts: Facts) -> Table:
    columns = (Column("事项", wide=True), Column("有效差评", number=True), Column("有效主动评价", number=True))
    rows = tuple((row.name, Figure(row.counts.effective), Figure(row.counts.valid)) for row in facts.items)
    return Table("差评较多的事项", columns, rows, "只列主动评价。")


def _channels(facts: Facts) -> Table:
    columns = (
        Column("渠道", wide=True),
        Column("评价", number=True),
        Column("收到差评", number=True),
        Column("有效差评", number=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for channel in RatingChannel:
        if channel in facts.channels:
            counts = total(facts.channels[channel].values())
            cells = (counts.counted, counts.negative, counts.effective)
            rows.append((str(channel.label), *(Figure(number) for number in cells)))
    return Table("评价渠道", columns, tuple(rows))
