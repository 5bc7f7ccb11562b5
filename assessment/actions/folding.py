"""Months, quarters and years, each folded from the finer table below it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from itertools import pairwise
from typing import Any

from assessment.actions.counting import Day, put
from assessment.models import Rung
from assessment.periods import period_of

FOLD = """
WITH period AS (
    SELECT * FROM unnest(%(units)s::bigint[], %(begins)s::date[], %(afters)s::date[]) AS period (unit_id, begins, after)
), folded AS MATERIALIZED (
    SELECT {keys}, {measures}
    FROM period CROSS JOIN LATERAL (
        SELECT {others}, {sums} FROM {finer} AS part
        WHERE part.unit_id = period.unit_id AND part.begins >= period.begins AND part.begins < period.after
        GROUP BY {others}
        OFFSET 0
    ) AS part
), {put} SELECT
"""


def fold(cursor: Any, ladder: tuple[Rung, ...], days: Collection[Day]) -> None:
    """Brings the upper tables of a ladder to what the days below say, for the periods that hold these days."""
    for finer, coarser in pairwise(ladder):
        _fold(cursor, finer, coarser, days)


def _fold(cursor: Any, finer: Rung, coarser: Rung, days: Collection[Day]) -> None:
    periods = {entry.day: period_of(entry.day, coarser.grain) for entry in days}
    wanted = sorted({(entry.unit_id, periods[entry.day]) for entry in days})
    cursor.execute(
        _statement(finer, coarser),
        {
            "units": [unit_id for unit_id, _period in wanted],
            "begins": [period.begins for _unit_id, period in wanted],
            "afters": [period.after for _unit_id, period in wanted],
        },
    )


@cache
def _statement(finer: Rung, coarser: Rung) -> str:
    others = [name for name in coarser.keys if name != "begins"]
    return FOLD.format(
        finer=finer.table,
        keys=", ".join("period.begins" if name == "begins" else f"part.{name}" for name in coarser.keys),
        measures=", ".join(f"part.{name}" for name in coarser.measures),
        others=", ".join(others),
        sums=", ".join(f"sum({name})::integer AS {name}" for name in coarser.measures),
        put=put(coarser, source="folded", periods="period"),
    )
