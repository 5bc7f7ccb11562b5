"""Paper goes round: the desk prints it, citizens scan or type what stands on it, old paper leads on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from common.models import AuditEntry, TokenBucket
from evaluations.models import Evaluation
from organizations.models import RetiredSign, Window
from rectification.models import Case
from tests.factories import PASSWORD, Cast
from tests.support.paper import Paper
from tests.ui.checks import Mode, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740, "javascript": False}
STAND, ROLL = (26, 101, 91), (18, None, 44)


@dataclass
class Hall:
    """The portal under its own address, and browsers for whoever comes."""

    address: str
    open_page: Callable[..., Page]
    cast: Cast
    desks: dict[str, Page] = field(default_factory=dict)

    def desk(self, account: str) -> Page:
        """Somebody's desk, after signing in."""
        if account not in self.desks:
            page = self.desks[account] = self.open_page()
            page.goto(f"{self.address}/accounts/login/")
            page.fill("input[name=login]", account)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/desk/**")
        return self.desks[account]

    def download(self, page: Page) -> tuple[str, Paper]:
        """Presses the first download button; the file's name and what is in it."""
        with page.expect_download() as waiting:
            page.get_by_role("button", name="下载 PDF").first.click()
        return waiting.value.suggested_filename, Paper(Path(waiting.value.path()).read_bytes())

    def rate(self, page: Page, level: int, words: str = "") -> None:
        page.locator(f"label.face:has(input[value='{level}'])").click()
        if words:
            page.fill("textarea[name=text]", words)
        page.locator(".submit-bar button").click()


@pytest.fixture
def hall(live_cast: Cast, live_server: Any, settings: Any, open_page: Callable[..., Page]) -> Iterator[Hall]:
    settings.PORTAL_URL = live_server.url
    yield Hall(live_server.url, open_page, live_cast)
    TokenBucket.objects.all().delete()


def test_from_the_structure_page_to_a_rating(hall: Hall) -> None:
    """The administrator prints one window of a hall; a citizen scans it and another one types what stands below."""
    window = hall.cast.window
    page = hall.desk("xu")
    page.goto(f"{hall.address}{reverse('structure-hall', args=[window.hall.code])}")
    page.get_by_role("link", name="打印二维码").click()
    page.locator("label.tick", has_text=window.number).click()
    name, paper = hall.download(page)
    assert name == f"评价二维码-{window.hall}-{window.number}.pdf"
    assert len(paper) == 1
    scanned = paper.code(*STAND)
    citizen = hall.open_page(**PHONE)
    citizen.goto(scanned)
    hall.rate(citizen, 5)
    assert "已收到。" in citizen.inner_text("main")
    printed = f"/w/{window.sign_code}"
    assert printed in paper.text()
    another = hall.open_page(**PHONE)
    another.goto(hall.address + printed.replace("-", "").lower())
    hall.rate(another, 1, "窗口没人")
    assert Case.objects.get().number in another.inner_text("main")
    assert set(Evaluation.objects.values_list("window", "channel")) == {(window.pk, "window_qr")}


def test_renewed_then_stopped_and_nothing_said_is_lost(hall: Hall) -> None:
    """A supervisor renews; the old paper is still taken; then it is misused and an administrator stops it."""
    window = hall.cast.window
    old = f"{hall.address}{reverse('rate-window', args=[window.sign_code])}"
    page = hall.desk("zheng")
    page.get_by_role("navigation").get_by_role("link", name="更多").first.click()
    page.get_by_role("main").get_by_role("link", name="评价二维码").first.click()
    page.get_by_role("link", name=str(window.hall)).click()
    row = page.locator("tr", has_text=window.number)
    row.get_by_role("link", name="查看和换发").click()
    page.get_by_role("link", name="换发二维码").click()
    page.get_by_role("button", name="换发二维码").click()
    assert "请填写“理由”" in page.inner_text(".error-summary")
    page.fill("textarea[name=reason]", "台卡破损")
    page.get_by_role("button", name="换发二维码").click()
    assert "已换发" in page.inner_text("main")
    now = Window.objects.get(pk=window.pk).sign_code
    assert now in page.inner_text("main")
    assert window.sign_code in page.inner_text("table")
    _name, paper = hall.download(page)
    assert paper.code(*STAND) == f"{hall.address}/w/{now}/"

    citizen = hall.open_page(**PHONE)
    citizen.goto(old)
    hall.rate(citizen, 5)
    assert "已收到。" in citizen.inner_text("main")
    late = hall.open_page(**PHONE)
    late.goto(old)

    admin = hall.desk("xu")
    admin.goto(f"{hall.address}{reverse('signs-window', args=[window.pk])}")
    admin.get_by_role("link", name="立即停用").click()
    admin.fill("[name=note]", "有人在大厅外刷评价")
    admin.get_by_role("button", name="立即停用").click()
    assert "被冒用,已停用" in admin.inner_text("table")
    assert RetiredSign.objects.get().misused

    hall.rate(late, 1, "窗口没人,等了一小时")
    assert "这个二维码已换新" in late.inner_text("main")
    assert "窗口没人,等了一小时" in late.inner_text("main")
    assert now not in late.content()
    late.get_by_role("button", name="改为评价这个大厅").click()
    assert Case.objects.get().text == "窗口没人,等了一小时"
    assert Case.objects.get().number in late.inner_text("main")


def test_a_slip_from_the_counter(hall: Hall) -> None:
    """A clerk prints the slip of a service just given; the citizen scans it and it is that service that is rated."""
    service = hall.cast.service(at=timezone.now())
    page = hall.desk("wu")
    page.goto(f"{hall.address}{reverse('slips')}")
    page.locator("label.tick", has_text=service.project_number).click()
    name, paper = hall.download(page)
    assert name.startswith("评价小票-")
    scanned = paper.code(*ROLL)
    assert "/r/" in scanned
    citizen = hall.open_page(**PHONE)
    citizen.goto(scanned)
    hall.rate(citizen, 5)
    assert Evaluation.objects.get().project_number == service.project_number
    citizen.goto(scanned)
    assert "评价过" in citizen.inner_text("main")
    assert AuditEntry.objects.get(action="service.slip").actor == hall.cast.wu


@pytest.mark.parametrize(
    "mode",
    [Mode(width=360), Mode(width=1280), Mode(width=360, text="elder"), Mode(width=320, contrast="high")],
    ids=str,
)
def test_the_page_behind_old_paper_holds(hall: Hall, mode: Mode) -> None:
    facts = {"sign_code": "2222-2222", "retired_at": timezone.now(), "reason": "演示", "misused": True}
    RetiredSign.objects.create(window=hall.cast.window, **facts)
    page = hall.open_page(width=mode.width)
    cookie = {"name": "portal_view", "value": f"{mode.text}.{mode.contrast}", "url": hall.address}
    page.context.add_cookies([cookie])
    page.goto(f"{hall.address}/w/2222-2222/")
    found = [f"replaced: {complaint}" for complaint in complaints(page, mode, desk=False)]
    RetiredSign.objects.update(misused=False)
    page.goto(f"{hall.address}/w/2222-2222/?matter=none")
    RetiredSign.objects.update(misused=True)
    hall.rate(page, 1, "窗口没人")
    found += [f"replaced, kept: {complaint}" for complaint in complaints(page, mode, desk=False)]
    assert "窗口没人" in page.inner_text("main")
    assert not found, "\n".join(found)
