"""二、各地区、各部门情况: departments and counties apart, with counts; of small numbers no rates."""

from __future__ import annotations

from oversight.paper import Block, Cell, Column, Figure, Heading, Table
from oversight.queries.facts import Facts, Place
from oversight.queries.sections.figures import measured, share

SHARES = ("active", "on-time", "satisfaction", "repeat")


def blocks(facts: Facts) -> list[Block]:
    """A table of the departments of the city, and one of the counties."""
    made: list[Block] = []
    for title, name, county in (
        ("(一)市直部门", "市直部门", False),
        ("(二)县市区", "县市区", True),
    ):
        rows = tuple(_row(place) for place in facts.places if place.county == county)
        made += [Heading(2, title), Table(name, _columns(), rows, "数量少的只列数,不比较;空缺是没有基数。")]
    return made


def _columns() -> tuple[Column, ...]:
    heads = (
        "主动评价",
        "主动评价率",
        "收到差评",
        "有效差评",
        "每十万条",
        "按期整改率",
        "整改满意率",
        "复发率",
    )
    return (Column("名称", wide=True), *(Column(head, number=True) for head in heads))


def _row(place: Place) -> tuple[Cell, ...]:
    figures = place.facts.figures
    return (
        place.name,
        Figure(figures.active.valid),
        _told("active", place),
        Figure(figures.together.negative),
        Figure(figures.together.effective),
        _told("negative", place),
        *(_told(code, place) for code in SHARES[1:]),
    )


def _told(code: str, place: Place) -> Figure:
    """A value where there is enough to compare it, else none."""
    return share(code, place.facts) if measured(code, place.facts).enough else Figure(None)
