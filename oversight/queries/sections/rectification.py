"""四、整改和回访情况: what fell due and was done, what not, and whether those concerned are content."""

from __future__ import annotations

from oversight.paper import Block, Cell, Column, Figure, Paragraph, Table
from oversight.queries.facts import Facts, Place
from oversight.queries.sections.figures import change_words, share


def blocks(facts: Facts) -> list[Block]:
    """Sentences with the counts of the loop, and who has cases overdue."""
    return [_done(facts), _content(facts), _overdue(facts)]


def _done(facts: Facts) -> Paragraph:
    loop = facts.now.facts.loop
    return Paragraph.of(
        "本季度转办",
        Figure(len(loop.dispatched)),
        "件,整改到期",
        Figure(len(loop.due)),
        "件,按期答复",
        Figure(len(loop.on_time)),
        "件,按期整改率",
        share("on-time", facts.now.facts),
        f",与上季度相比{change_words('on-time', facts.now.facts, facts.before.facts)};销号",
        Figure(len(loop.closed)),
        "件。",
    )


def _content(facts: Facts) -> Paragraph:
    loop = facts.now.facts.loop
    return Paragraph.of(
        "回访打通",
        Figure(len(loop.reached)),
        "件,满意和基本满意",
        Figure(len(loop.satisfied)),
        "件,回访整改满意率",
        share("satisfaction", facts.now.facts),
        ";退回二次整改",
        Figure(len(loop.reworked)),
        "件,同类问题复发",
        Figure(len(loop.repeated)),
        "件。",
    )


def _overdue(facts: Facts) -> Table:
    columns = (
        Column("名称", wide=True),
        Column("到期", number=True),
        Column("逾期", number=True),
        Column("严重逾期", number=True),
        Column("二次整改", number=True),
    )
    rows = tuple(_late(place) for place in facts.places if place.facts.loop.overdue or place.facts.loop.reworked)
    return Table("逾期和二次整改", columns, rows, "没有逾期也没有二次整改的不列。")


def _late(place: Place) -> tuple[Cell, ...]:
    loop = place.facts.loop
    return place.name, *(Figure(len(ids)) for ids in (loop.due, loop.overdue, loop.overdue_far, loop.reworked))
