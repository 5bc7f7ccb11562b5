"""电话没人接: and in the end it is the citizen who does not pick up."""

from __future__ import annotations

import pytest

from tests.walks.people import PHONES, shoot
from tests.walks.steps import City, print_timeline

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]


def test_phone(city: City) -> None:
    """… → 联系未接 → 联系 → 整改 → 答复 → 三次回访未接(不同日期、时段) → 短信 → 联系不上 → 销号 → 再次评价."""
    officer, head = city.of_unit("370600-RSJ", "window"), city.of_unit("370600-RSJ", "unit_supervisor")
    lin, zhao, qian = (city.colleague(account) for account in ("lin", "zhao", "qian"))
    worker = city.citizen("务工者", PHONES[1])

    city.clock.next_day(11)
    worker.scans(city.sign_of("YT-CITY", "B01"))
    number = worker.rates("非常不满意", "咨询电话没人接,打了三天都是忙音。", reason=True)
    city.clock.later(hours=3)
    lin.prechecks_and_dispatches(number, "烟台市人力资源和社会保障局")
    city.clock.later(minutes=40)
    officer.signs_for(number)
    officer.calls_citizen(number, "响铃未接。", result="未接")
    officer.is_not_offered("提交整改")
    city.clock.next_day(9, 15)
    officer.calls_citizen(number, "已致歉,记下了三次拨打的时间。")
    city.clock.next_day(16)
    officer.reports(
        number,
        "咨询电话已增加到三部,午间也有人接听,未接来电当日回拨。给您带来不便,请谅解。",
        办理结果="整改",
        问题是什么="咨询电话只有一部,午休无人值守。",
        改了什么="增设两部电话,午间轮值,未接来电当日回拨。",
        怎样防止再发生="每周通报接通率。",
    )
    head.checks_and_replies(number)
    city.strike("evaluations.tasks.invite_follow_ups")
    invitation = worker.gets_sms("已有答复")

    city.clock.next_day(10)
    zhao.rings_in_vain(number)
    city.clock.next_day(15, 30)
    zhao.rings_in_vain(number)
    zhao.is_not_offered("记为联系不上")
    city.clock.next_day(11, 20)
    zhao.rings_in_vain(number)
    zhao.does("记为联系不上", 理由="三天三个时段未接,已发短信。")
    zhao.told("已记为联系不上")
    city.strike()
    assert number in worker.gets_sms("多次回访未能联系到您")
    shoot(zhao.page, "phone-1-case-of-zhao")
    city.clock.next_day(9)
    qian.signs_off(number)
    qian.reads("已整改 · 多次联系不上")
    shoot(qian.page, "phone-2-case-of-qian")

    city.clock.next_day(20)
    worker.follows(invitation)
    worker.rates_again("基本满意", "上班不方便接电话,这次打得通了。")
    shoot(worker.page, "phone-3-follow-up")
    worker.tracks()
    worker.reads("咨询电话已增加到三部", "再次评价:基本满意")
    worker.reads_that_it_is_closed()
    assert len(print_timeline(city, "电话没人接(评价人联系不上)", number)) == head.looks_up(number) == 14
