"""窗口不收现金: the first answer does not convince, the second does."""

from __future__ import annotations

import pytest

from tests.walks.people import PHONES, shoot
from tests.walks.steps import City, print_timeline

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]


def test_cash(city: City) -> None:
    """评价 → 预审 → 转办 → 签收 → 联系 → 整改 → 答复 → 回访不满意 → 二次整改 → 回访满意 → 销号 → 再次评价."""
    wu, zheng = city.colleague("wu"), city.colleague("zheng")
    lin, zhao, qian = (city.colleague(account) for account in ("lin", "zhao", "qian"))
    old_man = city.citizen("老人", PHONES[0])

    city.clock.next_day(9, 20)
    old_man.scans(city.sign_of("YT-CITY", "C01"))
    shoot(old_man.page, "cash-1-rating")
    number = old_man.rates("不满意", "窗口不收现金,老人没有手机支付,跑了两趟没办成。")
    shoot(old_man.page, "cash-2-receipt")
    city.strike()
    assert number in old_man.gets_sms("查询码")

    city.clock.later(hours=1)
    lin.prechecks_and_dispatches(number, "烟台市公安局")
    city.clock.later(hours=2)
    wu.signs_for(number)
    wu.calls_citizen(number, "已致歉。老人要求恢复收现金,不用再跑。")
    shoot(wu.page, "cash-3-case-of-wu")

    city.clock.next_day(10)
    fixed = {
        "办理结果": "整改",
        "问题是什么": "窗口只接受扫码支付,没有现金找零。",
        "改了什么": "恢复现金收费,备足零钱。",
        "怎样防止再发生": "每天开门前检查零钱,张贴现金收费标识。",
    }
    wu.reports(number, "我们已恢复现金收费并备足零钱,您可以随时到窗口办理。给您添了麻烦,非常抱歉。", **fixed)
    zheng.checks_and_replies(number)
    city.strike("evaluations.tasks.invite_follow_ups")
    invitation = old_man.gets_sms("已有答复")

    city.clock.next_day(9, 30)
    zhao.calls_back(number, "不满意", "昨天去还是说找不开零钱。", solved=False)
    zhao.reads("二次整改")
    shoot(zhao.page, "cash-4-case-of-zhao")
    city.clock.later(hours=3)
    fixed["改了什么"] = "窗口配备零钱箱,由银行每周补足;找不开时由值班长垫付。"
    wu.reports(number, "零钱箱今天已配到窗口,现金一定收、找得开。请您放心来办,我们优先接待。", **fixed)
    zheng.checks_and_replies(number)
    city.clock.next_day(15)
    zhao.calls_back(number, "满意", "这次收了现金,当场办好了。")
    wu.finds(number)
    wu.is_not_offered("销号")
    qian.signs_off(number)
    shoot(qian.page, "cash-5-case-of-qian")

    city.clock.later(hours=1)
    old_man.follows(invitation)
    shoot(old_man.page, "cash-6-follow-up")
    old_man.rates_again("满意", "谢谢,收现金了。")
    old_man.tracks()
    old_man.reads("零钱箱今天已配到窗口", "再次评价:满意")
    old_man.reads_that_it_is_closed()
    shoot(old_man.page, "cash-7-tracking")
    assert len(print_timeline(city, "窗口不收现金(二次整改)", number)) == zheng.looks_up(number) == 13
