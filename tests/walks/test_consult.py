"""咨询不给说明白: closed in the county, and opened again by the one who complained."""

from __future__ import annotations

import pytest

from tests.walks.people import PHONES, shoot
from tests.walks.steps import City, print_timeline

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]


def test_consult(city: City) -> None:
    """… → 整改 → 退回修改 → 整改 → 答复 → 回访 → 销号 → 还没解决 → 二次整改 → 答复 → 回访 → 再次销号 → 再次评价."""
    officer, head = city.of_unit("370602-RSJ", "window"), city.of_unit("370602-RSJ", "unit_supervisor")
    lin, zhao, he = (city.colleague(account) for account in ("lin", "zhao", "he"))
    mother = city.citizen("母亲", PHONES[2])

    city.clock.next_day(15)
    mother.scans(city.sign_of("YT-ZF", "03"))
    number = mother.rates("不满意", "咨询不给说明白,问三个人三种说法。")
    city.clock.next_day(9)
    lin.prechecks_and_dispatches(number, "芝罘区人力资源和社会保障局")
    officer.signs_for(number)
    officer.calls_citizen(number, "问的是灵活就业参保,已当场讲清并致歉。")
    found = {
        "办理结果": "整改",
        "问题是什么": "窗口人员对新政策掌握不一。",
        "改了什么": "统一口径。",
        "怎样防止再发生": "业务小班轮训。",
    }
    answer = "我们已组织轮训并统一答复口径,一页纸问答可在窗口领取。对不起,让您白跑了。"
    officer.reports(number, answer, **found)
    head.sends_report_back(number, "没有写清统一了什么口径。")
    city.clock.later(hours=1)
    officer.finds(number)
    officer.does("提交整改", 改了什么="参保档次、补缴、停保三项口径写成一页纸问答,窗口人手一份。")
    officer.told("已提交")
    head.checks_and_replies(number)
    shoot(head.page, "consult-1-case-of-head")
    city.clock.next_day(10)
    zhao.calls_back(number, "满意", "讲清楚了。")
    he.signs_off(number)

    city.clock.next_day(19, days=2)
    mother.tracks()
    mother.reads("一页纸问答")
    shoot(mother.page, "consult-2-closed")
    mother.says_unsolved("说改了,其实没有改", "今天再去,新来的人又是另一种说法。")
    mother.reads("新来的人又是另一种说法")
    mother.reads_state("评价 已完成", "转办 已完成", "整改 进行中", "答复 未开始")
    shoot(mother.page, "consult-3-reopened")
    city.clock.next_day(9)
    again = {**found, "问题是什么": "新到岗人员未参加轮训。", "改了什么": "新到岗人员先考核口径,合格才上窗口。"}
    officer.reports(number, "您说的情况属实:新到岗人员还没有轮训。今天起考核合格才能上窗口,问答也贴上了墙。", **again)
    head.checks_and_replies(number)
    city.clock.next_day(14)
    zhao.calls_back(number, "基本满意", "贴出来了,一看就懂。")
    he.signs_off(number)
    shoot(he.page, "consult-4-case-of-he")

    city.clock.later(hours=2)
    mother.tracks()
    mother.rates_again("满意")
    mother.reads("今天起考核合格", "再次评价:满意")
    mother.reads_that_it_is_closed()
    shoot(mother.page, "consult-5-tracking")
    assert len(print_timeline(city, "咨询不给说明白(评价人反映还没解决)", number)) == he.looks_up(number) == 17
