"""差评分析, the pure part: counts are lengths of lists; a change is said only beyond chance."""

from __future__ import annotations

from datetime import UTC, datetime
from math import comb, isclose
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.classing import Classed
from assessment.enums import ClassSource
from assessment.uncertainty import Change
from oversight.analysing import (
    UNCLASSED,
    Bad,
    Base,
    Selection,
    by_unit_and_class,
    candidates,
    chosen,
    class_lines,
    grouped,
    hot_matters,
    repeats,
)
from oversight.topics import chance_of_so_many, looked_at, topics

AT = datetime(2026, 8, 1, tzinfo=UTC)
NOBODY = lambda words: False  # noqa: E731 - no name in these texts


def bad(
    case: int, name: str = "材料", unit: str = "A", item: str = "", channel: str = "slip", again: bool = False
) -> Bad:
    classed = Classed(name, ClassSource.TAG if name else ClassSource.NONE)
    return Bad(case, f"{case:09d}", unit, f"单位{unit}", item, f"事项{item}", channel, AT, classed, again)


BADS = st.builds(
    bad,
    st.integers(1, 10_000),
    st.sampled_from(["", "材料", "态度", "超时"]),
    st.sampled_from("ABC"),
    st.sampled_from(["", "x", "y"]),
    st.sampled_from(["slip", "web"]),
    st.booleans(),
)
SOME = st.lists(BADS, max_size=30, unique_by=lambda one: one.case)
MANY = Base(1_000_000, 30)


@given(SOME)
def test_every_group_is_the_length_of_what_its_selection_chooses(bads: list[Bad]) -> None:
    for group, some in grouped(bads, lambda one: one.group).items():
        assert chosen(bads, Selection(group=group)) == some
        for unit, inside in grouped(some, lambda one: one.unit).items():
            assert chosen(bads, Selection(group=group, unit=unit)) == inside
    for pair in repeats(bads):
        assert tuple(chosen(bads, Selection(group=pair.group, unit=pair.unit, again=True))) == pair.bads
    for matter in hot_matters(bads, {}, least=1, most=99):
        assert len(chosen(bads, Selection(item=matter.item))) == matter.count
    assert sum(line.now for line in class_lines(bads, [], MANY, MANY)) == len(bads)
    assert sum(len(pair.bads) for pair in by_unit_and_class(bads)) == len(bads)


@given(SOME, SOME)
def test_lines_name_every_class_of_both_periods_once(now: list[Bad], before: list[Bad]) -> None:
    lines = class_lines(now, before, MANY, MANY)
    assert {line.group for line in lines} == {one.group for one in [*now, *before]}
    assert [line.now for line in lines] == sorted((line.now for line in lines), reverse=True)
    for line in lines:
        assert line.compared.interval.low <= (line.compared.ratio or 0) or line.compared.ratio is None


def test_a_change_is_judged_for_as_many_classes_as_were_looked_at() -> None:
    now, before = [bad(n) for n in range(12)], [bad(n) for n in range(100, 103)]
    [alone] = class_lines(now, before, MANY, MANY)
    assert alone.compared.change == Change.MORE
    others = [bad(200 + n, f"类{n}") for n in range(6)]
    among = class_lines([*now, *others], before, MANY, MANY)[0]
    assert (among.group, among.compared.p) == ("材料", alone.compared.p)
    assert among.compared.change == Change.NO_EVIDENCE


def test_without_ratings_nothing_is_compared() -> None:
    [line] = class_lines([bad(1)], [bad(2)], Base(0), Base(10))
    assert (line.compared.change, line.enough) == (Change.UNKNOWN, False)
    [small] = class_lines([bad(1)], [bad(2)], Base(29, 30), MANY)
    assert not small.enough


def test_hot_matters_tell_rates_only_of_what_is_known() -> None:
    bads = [bad(1, item="x"), bad(2, item="x"), bad(3, item="y"), bad(4)]
    first, second = hot_matters(bads, {"x": 40}, least=30)
    assert (first.item, first.count, first.rate.value, first.enough) == ("x", 2, 5000.0, True)
    assert (second.item, second.rate.value, second.enough) == ("y", None, False)
    assert [one.item for one in hot_matters(bads, {}, least=30, most=1)] == ["x"]


@pytest.mark.parametrize(("count", "name", "found"), [(2, "材料", 0), (3, "材料", 1), (9, "", 0)])
def test_over_the_threshold_a_campaign_may_begin(count: int, name: str, found: int) -> None:
    bads = [*(bad(n, name) for n in range(count)), *(bad(50 + n, "态度", unit="B") for n in range(2))]
    pairs = candidates(bads, least=3)
    assert [(pair.unit, pair.group, len(pair.bads)) for pair in pairs] == [("A", name, count)] * found


def test_no_class_is_a_selection_of_its_own() -> None:
    bads = [bad(1, ""), bad(2)]
    assert [one.case for one in chosen(bads, Selection(group=UNCLASSED))] == [1]
    assert chosen(bads, Selection()) == bads


def test_a_term_is_looked_for_in_the_text() -> None:
    texts = {1: "电话没人接听", 2: "没人,接了"}
    bads = [bad(1), bad(2), bad(3)]
    assert [one.case for one in chosen(bads, Selection(term="没人接"), texts)] == [1]
    assert chosen(bads, Selection(term="的"), texts) == []


# --- topics ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 24), st.integers(0, 12))
def test_the_chance_is_the_share_of_ways(texts: int, before: int, both: int, now: int) -> None:
    both = min(both, texts + before)
    ways = [comb(texts, hits) * comb(before, both - hits) for hits in range(both + 1)]
    assert isclose(chance_of_so_many(now, both, texts, before), sum(ways[now:]) / sum(ways))


@given(st.dictionaries(st.integers(1, 12), st.integers(1, 300), max_size=6), st.integers(1, 20), st.integers(0, 60))
def test_tarone_counts_no_more_than_there_are(totals: dict[int, int], texts: int, before: int) -> None:
    totals = {both: count for both, count in totals.items() if both <= texts + before}
    factor = looked_at(totals, texts, before, 0.05)
    assert 1 <= factor <= max(1, sum(totals.values()))


OLD = {100 + n: f"材料{word}" for n, word in enumerate("甲乙丙丁戊己庚辛壬癸" * 6)}


def new(*cases: int) -> dict[int, str]:
    return dict.fromkeys(cases, "预约系统白屏") | {50 + n: f"材料{word}" for n, word in enumerate("甲乙丙丁戊己")}


def test_what_nobody_said_before_is_a_topic_with_its_cases() -> None:
    [found] = topics(new(1, 2, 3, 4, 5), OLD, level=0.05, least=3, identifies=NOBODY)
    assert (found.words, found.now, found.before) == ("预约系统白屏", (1, 2, 3, 4, 5), ())
    assert 0 < found.chance <= 0.05
    assert found.looked >= 5


@pytest.mark.parametrize(
    ("now", "before", "least"),
    [
        (new(), OLD, 3),
        (new(1), OLD, 1),
        (new(1, 2, 3, 4, 5), {}, 3),
        (new(1, 2, 3, 4, 5), OLD, 6),
        ({}, OLD, 3),
        (dict.fromkeys(range(5), "预约系统白屏"), {100 + n: "预约系统白屏" for n in range(20)}, 3),
    ],
)
def test_what_is_usual_rare_or_beside_nothing_is_no_topic(
    now: dict[int, str], before: dict[int, str], least: int
) -> None:
    assert topics(now, before, level=0.05, least=least, identifies=NOBODY) == []


def test_words_that_may_name_somebody_are_never_shown() -> None:
    assert topics(new(1, 2, 3, 4, 5), OLD, level=0.05, least=3, identifies=lambda words: "系统" in words) == []


TEXTS = st.lists(st.text("预约系统白屏材料电话", max_size=8), max_size=14)


@given(TEXTS, TEXTS)
def test_a_topic_is_as_long_as_its_list(now: list[str], before: list[str]) -> None:
    here, there = dict(enumerate(now)), dict(enumerate(before, 1000))
    for topic in topics(here, there, level=0.5, least=2, identifies=NOBODY):
        for texts, cases in ((here, topic.now), (there, topic.before)):
            found = chosen([bad(case) for case in texts], Selection(term=topic.words), texts)
            assert tuple(one.case for one in found) == cases


@pytest.mark.parametrize("seed", range(3))
def test_where_nothing_is_new_hardly_anything_is_found(seed: int) -> None:
    """Twenty quarters drawn from the same texts as the year before: false alarms hardly in any."""
    draw, alarms = Random(seed), 0
    words = ["预约", "系统", "白屏", "材料", "电话", "窗口", "排队", "态度", "收费", "证明", "样本", "指南"]
    for _round in range(20):
        said = ["".join(draw.sample(words, 3)) for _text in range(100)]
        found = topics(
            dict(enumerate(said[:25])), dict(enumerate(said[25:], 1000)), level=0.05, least=3, identifies=NOBODY
        )
        alarms += bool(found)
    assert alarms <= 3
