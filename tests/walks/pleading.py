"""What people do about a contested rating: at the unit, on the panel, in the management body."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.walks.steps import City, Colleague

REASON = "调阅当日叫号记录和监控录像,逐条核对后作出这一认定。"
SLIP = """
from datetime import datetime, timedelta
from evaluations.actions import make_rating_link, record_service
from evaluations.enums import LinkKind, ServiceSource
from organizations.models import ServiceItem, Staff, Window
at = datetime.fromisoformat("{at}")
window = Window.objects.filter(unit__code="{unit}").select_related("unit")[0]
service = record_service(
    source=ServiceSource.HALL, project_number="WALK{at}", item=ServiceItem.objects.filter(unit=window.unit)[0],
    unit=window.unit, served_at=at - timedelta(minutes=20), at=at, window=window,
    staff=Staff.objects.get(username="{staff}"),
)
print(make_rating_link(service, kind=LinkKind.SLIP, at=at))
"""


def slip_of(city: City, staff: Colleague, unit: str) -> str:
    """What the QR code says of the slip that somebody has just handed out at their window."""
    at = city.clock.now().isoformat(timespec="seconds")
    words = SLIP.format(unit=unit, staff=staff.account, at=at)
    token = city.portal.manage("shell", "-v", "0", "-c", words).strip()
    return f"{city.portal.address}/r/{token}/"


def presses(page: Page, name: str) -> None:
    """Presses a button or a link that leads to another page."""
    button = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True))
    with page.expect_navigation():
        button.last.click()


def chooses_ground(who: Colleague, ground: str) -> None:
    """On the page of the grounds, one by its code."""
    who.page.locator("label").filter(has_text=re.compile(rf"^\s*{ground}\b")).click()
    presses(who.page, "下一步: 写理由、加证据")
    expect(who.page.locator("h1")).to_contain_text("申诉草稿")


def writes(who: Colleague, statement: str) -> None:
    who.page.get_by_label("理由和事实").fill(statement)


def adds(who: Colleague, kind: str, *, text: str = "", file: Path | None = None, second: str = "") -> None:
    """One more piece of evidence."""
    page = who.page
    page.get_by_label("种类").select_option(label=kind)
    page.get_by_label("说明或内容").fill(text)
    if file:
        page.get_by_label("文件").set_input_files(file)
        page.get_by_label("画面里群众的面部和姓名已遮住").check()
    if second:
        page.get_by_label("从哪里看起").fill(second)
    presses(page, "加上这件证据")
    who.told("已保存")


def files(who: Colleague, button: str = "提交申诉") -> str:
    """Files what is written; returns the number of the appeal."""
    presses(who.page, button)
    who.told("已提出")
    return number_on(who.page)


def number_on(page: Page) -> str:
    found = re.search(r"A-[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator("h1").inner_text())
    assert found
    return found[0]


def panel_of(city: City, number: str) -> list[Colleague]:
    """Who sits on the panel now, at desks of their own."""
    rows = city.portal.query(
        "SELECT s.username FROM appeals_place p JOIN organizations_staff s ON s.id = p.staff_id"
        " JOIN appeals_appeal a ON a.id = p.appeal_id WHERE a.number = %s AND p.sits_from IS NOT NULL"
        ' AND p.left_at IS NULL ORDER BY p."order"',
        number,
    )
    return [city.colleague(account) for (account,) in rows]


def opens_vote(who: Colleague, number: str) -> None:
    """From the home of the panel to the appeal: the first of three clicks."""
    who.comes_to_desk()
    who.page.goto(f"{who.city.portal.address}/desk/panel/")
    presses(who.page, number)


def votes(who: Colleague, number: str, vote: str, reason: str = REASON) -> None:
    """Opens, chooses, submits: three clicks."""
    opens_vote(who, number)
    who.page.get_by_label(vote, exact=True).check()
    who.page.locator("#vote textarea[name=reason]").fill(reason)
    presses(who.page, "提交表决")
    who.told("表决已提交")


def serves(who: Colleague, number: str, plain: str = "") -> None:
    """Looks the ruling over, changes what the evaluator reads, and serves it."""
    who.comes_to_desk()
    who.page.goto(f"{who.city.portal.address}/desk/appeals/?view=serve")
    presses(who.page, number)
    presses(who.page, "核对并送达")
    if plain:
        who.page.get_by_label("给评价人的说明").fill(plain)
    presses(who.page, "核对并送达裁定")
    who.told("裁定已送达")


def sees_nothing(who: Colleague, number: str, statement: str, exhibits: list[int]) -> None:
    """Tries every address of an appeal, with and without a body; reads that they are recused and nothing else."""
    base = f"{who.city.portal.address}/desk/appeals"
    doors = [f"{base}/{number}/{act}" for act in ("", "vote/", "recuse/", "withdraw/", "serve/", "review/")]
    doors += [f"{base}/exhibits/{pk}/" for pk in exhibits]
    for door in doors:
        answer = who.page.request.get(door)
        assert answer.status in (403, 405), f"{door}: {answer.status}"
        assert statement not in answer.text()
    who.page.goto(doors[0])
    expect(who.page.locator("h1")).to_have_text("您已回避本件")
    assert who.page.locator("main").inner_text().splitlines()[-1] == "您已回避本件"
    for address in ("panel/", "appeals/", f"appeals/?view=all&q={number}"):
        who.page.goto(f"{who.city.portal.address}/desk/{address}")
        assert not who.page.get_by_role("link", name=number).count()
