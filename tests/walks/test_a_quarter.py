"""季度考核 and 季度通报 in a browser, before other walks let weeks pass.

A unit objects and is answered, the clock freezes the quarter and drafts its notice, two people write and sign it, and
the unit reads it.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.walks.people import shoot, wait_for
from tests.walks.pleading import presses
from tests.walks.steps import City, Colleague

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(300)]
UNIT = "烟台市公安局"
BEGINNINGS = {"Word(可编辑)": b"PK", "PDF(定稿)": b"%PDF", "Excel(附表)": b"PK"}
DEMAND = "烟台市公安局年底前把取号和叫号的时间上墙,各单位举一反三。"


def goes_to(who: Colleague, place: str) -> None:
    """From the desk to a place, by the rail or by all there is."""
    who.comes_to_desk()
    rail = who.page.locator("nav.rail:visible")
    if not rail.get_by_role("link", name=place, exact=True).count():
        with who.page.expect_navigation():
            rail.get_by_role("link", name="更多").click()
    with who.page.expect_navigation():
        who.page.get_by_role("link", name=re.compile(f"^{place}")).last.click()
    expect(who.page.locator("h1")).to_contain_text(place)


def objects(zheng: Colleague) -> None:
    """The unit opens its own score and contests the whole of it, in words."""
    goes_to(zheng, "考核得分")
    zheng.reads("前可以对每一行提出异议")
    presses(zheng.page, UNIT)
    assert zheng.page.locator("main table").count() >= 3
    shoot(zheng.page, "quarter-1-score")
    presses(zheng.page, "对总分提出异议")
    presses(zheng.page, "提出异议")
    zheng.reads("请填写“异议的理由”")
    zheng.page.get_by_label("异议的理由").fill("本季度两件为系统升级期间产生,附运维记录。")
    presses(zheng.page, "提出异议")
    zheng.reads("系统升级期间产生", "等待答复")


def answers(qian: Colleague, words: str) -> None:
    """The city answers the one objection that waits, from the page of the quarter."""
    goes_to(qian, "季度考核")
    presses(qian.page, quarter_of(qian))
    with qian.page.expect_navigation():
        qian.page.get_by_role("link", name="答复", exact=True).click()
    qian.page.get_by_label("不采纳").check()
    qian.page.get_by_role("textbox", name="答复").fill(words)
    presses(qian.page, "答复")
    qian.reads(words)
    assert not qian.page.get_by_role("link", name="答复", exact=True).count()


def quarter_of(qian: Colleague) -> str:
    """How the quarter is called that is open to objections."""
    row = qian.page.locator("main tr").filter(has_text="异议")
    return row.first.get_by_role("link").first.inner_text()


def frozen(qian: Colleague, quarter: str) -> None:
    """The clock freezes it once the time for objections is over; nobody presses anything."""

    def looks() -> str | None:
        goes_to(qian, "季度考核")
        presses(qian.page, quarter)
        return "frozen" if "封存指纹" in qian.page.inner_text("main") else None

    wait_for(looks, 60)
    shoot(qian.page, "quarter-2-frozen")


def opens_newest(who: Colleague) -> None:
    goes_to(who, "季度通报")
    with who.page.expect_navigation():
        who.page.locator("main tbody a").first.click()


def drafted(lin: Colleague) -> None:
    """The clock has drafted the notice of the frozen quarter."""

    def looks() -> str | None:
        goes_to(lin, "季度通报")
        return "drafted" if "起草中" in lin.page.inner_text("main tbody tr:first-child") else None

    wait_for(looks, 60)


def written(lin: Colleague, qian: Colleague) -> None:
    """One writes, another reviews and sends it back, then approves and signs; nobody does both."""
    opens_newest(lin)
    presses(lin.page, "修改")
    box = lin.page.get_by_label("下一步要求")
    box.fill(f"{box.input_value()}\n{DEMAND}")
    shoot(lin.page, "notice-1-writing")
    lin.page.locator("main form button[type=submit]").first.click()
    lin.reads(DEMAND)
    acts(lin, "送审")
    assert not lin.page.get_by_role("link", name="签发", exact=True).count()
    opens_newest(qian)
    acts(qian, "退回修改", note="请核对一下日期。")
    opens_newest(lin)
    acts(lin, "送审")
    opens_newest(qian)
    acts(qian, "审核通过")
    shoot(qian.page, "notice-2-signing")
    acts(qian, "签发")
    qian.reads("已签发", DEMAND)


def acts(who: Colleague, act: str, note: str = "") -> None:
    """One act of the notice, confirmed on a page of its own."""
    presses(who.page, act)
    if note:
        who.page.get_by_label("说明").fill(note)
    with who.page.expect_navigation(timeout=60_000):
        who.page.locator("main form button[type=submit]").first.click()


def keeps_files(who: Colleague) -> None:
    """All three files, each of the kind it says."""
    for label, beginning in BEGINNINGS.items():
        with who.page.expect_download() as coming:
            who.page.get_by_role("link", name=label, exact=True).click()
        content = coming.value.path().read_bytes()
        assert content.startswith(beginning), label
        assert len(content) > 5_000, label


def reads_it(zheng: Colleague, qian: Colleague) -> None:
    """The unit reads the notice and its own extract; the city sees that it did."""
    opens_newest(zheng)
    zheng.reads(DEMAND)
    presses(zheng.page, "已阅")
    assert not zheng.page.get_by_role("button", name="已阅", exact=True).count()
    shoot(zheng.page, "notice-3-read")
    presses(zheng.page, "通报摘编")
    with zheng.page.expect_navigation():
        zheng.page.locator("main").get_by_role("link", name=UNIT, exact=True).click()
    zheng.reads(UNIT)
    shoot(zheng.page, "notice-4-extract")
    opens_newest(qian)
    row = qian.page.locator("main tr").filter(has=qian.page.get_by_role("cell", name=UNIT, exact=True))
    expect(row.filter(has_text=zheng.name)).to_be_visible()


def test_a_quarter_and_its_notice(city: City) -> None:
    zheng, qian, lin = (city.colleague(account) for account in ("zheng", "qian", "lin"))
    answers(qian, "该件不在本季度,扣分不变。")
    objects(zheng)
    answers(qian, "核对系统记录,升级在前一天,扣分不变。")
    goes_to(qian, "季度考核")
    quarter = quarter_of(qian)
    [(until,)] = city.portal.query("SELECT max(objections_until) FROM assessment_quarter WHERE frozen_at IS NULL")
    city.clock.set(until.astimezone(city.clock.now().tzinfo) + timedelta(minutes=30))
    city.strike("assessment.tasks.close_quarters")
    frozen(qian, quarter)
    goes_to(zheng, "考核得分")
    presses(zheng.page, UNIT)
    zheng.reads("封存。之后的变化不改变得分")
    assert not zheng.page.get_by_role("link", name="对总分提出异议").count()
    city.strike("oversight.tasks.draft_frozen")
    drafted(lin)
    written(lin, qian)
    keeps_files(qian)
    reads_it(zheng, qian)
