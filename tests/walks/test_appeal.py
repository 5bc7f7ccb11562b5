"""申诉: a unit contests and is upheld, and a review reverses it; the wrong unit was rated; a person is turned down."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.walks.people import shoot
from tests.walks.pleading import (
    adds,
    chooses_ground,
    files,
    opens_vote,
    panel_of,
    presses,
    sees_nothing,
    serves,
    slip_of,
    votes,
    writes,
)
from tests.walks.steps import City, Colleague

pytestmark = [pytest.mark.browser, pytest.mark.walk, pytest.mark.xdist_group("walks"), pytest.mark.timeout(240)]
GAJ, GUIDE = "370600-GAJ", "居住证办理"
STATEMENT = "系统记录取号到叫号二十分钟,与评价所说不符。"
# Numbers of this file's own; invented.
PHONES = [f"1390535001{n}" for n in range(1, 4)]


def film(folder: Path) -> Path:
    """A recording as far as its first bytes tell."""
    file = folder / "大厅.mp4"
    file.write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(2000))
    return file


def sent_to(city: City, number: str, unit: str, handler: Colleague) -> None:
    """预审, 转办, 签收 and the first contact."""
    city.colleague("lin").prechecks_and_dispatches(number, unit)
    handler.signs_for(number)
    handler.calls_citizen(number, "已了解经过。")


def due(city: City, number: str) -> datetime:
    """By when the rectification is due, as the portal has it now."""
    [(moment,)] = city.portal.query(
        "SELECT d.due_at FROM rectification_deadline d JOIN rectification_case c ON c.id = d.case_id"
        " WHERE c.number = %s AND d.duty = 'rectify' AND d.met_at IS NULL AND d.withdrawn_at IS NULL",
        number,
    )
    assert isinstance(moment, datetime)
    return moment


def test_a_unit_is_upheld_and_a_review_reverses_it(city: City, tmp_path: Path) -> None:
    """W6: refused while incomplete, left and continued, heard, a member recused, upheld, served, reviewed."""
    wu, zheng, lin, qian = (city.colleague(account) for account in ("wu", "zheng", "lin", "qian"))
    citizen = city.citizen("市民", PHONES[0])
    city.clock.next_day(9)
    citizen.looks_for_guide("居住证", GUIDE)
    number = citizen.rates("非常不满意", "在窗口等了一上午才叫到。", reason=True)
    sent_to(city, number, "烟台市公安局", wu)

    zheng.finds(number)
    presses(zheng.page, "我要申诉")
    zheng.reads("W6 与事实不符", "公开: 照常计入,注明“经核不属实”", "评价人没有留电话")
    shoot(zheng.page, "appeal-1-grounds")
    chooses_ground(zheng, "W6")
    writes(zheng, STATEMENT)
    presses(zheng.page, "提交申诉")
    zheng.reads("请改正下面的内容", "还缺: 音视频 或 系统时间记录 或 书面材料")
    shoot(zheng.page, "appeal-2-refused")
    zheng.finds(number)
    presses(zheng.page, "接着写申诉草稿")
    assert zheng.page.get_by_label("理由和事实").input_value() == STATEMENT
    adds(zheng, "音视频", file=film(tmp_path), second="3:12")
    zheng.reads("大厅.mp4", "文件正在检查")
    appeal = files(zheng)
    shoot(zheng.page, "appeal-3-filed")

    city.strike("appeals.tasks.screen_exhibits")
    citizen.follows(citizen.gets_sms("请补充事实"))
    citizen.page.get_by_label("您要补充的事实").fill("我有取号纸,九点取号,十一点才叫到。")
    shoot(citizen.page, "appeal-4-facts")
    citizen.page.get_by_role("button", name="提交").click()
    citizen.reads("已收到,谢谢", "我有取号纸")

    leaves = panel_of(city, appeal)[0]
    opens_vote(leaves, appeal)
    leaves.reads("评价人说", "单位说", "系统记录", "我有取号纸", "身份: 已隐藏", "从 3:12 看起")
    shoot(leaves.page, "appeal-5-panel")
    presses(leaves.page, "申请回避")
    leaves.page.get_by_label("回避理由").fill("我弟弟在该单位工作。")
    presses(leaves.page, "申请回避")
    leaves.told("已回避")
    exhibits = city.portal.query(
        "SELECT e.id FROM appeals_exhibit e JOIN appeals_appeal a ON a.id = e.appeal_id WHERE a.number = %s", appeal
    )
    sees_nothing(leaves, appeal, STATEMENT, [pk for (pk,) in exhibits])
    shoot(leaves.page, "appeal-6-recused")

    first, second, third = panel_of(city, appeal)
    assert leaves.account not in {first.account, second.account, third.account}
    votes(first, appeal, "成立", "第一位: 录像显示叫号正常,等候不超过二十分钟。")
    opens_vote(second, appeal)
    assert "第一位" not in second.page.content()
    votes(second, appeal, "成立")
    votes(third, appeal, "不成立", "第三位: 取号纸与录像对不上,不能认定。")
    third.reads("第一位", "第三位", "成立 2 票, 不成立 1 票")
    serves(lin, appeal, "评审小组看了录像,认为等候时间与评价所说不一致。您写的原文不会被改动。")
    shoot(lin.page, "appeal-7-served")
    lin.reads("裁定: 成立", "公开: 照常计入,注明“经核不属实”", "单位: 不计入考核")
    citizen.tracks()
    citizen.reads("等候时间与评价所说不一致", "在窗口等了一上午才叫到")
    shoot(citizen.page, "appeal-8-tracking")

    city.clock.next_day(10)
    qian.comes_to_desk()
    qian.page.goto(f"{city.portal.address}/desk/appeals/{appeal}/")
    presses(qian.page, "申请复核")
    presses(qian.page, "申请复核")
    writes(qian, "评价人交来取号纸原件,请复核。")
    adds(qian, "系统时间记录", text="取号纸原件: 9:00 取号,叫号机显示 11:02")
    review = files(qian, "提交复核")
    city.strike()
    again = panel_of(city, review)
    assert len(again) == 5
    assert not {member.account for member in again} & {first.account, second.account, third.account, leaves.account}
    city.clock.next_day(9, days=3)
    for member in again:
        votes(member, review, "不成立")
    serves(lin, review)
    lin.reads("裁定: 不成立")
    zheng.finds(number)
    zheng.reads(appeal, review)
    expect(zheng.page.locator("h1")).to_contain_text("整改中")


def test_the_wrong_unit_was_rated(city: City) -> None:
    """W4: not void; the case goes to the unit that is named, with the time that was left."""
    wu, zheng, lin = (city.colleague(account) for account in ("wu", "zheng", "lin"))
    citizen = city.citizen("市民", PHONES[1])
    city.clock.next_day(9)
    citizen.looks_for_guide("居住证", GUIDE)
    number = citizen.rates("不满意", "医保窗口让我来这里办。", reason=True)
    sent_to(city, number, "烟台市公安局", wu)
    wu.finds(number)
    presses(wu.page, "我要申诉")
    chooses_ground(wu, "W4")
    writes(wu, "所说的事由医保窗口办理。")
    wu.page.get_by_label("应由哪个单位负责").fill("烟台市医疗保障局")
    adds(wu, "应由哪个单位负责及依据", text="三定方案第五条")
    appeal = files(wu)
    for member in panel_of(city, appeal):
        votes(member, appeal, "成立")
    serves(lin, appeal)
    lin.reads("公开: 照常计入,改记到应负责的单位")
    citizen.tracks()
    citizen.reads("由另一单位负责")
    lin.finds(number)
    lin.opens("转办")
    lin.page.get_by_label("转给哪个单位").fill("烟台市医疗保障局")
    lin.sends()
    lin.told("已转办")
    city.of_unit("370600-YBJ", "window").signs_for(number)
    shoot(lin.page, "appeal-9-moved")
    zheng.comes_to_desk()
    assert zheng.page.goto(f"{city.portal.address}/desk/cases/{number}/").status == 404  # type: ignore[union-attr]


def test_a_person_is_turned_down_and_the_case_goes_on(city: City) -> None:
    """The rated person files; not upheld; the unit has the days that were left."""
    wu, lin = city.colleague("wu"), city.colleague("lin")
    rated = city.of_unit(GAJ, "window", 1)
    citizen = city.citizen("市民", PHONES[2])
    city.clock.next_day(9)
    citizen.scans(slip_of(city, rated, GAJ))
    number = citizen.rates("不满意", "说话不耐烦。", reason=True)
    sent_to(city, number, "烟台市公安局", wu)
    before = due(city, number)
    city.clock.later(hours=1)
    rated.comes_to_desk()
    rated.page.locator("nav.rail:visible").get_by_role("link", name="申诉").click()
    presses(rated.page, "我要申诉")
    rated.reads("您以被评价人本人提出", "说话不耐烦")
    chooses_ground(rated, "W8")
    writes(rated, "材料不齐,依法不予受理,已一次性告知。")
    adds(rated, "法律政策依据条文", text="条例第十二条")
    appeal = files(rated)
    shoot(rated.page, "appeal-10-person")
    city.clock.next_day(10, days=2)
    for member in panel_of(city, appeal):
        votes(member, appeal, "不成立")
    serves(lin, appeal)
    rated.comes_to_desk()
    rated.page.goto(f"{city.portal.address}/desk/appeals/{appeal}/")
    rated.reads("裁定: 不成立", "个人: 照常计入")
    wu.finds(number)
    expect(wu.page.locator("h1")).to_contain_text("整改中")
    left = due(city, number)
    assert left > before
    assert (left.astimezone().hour, left.minute) == (before.astimezone().hour, before.minute)
    shoot(wu.page, "appeal-11-goes-on")
