"""The tablet's screens for every hand and eye: sizes, keys alone, old browsers, languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from evaluations.models import Evaluation
from tests.ui.checks import Mode, complaints
from tests.walks.tablet import HEADING, LYING, SUBMIT, UPRIGHT, Desk, at_rest, face

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
def test_five_faces_are_alike_and_everything_is_wide_enough_for_a_finger(desk: Desk, size: tuple[int, int]) -> None:
    desk.call()
    page = desk.page(size)
    for where in (".faces a", ".faces label .tile"):
        boxes = [box.bounding_box() for box in page.locator(where).all()]
        assert len(boxes) == 5
        assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1
        assert all(box and box["y"] + box["height"] < size[1] for box in boxes)
        small = page.evaluate(
            "[...document.querySelectorAll('#screen a, #screen button, #screen summary, .chip')]"
            ".filter(e => e.offsetParent).map(e => [e.innerText, e.getBoundingClientRect()])"
            ".filter(([words, box]) => box.height < 59.5 || box.width < 59.5).map(([words]) => words)"
        )
        assert small == []
        if where == ".faces a":
            page.click(face(1))
            page.wait_for_selector("#rating")
    assert page.locator(SUBMIT).bounding_box()["y"] < size[1]  # type: ignore[index]


def test_praise_and_blame_weigh_the_same(desk: Desk) -> None:
    desk.call()
    page = desk.page()
    weights = {}
    for level in (5, 4, 3, 2, 1):
        answer = page.request.get(f"{desk.address}{page.locator(face(level)).get_attribute('href')}")
        weights[level] = len(answer.body())
    assert max(weights.values()) <= 1.1 * min(weights.values()), weights


def tab_to(page: Page, selector: str, most: int = 30) -> None:
    """Presses Tab until something has the focus, and it can be seen that it has."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            shown = page.evaluate(
                "() => { const e = document.activeElement; const t = e.nextElementSibling || e;"
                " return [e, t].some(x => getComputedStyle(x).boxShadow !== 'none'"
                " || getComputedStyle(x).outlineStyle !== 'none'); }"
            )
            assert shown, f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"no way to {selector} by Tab")


def test_with_the_keyboard_alone(desk: Desk) -> None:
    desk.call()
    page = desk.page()
    tab_to(page, ".faces li:nth-child(4) a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#rating")
    tab_to(page, "input[name=level]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[value='1']")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    assert page.locator("html[lang=zh-hans]").count() == 1, "Enter sends the form, it does not turn the language"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('[data-level=\"1\"] input[name=tags]')")
    page.keyboard.press("Space")
    tab_to(page, SUBMIT)
    page.keyboard.press("Enter")
    expect(page.locator(HEADING)).to_contain_text("已收到")
    assert Evaluation.objects.get().level == 1
    tab_to(page, "[data-wait]")
    tab_to(page, "a.button")
    page.keyboard.press("Enter")
    at_rest(page)


def without_has(route: Route) -> None:
    """A browser of 2019: it knows no :has(), in the sheet or when it is asked."""
    answer = route.fetch()
    route.fulfill(
        response=answer, body=answer.text().replace("@supports selector(:has(*))", "@supports (display:unknown)")
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
def test_an_old_webview_shows_the_reasons_of_the_face_or_all_of_them(desk: Desk, javascript: bool) -> None:
    desk.call()
    page = desk.page(javascript=javascript)
    page.route(re.compile(r"kiosk\.css"), without_has)
    if javascript:
        page.add_init_script("CSS.supports = () => false")
    page.reload()
    page.click(face(2))
    page.wait_for_selector("#rating")
    visible = [group.get_attribute("data-level") for group in page.locator(".reasons").all() if group.is_visible()]
    assert visible == (["2"] if javascript else list("54321"))
    if javascript:
        page.click("label:has(input[value='1'])")
        assert page.locator(".reasons[data-level='1']").is_visible()
        assert page.locator(".reasons[data-level='2']").is_hidden()
    page.click("[data-level='2'] .chip >> nth=0" if not javascript else "[data-level='1'] .chip >> nth=0")
    page.click(SUBMIT)
    expect(page.locator(HEADING)).to_contain_text("已收到")


SCREENS: dict[str, Callable[[Page], object]] = {
    "rest": lambda page: None,
    "rate": lambda page: (page.click(face(2)), page.wait_for_selector("#rating")),
    "error": lambda page: (page.click(SUBMIT), page.wait_for_selector(".error-summary")),
    "done": lambda page: (
        page.click("[data-level='2'] .chip >> nth=0"),
        page.click(SUBMIT),
        page.wait_for_selector(".slip"),
    ),
    "warning": lambda page: page.evaluate("document.getElementById('warning').hidden = false"),
    "offline": lambda page: page.evaluate(
        "document.getElementById('offline').hidden = !(document.getElementById('screen').hidden = true)"
    ),
}


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
@pytest.mark.parametrize("look", ["", "?text=elder", "?contrast=high"])
def test_every_screen_holds_what_every_page_must(desk: Desk, size: tuple[int, int], look: str) -> None:
    desk.call()
    page = desk.page(size)
    page.goto(f"{desk.address}/kiosk/{look}")
    wrong = []
    for name, step in SCREENS.items():
        step(page)
        wrong += [f"{name}: {complaint}" for complaint in complaints(page, Mode(width=size[0]), desk=False)]
    assert wrong == []
