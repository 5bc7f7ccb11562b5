"""What the portal writes where nobody has written: findings, problems with named units, demands with their dates.

Made of the same figures as the tables, at each look, so that no sentence can differ from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from assessment.metrics import Facts as Measurable
from organizations.queries import working_calendar
from oversight.paper import Figure, Paragraph, Part
from oversight.queries.facts import Facts
from oversight.queries.sections.figures import change_words, share
from rectification.deadlines import due_at
from rectification.enums import TimeUnit
from rectification.queries import clock_rules

AHEAD = timedelta(days=120)
NOBODY = "本季度没有整改逾期、二次整改和同类问题复发的单位。"


@dataclass(frozen=True)
class Day:
    """So many working days after signing, and which day that is. sure: the calendar of its year is confirmed."""

    days: int
    day: date
    sure: bool

    @property
    def parts(self) -> tuple[Part, ...]:
        said = f"{self.day.year}年{self.day.month}月{self.day.day}日" + (
            "" if self.sure else ",节假日安排公布后以其为准"
        )
        return ("在签发后", Figure(self.days), f"个工作日内({said}前)")


@dataclass(frozen=True)
class Days:
    """By when overdue cases are done, the notice is answered, and what recurs is dealt with."""

    overdue: Day
    answer: Day
    campaign: Day


def days_from(at: datetime) -> Days:
    """The dates of demands, counted in working days from the moment of signing (settings NOTICE_…_DAYS)."""
    today = timezone.localdate(at)
    calendar, rules = working_calendar(today, today + AHEAD), clock_rules()

    def day(count: int) -> Day:
        due = due_at(at, count, TimeUnit.WORKING_DAYS, calendar, rules)
        return Day(count, timezone.localdate(due.at), not due.provisional)

    return Days(
        *(day(n) for n in (settings.NOTICE_OVERDUE_DAYS, settings.NOTICE_ANSWER_DAYS, settings.NOTICE_CAMPAIGN_DAYS))
    )


def summary(facts: Facts, days: Days) -> list[Paragraph]:
    """Three findings and three demands, for the first page."""
    return [*_findings(facts), *_asked(facts, days)]


def _findings(facts: Facts) -> list[Paragraph]:
    now, before = facts.now.facts, facts.before.facts
    counts, loop = now.figures.together, now.loop
    return [
        Paragraph.of(
            "收到差评",
            Figure(counts.negative),
            "件,有效差评",
            Figure(counts.effective),
            "件,每十万条主动评价",
            share("negative", now),
            f"件,与上季度相比{change_words('negative', now, before)}。",
        ),
        Paragraph.of("主动评价率", share("active", now), f",与上季度相比{change_words('active', now, before)}。"),
        Paragraph.of(
            "整改到期",
            Figure(len(loop.due)),
            "件,按期整改率",
            share("on-time", now),
            ",回访整改满意率",
            share("satisfaction", now),
            "。",
        ),
    ]


def _asked(facts: Facts, days: Days) -> list[Paragraph]:
    loop = facts.now.facts.loop
    asked = [Paragraph.of("各单位", *days.answer.parts, "报送整改情况。")]
    if left := _left(facts.now.facts):
        asked.append(Paragraph.of("逾期未办结的", Figure(left), "件,", *days.overdue.parts, "办结。"))
    if loop.repeated:
        parts = ("件,", *days.campaign.parts, "完成专项排查。")
        asked.append(Paragraph.of("同类问题复发的", Figure(len(loop.repeated)), *parts))
    return asked


def _left(facts: Measurable) -> int:
    """How many ran out in the quarter and are not rectified by now."""
    return len({*facts.loop.overdue} - {*facts.loop.rectified})


def problems(facts: Facts) -> list[Paragraph]:
    """A line for each department and county with something to be put right, named."""
    found = [line for place in facts.places if (line := problem_of(place.name, place.facts))]
    return found or [Paragraph.of(NOBODY)]


def problem_of(name: str, facts: Measurable) -> Paragraph | None:
    """What is wrong with one of them; None if nothing is."""
    loop = facts.loop
    told = _listed(
        ("整改逾期", loop.overdue),
        ("其中严重逾期", loop.overdue_far),
        ("首次联系逾期", loop.contact_late),
        ("退回二次整改", loop.reworked),
        ("同类问题复发", loop.repeated),
    )
    return Paragraph.of(name, ":", *told, "。") if told else None


def _listed(*named: tuple[str, Iterable[int]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for words, ids in named:
        if count := len(tuple(ids)):
            parts += [("," if parts else "") + words, Figure(count), "件"]
    return tuple(parts)


def demands(facts: Facts, days: Days) -> list[Paragraph]:
    """A line for each of them with what is to be done by when, and one for everybody."""
    asked = [line for place in facts.places if (line := demand_of(place.name, place.facts, days))]
    return [*asked, everybody(days)]


def demand_of(name: str, facts: Measurable, days: Days) -> Paragraph | None:
    """What is asked of one of them; None if nothing beyond what is asked of everybody."""
    loop, left = facts.loop, _left(facts)
    asked: list[tuple[Part, ...]] = []
    if left:
        asked.append(("逾期未办结的", Figure(left), "件,", *days.overdue.parts, "办结并报送结果"))
    if loop.overdue:
        asked.append(("整改逾期的", Figure(len(loop.overdue)), "件,", *days.answer.parts, "书面说明原因"))
    if loop.repeated:
        asked.append(
            ("同类问题复发的", Figure(len(loop.repeated)), "件,", *days.campaign.parts, "完成专项排查并报送措施")
        )
    parts = [part for place, one in enumerate(asked) for part in ([";"] if place else []) + [*one]]
    return Paragraph.of(name, ":", *parts, "。") if parts else None


def everybody(days: Days) -> Paragraph:
    return Paragraph.of("各单位对照本通报核对本单位的差评、逾期和扣分,", *days.answer.parts, "报送整改情况。")
