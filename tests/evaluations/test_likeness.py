"""Texts that may say the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evaluations.likeness import likeness, most_like, pairs

SAID = {
    1: "网上申报工程建设项目时,希望“工改系统”能自动带出企业信息。",
    2: "工改系统申报,企业信息能不能自动带出,不用重复填写?",
    3: "表单范本看不懂,请重新设计。",
    4: "大厅停车位太少。",
}


def test_the_like_come_first_and_the_unlike_not_at_all() -> None:
    found = most_like("希望工改系统自动带出企业信息,不要重复填写", SAID.items())
    assert {key for key, _ in found} == {1, 2}
    assert found[0][1] >= found[1][1] > 0.4


def test_width_case_and_punctuation_say_nothing() -> None:
    assert pairs("ＡＰＰ 登录,失败!") == pairs("app登录失败")


@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    a, b = pairs(one), pairs(other)
    assert 0 <= likeness(a, b) == likeness(b, a) <= 1
    assert likeness(a, a) == (1 if a else 0)
