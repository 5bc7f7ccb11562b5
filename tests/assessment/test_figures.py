"""What counts mean: by tables, without a database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.figures import MEASURES, NONE, Counts, Figures, Share, total
from assessment.models import UNITS
from evaluations.enums import Origin

SCORES = {1: 0, 2: 3, 3: 6, 4: 8, 5: 10}
numbers = st.integers(min_value=0, max_value=30_000_000)


def test_counts_name_what_a_table_holds_in_its_order() -> None:
    assert list(MEASURES) == UNITS[0].measures


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (0, 0, None),
        (5, 0, None),
        (0, 7, "0.00"),
        (7, 7, "100.00"),
        (1, 3, "33.33"),
        (2, 3, "66.66"),
        (68_882, 68_980, "99.85"),
        (29_089_999, 29_090_000, "99.99"),
    ],
)
def test_a_share_is_rounded_down_and_nothing_is_the_share_of_nothing(part: int, whole: int, percent: str) -> None:
    assert Share(part, whole).percent == (None if percent is None else Decimal(percent))


@given(numbers, numbers)
def test_only_all_is_a_hundred(part: int, whole: int) -> None:
    percent = Share(min(part, whole), whole).percent
    assert (percent is None) == (whole == 0)
    assert (percent == 100) == (whole > 0 and part >= whole)


def test_per_ten_thousand() -> None:
    assert Share(177, 29_090_000).per(10_000) == Decimal("0.06")
    assert Share(3, 1000).per(10_000) == Decimal("30.00")


def test_void_ratings_are_received_and_not_effective() -> None:
    counts = Counts(n1=3, n2=2, n3=1, n5=4, negative=6, invalid=3, invalid1=1, invalid2=1, left_out=2)
    assert (counts.counted, counts.received, counts.valid) == (10, 12, 7)
    assert (counts.negative, counts.invalid, counts.effective) == (6, 3, 3)
    # Of level 1 two are left, of level 2 one, of level 3 (a 中评 that was void) none.
    assert counts.average(SCORES) == Decimal(2 * 0 + 1 * 3 + 4 * 10) / 7 // Decimal("0.01") * Decimal("0.01")
    assert (counts.good(3), counts.good(4)) == (4, 4)


def test_good_begins_at_the_threshold() -> None:
    counts = Counts(n1=1, n3=2, n4=4, n5=8)
    assert [counts.good(threshold) for threshold in (3, 4, 5)] == [14, 12, 8]


def test_of_nothing_there_is_no_mean() -> None:
    assert NONE.average(SCORES) is None
    assert Counts(n1=1, negative=1, invalid=1, invalid1=1).average(SCORES) is None


@given(st.lists(st.builds(Counts, **dict.fromkeys(MEASURES, numbers)), max_size=4))
def test_a_sum_is_the_sum_of_each(many: list[Counts]) -> None:
    whole = total(many)
    for name in (*MEASURES, "counted", "received", "valid", "effective"):
        assert getattr(whole, name) == sum(getattr(one, name) for one in many)


def test_origins_are_never_added_to_one_another() -> None:
    one = Figures(10, 4, {Origin.ACTIVE: Counts(n5=3), Origin.DEFAULT: Counts(n5=90)})
    other = Figures(5, 1, {Origin.ACTIVE: Counts(n4=1), Origin.INVITED: Counts(n5=2)})
    both = one + other
    assert (both.services, both.rated) == (15, 5)
    assert {name: counts.counted for name, counts in both.origins.items()} == {"active": 4, "default": 90, "invited": 2}
    assert (both.active_rate.part, both.active_rate.whole) == (4, 15)
    assert (both.unrated.part, both.unrated.percent) == (10, Decimal("66.66"))
    assert both.active_best_rate == Share(3, 4)
    assert both.active_good_rate(3) == Share(4, 4)


def test_a_unit_without_anything_has_no_rates() -> None:
    nothing = Figures()
    shares = [nothing.unrated, nothing.active_rate, nothing.active_best_rate, nothing.active_negative_rate]
    assert [share.percent for share in [*shares, nothing.active_good_rate(3)]] == [None] * 5
