"""The words around grounds and recordings."""

from __future__ import annotations

import pytest

from appeals.enums import Effect, Proof
from appeals.grounds import Effects
from appeals.words import clock_words, effect_lines, need_words


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (192, "3:12"), (3600, "1:00:00"), (3725, "1:02:05")])
def test_a_moment_is_written_as_its_player_shows_it(seconds: int, words: str) -> None:
    assert clock_words(seconds) == words


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_has_words_for_each_of_the_three(effect: Effect) -> None:
    public, unit, person = effect_lines(Effects(effect, effect, effect))
    assert (public[:3], unit[:3], person[:3]) == ("公开:", "单位:", "个人:")


def test_the_three_effects_are_told_apart() -> None:
    lines = effect_lines(Effects(Effect.MARK, Effect.HALF, Effect.EXCLUDE))
    assert lines == ["公开: 照常计入,注明“经核不属实”", "单位: 减半计入考核", "个人: 不计入"]


def test_alternatives_are_joined() -> None:
    assert need_words([Proof.DOCUMENT, Proof.PICTURE]) == "书面材料 或 图片"
