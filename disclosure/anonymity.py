"""小众事项: how exactly matter and day may be told before they point at one person (docs/domain.md §9). Pure.

A rating is one of a crowd: those who rated the same matter at the same unit in the same time. Where the crowd of the
day is too small the month is told, then the quarter, then the year; where even a year's is, the matter is not named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from disclosure.enums import DateGrain

LADDER = (DateGrain.DAY, DateGrain.MONTH, DateGrain.QUARTER, DateGrain.YEAR)


@dataclass(frozen=True)
class Told:
    """What is told: of the day how exactly, and whether the matter is named."""

    grain: DateGrain
    matter: bool

    @property
    def coarse(self) -> bool:
        return self.grain != DateGrain.DAY or not self.matter


def told(crowds: Mapping[DateGrain, int], least: int) -> Told:
    """The finest grain of which the crowd is large enough.

    Args:
        crowds: how many ratings of this matter the unit had in the day, month, quarter and year; missing is none.
        least: how many make a crowd (setting DISCLOSURE_CROWD).
    """
    for grain in LADDER:
        if crowds.get(grain, 0) >= least:
            return Told(grain, matter=True)
    return Told(DateGrain.QUARTER, matter=False)


def first_day(day: date, grain: DateGrain) -> date:
    """The first day of the period of this grain that holds the day."""
    if grain == DateGrain.DAY:
        return day
    if grain == DateGrain.MONTH:
        return day.replace(day=1)
    if grain == DateGrain.QUARTER:
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return date(day.year, 1, 1)
