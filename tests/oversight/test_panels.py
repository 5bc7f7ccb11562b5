"""What panels say: titles from their numbers alone, small samples unranked, drawings without colour."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from math import comb

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assessment.figures import Share
from assessment.loop import Call, Clock, Step, Story
from assessment.metrics import Measured
from assessment.periods import Period, read_period
from assessment.uncertainty import Change
from evaluations.intervals import clopper_pearson
from oversight.panels import (
    PANELS,
    About,
    ages,
    appeals,
    drawing,
    hours,
    integrity,
    numbers,
    places,
    reasons,
    steps,
    weeks,
)
from rectification.enums import Action, Duty, State, Verdict
from tests.factories import NOW

QUARTER: Period = read_period("2026-Q4")
OVER = About(QUARTER, date(2027, 1, 10))
HAN_MOST = 26


@pytest.fixture(autouse=True)
def chinese() -> object:
    with translation.override("zh-hans"):
        yield


def measured(part: int, whole: int, *, enough: bool = True) -> Measured:
    found = clopper_pearson(part, whole) if whole else None
    return Measured(part, whole, part / whole if whole else None, found, enough and bool(whole))


# --- 1 ------------------------------------------------------------------------------------------------------------


def five(active: int, before: int, **more: int) -> numbers.Found:
    now = {code: measured(20, 24) for code in numbers.CODES} | {"active": measured(active, 20_000)}
    then = {code: measured(20, 24) for code in numbers.CODES} | {"active": measured(before, 20_000)}
    return numbers.Found(now, then, 11, 1, more.get("effective", 10), 10)


def test_the_five_say_what_has_moved_and_no_more_than_two() -> None:
    assert numbers.title(five(1000, 990), OVER) == "五个数都没有证据表明有变化"
    assert numbers.title(five(1000, 990, effective=60), OVER) == "差评(有效)比上季度高"
    assert numbers.title(five(3000, 1000, effective=1), OVER) == "主动评价数比上季度高,差评(有效)比上季度低"


def test_a_running_quarter_is_compared_by_day() -> None:
    third = About(QUARTER, date(2026, 10, 30))
    assert (third.days, third.days_before, third.runs) == (30, 92, True)
    assert numbers.title(five(1000, 3000), OVER).startswith("主动评价数比上季度低")
    assert "主动评价数" not in numbers.title(five(978, 3000), third)
    assert numbers.show(five(978, 3000), third).notes
    assert not numbers.show(five(978, 3000), OVER).notes


def test_small_samples_of_the_five_are_hollow() -> None:
    found = five(1000, 990)
    found.now["on-time"] = measured(3, 4, enough=False)
    big = next(one for one in numbers.show(found, OVER).numbers if one.label == "按期整改率")
    assert (big.value.hollow, big.change) == (True, "样本不足,不比较")


# --- 2 ------------------------------------------------------------------------------------------------------------


def year(late: int, early: int, whole: int = 100_000) -> weeks.Found:
    mondays = weeks.weeks_until(date(2026, 11, 22))
    counts = [early] * 39 + [late] * 13
    return weeks.Found(
        tuple(weeks.Week(monday, count, whole) for monday, count in zip(mondays, counts, strict=True)),
        (weeks.Mark(mondays[10], "2", "city"), weeks.Mark(mondays[20], "烟审服通〔2026〕1号")),
    )


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_weeks_are_full_and_over(day: date) -> None:
    mondays = weeks.weeks_until(day)
    assert len(mondays) == weeks.WEEKS
    assert {monday.weekday() for monday in mondays} == {0}
    assert {later - earlier for earlier, later in pairwise(mondays)} == {timedelta(days=7)}
    assert day - timedelta(days=7) < mondays[-1] + timedelta(days=6) <= day


def test_noise_is_called_noise() -> None:
    assert weeks.title(year(5, 4)) == "近13周差评每十万条 5.00,没有证据表明有变化"
    assert weeks.title(year(9, 4)) == "近13周差评每十万条 9.00,比上期高"
    assert weeks.title(year(0, 0, whole=0)) == "近13周差评 0 件,之前没有评价可比"
    shown = weeks.show(year(5, 4), OVER)
    assert [row[2].text for row in shown.tables[1].rows] == ["市级考核 2", "烟审服通〔2026〕1号"]
    assert shown.drawing.count('class="mark"') == 2
    both = weeks.Found(
        year(5, 4).weeks, (weeks.Mark(date(2026, 5, 6), "1", "city"), weeks.Mark(date(2026, 5, 6), "1", "county"))
    )
    assert ">1, 2</text>" in weeks.show(both, OVER).drawing, "what happened on one day has one mark"
    assert weeks.show(weeks.Found(year(0, 0, whole=0).weeks), OVER).empty


# --- 3 ------------------------------------------------------------------------------------------------------------


def test_reasons_are_sorted_and_the_finding_is_in_the_title() -> None:
    now = {"服务态度": tuple(range(12)), "材料": (90, 91), "": (92,)}
    found = reasons.Found(now, {"服务态度": tuple(range(10)), "排队": (1,)})
    assert reasons.title(found, OVER) == "“服务态度”12 件,没有证据表明有变化"
    assert [row[0].text for row in reasons.show(found, OVER).tables[0].rows] == [
        "服务态度",
        "材料",
        "未归类",
        "排队",
    ]
    risen = reasons.Found(now | {"材料": tuple(range(100, 110))}, {"服务态度": tuple(range(10))})
    assert reasons.title(risen, OVER) == "“材料”10 件,比上期高"
    assert reasons.title(reasons.Found({}, {}), OVER) == "本季度尚无差评"
    assert reasons.title(reasons.Found({"": (1,)}, {}), OVER) == "本季度的差评都没有归类"


def test_of_many_reasons_one_is_not_called_changed_by_chance() -> None:
    """6 against 0 has p = 0.03: a change where it is the only reason, none where it is one of twelve."""
    alone = reasons.Found({"材料": tuple(range(6))}, {"材料": ()})
    among = reasons.Found(alone.now, {f"其他{n}": tuple(range(100 * n, 100 * n + 5)) for n in range(11)})
    assert "比上期高" in reasons.title(alone, OVER)
    assert "没有证据" in reasons.show(among, OVER).tables[0].rows[0][3].text


# --- 4 ------------------------------------------------------------------------------------------------------------


def story(case: int, *, met: tuple[Duty, ...] = (), void: bool = False, verdict: str = "", phone: bool = True) -> Story:
    clocks = tuple(
        Clock(duty, 1, NOW, NOW + timedelta(days=5), NOW + timedelta(days=place + 1), None)
        for place, duty in enumerate(met)
    )
    step = Step(NOW, Action.VOID if void else Action.DISPATCH, State.INVALID if void else State.DISPATCHED)
    calls = (Call(NOW + timedelta(days=9), ""), Call(NOW + timedelta(days=10), verdict)) if verdict else ()
    return Story(case, 1, NOW, phone, frozenset(), (step,), (), clocks, calls)


def test_steps_count_whom_they_concern_and_name_where_cases_stick() -> None:
    found = steps.Found.of(
        [
            story(1, met=(Duty.SIGN, Duty.CONTACT, Duty.RECTIFY), verdict=Verdict.SATISFIED),
            story(2, met=(Duty.SIGN, Duty.CONTACT), verdict=Verdict.UNSATISFIED),
            story(3, met=(Duty.SIGN,), phone=False),
            story(4),
            story(5, void=True),
        ]
    )
    told = {step.name: (step.done, step.asked, step.days) for step in found.steps}
    assert told["received"] == ((1, 2, 3, 4, 5), (1, 2, 3, 4, 5), None)
    assert told["valid"] == ((1, 2, 3, 4), (1, 2, 3, 4, 5), None)
    assert told["signed"] == ((1, 2, 3), (1, 2, 3, 4), 1.0)
    assert told["contacted"] == ((1, 2), (1, 2, 4), 2.0)
    assert told["rectified"] == ((1,), (1, 2, 3, 4), 3.0)
    assert told["satisfied"] == ((1,), (1, 2, 4), 10.0)
    assert steps.title(found) == "还没有“整改”的最多:3 件"
    assert steps.sets(found)["left:rectified"] == (2, 3, 4)
    assert steps.title(steps.Found.of([])) == "本季度尚无差评件"
    every = (Duty.SIGN, Duty.CONTACT, Duty.RECTIFY)
    assert steps.title(steps.Found.of([story(1, met=every, verdict=Verdict.SATISFIED)])) == "收到的件都走完了各步"


# --- 5 ------------------------------------------------------------------------------------------------------------


def place(code: str, on_time: Measured, satisfaction: Measured) -> places.Place:
    return places.Place(code, f"演示{code}局", False, on_time, satisfaction)


def test_who_is_below_chance_is_named_and_small_samples_are_not() -> None:
    good = [place(str(n), measured(98, 100), measured(95, 100)) for n in range(5)]
    bad, small = (
        place("8", measured(60, 100), measured(95, 100)),
        place("9", measured(0, 7, enough=False), measured(0, 0)),
    )
    whole = measured(550, 607), measured(570, 600)
    assert places.title(places.Found((*good, bad, small), *whole)) == "演示8局明显偏低"
    assert (
        places.title(places.Found(tuple(good), measured(490, 500), measured(475, 500))) == "没有证据表明部门之间有差别"
    )
    assert places.title(places.Found((small,), measured(0, 7), measured(0, 0))) == "样本不足(n=7),不排名"
    assert places.title(places.Found((), measured(0, 0), measured(0, 0))) == "本季度没有到期的整改件"


def test_small_samples_are_hollow_stand_last_and_say_so() -> None:
    small = place("0", measured(1, 7, enough=False), measured(2, 7, enough=False))
    shown = places.show(
        places.Found((small, place("1", measured(90, 100), measured(80, 100))), *[measured(91, 107)] * 2), OVER
    )
    rows = shown.tables[0].rows
    assert [row[1].text for row in rows] == ["演示1局", "演示0局"]
    assert rows[1][-1].text == "样本不足(n=7),不排名"
    assert [cell.hollow for cell in rows[1]].count(True) == 2
    assert shown.drawing.count('class="open"') == 1
    assert shown.drawing.count('class="full"') == 1


# --- 6, 8, 9 ------------------------------------------------------------------------------------------------------


def test_late_cases_are_in_the_title_and_their_units_first() -> None:
    rows = [
        ages.Place("A", "甲局", False, {ages.Age.IN_TIME: (1, 2, 3)}),
        ages.Place("B", "乙局", False, {ages.Age.LATE: (4,), ages.Age.VERY_LATE: (5, 6)}),
    ]
    found = ages.Found(tuple(rows), 5)
    assert ages.title(found) == "逾期 3 件,其中超过5个工作日 2 件"
    table = ages.show(found, OVER).tables[0]
    assert [row[0].text for row in table.rows] == ["合计", "乙局", "甲局"]
    assert [cell.count for cell in table.rows[0][1:]] == [3, 0, 1, 2, 0]
    assert ages.show(found, OVER).notes == ("这是现在的情况,不是所选季度的。",)
    assert ages.show(found, About(QUARTER, date(2026, 11, 1))).notes == ()
    assert ages.title(ages.Found((rows[0],))) == "未办结的件都没有逾期"
    assert ages.title(ages.Found(())) == "现在没有未办结的件"
    assert sorted(ages.sets(found)[":very_late"]) == [5, 6]


def test_appeals_tell_what_came_of_them_or_that_there_are_none() -> None:
    ground = appeals.Row("ground", "W6", "不属本单位", (1, 2, 3), (1,), (2,))
    assert appeals.title(appeals.Found((ground,), ())) == "申诉 3 件:成立 1,不成立 1"
    assert ground.open == 1
    empty = appeals.show(appeals.Found((), ()), OVER)
    assert (empty.title, empty.empty, empty.drawing) == ("本季度尚无申诉", True, "")


def test_integrity_says_first_what_a_person_has_to_look_at() -> None:
    found = integrity.Found(8, 2, 1, Share(10, 100), Share(1, 50), {"callback": 3})
    assert integrity.title(found) == "好评疑点 10 条,属实 2 条"
    assert integrity.title(integrity.Found(0, 0, 0, Share(0, 0), None, {"callback": 3})) == "没有好评疑点;查看身份 3 次"
    rows = [row[0].text for row in integrity.show(found, OVER).tables[0].rows]
    assert "重复上报的行" in rows
    assert "重复上报的行" not in [
        row[0].text for row in integrity.show(integrity.Found(0, 0, 0, Share(0, 0), None, {}), OVER).tables[0].rows
    ]


# --- 7 ------------------------------------------------------------------------------------------------------------


def desks(*counts: dict[int, int]) -> tuple[hours.Desk, ...]:
    """Windows with so many cases at their hours, each case with a number of its own."""
    return tuple(
        hours.Desk(
            str(place),
            f"演示大厅 {place:02d} 演示窗口",
            {hour: tuple(10_000 * place + 100 * hour + n for n in range(count)) for hour, count in by_hour.items()},
        )
        for place, by_hour in enumerate(counts, start=1)
    )


def day(*windows: hours.Desk, ratings: dict[int, int] | None = None, waiting: tuple[int, ...] = ()) -> hours.Found:
    even = dict.fromkeys(range(24), 1000)
    return hours.Found(windows, frozenset(waiting), even if ratings is None else ratings, 8, 17)


def test_an_hour_is_only_named_with_evidence() -> None:
    """12 of 28 in one of nine even hours; the same 12 are as they should be where that hour has its part of ratings."""
    crowded = desks({hour: 12 if hour == 10 else 2 for hour in range(8, 17)})
    assert hours.title(day(*crowded)) == "10–11时差评特别多:12 件"
    usual = dict.fromkeys(range(24), 1000) | {10: 6000}
    assert hours.title(day(*crowded, ratings=usual)) == "看不出哪个时段特别多"
    assert hours.title(day(*crowded, ratings={})) == "看不出哪个时段特别多"
    both = desks({hour: 14 if hour in (9, 15) else 1 for hour in range(8, 17)})
    assert hours.title(day(*both)) == "9–10时等 2 个时段差评特别多"
    assert hours.title(day(*desks({10: 2}))) == "看不出哪个时段特别多"
    assert hours.title(day()) == "本季度窗口没有有效差评"


def test_each_hour_is_tested_at_its_part_of_the_chance() -> None:
    """Five of 11 in one of nine even hours, p = 0.0088: evidence for one hour, none where nine are looked at."""
    found = hours.compared(day(*desks({10: 5} | dict.fromkeys((8, 9, 11, 12, 13, 14), 1))))[10]
    tail = sum(comb(11, k) * (1 / 9) ** k * (8 / 9) ** (11 - k) for k in range(5, 12))
    assert found.p == pytest.approx(2 * tail)
    assert 0.05 / 9 < found.p < 0.05
    assert found.change == Change.NO_EVIDENCE


def test_windows_stand_in_their_order_and_small_ones_together() -> None:
    many = desks(*({9: 1 + (n % 7), 20: 1} for n in range(1, 21)))
    found = day(*many)
    table = hours.show(found, OVER).tables[0]
    names = [row[0].text for row in table.rows]
    assert len(names) == hours.SHOWN + 4
    assert names[:3] == ["合计", "评价占比", "与评价占比比较"]
    assert names[3:-1] == sorted(names[3:-1])
    assert names[-1] == "其他窗口"
    shown = {line.key for line in found.lines[:-1]}
    assert min(one.count for one in many if one.key in shown) >= max(one.count for one in many if one.key not in shown)
    total = table.rows[0]
    assert total[1].count == sum(one.count for one in many)
    assert total[-1].count == 20, "what was said in the evening is in no column of an hour"


def test_the_darkest_cell_is_the_largest_and_sums_have_no_shade() -> None:
    found = day(*desks({9: 8, 10: 1}, {9: 4}))
    total, _parts, _words, one, other = hours.show(found, OVER).tables[0].rows
    assert [(cell.text, cell.shade) for cell in one[3:5]] == [("8", 4), ("1", 1)]
    assert (other[3].text, other[3].shade, one[1].shade) == ("4", 2, 0)
    assert {cell.shade for cell in total} == {0}
    assert [hours.shade(count, 9) for count in (0, 1, 3, 9)] == [0, 1, 2, 4]
    assert hours.shade(0, 0) == 0


def test_waiting_stands_apart_and_is_among_all() -> None:
    found = day(*desks({9: 2, 10: 1}, {9: 1}, {20: 1}), waiting=(10_901, 32_000, 77))
    _bad, waiting = hours.show(found, OVER).tables
    assert [row[0].text for row in waiting.rows] == ["合计", "演示大厅 01 演示窗口", "演示大厅 03 演示窗口"]
    assert [row[1].count for row in waiting.rows] == [2, 1, 1]
    known = hours.sets(found)
    assert known["waiting:1:9"] == (10_901,)
    assert set(known["waiting:every:whole"]) == {10_901, 32_000} < set(known["bad:every:whole"])
    assert len(hours.show(day(*desks({9: 2})), OVER).tables) == 1


def test_what_is_said_of_each_hour() -> None:
    found = day(*desks({hour: 30 if hour == 10 else 10 for hour in range(8, 17)}))
    table = hours.show(found, OVER).tables[0]
    column = table.columns.index("10–11时")
    assert [row[column].text for row in table.rows[:3]] == ["30", "11%", "多"]
    assert [row[column + 1].text for row in table.rows[:3]] == ["10", "11%", "看不出"]
    few = hours.show(day(*desks({hour: 1 if hour == 10 else 30 for hour in range(8, 17)})), OVER).tables[0]
    assert few.rows[2][column].text == "少"
    silent = hours.show(day(*desks({10: 30}), ratings={}), OVER)
    assert [row[0].text for row in silent.tables[0].rows] == ["合计", "演示大厅 01 演示窗口"]
    assert "还没有统计" in silent.notes[-1]


@given(st.lists(st.dictionaries(st.integers(0, 23), st.integers(1, 4), min_size=1), max_size=20))
def test_every_number_of_the_hours_has_its_set(counts: list[dict[int, int]]) -> None:
    found = day(*desks(*counts), waiting=(10_900, 20_800))
    known = hours.sets(found)
    for table in hours.show(found, OVER).tables:
        for cell in (cell for row in table.rows for cell in row if cell.ask):
            assert cell.ask
            assert len(known[cell.ask.query["set"]]) == cell.count == int(cell.text)
            assert len(cell.ask.query["set"]) <= 80
    assert sum(len(known[f"bad:every:{hour}"]) for hour in range(8, 17)) + len(known["bad:every:rest"]) == sum(
        count for one in counts for count in one.values()
    )


# --- all ----------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 400), st.integers(1, 100_000))
def test_titles_are_short_whatever_the_numbers(late: int, early: int, effective: int, whole: int) -> None:
    found = [
        numbers.title(five(late, early, effective=effective), OVER),
        weeks.title(year(late, early, whole)),
        reasons.title(
            reasons.Found({"办事指南与材料": tuple(range(late))}, {"办事指南与材料": tuple(range(early))}), OVER
        ),
    ]
    for title in found:
        assert len(re.sub(r"[0-9.,]+", "", title)) <= HAN_MOST, title


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.booleans()), max_size=40))
def test_drawings_hold_only_shapes_and_escaped_words(points: list[tuple[float, float, bool]]) -> None:
    spots = [drawing.Spot(f"<{n}&", x, y, hollow) for n, (x, y, hollow) in enumerate(points)]
    drawn = drawing.dots(spots, across="按期", up="满意", middle=(0.5, None))
    assert "<0&" not in drawn
    assert not re.search(r'(?:fill|stroke)="(?!url\(#|none)', drawn), "colours are classes of a sheet"
    assert drawn.count("<circle") <= len(spots)


@given(st.text(max_size=30))
def test_what_does_not_fit_beside_a_bar_is_cut(words: str) -> None:
    drawn = drawing._cut(words)
    assert drawn == words or (drawn.endswith("…") and words.startswith(drawn[:-1]))
    assert drawing._width(drawn) <= 15


def test_every_panel_has_its_decision() -> None:
    assert [panel.code for panel in PANELS] == [
        "numbers",
        "weeks",
        "reasons",
        "steps",
        "places",
        "ages",
        "hours",
        "appeals",
        "integrity",
        "campaigns",
    ]
    assert all(panel.label and panel.serves for panel in PANELS)
