"""The city of the walks and the verbs of its offices, each an act as a person does it at their desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from celery import Celery
from PIL import Image
from playwright.sync_api import Browser

from tests.support.clock import Clock
from tests.support.portal import Portal
from tests.support.receivers import SmsReceiver
from tests.support.timeline import timeline
from tests.walks.people import Citizen, Desk


class Colleague(Desk):
    """Staff: what their offices do with a case, from the desk to what the portal says when it is done."""

    def prechecks_and_dispatches(self, number: str, unit: str) -> None:
        """预审, then 转办 to the unit the page suggests."""
        self.finds(number)
        self.does("预审", 是否属实="是", 是否合理="是", 是否恶意="否", 说明="内容具体,转责任单位。")
        self.told("预审已记录")
        self.opens("转办")
        assert self.page.get_by_label("转给哪个单位").input_value() == unit
        self.sends()
        self.told("已转办")

    def signs_for(self, number: str) -> None:
        """签收, one click."""
        self.finds(number)
        self.does("签收")
        self.told("已签收")

    def calls_citizen(self, number: str, note: str = "", *, result: str = "接通") -> None:
        """首次联系 through the switchboard, then what was said."""
        self.finds(number)
        self.opens("联系评价人")
        self.calls()
        self.sends(结果=result, 通话要点=note)
        self.told("联系已记录")

    def reports(self, number: str, reply: str, **findings: object) -> None:
        """整改 or 解释说明, with the reply for the citizen."""
        self.finds(number)
        self.does("提交整改", **findings, 给评价人的答复=reply)
        self.told("已提交")

    def checks_and_replies(self, number: str) -> None:
        """质检 with its four ticks, then 答复."""
        self.finds(number)
        self.does("质检并答复", 事实清楚=True, 整改到位=True, 答复针对=True, 没有个人信息=True)
        self.told("已答复评价人")

    def sends_report_back(self, number: str, why: str) -> None:
        self.finds(number)
        self.does("退回修改", 理由=why)
        self.told("已退回修改")

    def calls_back(self, number: str, verdict: str, words: str, *, solved: bool = True) -> None:
        """督导回访: reached, and the five questions."""
        self.finds(number)
        self.opens("督导回访")
        self.calls()
        self.sends(
            结果="接通",
            单位联系过您吗="是",
            问题解决了吗="是" if solved else "否",
            对整改满意吗=verdict,
            有人要求您修改评价吗="否",
            您受到过打击报复吗="否",
            评价人的话=words,
        )
        self.told("回访已记录")

    def rings_in_vain(self, number: str) -> None:
        """督导回访: nobody answers."""
        self.finds(number)
        self.opens("督导回访")
        self.calls()
        self.sends(结果="未接")
        self.told("回访已记录")

    def signs_off(self, number: str) -> None:
        """销号."""
        self.finds(number)
        self.does("销号", 说明="核实无误,同意销号。")
        self.told("已销号")

    def calls(self) -> None:
        """Has the switchboard connect both sides; no number is shown."""
        self.page.get_by_role("button", name="呼叫").click()
        self.told("正在为您接通评价人")


@dataclass
class City:
    """The running portal, its clock, and the network that carries its messages."""

    portal: Portal
    clock: Clock
    browser: Browser
    network: SmsReceiver
    work: Celery
    desks: dict[str, Colleague] = field(default_factory=dict)
    last: tuple[str, str] = ("", "")  # who acted last, and at what time of the portal

    def colleague(self, account: str) -> Colleague:
        """Somebody with an account, at a desk of their own."""
        if account not in self.desks:
            context = self.browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
            context.set_default_timeout(10_000)
            [(name, roles)] = self.portal.query(
                "SELECT s.name, array_agg(m.role) FROM organizations_staff s"
                " JOIN organizations_membership m ON m.staff_id = s.id WHERE s.username = %s GROUP BY s.name",
                account,
            )
            self.desks[account] = Colleague(self, account, name, set(roles), context.new_page())
        return self.desks[account]

    def of_unit(self, code: str, role: str, seat: int = 0) -> Colleague:
        """One of the staff of a unit."""
        rows = self.portal.query(
            "SELECT s.username FROM organizations_staff s JOIN organizations_membership m ON m.staff_id = s.id"
            " JOIN organizations_unit u ON u.id = m.unit_id WHERE u.code = %s AND m.role = %s ORDER BY s.id",
            code,
            role,
        )
        return self.colleague(rows[seat][0])

    def sign_of(self, hall: str, number: str) -> str:
        """What the QR code on the sign of a window says."""
        [(code,)] = self.portal.query(
            "SELECT w.sign_code FROM organizations_window w JOIN organizations_hall h ON h.id = w.hall_id"
            " WHERE h.code = %s AND w.number = %s",
            hall,
            number,
        )
        return f"{self.portal.address}/w/{code}/"

    def strike(self, *tasks: str) -> None:
        """The clock strikes: the portal's worker does what beat would ask of it at this hour."""
        for task in tasks:
            self.work.send_task(task)
        self.work.send_task("common.tasks.deliver_outbox")

    def citizen(self, name: str, phone: str = "") -> Citizen:
        """A citizen with a small telephone on which scripts do not run."""
        context = self.browser.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="zh-CN"
        )
        context.set_default_timeout(10_000)
        return Citizen(self, name, phone, context.new_page())

    def leave(self) -> None:
        """Everybody closes their browser."""
        for desk in self.desks.values():
            desk.page.context.close()


def print_timeline(city: City, title: str, number: str) -> list[str]:
    """Tells the case, as a person would read it; returns the lines of its history."""
    head, *lines = timeline(city.portal.query, number)
    print(f"\n\n{title}\n{head}", *lines, sep="\n")
    return lines


def picture(folder: Path, name: str) -> Path:
    """A photograph somebody took at the window."""
    file = folder / f"{name}.jpg"
    Image.new("RGB", (640, 480), (200, 210, 220)).save(file)
    return file
