"""一、总体情况: three numbers of 差评, participation, and every metric beside the last quarter and the last year."""

from __future__ import annotations

from decimal import Decimal

from assessment.metrics import METRICS
from assessment.uncertainty import Rate, rate
from evaluations.enums import Origin
from oversight.paper import Block, Column, Figure, Paragraph, Part, Table
from oversight.queries.facts import Facts
from oversight.queries.sections.figures import change_words, figure, share


def blocks(facts: Facts) -> list[Block]:
    """Sentences with the counts, then the table of all metrics."""
    return [_counts(facts), _negatives(facts), _participation(facts), _table(facts)]


def _counts(facts: Facts) -> Paragraph:
    figures = facts.now.facts.figures
    parts = [
        part
        for origin in Origin
        if origin != Origin.TEST and figures.of(origin).counted
        for part in (",", f"{origin.label} ", Figure(figures.of(origin).counted), "条")
    ]
    received = sum(figures.of(origin).counted for origin in Origin if origin != Origin.TEST)
    return Paragraph.of(
        "本季度提供可评价的办件服务",
        Figure(figures.services),
        "件,收到评价",
        Figure(received),
        "条,其中",
        *parts[1:],
        "。默认评价是没有评价,不计入满意。",
    )


def _negatives(facts: Facts) -> Paragraph:
    counts, active = facts.now.facts.figures.together, facts.now.facts.figures.active
    said: tuple[Part, ...] = (
        "收到差评",
        Figure(counts.negative),
        "件,认定无效",
        Figure(counts.invalid),
        "件,有效差评",
        Figure(counts.effective),
        "件。",
    )
    if not active.valid:
        return Paragraph((*said, "本季度没有主动评价,不计算差评率。"))
    return Paragraph((*said, *_rate(facts, rate(active.effective, active.valid))))


def _rate(facts: Facts, found: Rate) -> tuple[Part, ...]:
    low, high = (Figure(_end(found, side), 2) for side in ("low", "high"))
    change = change_words("negative", facts.now.facts, facts.before.facts)
    value = share("negative", facts.now.facts)
    ends = ("件(95%的把握在", low, "和", high, f"之间),与上季度相比{change}。")
    return ("每十万条主动评价有效差评", value, *ends)


def _end(found: Rate, side: str) -> Decimal | None:
    return Decimal(repr(getattr(found.interval, side))) if found.interval else None


def _participation(facts: Facts) -> Paragraph:
    change = change_words("active", facts.now.facts, facts.before.facts)
    return Paragraph.of("主动评价率", share("active", facts.now.facts), f",与上季度相比{change}。")


def _table(facts: Facts) -> Table:
    now, before, last_year = facts.now.facts, facts.before.facts, facts.last_year.facts
    rows = []
    for metric in METRICS:
        found = metric.value(now)
        rows.append(
            (
                str(metric.label),
                Figure(found.part),
                Figure(found.whole),
                figure(metric, found),
                figure(metric, metric.value(before)),
                change_words(metric.code, now, before),
                figure(metric, metric.value(last_year)),
                change_words(metric.code, now, last_year),
            )
        )
    columns = (
        Column("指标", wide=True),
        Column("分子", number=True),
        Column("分母", number=True),
        Column("本季度", number=True),
        Column("上季度", number=True),
        Column("环比"),
        Column("去年同期", number=True),
        Column("同比"),
    )
    return Table(
        "主要指标", columns, tuple(rows), "上升、下降是统计上有把握的变化(95%);“—”是没有基数。差评率为每十万条。"
    )
