"""Who is low for how long, what chance does to ranks, and what waits for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from assessment import actions
from assessment.enums import Grain, SchemeKind
from assessment.models import Quarter, UnitScore
from assessment.periods import Period
from assessment.queries.sheets import low_streaks
from assessment.queries.waiting import tasks_for
from assessment.scoring import Ratio, score
from assessment.scoring.chance import Ranked, reaches
from assessment.scoring.preset import CITY
from tests.assessment.quarters import CHECKED, Close
from tests.assessment.test_scoring import facts
from tests.factories import Cast


def frozen(close: Close, begins: date, ranks: dict[str, int | None]) -> Quarter:
    """A frozen quarter in which these have these ranks, of eight."""
    scheme = close.adopt(valid_from=begins) if begins == date(2026, 1, 1) else None
    known = scheme or Quarter.objects.get(begins=date(2026, 1, 1)).city_scheme
    quarter = Quarter.objects.create(begins=begins, city_scheme=known)
    for name, rank in ranks.items():
        UnitScore.objects.create(
            quarter=quarter,
            kind=SchemeKind.CITY,
            subject=f"unit:{name}",
            name=name,
            region_code="370600000000",
            group="city_units",
            total=Decimal(80),
            rank=rank,
            ranked=8,
            unranked="" if rank else "sample",
        )
    now = timezone.now()
    Quarter.objects.filter(pk=quarter.pk).update(state="frozen", as_of=now, frozen_at=now, fingerprint="x" * 64)
    return Quarter.objects.get(pk=quarter.pk)


def test_low_for_two_quarters_running(cast: Cast) -> None:
    close = Close(cast)
    frozen(close, date(2026, 1, 1), {"a": 8, "b": 7, "c": 6, "d": 5})
    frozen(close, date(2026, 4, 1), {"a": 8, "b": 5, "c": None, "d": 6})
    last = frozen(close, date(2026, 7, 1), {"a": 6, "b": 7, "c": 8, "d": 1})
    found = {one.name: (one.quarters, one.reached) for one in low_streaks(last)}
    assert found == {
        "a": (("2026-Q3", "2026-Q2", "2026-Q1"), True),
        "b": (("2026-Q3",), False),  # was fifth of eight in between
        "c": (("2026-Q3",), False),  # had no rank in between
    }


def test_a_missing_quarter_ends_a_streak(cast: Cast) -> None:
    close = Close(cast)
    frozen(close, date(2026, 1, 1), {"a": 8})
    last = frozen(close, date(2026, 7, 1), {"a": 8})
    assert [one.quarters for one in low_streaks(last)] == [("2026-Q3",)]
    assert Period(last.begins, Grain.QUARTER).name == "2026-Q3"


def ranked(key: str, pleased: int, called: int) -> Ranked:
    measures = {**facts().measures, "satisfaction": Ratio(Decimal(pleased), called)}
    some = replace(facts(), measures=measures)
    return Ranked(key, ("city_units", ""), some, score(CITY, some))


def test_small_numbers_tell_no_ranks_apart_and_large_ones_do() -> None:
    few = reaches(CITY, [ranked("a", 3, 4), ranked("b", 4, 4)], seed=1)
    assert (few["a"].low, few["a"].high) == (few["b"].low, few["b"].high) == (1, 2)
    many = reaches(CITY, [ranked("a", 100, 1000), ranked("b", 990, 1000)], seed=1)
    assert (many["b"].high, many["a"].low) == (1, 2)
    assert reaches(CITY, [ranked("a", 3, 4), ranked("b", 4, 4)], seed=1) == few


@pytest.mark.usefixtures("monday")
def test_what_waits_is_on_the_first_page(cast: Cast) -> None:
    close = Close(cast)
    close.adopt()
    close.praise(2)
    quarter = actions.open_quarter(Period(date(2026, 7, 1), Grain.QUARTER), by=cast.qian, at=CHECKED)
    actions.check_quarter(quarter, by=cast.qian, at=CHECKED)
    assert [str(task.label) for task in tasks_for(cast.qian, CHECKED)] == ["季度考核有问题待处理"]
    close.upto_objections()
    assert [task.count for task in tasks_for(cast.zheng, CHECKED)] == [1]
    actions.object_to_score(close.score(), None, "总分与各项之和不一致,请核对", by=cast.zheng, at=CHECKED)
    assert [str(task.label) for task in tasks_for(cast.qian, CHECKED)] == ["待答复的考核异议"]
    assert tasks_for(cast.wu, CHECKED) == []
