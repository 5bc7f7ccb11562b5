"""Who is low for how long, what chance does to ranks, and what waits for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from assessment import actions
from assessment.enums import Grain, Low, SchemeKind
from assessment.models import Quarter, UnitScore
from assessment.periods import Period
from assessment.queries.sheets import low_streaks
from assessment.queries.waiting import tasks_for
from assessment.scoring import Ratio, read_scheme, score, written
from assessment.scoring.chance import Ranked, reaches
from assessment.scoring.preset import CITY
from tests.assessment.quarters import CHECKED, Close
from tests.assessment.test_scoring import facts
from tests.factories import Cast


def frozen(close: Close, begins: date, ranks: dict[str, int | None], **best: int) -> Quarter:
    """A frozen quarter in which these have these ranks, of eight; best: the best that chance leaves possible."""
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
            rank_low=best.get(name, rank),
            rank_high=rank and 8,
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


def test_a_rank_that_may_be_chance_makes_nobody_low(cast: Cast) -> None:
    close = Close(cast)
    frozen(close, date(2026, 1, 1), {"a": 8, "b": 7, "c": 6}, c=1)
    last = frozen(close, date(2026, 4, 1), {"a": 8, "b": 6, "c": 7}, a=5, b=4)
    assert [(one.name, len(one.quarters), one.reached) for one in low_streaks(last)] == [
        ("a", 2, True),
        ("c", 1, False),
    ]


@pytest.mark.parametrize(
    ("rank", "of", "best", "by_rank", "sure"),
    [
        (3, 3, 3, False, False),  # a group of three has no last three
        (2, 4, 2, True, False),
        (2, 4, 3, True, True),
        (7, 10, 6, False, False),
        (8, 10, 6, True, True),
        (8, 10, 5, True, False),
        (10, 10, None, True, False),  # nobody has drawn it: there is no evidence
    ],
)
def test_low_by_rank_and_low_for_sure(rank: int, of: int, best: int | None, by_rank: bool, sure: bool) -> None:
    assert replace(CITY, low=Low.RANK).is_low(rank, of, best) is by_rank
    assert replace(CITY, low=Low.SURE).is_low(rank, of, best) is sure
    assert read_scheme({**written(CITY), "low": "rank"}).is_low(rank, of, best) is by_rank


def test_a_scheme_of_before_goes_by_the_rank_alone() -> None:
    stored = written(CITY)
    del stored["low"]
    assert read_scheme(stored).low == Low.RANK


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
