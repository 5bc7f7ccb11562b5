"""A citizen with a telephone, and staff at a desk: what people do with the pages in front of them.

Addresses are opened where a person has them (a sign, an SMS, the bookmark of the desk); everything else is found on a
page and clicked.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

from reviews_portal.demo.people import PASSWORD
from tests.support.portal import ROOT

if TYPE_CHECKING:
    from tests.walks.steps import City

SHOTS = ROOT / "var" / "walks"
LINK = re.compile(r"https?://\S+")
UNIT_ROLES = ("window", "unit_supervisor")
MASKED_PHONE = re.compile(r"1\d{2}[*·•＊]{2,}\d{2,4}")
# The numbers of the six citizens; invented.
PHONES = [f"1390535000{n}" for n in range(1, 7)]


def shoot(page: Page, name: str) -> None:
    """Keeps a picture of a page, to be looked at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}.png"), full_page=True)


def wait_for(what: Callable[[], str | None], seconds: float = 15) -> str:
    """The first answer that is one."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError("nothing came")


@dataclass
class Citizen:
    """Who rates, waits, reads, and rates again."""

    city: City
    name: str
    phone: str
    page: Page
    number: str = ""
    code: str = ""

    def scans(self, address: str) -> None:
        """Opens what the camera or an SMS says."""
        self.page.goto(address)

    def looks_for_guide(self, words: str, name: str) -> None:
        """From the front page to the guide of an item."""
        self.page.goto(self.city.portal.address)
        self.page.get_by_role("link", name="评价一次服务").click()
        self.page.get_by_label("事项名称").fill(words)
        self.page.get_by_role("button", name="查找指南").click()
        self.page.get_by_role("link", name=name).first.click()

    def rates(self, level: str, text: str, *, reason: bool = False) -> str:
        """Chooses a face, maybe the first reason, writes a sentence, leaves a number; keeps the receipt."""
        page = self.page
        page.locator("label.face").filter(has_text=re.compile(f"^\\s*{level}\\s*$")).click()
        if reason:
            page.locator("fieldset.reasons:visible .chip").first.click()
        page.locator("textarea[name=text]").fill(text)
        if self.phone:
            page.get_by_text("希望得到答复?").click()
            page.get_by_label("手机号").fill(self.phone)
        page.get_by_role("button", name="提交评价").click()
        expect(page.locator("h1")).to_have_text("已收到,会有人处理")
        self.number, self.code = (page.locator("dd.code").nth(n).inner_text() for n in (0, 1))
        return self.number

    def gets_sms(self, words: str) -> str:
        """Waits for a message that says this; returns all of it."""

        def look() -> str | None:
            texts = [m["text"] for m in list(self.city.network.accepted.values()) if m["phone"] == self.phone]
            return next((text for text in texts if words in text), None)

        return wait_for(look)

    def follows(self, sms: str) -> None:
        """Taps the link in a message."""
        [link] = LINK.findall(sms)
        self.page.goto(link)

    def tracks(self) -> None:
        """Looks the case up by number and code, from the front page."""
        self.page.goto(self.city.portal.address)
        self.page.get_by_role("link", name="查差评办理进度").click()
        self.page.get_by_label("编号").fill(self.number)
        self.page.get_by_label("查询码").fill(self.code)
        self.page.get_by_role("button", name="查进度").click()
        expect(self.page.locator("h1")).to_contain_text(self.number)

    def opens(self, act: str) -> Locator:
        """Unfolds one of the things one may do on the tracking page."""
        self.page.locator("summary").filter(has_text=re.compile(f"^\\s*{act}\\s*$")).click()
        return self.page.locator("details[open]").filter(has=self.page.locator("form"))

    def says_unsolved(self, what: str, words: str) -> None:
        """还没解决, on the tracking page."""
        self.opens("还没解决")
        self.page.get_by_label(what).check()
        self.page.locator("details[open] textarea").last.fill(words)
        self.page.get_by_role("button", name="请继续处理").click()
        self.reads("已请责任单位继续处理")

    def rates_again(self, verdict: str, words: str = "") -> None:
        """再次评价, on the tracking page or on that of the link."""
        if self.page.locator("summary", has_text="再次评价").count():
            self.opens("再次评价")
        self.page.get_by_role("group", name="满意").get_by_label(verdict, exact=True).check()
        if words:
            more = self.page.locator("summary", has_text="还想说点什么")
            if more.count():
                more.click()
            self.page.locator("textarea[name=text]:visible").first.fill(words)
        self.page.get_by_role("button", name="提交再次评价").click()
        self.reads("已收到", f"再次评价:{verdict}")

    def reads_state(self, *steps: str) -> None:
        """The four public steps, each with how it stands: "评价 已完成"."""
        drawn = [" ".join(text.split()[:2]) for text in self.page.locator("ol.steps li").all_inner_texts()]
        assert drawn == list(steps), drawn

    def reads_that_it_is_closed(self) -> None:
        """All four public steps are done, and the management body has signed the case off."""
        self.reads_state("评价 已完成", "转办 已完成", "整改 已完成", "答复 已完成")
        self.reads("督导单位已于", "销号")

    def reads(self, *words: str) -> None:
        """The page says all of this."""
        text = self.page.inner_text("main")
        missing = [word for word in words if word not in text]
        assert not missing, f"{self.name} does not read {missing} in:\n{text}"


@dataclass
class Desk:
    """Somebody at a desk, with an account."""

    city: City
    account: str
    name: str
    roles: set[str]
    page: Page

    @property
    def of_department(self) -> bool:
        """Whether nothing they see may say who the citizen is."""
        return not self.roles.isdisjoint(UNIT_ROLES)

    def comes_to_desk(self) -> None:
        """Opens the desk by its bookmark and signs in when asked, as one is every morning."""
        page = self.page
        page.goto(f"{self.city.portal.address}/desk/")
        if "/accounts/login/" in page.url:
            page.get_by_label("工号").fill(self.account)
            page.get_by_label("密码").fill(PASSWORD)
            page.get_by_role("button", name="登录", exact=True).click()
        expect(page.locator("header.top summary").filter(has_text=self.name)).to_be_visible()

    def finds(self, number: str, view: str = "") -> None:
        """From the desk to the case: where it lies on top, else by searching the list.

        Who has just acted has the case before them still.
        """
        page = self.page
        if self.city.last == self._here() and number in page.locator("h1").inner_text():
            return
        self.comes_to_desk()
        row = page.locator("a.number", has_text=number)
        if view or not row.count():
            page.locator("nav.rail:visible").get_by_role("link", name="差评件").click()
            if view:
                page.locator("nav.tabs").get_by_role("link", name=view).click()
            page.get_by_role("searchbox").fill(number)
            page.get_by_role("button", name="查找").click()
            page.wait_for_url("**q=*")
            if page.get_by_role("link", name="在全部在办里查找").count():
                page.get_by_role("link", name="在全部在办里查找").click()
        row.first.click()
        expect(page.locator("h1")).to_contain_text(number)
        self.sees_no_identity()

    def looks_up(self, number: str) -> int:
        """Finds a closed case in the ledger.

        Returns:
            How many lines its page tells of what happened.
        """
        page = self.page
        self.comes_to_desk()
        page.locator("nav.rail:visible").get_by_role("link", name="台账").click()
        page.locator("summary", has_text="筛选").click()
        page.get_by_label("编号").fill(number)
        page.get_by_role("button", name="筛选").click()
        page.locator("a.number", has_text=number).click()
        expect(page.locator("h1")).to_contain_text("已销号")
        self.sees_no_identity()
        return page.locator("ol.timeline > li").count()

    def does(self, act: str, **answers: object) -> None:
        """Presses an act on the case page, fills in its form and sends it. See `fill`."""
        self.opens(act)
        if answers:
            self.sends(**answers)

    def opens(self, act: str) -> None:
        """Presses an act on the case page."""
        doors = self.page.locator(".aside").locator("a.button, button.button")
        doors.filter(has_text=re.compile(f"^\\s*{act}")).first.click()

    def sends(self, **answers: object) -> None:
        """Fills in the form that is open and sends it."""
        self.fill(**answers)
        self.sees_no_identity()
        self.page.locator("form[data-draft] .actions button[type=submit]").first.click()

    def fill(self, **answers: object) -> None:
        """Answers of a form by the words beside each: one of several, a tick (True), or a text."""
        for label, answer in answers.items():
            group = self.page.locator("form[data-draft]").get_by_role("group", name=label)
            box = self.page.locator("form[data-draft]").get_by_label(label)
            expect(group.or_(box).first).to_be_visible()
            if answer is True:
                box.check()
            elif group.count():
                group.get_by_label(str(answer), exact=True).check()
            elif box.evaluate("e => e.tagName") == "SELECT":
                box.select_option(label=str(answer))
            else:
                box.fill(str(answer))

    def _here(self) -> tuple[str, str]:
        return self.account, self.city.clock.file.read_text()

    def told(self, words: str) -> None:
        """The page says that it was done."""
        self.city.last = self._here()
        expect(self.page.locator(".note[role=status]").filter(has_text=words)).to_be_visible()
        self.sees_no_identity()

    def reads(self, *words: str) -> None:
        """The page says all of this."""
        text = self.page.inner_text("main")
        missing = [word for word in words if word not in text]
        assert not missing, f"{self.account} does not read {missing} in:\n{text}"

    def is_not_offered(self, act: str) -> None:
        """The case page has no such button for this person."""
        assert not self.page.locator(".aside .button").filter(has_text=re.compile(f"^\\s*{act}")).count()

    def sees_no_identity(self) -> None:
        """Neither the number a citizen of the walks left, nor a part of it, nor the key it is kept under."""
        if not self.of_department:
            return
        source = self.page.content()
        for phone in PHONES:
            assert phone not in source, f"{self.account} can read {phone} at {self.page.url}"
        assert not MASKED_PHONE.search(source), f"{self.account} can read a masked number at {self.page.url}"
        for (key,) in self.city.portal.query(
            "SELECT evaluator_id FROM rectification_case WHERE evaluator_id IS NOT NULL"
        ):
            assert str(key) not in source, f"{self.account} can read the key of an evaluator at {self.page.url}"
