"""医疗废物处置费用减免: what the law does not allow is explained, and something else is offered."""

from __future__ import annotations

import pytest

from tests.walks.people import PHONES, shoot
from tests.walks.steps import City, print_timeline

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]


def test_waste(city: City) -> None:
    """… → 联系 → 申请列为复杂 → 审批 → 专题研究 → 解释说明 → 答复 → 回访 → 销号 → 典型案例 → 再次评价."""
    officer, head = city.of_unit("370600-WJW", "window"), city.of_unit("370600-WJW", "unit_supervisor")
    lin, zhao, qian = (city.colleague(account) for account in ("lin", "zhao", "qian"))
    doctor = city.citizen("诊所负责人", PHONES[4])

    city.clock.next_day(14)
    doctor.looks_for_guide("医疗废物", "医疗废物集中处置费用减免申请")
    number = doctor.rates("不满意", "医疗废物处置费用对小诊所太高,申请减免没有人管。")
    city.clock.later(hours=1)
    lin.prechecks_and_dispatches(number, "烟台市卫生健康委员会")
    officer.signs_for(number)
    officer.calls_citizen(number, "诊所两张床,按床位收费偏高,要求减免。")
    officer.does("申请列为复杂件", 理由="涉及收费标准,需与发改、生态环境部门研究。")
    officer.told("申请已提交")
    city.clock.next_day(9)
    qian.finds(number, view="待审批")
    qian.does("审批复杂件", 审批="同意")
    qian.told("审批已记录")

    city.clock.next_day(15, days=2)
    officer.finds(number)
    officer.does(
        "记录上门服务或专题研究",
        方式="专题研究",
        日期=f"{city.clock.now():%F}",
        地点="市政务服务中心会议室",
        参加单位="市卫健委、市发改委、市生态环境局",
        结果="现行标准没有减免条款;可改为按次收运。",
    )
    officer.told("已记录")
    shoot(officer.page, "waste-1-case-of-officer")
    city.clock.next_day(10)
    officer.reports(
        number,
        "经多部门专题研究,现行收费标准第五条没有减免条款,目前不能减免。我们已为您联系按次收运,每月费用可降三成,"
        "并已向上级建议调整标准。给您带来不便,请您谅解。",
        办理结果="解释说明",
        问题是什么="小诊所按床位收费偏高,现行收费标准未规定减免。",
        依据条款="现行收费标准第五条(演示)",
    )
    shoot(officer.page, "waste-2-reported")
    head.checks_and_replies(number)
    city.strike("evaluations.tasks.invite_follow_ups")
    invitation = doctor.gets_sms("已有答复")
    city.clock.next_day(10)
    zhao.calls_back(number, "基本满意", "减免没办成,但说清楚了,也有了别的办法。")
    qian.signs_off(number)
    qian.reads("解释说明 · 督导回访 · 基本满意")
    qian.does("典型案例", 作为典型案例="是", 说明="多部门研究、讲清依据、另找办法。")
    qian.told("已记录")
    shoot(qian.page, "waste-3-case-of-qian")

    city.clock.later(hours=5)
    doctor.follows(invitation)
    doctor.reads("没有减免条款")
    doctor.rates_again("基本满意")
    doctor.tracks()
    doctor.reads("没有减免条款", "再次评价:基本满意")
    doctor.reads_that_it_is_closed()
    shoot(doctor.page, "waste-4-tracking")
    assert len(print_timeline(city, "医疗废物处置费用减免(解释说明)", number)) == qian.looks_up(number) == 14
