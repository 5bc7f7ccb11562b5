"""综合点评: somebody who rates no service of their own, on a small telephone without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.ui.checks import Mode, complaints
from tests.walks.people import shoot
from tests.walks.steps import City

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(180)]
MAKE_SERVICE = """
from datetime import datetime, timedelta
from evaluations.actions import record_service
from identity.actions import store_evaluator
from organizations.models import ServiceItem, Window
at = datetime.fromisoformat("{at}")
window = Window.objects.select_related("unit").get(hall__code="YT-CITY", number="C04")
contact = store_evaluator(phone="13905350109", consent_version="test", at=at)
record_service(source="hall", project_number=f"370600{{at:%Y%m%d%H%M%S}}", item=ServiceItem.objects.order_by("pk")[0],
               unit=window.unit, window=window, served_at=at - timedelta(days=3), at=at, contact=contact)
"""


def test_comment(city: City) -> None:
    """从首页找到综合点评 → 五张脸在第一屏 → 好评两下 → 差评写一句话 → 回执 → 查进度 → 转办."""
    city.clock.next_day(10)
    passer = city.citizen("路过的人", "13905350108")
    page = passer.page
    page.goto(city.portal.address)
    page.get_by_role("link", name="评价一次服务").click()
    page.get_by_role("link", name=re.compile("^综合点评")).click()
    faces = page.locator("label.face")
    assert faces.count() == 5
    lowest, bar = faces.last.bounding_box(), page.locator(".submit-bar").bounding_box()
    assert lowest
    assert bar
    assert lowest["y"] + lowest["height"] <= bar["y"] < 740
    assert page.locator("input:checked").count() == 0
    faces.nth(1).click()
    page.get_by_role("button", name="提交评价").click()
    passer.reads("已收到。")

    page.goto(f"{city.portal.address}/rate/comment/")
    faces.last.click()
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator(".error-summary")).to_contain_text("请写一句话")
    page.get_by_label("点评什么").select_option(label="12345 热线")
    number = passer.rates("非常不满意", "热线转了三次又转回来。")
    shoot(page, "comment-1-receipt")
    passer.tracks()
    passer.reads("热线转了三次又转回来。")
    city.colleague("lin").prechecks_and_dispatches(number, "烟台市行政审批服务局")
    rows = city.portal.query(
        "SELECT target, channel, origin, level FROM evaluations_evaluation WHERE origin = 'social'"
        " ORDER BY received_at DESC LIMIT 2"
    )
    assert rows == [("hotline", "social", "social", 1), ("overall", "social", "social", 4)]


def test_an_invitation_comes_and_is_stopped(city: City) -> None:
    """Three days after a service the clock asks; one press ends it, and the page is as every public page."""
    city.clock.next_day(10)
    invited = city.citizen("被邀请的人", "13905350109")
    city.portal.manage("shell", "-v", "0", "-c", MAKE_SERVICE.format(at=city.clock.now().isoformat()))
    city.strike("evaluations.tasks.invite_ratings")
    sms = invited.gets_sms("请评价您近日所办的事")
    assert len(sms) <= 70
    invited.follows(sms)
    page = invited.page
    shoot(page, "invitation-1-rate")
    page.get_by_role("link", name="不想再收到评价邀请短信").click()
    _looks_right(city, page.url)
    page.get_by_role("button", name="退订").click()
    invited.reads("已退订评价邀请")
    shoot(page, "invitation-2-stopped")


def _looks_right(city: City, address: str) -> None:
    """Looked at with scripts, which the checks themselves need."""
    context = city.browser.new_context(locale="zh-CN")
    try:
        page = context.new_page()
        for mode in (Mode(width=360), Mode(width=1280)):
            page.set_viewport_size({"width": mode.width, "height": 740})
            page.goto(address)
            assert list(complaints(page, mode, desk=False)) == []
    finally:
        context.close()
