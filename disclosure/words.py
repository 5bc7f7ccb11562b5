"""Days, results and steps of a public case as people read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from assessment.enums import Grain
from assessment.periods import Period
from assessment.words import period_words
from disclosure.anonymity import first_day
from disclosure.enums import DateGrain, Result
from rectification.enums import Stage

SHAPES = {Result.HANDLING: "open", Result.RECTIFIED: "done", Result.EXPLAINED: "done"}


@dataclass(frozen=True)
class Chip:
    """A result as components/due_chip.html draws it: a shape and a colour beside the word."""

    state: str
    label: str


@dataclass(frozen=True)
class Step:
    """One of the four public steps as components/stepper.html draws it."""

    label: str | Promise
    when: str
    done: bool
    current: bool


def result_chip(result: str) -> Chip:
    """处理结果. Colour says that something was done; what was found to be otherwise stays plain."""
    return Chip(SHAPES.get(Result(result), "info"), str(Result(result).label))


def told_words(day: date, grain: str) -> str:
    """A day as exactly as it is told: 2026年11月23日, 2026年11月, 2026年第4季度, 2026年.

    Every day of a case is told alike: the day of the reply, and how many days it took, would give away the other.
    """
    return period_words(Period(first_day(day, DateGrain(grain)), Grain(grain)))


def steps(stage: str, days: Mapping[str, str]) -> list[Step]:
    """评价 → 转办 → 整改 → 答复, as far as a case has come; the last one is over once it is reached.

    Args:
        days: what is known of a step's day, in words.
    """
    reached = list(Stage).index(Stage(stage))
    over = reached == len(Stage) - 1
    return [
        Step(step.label, days.get(step, ""), at < reached or over, at == reached and not over)
        for at, step in enumerate(Stage)
    ]
