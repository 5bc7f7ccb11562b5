"""办事指南不靠谱: of the management body itself, so others call back and sign off; and more time is needed."""

from __future__ import annotations

import re

import pytest

from tests.walks.people import PHONES, shoot
from tests.walks.steps import City, print_timeline

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]


def test_guide(city: City) -> None:
    """… → 联系 → 申请延期 → 审批延期 → 整改 → 答复 → 回访 → 销号 → 再次评价; nobody of the own unit decides."""
    officer, head = city.of_unit("370600-SPJ", "window"), city.of_unit("370600-SPJ", "unit_supervisor")
    lin, cui, fang = (city.colleague(account) for account in ("lin", "cui", "fang"))
    zhao, qian = city.colleague("zhao"), city.colleague("qian")
    grocer = city.citizen("店主", PHONES[3])

    city.clock.next_day(13)
    grocer.looks_for_guide("食品经营许可", "食品经营许可 · 市审批服务局")
    shoot(grocer.page, "guide-1-rating")
    number = grocer.rates("非常不满意", "办事指南不靠谱,网上写三样材料,到窗口要五样。")
    city.clock.later(hours=2)
    lin.prechecks_and_dispatches(number, "烟台市行政审批服务局")
    officer.signs_for(number)
    officer.calls_citizen(number, "已致歉,核对了被多要的两样材料。")
    officer.opens("申请延期")
    latest = re.search(r"最迟可延至: (\d+)\D+(\d+)\D+(\d+)", officer.page.inner_text("main"))
    assert latest is not None
    day = "{}-{:0>2}-{:0>2}".format(*latest.groups())
    shoot(officer.page, "guide-2-extension")
    officer.sends(新的期限=day, 理由="指南需与省级系统逐条核对。")
    officer.told("申请已提交")

    city.clock.next_day(9)
    qian.finds(number, view="待审批")
    qian.is_not_offered("审批延期")
    fang.finds(number, view="待审批")
    fang.does("审批延期", 审批="同意", 审批意见="同意延期一次。")
    fang.told("审批已记录")
    city.clock.next_day(10, days=3)
    officer.finds(number)
    officer.reads("已延期")
    officer.reports(
        number,
        "网上指南已经更新,多收的两项材料已取消,您可凭原来的三项材料办理。感谢您的监督。",
        办理结果="整改",
        问题是什么="网上指南未随政策更新。",
        改了什么="指南交叉互查并更新,多收的两项材料已取消。",
        怎样防止再发生="政策变动三日内更新指南,每月互查。",
    )
    head.checks_and_replies(number)
    city.clock.next_day(10)
    zhao.finds(number)
    zhao.is_not_offered("督导回访")
    cui.calls_back(number, "满意", "按三样材料办下来了。")
    shoot(cui.page, "guide-3-case-of-cui")
    qian.finds(number)
    qian.is_not_offered("销号")
    fang.signs_off(number)
    shoot(fang.page, "guide-4-case-of-fang")

    city.clock.later(hours=4)
    grocer.tracks()
    grocer.reads("多收的两项材料已取消")
    grocer.rates_again("满意", "跑一次就办好了。")
    grocer.reads("再次评价:满意")
    grocer.reads_that_it_is_closed()
    shoot(grocer.page, "guide-5-tracking")
    assert len(print_timeline(city, "办事指南不靠谱(延期;审批服务局自己的件)", number)) == fang.looks_up(number) == 12
