"""问题类别: what a person said, then rules, then tags; as known at a moment, and never changed behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.classing import (
    Classed,
    Corrected,
    Rule,
    RuleSet,
    Said,
    by_rules,
    effective,
    in_force,
    moves,
    problems_of,
    read_rules,
    written,
)
from assessment.enums import ClassSource
from assessment.seed import preset

DAY, T = date(2026, 8, 10), datetime(2026, 8, 20, 10, tzinfo=UTC)
TAGS = {"109": "办事指南与材料", "110": "超时办理", "115": "服务态度"}


def said(text: str = "", *codes: str, day: date = DAY) -> Said:
    return Said(day, text, tuple((code, TAGS.get(code, "")) for code in codes))


@pytest.mark.parametrize(
    ("text", "codes", "name", "source", "hits"),
    [
        ("", (), "", ClassSource.NONE, ()),
        ("谢谢", (), "", ClassSource.NONE, ()),
        ("", ("109",), "办事指南与材料", ClassSource.TAG, ()),
        ("", ("511", "110"), "超时办理", ClassSource.TAG, ()),
        ("咨询电话没人接,打了三天都是忙音。", ("115",), "咨询与电话", ClassSource.RULE, ("咨询电话", "没人接", "忙音")),
        ("窗口不收现金,老人没有手机支付。", ("115",), "收费与支付", ClassSource.RULE, ("现金",)),
        ("電话 没 人 接", (), "咨询与电话", ClassSource.RULE, ("没人接",)),
        ("窗口态度差", (), "服务态度", ClassSource.RULE, ("态度差",)),
        ("都说态度差,我看态度很好", (), "", ClassSource.NONE, ()),
        ("态度差,指定中介", (), "违规增设条件", ClassSource.RULE, ("指定中介",)),
        ("", ("108",), "违规增设条件", ClassSource.RULE, ("108",)),
        ("ＸＴ 系统崩溃", ("109",), "网办与系统", ClassSource.RULE, ("系统崩溃",)),
    ],
)
def test_the_rules_everybody_begins_with(
    text: str, codes: tuple[str, ...], name: str, source: ClassSource, hits: tuple[str, ...]
) -> None:
    found = by_rules(said(text, *codes), preset(), 1)
    assert (found.name, found.source, found.hits) == (name, source, hits)
    assert bool(found.rule) == (source == ClassSource.RULE)


def test_a_rule_of_tags_and_words_asks_for_one_of_each() -> None:
    rule = Rule("两样", "甲类", 10, tags=("109",), words=("证明",))
    assert rule.hits(["109"], "要证明") == ("证明", "109")
    assert rule.hits(["109"], "要材料") is None
    assert rule.hits([], "要证明") is None
    assert Rule("空", "甲类", 10).hits(["109"], "要证明") is None


def test_the_heaviest_rule_wins_and_of_equal_ones_the_first() -> None:
    rules = [Rule("轻", "轻类", 10, words=("材料",)), Rule("先", "先类", 50, words=("材料",))]
    rules.append(Rule("后", "后类", 50, words=("材料",)))
    assert by_rules(said("材料"), rules).name == "先类"
    assert by_rules(said("材料"), rules[::-1]).name == "后类"


def test_tags_of_several_classes_may_repeat_each_of_them_until_somebody_chooses() -> None:
    both = by_rules(said("", "109", "115"), ())
    assert (both.name, both.names) == ("办事指南与材料", {"办事指南与材料", "服务态度"})
    chosen = effective(said("", "109", "115"), [], [Corrected(T, "服务态度")], T)
    assert chosen.names == {"服务态度"}


RULES = (Rule("材料", "材料类", 10, words=("材料",)),)
LATER = (Rule("材料", "新类", 10, words=("材料",)),)
SETS = [
    RuleSet(1, date(2026, 1, 1), T - timedelta(days=100), RULES),
    RuleSet(2, date(2026, 8, 1), T, LATER),
]


def test_a_version_counts_from_its_day_and_once_it_was_adopted() -> None:
    assert in_force(SETS, DAY, T - timedelta(seconds=1)) == SETS[0]
    assert in_force(SETS, DAY, T) == SETS[1]
    assert in_force(SETS, date(2026, 7, 31), T) == SETS[0]
    assert in_force(SETS, date(2025, 12, 31), T) is None


def test_the_last_word_of_a_person_holds_and_can_be_taken_back() -> None:
    words = [Corrected(T, "甲类"), Corrected(T + timedelta(days=1), "乙类"), Corrected(T + timedelta(days=2), "")]
    names = [effective(said("材料"), SETS, words, T + timedelta(days=day)).name for day in (-1, 0, 1, 2)]
    assert names == ["材料类", "甲类", "乙类", "新类"]


MOMENTS = st.integers(0, 60).map(lambda day: T + timedelta(days=day - 30))
CORRECTIONS = st.lists(st.tuples(MOMENTS, st.sampled_from(["", "甲类", "乙类"])), max_size=6).map(
    lambda rows: [Corrected(*row) for row in sorted(rows, key=lambda row: row[0])]
)
VERSIONS = st.lists(st.tuples(st.integers(0, 300), MOMENTS), max_size=5).map(
    lambda rows: [
        RuleSet(
            number,
            date(2025, 12, 1) + timedelta(days=day),
            adopted,
            (Rule("材料", f"第{number}类", 5, words=("材料",)),),
        )
        for number, (day, adopted) in enumerate(rows, 1)
    ]
)


@given(VERSIONS, CORRECTIONS, MOMENTS, MOMENTS)
def test_nothing_that_is_said_later_changes_what_was_known(
    sets: list[RuleSet], corrections: list[Corrected], at: datetime, other: datetime
) -> None:
    early, late = sorted((at, other))
    known = [one for one in sets if one.adopted_at <= early], [one for one in corrections if one.at <= early]
    assert effective(said("材料", "109"), sets, corrections, early) == effective(said("材料", "109"), *known, late) or (
        late != early
    )
    assert effective(said("材料", "109"), sets, corrections, early) == effective(said("材料", "109"), *known, early)


WORDS = st.lists(st.text("材料态度现金 A1", min_size=2, max_size=4), max_size=4, unique=True).map(tuple)
RULE = st.builds(Rule, st.text("甲乙丙", min_size=1), st.just("类"), st.integers(1, 100), WORDS, WORDS, WORDS)


@given(st.lists(RULE, max_size=5))
def test_rules_are_stored_as_they_are(rules: list[Rule]) -> None:
    assert read_rules(written(rules)) == tuple(rules)


@given(st.lists(RULE, max_size=5), st.text("材料态度现金A1 ", max_size=12), st.lists(st.sampled_from(list(TAGS))))
def test_why_is_always_told_and_true(rules: list[Rule], text: str, codes: list[str]) -> None:
    found = by_rules(said(text, *codes), rules)
    if found.source == ClassSource.RULE:
        [*holding] = [rule for rule in rules if rule.name == found.rule and rule.to == found.name]
        assert holding
        plain = text.replace(" ", "").lower()
        assert all(hit.replace(" ", "").lower() in plain or hit in codes for hit in found.hits)
    elif found.source == ClassSource.TAG:
        assert found.name == TAGS[codes[0]]
    else:
        assert codes == []
        assert found == Classed("", ClassSource.NONE)


GOOD = Rule("材料", "材料类", 10, words=("材料",))


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (replace(GOOD, to=" "), "没有写问题类别"),
        (replace(GOOD, words=()), "至少写一样"),
        (replace(GOOD, weight=0), "权重"),
        (replace(GOOD, weight=101), "权重"),
        (replace(GOOD, to="类" * 31), "最多 30 个字"),
        (replace(GOOD, words=("差",)), "至少两个字:差"),
        (replace(GOOD, unless=("材 料",)), "既要求有"),
        (replace(GOOD, words=tuple(f"词语{n}" for n in range(61))), "最多 60 个"),
    ],
)
def test_what_is_not_sound_is_told(rule: Rule, told: str) -> None:
    [problem] = problems_of([rule])
    assert told in problem


def test_what_is_not_sound_together() -> None:
    assert problems_of([GOOD]) == []
    assert "至少要有一条" in problems_of([])[0]
    assert "有两条" in problems_of([GOOD, GOOD])[0]
    assert "最多 60 条" in problems_of([replace(GOOD, name=f"{n}") for n in range(61)])[0]


def test_the_rules_everybody_begins_with_are_sound() -> None:
    assert problems_of(preset()) == []
    assert len(preset()) == 10


def test_moves_name_every_case_once() -> None:
    one, other = by_rules(said("", "109"), ()), by_rules(said("", "115"), ())
    found = moves([("B", one, other), ("A", one, other), ("C", one, one), ("D", other, one)])
    assert [(move.before, move.after, move.numbers) for move in found] == [
        ("办事指南与材料", "服务态度", ("A", "B")),
        ("服务态度", "办事指南与材料", ("D",)),
    ]
