"""督办 in a browser: a campaign from its template to its sign-off, a resolution of the meeting, a unit that is low, the
clue that is handed over; what waits for whom stands in one inbox.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.walks.people import shoot
from tests.walks.pleading import presses
from tests.walks.steps import City, Colleague, picture

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(300)]
DONE = "演示走查:告示已撤,备零钱五百元。"


def goes_to(who: Colleague, address: str) -> None:
    who.comes_to_desk()
    who.page.goto(f"{who.page.url.split('/desk')[0]}{address}")


def sends(who: Colleague, button: str = "") -> None:
    """The form of an act."""
    page = who.page
    named = page.get_by_role("button", name=button, exact=True)
    with page.expect_navigation():
        (named if button else page.locator("main form button[type=submit]")).last.click()


def plans(qian: Colleague, city: City) -> str:
    """From the board and its template; what is missing is said, and nothing typed is lost."""
    goes_to(qian, "/desk/supervision/campaigns/board/")
    page = qian.page
    with page.expect_navigation():
        page.locator("main > p a").filter(has_text="窗口收费渠道全面普查").click()
    expect(page.get_by_label("名称")).to_have_value("窗口收费渠道全面普查")
    sends(qian, "立卷")
    qian.reads("请填写“整治范围”")
    expect(page.get_by_label("排查清单")).to_have_value(re.compile("备有零钱"))
    page.get_by_label("整治范围").fill("烟台市公安局")
    page.get_by_label("对照单位").fill("烟台市医疗保障局")
    page.get_by_label("结束日期").fill(f"{city.clock.now() + timedelta(days=20):%Y-%m-%d}")
    sends(qian, "立卷")
    shoot(page, "campaign-1-planned")
    return page.url


def starts_and_asks(qian: Colleague, address: str) -> None:
    page = qian.page
    presses(page, "启动")
    sends(qian)
    assert not page.get_by_role("link", name="修改", exact=True).count()
    presses(page, "交办任务")
    page.get_by_label("责任单位").fill("烟台市公安局")
    page.get_by_label("地点").fill("3 号窗口")
    page.get_by_label("要求").fill("恢复收取现金")
    page.get_by_label("几个工作日内").fill("5")
    sends(qian)
    qian.reads("3 号窗口", "恢复收取现金")
    assert page.url == address


def reports(zheng: Colleague, folder: Path) -> None:
    """The unit finds it in its inbox and reports with a picture."""
    goes_to(zheng, "/desk/inbox/")
    with zheng.page.expect_navigation():
        zheng.page.locator("main a").filter(has_text="恢复收取现金").first.click()
    presses(zheng.page, "报结")
    zheng.page.get_by_label("做了什么").fill(DONE)
    zheng.page.get_by_label("整改后的照片").set_input_files(picture(folder, "after"))
    sends(zheng)
    zheng.reads("待销号", DONE)
    assert not zheng.page.get_by_role("link", name="销号", exact=True).count()
    shoot(zheng.page, "campaign-2-reported")


def signs_off(qian: Colleague, address: str) -> None:
    goes_to(qian, "/desk/supervision/")
    with qian.page.expect_navigation():
        qian.page.locator("main a").filter(has_text="恢复收取现金").first.click()
    presses(qian.page, "销号")
    sends(qian)
    qian.reads("已销号")
    qian.page.goto(address)
    for act in ("排查完成", "提请销号"):
        presses(qian.page, act)
        sends(qian)
    presses(qian.page, "办结")
    sends(qian)
    qian.reads("请填写“结果”")
    qian.page.get_by_label("结果").fill("一个窗口恢复收取现金。")
    sends(qian)
    qian.reads("已销号", "一个窗口恢复收取现金。", "整治后的时间还没有开始")
    shoot(qian.page, "campaign-3-closed")


def test_a_campaign_and_what_waits(city: City, tmp_path: Path) -> None:
    qian, zheng, he, song = (city.colleague(name) for name in ("qian", "zheng", "he", "zhao"))
    address = plans(qian, city)
    starts_and_asks(qian, address)
    reports(zheng, tmp_path)
    signs_off(qian, address)
    for stranger in (he, song):
        stranger.comes_to_desk()
        answer = stranger.page.goto(address)
        assert answer is not None
        assert answer.status in (403, 404)


def test_a_story_of_the_year_is_there_to_be_read(city: City) -> None:
    """What the demo city tells of every kind; a sealed clue is on nobody's list who was not let in."""
    qian, zheng = city.colleague("qian"), city.colleague("zheng")
    for slug, words in (
        ("meetings", "联席会议"),
        ("follow-ups", "靠后"),
        ("walks", "走流程"),
        ("inspections", "巡查"),
        ("joint", "演示"),
    ):
        goes_to(qian, f"/desk/supervision/{slug}/?all=1")
        qian.reads(words)
        with qian.page.expect_navigation():
            qian.page.locator("main tbody a").first.click()
        expect(qian.page.locator("main h2").first).to_be_visible()
        shoot(qian.page, f"supervision-{slug}")
    goes_to(zheng, "/desk/supervision/clues/?all=1")
    assert not zheng.page.locator("main tbody a").count()
