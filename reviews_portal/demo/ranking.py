"""What gives the city's departments a rank in every past quarter, and what keeps one of them low. Invented.

A rank takes thirty active ratings and facts for half of the points (docs/scoring.md): a department of which nobody
complained has neither deadlines kept nor anybody satisfied.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assessment.periods import Period
from reviews_portal.demo.stories import HEARD, LATE, STRAIGHT, Story

RANKED = (
    "370600-GAJ",
    "370600-RSJ",
    "370600-ZGJ",
    "370600-TAX",
    "370600-GJJ",
    "370600-YBJ",
    "370600-WJW",
    "370600-SJJ",
)
# Who is low, in which of the frozen quarters, counted from 0: one is all the time, one recovers.
LOW = {"370600-WJW": range(4), "370600-SJJ": range(2)}
UNMOVED = (
    f"{HEARD} +12d report reply call_unhappy rework_report reply call_missed +1d call_missed_late +1d call_missed "
    "give_up close"
)
# Nothing that a campaign of the year is against, so that its effect is that of its own cases.
SAID = (
    ("212", "取号以后排队排到下午。"),
    ("", "窗口和服务台之间来回跑了三趟。"),
    ("", "提交页面一直报错,没有人能说清。"),
    ("214", "问话爱答不理。"),
)
EARLY, APART = 5, 6


def facts_of(periods: Sequence[Period]) -> dict[date, list[tuple[int, Story]]]:
    """What is said of each department: by first day of the quarter, each with the day in it."""
    return {period.begins: _said(place) for place, period in enumerate(periods)}


def _said(place: int) -> list[tuple[int, Story]]:
    told = []
    for number, unit in enumerate(RANKED):
        scripts = (UNMOVED, LATE, UNMOVED) if place in LOW.get(unit, ()) else (STRAIGHT,)
        for turn, script in enumerate(scripts):
            tag, text = SAID[(place + number + turn) % len(SAID)]
            tags = (tag,) if tag else ()
            told.append((EARLY + APART * turn + number, Story(unit, 2 if tag else 1, tags, text, script)))
    return told
