"""Papers to be rendered: one with everything in it, and random ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from oversight import charts
from oversight.paper import Chart, Column, Definition, Figure, Heading, Paper, Paragraph, Table

AT = datetime(2026, 10, 10, 2, 30, tzinfo=UTC)
HOSTILE = '𠮷䶮㙍堃 <b>&amp; *粗* #panic() {{ 7*7 }} {% if %} =HYPERLINK("x") $x$ `码` \\n [链接](x)'


def paper(*blocks: Heading | Paragraph | Table | Chart, **more: object) -> Paper:
    return Paper("关于2026年第三季度政务服务“好差评”情况的通报", "演示市行政审批服务局", AT, blocks, **more)  # type: ignore[arg-type]


def full() -> Paper:
    """A paper with every kind of block."""
    units = tuple((f"演示{n}局", Figure(12_345 * n), Figure(Decimal("99.5"), 2, "%")) for n in range(40))
    reasons = (("材料", Figure(12), Figure(-8, signed=True)), ("态度", Figure(None), Figure(None)))
    drawn = charts.bars([charts.Bar("材料", 12, 20, "12 件")], now="本季度", before="上季度")
    return paper(
        Heading(1, "一、总体情况"),
        Paragraph.of(
            "共收到评价", Figure(7_270_000), "条,主动评价率", Figure(Decimal("45.678"), 2, "%"), "。", HOSTILE
        ),
        Heading(2, "(一)分部门"),
        Table(
            "各部门",
            (Column("部门", wide=True), Column("评价", number=True), Column("按期率", number=True)),
            units,
            "注",
        ),
        Chart(
            drawn,
            "材料类差评减少",
            Table("原因", (Column("原因"), Column("本季", number=True), Column("变化", number=True)), reasons),
        ),
        Paragraph.of("首例发生于", Figure(3), "日。"),
        number="演审服通〔2026〕3号",
        summary=("第一条", "第二条"),
        addressees="各县市区:",
        copies=("省政府办公厅", "市纪委监委"),
        definitions=(Definition("主动评价率", "主动评价 ÷ 可评价的办件服务"),),
        issued_on=date(2026, 10, 12),
        seal="ab" * 32,
    )


figures = st.one_of(
    st.builds(Figure, st.one_of(st.none(), st.integers(-(10**9), 10**9)), signed=st.booleans()),
    st.builds(
        Figure,
        st.decimals(-(10**6), 10**6, places=4, allow_nan=False),
        st.integers(0, 3),
        st.sampled_from(["", "%"]),
        st.booleans(),
    ),
)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """Sentences and tables of random figures."""
    blocks: list[Paragraph | Table] = []
    for number in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            parts = [
                part for figure in draw(st.lists(figures, min_size=1, max_size=4)) for part in ("数", figure, "。")
            ]
            blocks.append(Paragraph(tuple(parts)))
        else:
            width = draw(st.integers(1, 4))
            rows = draw(st.lists(st.tuples(*[figures] * width), max_size=4))
            columns = (Column("行"), *(Column(f"列{place}", number=True) for place in range(width)))
            blocks.append(Table(f"表{number}", columns, tuple((f"第{n}", *row) for n, row in enumerate(rows))))
    return paper(*blocks)
