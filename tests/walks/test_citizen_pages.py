"""A citizen with a small phone: JavaScript off, thumbs counted, paper printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route

from common.ids import keyed_hash, new_token
from common.models import TokenBucket
from evaluations.actions import make_rating_link
from evaluations.enums import LinkKind
from evaluations.models import Evaluation, FollowUp, FollowUpLink
from rectification.enums import State
from rectification.models import Case
from tests.factories import Cast
from tests.ui.checks import Mode, complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740, "javascript": False}
PUBLIC_MODES = [
    Mode(width=360),
    Mode(width=1280),
    Mode(width=360, text="elder"),
    Mode(width=360, contrast="high"),
    Mode(width=320),
]


@dataclass
class Citizen:
    """Somebody with a phone, who taps."""

    page: Page
    taps: int = 0

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.taps += 1


@pytest.fixture
def link(live_cast: Cast, live_server: object) -> Iterator[Callable[[], str]]:
    """Addresses of services just given."""

    def fresh() -> str:
        token = make_rating_link(live_cast.service(at=timezone.now()), kind=LinkKind.SLIP, at=timezone.now())
        return f"{live_server.url}{reverse('rate-link', args=[token])}"

    yield fresh
    TokenBucket.objects.all().delete()


def face(level: int) -> str:
    return f"label.face:has(input[value='{level}'])"


@pytest.mark.parametrize("level", [5, 4, 3])
def test_good_is_two_taps(open_page: Callable[..., Page], link: Callable[[], str], level: int) -> None:
    citizen = Citizen(open_page(**PHONE))
    citizen.page.goto(link())
    citizen.tap(face(level))
    citizen.tap(".submit-bar button")
    assert "已收到。" in citizen.page.inner_text("main")
    assert citizen.taps == 2
    assert Evaluation.objects.get().level == level


@pytest.mark.parametrize("level", [2, 1])
def test_bad_is_three_taps_on_the_same_page(
    open_page: Callable[..., Page], link: Callable[[], str], level: int
) -> None:
    citizen = Citizen(open_page(**PHONE))
    citizen.page.goto(link())
    citizen.tap(face(level))
    citizen.tap(f"[data-level='{level}'] .chip")
    citizen.tap(".submit-bar button")
    assert Case.objects.get().number in citizen.page.inner_text("main")
    assert citizen.taps == 3


def test_title_and_five_faces_are_on_the_first_screen_and_alike(
    open_page: Callable[..., Page], link: Callable[[], str]
) -> None:
    page = open_page(**PHONE)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(link())
    boxes = [page.locator(face(level)).bounding_box() for level in (5, 4, 3, 2, 1)]
    button = page.locator(".submit-bar").bounding_box()
    assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1
    assert [box["y"] for box in boxes if box] == sorted(box["y"] for box in boxes if box)
    assert boxes[-1]["y"] + boxes[-1]["height"] <= button["y"] < 740
    assert boxes[0]["height"] >= 60
    assert page.locator("h1").bounding_box()["y"] > 0
    assert page.locator("input:checked").count() == 0
    assert len([url for url in requests if not url.startswith("data:")]) <= 2


def test_reasons_show_for_the_chosen_face_only(open_page: Callable[..., Page], link: Callable[[], str]) -> None:
    page = open_page(**PHONE)
    page.goto(link())
    assert not any(page.locator(".reasons").nth(n).is_visible() for n in range(5))
    page.locator(face(2)).click()
    assert [page.locator(".reasons").nth(n).is_visible() for n in range(5)] == [False, False, False, True, False]


def test_an_old_browser_shows_all_reasons_and_can_rate(open_page: Callable[..., Page], link: Callable[[], str]) -> None:
    page = open_page(**PHONE)

    def without_has(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        body = answer.text().replace("@supports selector(:has(*))", "@supports (display:unknown)")
        route.fulfill(response=answer, body=body)

    page.route(re.compile(r"/r/"), without_has)
    page.goto(link())
    assert all(page.locator(".reasons").nth(n).is_visible() for n in range(5))
    page.locator(face(1)).click()
    page.locator("[data-level='1'] .chip").first.click()
    page.locator(".submit-bar button").click()
    assert Case.objects.get().level == 1


def test_a_forgotten_reason_is_asked_for_with_everything_kept(
    open_page: Callable[..., Page], link: Callable[[], str]
) -> None:
    page = open_page(**PHONE)
    page.goto(link())
    page.locator(face(1)).click()
    page.get_by_text("希望得到答复?").click()
    page.fill("[name=phone]", "13800000001")
    page.locator(".submit-bar button").click()
    assert page.locator(".error-summary").bounding_box()["y"] < 200
    assert page.locator("input[name=level][value='1']").is_checked()
    assert page.input_value("[name=phone]") == "13800000001"
    page.fill("textarea[name=text]", "窗口不收现金")
    page.locator(".submit-bar button").click()
    assert Case.objects.get().reachable


def test_from_the_receipt_to_the_second_rating(
    open_page: Callable[..., Page], link: Callable[[], str], live_cast: Cast
) -> None:
    """评价 → 回执 → 查进度 → 补充 → 答复 → 还没解决 → 再次答复 → 再次评价, on paper and by code alone."""
    page = open_page(**PHONE)
    page.goto(link())
    page.locator(face(1)).click()
    page.fill("textarea[name=text]", "办事指南不靠谱,跑了三趟")
    page.locator(".submit-bar button").click()
    number, code = (page.locator(".code").nth(n).inner_text() for n in (0, 1))
    page.get_by_role("button", name="不想公开文字").click()
    page.get_by_role("link", name="扫码查进度").click()
    assert page.input_value("[name=number]") == number
    page.fill("[name=code]", code)
    page.get_by_role("button", name="查进度").click()
    case = Case.objects.get()
    assert case.text_hidden
    page.get_by_text("补充说明或照片").click()
    page.fill("#statement_text", "样本还是旧的")
    page.get_by_role("button", name="提交补充").click()
    assert "样本还是旧的" in page.inner_text("main")
    live_cast.upto(case, State.REPLIED, at=timezone.now())
    page.reload()
    assert "感谢监督" in page.inner_text("main")
    page.get_by_text("还没解决", exact=True).click()
    page.get_by_label("只解决了一部分").check()
    page.get_by_role("button", name="请继续处理").click()
    assert "上一次的答复" in page.inner_text("main")
    live_cast.upto(case, State.REPLIED, at=timezone.now())
    case.refresh_from_db()
    assert case.state == State.REWORK
    live_cast.report(case, at=timezone.now())
    live_cast.upto(case, State.REPLIED, at=timezone.now())
    page.reload()
    page.get_by_text("再次评价", exact=True).click()
    page.locator("#verdict_verdict label").first.click()
    page.get_by_role("button", name="提交再次评价").click()
    assert "已收到您的再次评价" in page.inner_text("main")
    assert FollowUp.objects.get().verdict == "satisfied"


def test_the_receipt_prints_on_one_page(open_page: Callable[..., Page], link: Callable[[], str]) -> None:
    page = open_page()
    page.goto(link())
    page.locator(face(2)).click()
    page.fill("textarea[name=text]", "等太久")
    with page.expect_navigation():
        page.locator(".submit-bar button").click()
    paper = pypdfium2.PdfDocument(page.pdf(format="A4"))
    words = paper[0].get_textpage().get_text_range()
    assert len(paper) == 1
    assert Case.objects.get().number in words
    assert "12345" in words


@pytest.mark.parametrize("mode", PUBLIC_MODES, ids=str)
def test_every_public_page_holds(
    open_page: Callable[..., Page], link: Callable[[], str], live_cast: Cast, live_server: object, mode: Mode
) -> None:
    """No accessibility complaint, nothing sideways, targets large enough; with and without errors."""
    page = open_page(width=mode.width)
    cookie = {"name": "portal_view", "value": f"{mode.text}.{mode.contrast}", "url": live_server.url}
    page.context.add_cookies([cookie])
    case = live_cast.upto(live_cast.rate(1, text="没有样本", at=timezone.now()), State.REPLIED, at=timezone.now())
    found: list[str] = []

    def look(name: str) -> None:
        found.extend(f"{name}: {complaint}" for complaint in complaints(page, mode, desk=False))

    def press(selector: str) -> None:
        # A click is over before the next page is there: looked at too soon, it is no page at all.
        with page.expect_navigation():
            page.locator(selector).click()

    window = reverse("rate-window", args=[live_cast.window.sign_code])
    for address in ("/", "/rate/", "/rate/?q=证", "/rate/find/", "/t/", "/r/unknown/", window, f"{window}?matter=none"):
        page.goto(f"{live_server.url}{address}")
        look(address)
    page.goto(link())
    page.locator(face(1)).click()
    look("rate")
    press(".submit-bar button")
    look("rate, error")
    page.fill("textarea[name=text]", "没有样本")
    press(".submit-bar button")
    look("receipt")
    number, code = (page.locator(".code").nth(n).inner_text() for n in (0, 1))
    page.goto(f"{live_server.url}/t/?n={number}")
    page.fill("[name=code]", "1")
    press("main button")
    look("track, error")
    page.fill("[name=code]", code)
    press("main button")
    look("tracking")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    look("tracking, open")
    page.goto(f"{live_server.url}{invitation(case)}")
    look("follow-up")
    press("main form > p button")
    look("follow-up, error")
    assert not found, "\n".join(found)


def invitation(case: Case) -> str:
    """The link that is sent with the reply."""
    token = new_token()
    FollowUpLink.objects.create(
        token_hash=keyed_hash("follow-up", token),
        case=case,
        made_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    return reverse("follow-up", args=[token])


def test_forms_of_every_page_are_taken_without_scripts(
    open_page: Callable[..., Page], live_cast: Cast, live_server: object
) -> None:
    """The browser says where a form comes from; a stricter referrer policy would hide it and be refused."""
    page = open_page(**PHONE)
    page.goto(f"{live_server.url}/")
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html").get_attribute("data-text") == "elder"
    page.goto(f"{live_server.url}{reverse('rate-about', args=['hall', live_cast.window.hall.code])}")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.locator(face(5)).click()
    page.locator(".submit-bar button").click()
    assert Evaluation.objects.get().target == "hall"
    TokenBucket.objects.all().delete()
