"""What is hidden, how exactly a day is told, and what a search needs: pure rules."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.anonymity import first_day, told
from disclosure.enums import DateGrain
from disclosure.masking import BY_HAND, Hidden, decided, from_json, masked, pieces, to_json
from disclosure.searching import asked, needed, normal, tokens

TEXT = "王小明说电话13800138000没人接,王小明很生气"
PHONE = Hidden(6, 17, "mobile")
CHINESE = st.text("窗口收现金不好王明电话1380a ", max_size=40)


def test_a_find_becomes_its_kind() -> None:
    assert masked(TEXT, decided(TEXT, [PHONE])) == "王小明说电话〔手机号〕没人接,王小明很生气"


def test_a_phrase_is_hidden_wherever_it_stands() -> None:
    assert masked(TEXT, decided(TEXT, [PHONE], phrases=["王小明"])).count("〔隐去〕") == 2


def test_what_identifies_nobody_is_kept() -> None:
    assert masked(TEXT, decided(TEXT, [PHONE], kept=[PHONE])) == TEXT


def test_an_overlap_is_one_stretch_named_after_the_find() -> None:
    merged = decided(TEXT, [PHONE], phrases=["话13800138000没人"])
    assert merged == [Hidden(5, 19, "mobile")]


@given(CHINESE, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6))), st.lists(CHINESE, max_size=3))
def test_nothing_hidden_is_left_and_nothing_else_is_lost(text: str, finds: list, phrases: list[str]) -> None:
    stretches = [Hidden(a, min(a + n, len(text)), "name") for a, n in finds if a < len(text)]
    hidden = decided(text, stretches, phrases=phrases)
    assert all(one.end <= two.start for one, two in pairwise(hidden))
    assert "".join(piece.text for piece in pieces(text, hidden)) == text
    covered = {at for one in hidden for at in range(one.start, one.end)}
    assert {at for one in stretches for at in range(one.start, one.end)} <= covered
    rest = "".join(piece.text if piece.hidden is None else "\0" for piece in pieces(text, hidden))
    assert not any(phrase and phrase in rest for phrase in phrases)
    assert from_json(to_json(hidden)) == hidden
    assert decided(text, hidden) == hidden, "deciding again moves nothing"
    assert all(one.rule in ("name", BY_HAND) for one in hidden)


@pytest.mark.parametrize(
    ("crowds", "grain", "matter"),
    [
        ({DateGrain.DAY: 5}, DateGrain.DAY, True),
        ({DateGrain.DAY: 4, DateGrain.MONTH: 5}, DateGrain.MONTH, True),
        ({DateGrain.MONTH: 4, DateGrain.QUARTER: 6}, DateGrain.QUARTER, True),
        ({DateGrain.QUARTER: 1, DateGrain.YEAR: 5}, DateGrain.YEAR, True),
        ({DateGrain.YEAR: 4}, DateGrain.QUARTER, False),
        ({}, DateGrain.QUARTER, False),
    ],
)
def test_a_day_is_told_as_exactly_as_the_crowd_allows(crowds: dict, grain: DateGrain, matter: bool) -> None:
    chosen = told(crowds, least=5)
    assert (chosen.grain, chosen.matter) == (grain, matter)


@pytest.mark.parametrize(
    ("grain", "first"),
    [
        (DateGrain.DAY, date(2026, 11, 23)),
        (DateGrain.MONTH, date(2026, 11, 1)),
        (DateGrain.QUARTER, date(2026, 10, 1)),
        (DateGrain.YEAR, date(2026, 1, 1)),
    ],
)
def test_the_first_day_of_a_period(grain: DateGrain, first: date) -> None:
    assert first_day(date(2026, 11, 23), grain) == first


@given(CHINESE, st.integers(0, 40), st.integers(1, 10))
def test_every_substring_needs_only_tokens_that_are_there(text: str, start: int, length: int) -> None:
    words = normal(text)
    part = words[start : start + length].strip()
    assert set(needed(asked(part))) <= set(tokens(words))


def test_full_width_and_punctuation_make_no_difference() -> None:
    assert normal("窗口A01,不收 现金!") == normal("窗口A01 不收现金".replace("收现", "收 现"))
    assert asked("不收　现金") == ["不收", "现金"]
