"""The days 2024-2027 that differ from Monday to Friday, taken from the `holidays` package.

Its tables follow the notices of the State Council's office (国务院办公厅关于部分节假日安排的通知). For a year
without a notice it knows the statutory days only, not the exchanged ones: that year is provisional.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import holidays

from organizations.enums import DayKind

SEED_YEARS = (2024, 2025, 2026, 2027)
CONFIRMED_YEARS = frozenset({2024, 2025, 2026})
SATURDAY = 5


class CalendarRow(NamedTuple):
    """One day that differs from Monday to Friday."""

    date: date
    kind: DayKind
    name: str
    source: str


def year_source(year: int) -> str:
    """The document a year's days rest on, as shown beside the calendar."""
    if year in CONFIRMED_YEARS:
        return f"国务院办公厅关于{year}年部分节假日安排的通知"
    return "全国年节及纪念日放假办法（调休尚未发布，暂定）"


def seed_rows(years: Iterable[int] = SEED_YEARS) -> list[CalendarRow]:
    """The days of `years` that differ from Monday to Friday, in order of date."""
    years = sorted(set(years))
    china = holidays.country_holidays("CN", years=years, language="zh_CN")
    off = [
        CalendarRow(day, DayKind.HOLIDAY, name, year_source(day.year))
        for day, name in china.items()
        if day.weekday() < SATURDAY and day.year in years
    ]
    makeup = [
        CalendarRow(day, DayKind.MAKEUP, "调休上班", year_source(day.year))
        for day in china.weekend_workdays
        if day.year in years
    ]
    return sorted(off + makeup)
