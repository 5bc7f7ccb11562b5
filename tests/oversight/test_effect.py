"""The effect of a campaign as rules: windows of one length, numbers that turn with their sides, and what is doubted."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from math import inf

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from assessment.periods import Days
from assessment.uncertainty import UNKNOWN, Change
from oversight.effect import Around, Counted, Effect, Recurrence, Return, Scope, recurrences
from oversight.enums import Doubt, Moved

BEGINS, ENDS = date(2026, 7, 1), date(2026, 7, 31)
SCOPE = Scope(frozenset({"咨询与电话"}), BEGINS, ENDS, 90)
LATER = date(2027, 1, 1)
counts, ratings = st.integers(0, 60), st.integers(0, 200_000)


def counted(count: int, on: int) -> Counted:
    return Counted(tuple(range(count)), on)


def effect(
    before: Counted,
    after: Counted,
    *,
    others: tuple[Counted, Counted] | None = None,
    baseline: Counted | None = None,
    chosen: bool = False,
    today: date = LATER,
) -> Effect:
    windows = SCOPE.windows(today)
    beside = Around(*others, windows.days) if others else None
    usual = baseline or counted(0, 0)
    return Effect(SCOPE, windows, Around(before, after, windows.days), beside, usual, before, chosen)


# --- windows ------------------------------------------------------------------------------------------------------


def test_windows_lie_right_before_and_right_after() -> None:
    windows = SCOPE.windows(LATER)
    assert windows == SCOPE.full
    assert (windows.before.begins, windows.before.last) == (date(2026, 4, 2), date(2026, 6, 30))
    assert (windows.after.begins, windows.after.last) == (date(2026, 8, 1), date(2026, 10, 29))
    assert SCOPE.baseline == Days(date(2025, 4, 2), date(2026, 4, 2))
    assert Scope(SCOPE.classes, date(2024, 5, 29), ENDS, 90).baseline.begins == date(2023, 2, 28)


def test_days_that_are_not_over_are_not_counted() -> None:
    cut = SCOPE.windows(date(2026, 8, 11))
    assert (cut.after.begins, cut.after.last, cut.days) == (date(2026, 8, 1), date(2026, 8, 10), 10)
    assert (cut.before.begins, cut.before.last) == (date(2026, 6, 21), date(2026, 6, 30))
    assert SCOPE.windows(date(2026, 10, 29)).days == 89
    assert SCOPE.windows(date(2026, 10, 30)) == SCOPE.full
    for early in (BEGINS, ENDS, date(2026, 8, 1), date(2020, 1, 1)):
        assert SCOPE.windows(early).days == 0


@given(st.dates(date(2001, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.integers(1, 400), st.integers(-500, 900))
def test_windows_are_never_unequal(begins: date, length: int, days: int, shift: int) -> None:
    scope = Scope(frozenset(), begins, begins + timedelta(days=length), days)
    windows = scope.windows(scope.ends + timedelta(days=shift))
    assert windows.before.count == windows.after.count == windows.days == min(days, max(0, shift - 1))
    assert windows.before.after == begins
    assert windows.after.begins == scope.ends + timedelta(days=1)
    assert scope.baseline.after == scope.full.before.begins
    assert 365 <= scope.baseline.count <= 366


def test_a_campaign_that_cannot_be_is_refused() -> None:
    for begins, ends, days in ((ENDS, BEGINS, 90), (BEGINS, ENDS, 0)):
        with pytest.raises(ValueError, match="no campaign"):
            Scope(frozenset(), begins, ends, days)


@given(st.dictionaries(st.integers(1, 99), st.dates(date(2026, 1, 1), date(2026, 12, 31))), st.data())
def test_what_is_counted_lies_in_the_days(received: dict[int, date], data: st.DataObject) -> None:
    cut = sorted(data.draw(st.lists(st.dates(date(2026, 1, 1), date(2027, 1, 1)), min_size=3, max_size=3)))
    asked = dict.fromkeys(received.values(), 2)
    parts = [Counted.of(Days(*pair), received, asked) for pair in pairwise(cut)]
    whole = Counted.of(Days(cut[0], cut[2]), received, asked)
    assert sorted(parts[0].bad + parts[1].bad) == list(whole.bad)
    assert parts[0].ratings + parts[1].ratings == whole.ratings
    assert set(whole.bad) == {case for case, day in received.items() if cut[0] <= day < cut[2]}


# --- before and after ---------------------------------------------------------------------------------------------


def test_a_fall_as_it_is_computed_by_hand() -> None:
    """20 on 40,000 and 5 on 41,000: 50.0 and 12.2 per 100,000; the interval is scipy's, of binomtest(5, 25)."""
    found = effect(counted(20, 40_000), counted(5, 41_000))
    assert found.units.before.rate.value == pytest.approx(50.0)
    assert found.units.after.rate.value == pytest.approx(12.195, abs=1e-3)
    assert found.units.reduction == pytest.approx(1 - 5 / 41 / (20 / 40))
    ends = found.units.reduction_interval
    assert ends is not None
    assert (ends.low, ends.high) == (pytest.approx(0.3302955, abs=1e-7), pytest.approx(0.9284682, abs=1e-7))
    assert found.moved == Moved.DOWN


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        (6, 0, Moved.DOWN),
        (5, 0, Moved.FEW),
        (0, 0, Moved.FEW),
        (2, 3, Moved.FEW),
        (8, 6, Moved.NO_EVIDENCE),
        (0, 6, Moved.UP),
        (5, 30, Moved.UP),
    ],
)
def test_what_is_said(before: int, after: int, moved: Moved) -> None:
    """Of five cases on as many ratings each all may come before by chance (1/16); of six no longer (1/32)."""
    assert effect(counted(before, 1000), counted(after, 1000)).moved == moved


def test_without_ratings_or_days_nothing_is_said() -> None:
    assert effect(counted(9, 0), counted(0, 900)).moved == Moved.FEW
    none = effect(counted(9, 900), counted(0, 0))
    assert (none.moved, none.units.reduction, none.units.reduction_interval) == (Moved.FEW, None, None)
    early = effect(counted(0, 0), counted(0, 0), today=ENDS)
    assert (early.moved, early.so_far) == (Moved.NOT_YET, True)
    risen = effect(counted(0, 900), counted(9, 900)).units
    assert (risen.compared.ratio, risen.reduction) == (inf, None)


@given(counts, ratings, counts, ratings)
@settings(deadline=None)
def test_before_and_after_turn_with_their_sides(x: int, e: int, a: int, g: int) -> None:
    one, other = effect(counted(x, e), counted(a, g)), effect(counted(a, g), counted(x, e))
    turned = {Moved.UP: Moved.DOWN, Moved.DOWN: Moved.UP}
    assume(abs(one.units.compared.p - 0.05) > 1e-9)
    if one.moved in turned:
        assert other.moved == turned[one.moved]
    if one.units.reduction is not None:
        ends = one.units.reduction_interval
        assert ends
        assert ends.low - 1e-9 <= one.units.reduction <= ends.high + 1e-9 <= 1 + 1e-9
        assert (one.moved == Moved.DOWN) == (ends.low > 0 and e > 0 and g > 0)


# --- units of comparison ------------------------------------------------------------------------------------------


def test_whether_the_others_moved_likewise() -> None:
    fell = counted(20, 40_000), counted(5, 41_000)
    alone = effect(*fell)
    assert (alone.apart, alone.likewise) == (UNKNOWN, False)
    same = effect(*fell, others=(counted(40, 90_000), counted(11, 88_000)))
    assert (same.likewise, same.apart.change) == (True, Change.NO_EVIDENCE)
    assert Doubt.LIKEWISE in same.doubts
    still = effect(*fell, others=(counted(40, 90_000), counted(41, 88_000)))
    assert (still.likewise, still.apart.change) == (False, Change.LESS)
    assert still.apart.ratio == pytest.approx((5 / 41) / (20 / 40) / ((41 / 88) / (40 / 90)))
    less = effect(counted(60, 40_000), counted(1, 41_000), others=(counted(60, 90_000), counted(30, 88_000)))
    assert less.beside is not None
    assert (less.beside.moved, less.likewise, less.apart.change) == (Moved.DOWN, False, Change.LESS)


# --- what comes by itself -----------------------------------------------------------------------------------------


def test_a_peak_comes_down_by_itself() -> None:
    """12 on 10,000 after a year of 20 on 40,000: of a mean of 32 on 50,000 are 6.4 on 10,000; 6 came."""
    found = effect(counted(12, 10_000), counted(6, 10_000), baseline=counted(20, 40_000), chosen=True)
    back = found.comes_back
    assert (back.carried, back.fall) == (pytest.approx(12), pytest.approx(6))
    assert (back.expected, back.by_itself) == (pytest.approx(6.4), pytest.approx(5.6))
    assert back.share == pytest.approx(5.6 / 6)
    assert back.beyond.change == Change.NO_EVIDENCE
    assert back.at_most
    assert found.doubts == (Doubt.CHOSEN, Doubt.HIGHER)


def test_what_is_doubted() -> None:
    usual = counted(20, 40_000)
    little = effect(counted(7, 10_000), counted(5, 10_000), baseline=usual)
    assert little.doubts == (Doubt.HIGH_BY_CHANCE,)
    assert effect(counted(5, 10_000), counted(5, 10_000), baseline=usual).doubts == ()
    assert effect(counted(5, 10_000), counted(5, 10_000)).doubts == (Doubt.NO_BASELINE,)
    early = effect(counted(7, 10_000), counted(5, 10_000), baseline=usual, today=date(2026, 9, 1), chosen=True)
    assert early.doubts == (Doubt.SO_FAR, Doubt.CHOSEN, Doubt.HIGH_BY_CHANCE)


def test_without_a_baseline_it_cannot_be_told() -> None:
    back = Return(counted(0, 0), counted(12, 10_000), counted(6, 10_000))
    assert (back.known, back.expected, back.by_itself, back.share) == (False, None, None, None)
    assert (back.beyond, back.fall) == (UNKNOWN, pytest.approx(6))
    assert Return(counted(2, 900), counted(0, 0), counted(6, 900)).fall is None


@given(counts, ratings, counts, ratings, counts, ratings)
@example(20, 40_000, 12, 10_000, 6, 10_000)
@settings(deadline=None)
def test_what_is_expected_lies_between_before_and_baseline(b: int, f: int, x: int, e: int, a: int, g: int) -> None:
    back = Return(counted(b, f), counted(x, e), counted(a, g))
    assume(f and e)
    ends = sorted((g * x / e, g * b / f))
    assert back.expected is not None
    assert back.by_itself is not None
    assert ends[0] - 1e-6 <= back.expected <= ends[1] + 1e-6
    weight = f / (f + e)
    assert back.expected == pytest.approx(g * ((1 - weight) * x / e + weight * b / f), abs=1e-9)
    assert (back.by_itself > 1e-9) == (g * x / e > g * b / f + 1e-9) or abs(x / e - b / f) < 1e-6
    assert back.share is None or 0 <= back.share <= 1
    assert back.at_most <= (x / e > b / f)


def test_the_example_of_the_documentation() -> None:
    """docs/campaigns.md, "By hand"."""
    others = counted(40, 90_000), counted(41, 88_000)
    found = effect(counted(20, 40_000), counted(5, 41_000), others=others, baseline=counted(30, 150_000))
    back, interval = found.comes_back, found.apart.interval
    assert (back.expected, back.carried, back.fall) == (pytest.approx(10.79, abs=0.01), 20.5, 15.5)
    assert (back.by_itself, back.share) == (pytest.approx(9.71, abs=0.01), pytest.approx(0.6265, abs=1e-4))
    assert (found.units.compared.p, back.beyond.p) == (pytest.approx(0.0034, abs=5e-5), pytest.approx(0.1167, abs=5e-5))
    assert found.apart.ratio == pytest.approx(0.2327, abs=5e-5)
    assert (interval.low, interval.high) == (pytest.approx(0.0629, abs=5e-5), pytest.approx(0.7298, abs=5e-5))
    assert found.doubts == (Doubt.HIGHER,)


# --- again --------------------------------------------------------------------------------------------------------


def test_the_same_again_after_sign_off() -> None:
    signed = date(2026, 8, 1)
    received = {9: signed, 1: date(2026, 8, 2), 2: date(2026, 8, 31), 3: date(2026, 9, 1), 4: date(2026, 10, 30)}
    assert recurrences(received, signed, [90, 30, 30], date(2026, 9, 1)) == (
        Recurrence(30, date(2026, 8, 31), (1, 2), over=True),
        Recurrence(90, date(2026, 10, 30), (1, 2, 3, 4), over=False),
    )
    assert not recurrences({}, signed, [30], date(2026, 8, 31))[0].over
