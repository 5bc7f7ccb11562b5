"""跨省办理车辆解抵押: two offices, one answer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.walks.people import PHONES, shoot
from tests.walks.steps import City, picture, print_timeline

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]


def test_car(city: City, tmp_path: Path) -> None:
    """… → 联系 → 请求协办 → 协办反馈 → 上门服务 → 整改(联合答复,附照片) → 答复 → 回访 → 销号 → 再次评价."""
    officer, head = city.of_unit("370600-CGS", "window"), city.of_unit("370600-CGS", "unit_supervisor")
    helper = city.of_unit("370600-JTJ", "unit_supervisor")
    lin, zhao, qian = (city.colleague(account) for account in ("lin", "zhao", "qian"))
    driver = city.citizen("车主", PHONES[5])

    city.clock.next_day(9, 40)
    driver.looks_for_guide("解除抵押", "跨省通办")
    number = driver.rates("非常不满意", "跨省办理车辆解抵押,两地来回跑,谁都说不归自己管。")
    city.clock.later(hours=1)
    lin.prechecks_and_dispatches(number, "烟台市公安局交通警察支队车辆管理所")
    officer.signs_for(number)
    officer.calls_citizen(number, "营运车辆,外省银行抵押,手续两地不互认。")
    officer.does("请求协办", 协办单位="烟台市交通运输局", 请协办的事="请核对营运证状态并出具电子证明。")
    officer.told("已请该单位协办")
    found = {
        "办理结果": "整改",
        "问题是什么": "外省抵押权人材料无法互认。",
        "改了什么": "与外省车管所建立专线核验,材料线上互认,上门办结。",
        "怎样防止再发生": "跨省业务一口受理,协办单位两日内反馈。",
    }
    reply = "经车管所会同市交通运输局共同办理,已与对方车管所核验并为您上门办结解除抵押登记,今后同类业务线上互认。"
    officer.opens("提交整改")
    officer.reads("协办单位还没有全部反馈")
    officer.sends(**found, 给评价人的答复=reply)
    officer.reads("尚未反馈")
    shoot(officer.page, "car-1-too-early")

    city.clock.next_day(10)
    helper.finds(number, view="请我单位协办")
    helper.is_not_offered("提交整改")
    helper.does("协办反馈", 回复="营运证有效,电子证明已推送车管所,配合办理。")
    helper.told("反馈已提交")
    shoot(helper.page, "car-2-case-of-helper")
    city.clock.next_day(15)
    officer.finds(number)
    officer.does(
        "记录上门服务或专题研究",
        方式="上门服务",
        日期=f"{city.clock.now():%F}",
        地点="评价人停车场",
        参加单位="车管所、市交通运输局",
        结果="现场核验车辆和材料,当场受理。",
    )
    officer.told("已记录")
    officer.opens("提交整改")
    officer.fill(**found, 答复模板="多部门联动解决")
    officer.page.get_by_role("button", name="套用模板").click()
    expect(officer.page.get_by_label("给评价人的答复")).to_have_value(re.compile("【牵头单位】"))
    officer.page.locator("input[name=after]").set_input_files(picture(tmp_path, "after"))
    officer.sends(给评价人的答复=reply)
    officer.told("已提交")
    head.checks_and_replies(number)
    shoot(head.page, "car-3-case-of-head")
    city.strike("evaluations.tasks.invite_follow_ups")
    invitation = driver.gets_sms("已有答复")
    city.clock.next_day(11)
    zhao.calls_back(number, "满意", "人来了家门口,当场办好。")
    qian.signs_off(number)

    city.clock.later(hours=1)
    driver.follows(invitation)
    driver.reads("会同市交通运输局")
    driver.rates_again("满意", "不用两地跑了。")
    driver.tracks()
    driver.reads("会同市交通运输局", "再次评价:满意")
    driver.reads_that_it_is_closed()
    shoot(driver.page, "car-4-tracking")
    assert len(print_timeline(city, "跨省办理车辆解抵押(协办、联合答复)", number)) == head.looks_up(number) == 13
