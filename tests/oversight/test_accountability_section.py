"""The section of the notice: counts of what was decided, names only where the level names."""

from __future__ import annotations

from datetime import date, timedelta

from assessment.enums import Grain
from assessment.periods import Period
from oversight import actions
from oversight.enums import Level
from oversight.paper import Paragraph, Table
from oversight.queries.sections.accountability import blocks
from tests.factories import NOW, Cast
from tests.oversight.clues import SECRET, final
from tests.oversight.lowly import Ranks
from tests.oversight.test_followups import visited

Q2 = Period(date(2026, 4, 1), Grain.QUARTER)
Q3 = Period(date(2026, 7, 1), Grain.QUARTER)
Q4 = Period(date(2026, 10, 1), Grain.QUARTER)
SOON = NOW + timedelta(days=1)


def words(period: Period, at: object = SOON) -> str:
    found = blocks(period, at=at)  # type: ignore[arg-type]
    lines = [str(one) for one in found if isinstance(one, Paragraph)]
    cells = [str(cell) for one in found if isinstance(one, Table) for row in one.rows for cell in row]
    return "\n".join(lines + cells)


def test_where_there_was_nothing_it_says_nothing(cast: Cast) -> None:
    assert blocks(Q4, at=SOON) == []


def test_rungs_are_of_the_quarter_whose_ranks_led_to_them(cast: Cast) -> None:
    ranks = Ranks(cast)
    visited(cast, ranks.low(times=2))
    ranks.fine()
    assert "新立督办1件,升级0件,退出靠后0个" in words(Q2)
    assert "分管领导到窗口现场办公\n1\n1" in words(Q2)
    assert "退出靠后1个" in words(Q3)
    assert "退出靠后:演示 unit:370600-GAJ" in words(Q3)
    assert "办结1件" in words(Q4)  # closed in October, when the third quarter was frozen


def test_only_a_circular_is_named(cast: Cast) -> None:
    row = final(cast, Level.TRANSFER)
    assert "作出处理1件" in words(Q4)
    assert "屡改屡犯\n0\n0\n0\n1" in words(Q4)
    for hidden in (cast.unit.name, cast.unit.short_name, row.number, SECRET):
        assert hidden not in words(Q4)
    assert words(Q3) == ""
    final(cast, Level.CIRCULAR)
    assert f"通报:{cast.unit.name}" in words(Q4)


def test_what_was_taken_back_or_is_to_come_is_not_counted(cast: Cast) -> None:
    row = final(cast, Level.CIRCULAR)
    assert words(Q4, at=NOW) == ""  # it was confirmed two hours later
    actions.withdraw_level(row, "不成立", by=cast.qian, at=SOON)
    assert words(Q4) == ""


def test_it_is_a_few_questions_however_much_there_is(cast: Cast, django_assert_max_num_queries: object) -> None:
    final(cast, Level.TALK)
    final(cast, Level.CIRCULAR)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        blocks(Q4, at=SOON)
