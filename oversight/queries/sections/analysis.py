"""三、差评分析: what was wrong, about which matters, where it came again, through which channels."""

from __future__ import annotations

from decimal import Decimal

from assessment.figures import total
from assessment.words import change_words
from evaluations.enums import RatingChannel
from oversight import charts
from oversight.analysing import UNCLASSED, ClassLine, Pair
from oversight.paper import Block, Cell, Chart, Column, Figure, Heading, Table
from oversight.queries.facts import Facts

MOST_REASONS, MOST_PAIRS = 12, 20


def blocks(facts: Facts) -> list[Block]:
    """Classes beside the last quarter's, matters, what came again and what is over the threshold, channels."""
    found = facts.analysis
    return [
        Heading(2, "(一)问题类别"),
        _classes(found.classes[:MOST_REASONS]),
        Heading(2, "(二)热点事项"),
        _matters(facts),
        Heading(2, "(三)同类问题再次出现"),
        _pairs("同类问题再次出现", found.repeats, "同一单位同一类别在规定天数内又出现的件。"),
        _pairs("可立项专项整治", found.candidates, "一个季度内同一单位同一类别达到立项数量的。"),
        Heading(2, "(四)渠道"),
        _channels(facts),
    ]


def named(group: str) -> str:
    """A class as a paper writes it."""
    return "未归类" if group == UNCLASSED else group


def _classes(lines: list[ClassLine]) -> Chart:
    rows = tuple(
        (
            named(line.group),
            Figure(line.now),
            Figure(line.before),
            change_words(line.compared, enough=line.enough),
        )
        for line in lines
    )
    bars = [charts.Bar(named(line.group), line.now, line.before, str(line.now)) for line in lines]
    columns = (
        Column("问题类别", wide=True),
        Column("本季度", number=True),
        Column("上季度", number=True),
        Column("变化"),
    )
    note = "按收到的有效差评件计,一件归一类:先看人工更正,再看归类规则,再看评价标签。变化按差评率比较,并按类别个数校正。"
    drawing = charts.bars(bars, now="本季度", before="上季度")
    return Chart(drawing, _finding(lines), Table("差评原因", columns, rows, note))


def _finding(lines: list[ClassLine]) -> str:
    """The title of the chart says what is to be seen in it."""
    if not lines or not lines[0].now:
        return "本季度没有差评"
    first = lines[0]
    return f"“{named(first.group)}”最多:{first.now} 件,上季度 {first.before} 件"


def _matters(facts: Facts) -> Table:
    columns = (Column("事项", wide=True), Column("有效差评", number=True), Column("每十万条评价", number=True))
    rows = tuple(
        (one.name, Figure(one.count), Figure(Decimal(one.rate.value) if one.enough and one.rate.value else None, 2))
        for one in facts.analysis.matters
    )
    return Table("差评较多的事项", columns, rows, "评价是本人作出的有效评价;评价少的事项不算比率。")


def _pairs(name: str, pairs: list[Pair], note: str) -> Table:
    columns = (Column("单位", wide=True), Column("问题类别", wide=True), Column("件数", number=True))
    rows = tuple((pair.unit_name, named(pair.group), Figure(len(pair.bads))) for pair in pairs[:MOST_PAIRS])
    return Table(name, columns, rows, note)


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
