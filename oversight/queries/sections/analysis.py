"""三、差评分析: what was wrong, about which matters, through which channels."""

from __future__ import annotations

from django.utils.translation import gettext as _

from assessment.figures import total
from evaluations.enums import RatingChannel
from oversight import charts
from oversight.paper import Block, Cell, Chart, Column, Figure, Heading, Table
from oversight.queries.facts import Facts

MOST_REASONS = 12


def blocks(facts: Facts) -> list[Block]:
    """Reasons beside the last quarter's, matters, channels."""
    return [
        Heading(2, _("(一)原因")),
        _reasons(facts),
        Heading(2, _("(二)事项")),
        _items(facts),
        Heading(2, _("(三)渠道")),
        _channels(facts),
    ]


def _reasons(facts: Facts) -> Chart:
    now, before = facts.now.reasons, facts.before.reasons
    ordered = sorted({*now, *before}, key=lambda name: (-now[name], -before[name], name))[:MOST_REASONS]
    rows = tuple((_named(name), Figure(now[name]), Figure(before[name])) for name in ordered)
    bars = [charts.Bar(_named(name), now[name], before[name], str(now[name])) for name in ordered]
    columns = (Column(_("问题类别"), wide=True), Column(_("本季度"), number=True), Column(_("上季度"), number=True))
    return Chart(
        charts.bars(bars, now=_("本季度"), before=_("上季度")),
        _finding(ordered, facts),
        Table(_("差评原因"), columns, rows, _("按收到的差评件计,一件多个原因的按第一个。")),
    )


def _named(name: str) -> str:
    return name or _("没有选原因")


def _finding(ordered: list[str], facts: Facts) -> str:
    """The title of the chart says what is to be seen in it."""
    if not ordered:
        return _("本季度没有差评")
    first = ordered[0]
    words = {"name": _named(first), "now": facts.now.reasons[first], "before": facts.before.reasons[first]}
    return _("“%(name)s”最多:%(now)d 件,上季度 %(before)d 件") % words


def _items(facts: Facts) -> Table:
    columns = (Column(_("事项"), wide=True), Column(_("有效差评"), number=True), Column(_("有效主动评价"), number=True))
    rows = tuple((row.name, Figure(row.counts.effective), Figure(row.counts.valid)) for row in facts.items)
    return Table(_("差评较多的事项"), columns, rows, _("只列主动评价。"))


def _channels(facts: Facts) -> Table:
    columns = (
        Column(_("渠道"), wide=True),
        Column(_("评价"), number=True),
        Column(_("收到差评"), number=True),
        Column(_("有效差评"), number=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for channel in RatingChannel:
        if channel in facts.channels:
            counts = total(facts.channels[channel].values())
            cells = (counts.counted, counts.negative, counts.effective)
            rows.append((str(channel.label), *(Figure(number) for number in cells)))
    return Table(_("评价渠道"), columns, tuple(rows))
