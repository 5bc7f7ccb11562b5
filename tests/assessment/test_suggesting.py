"""建议: learned from pairs of letters, the same every time, with the words that speak for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.suggesting import joined, learn, pairs_in, suggest

PHONE, PAPER = "咨询与电话", "办事指南与材料"
TAUGHT = [
    ("电话一直忙音", PHONE),
    ("打电话没人接听", PHONE),
    ("电话打不通,忙音", PHONE),
    ("多要一份材料", PAPER),
    ("材料清单没有写", PAPER),
    ("材料来回补", PAPER),
]


def test_pairs_stay_within_a_stretch_and_hidden_words_teach_nothing() -> None:
    assert pairs_in("材料,清单") == ["材料", "清单"]
    assert pairs_in("找〔姓名〕要") == []
    assert pairs_in("我的了") == []
    assert pairs_in("13800000001") == []


def test_pairs_that_touch_are_one_stretch() -> None:
    assert joined("打电话没人接听,没人接", ["没人", "人接", "电话"]) == ["电话", "没人接"]


@pytest.mark.parametrize(
    ("text", "name", "word"), [("热线电话总是忙音", PHONE, "忙音"), ("又补材料又补清单", PAPER, "材料")]
)
def test_a_text_is_like_what_was_taught(text: str, name: str, word: str) -> None:
    found = suggest(learn(TAUGHT), text)
    assert found is not None
    assert (found.name, found.learned) == (name, 6)
    assert any(word in stretch for stretch in found.words)
    assert 0.5 < found.share < 1


def test_nothing_is_suggested_of_nothing() -> None:
    learned = learn(TAUGHT)
    assert suggest(learned, "") is None
    assert suggest(learned, "排队") is None
    assert suggest(learn(TAUGHT[:3]), "电话忙音") is None
    assert suggest(learn([("", PHONE), ("电话", "")]), "电话") is None


EXAMPLES = st.lists(
    st.tuples(st.text("电话忙音材料清单补", max_size=8), st.sampled_from([PHONE, PAPER, "丙"])), max_size=9
)


@given(EXAMPLES, st.text("电话忙音材料清单补", max_size=8), st.randoms(use_true_random=False))
def test_it_says_the_same_in_whatever_order_it_learned(
    examples: list[tuple[str, str]], text: str, draw: object
) -> None:
    other = list(examples)
    draw.shuffle(other)  # type: ignore[attr-defined]
    found = suggest(learn(examples), text)
    assert found == suggest(learn(other), text)
    if found:
        assert 1 / 3 - 1e-9 <= found.share <= 1
        assert all(word in text for word in found.words)
