"""The look: colours one can read, sheets that stay small, components that say what they mean, forms that instruct."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace as Sample

import pytest
from axe_playwright_python.sync_playwright import Axe
from django import forms
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.template import Context, engines
from django.test import RequestFactory
from django.urls import include, path
from django.utils import timezone
from playwright.sync_api import Page, Route

from common.display import Display, read_display
from common.forms import PortalForm
from common.templatetags.portal import squeezed_css
from common.views import set_display

CSS = Path(settings.BASE_DIR) / "static" / "css"
COMPONENTS = Path(settings.BASE_DIR) / "templates" / "components"
TEMPLATES = COMPONENTS.parent
SAMPLES = Path(__file__).parent / "samples"
PUBLIC, DESK = ((SAMPLES / name).read_text() for name in ("public.html", "desk.html"))
PLAIN = Display()
SHEETS = {"public": ["tokens", "base", "components", "public"], "desk": ["tokens", "base", "components", "desk"]}


def _page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", _page, name="home"),
    path("desk/", _page, name="desk"),
    path("desk/notices/", _page, name="notices"),
    path("accounts/logout/", _page, name="account_logout"),
    path("", include("common.urls")),
]
pytestmark = pytest.mark.urls(__name__)


# --- colours -----------------------------------------------------------------------------------------------------


def _tokens(theme: str) -> dict[str, str]:
    """The colours in force: the plain ones, and over them those of the theme."""
    css = (CSS / "tokens.css").read_text()
    blocks = {"normal": [":root"], "high": [":root", 'html[data-contrast="high"]']}[theme]
    colours: dict[str, str] = {}
    for block in blocks:
        body = css.split(block + " {", 1)[1].split("}", 1)[0]
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", body))
    return colours


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["normal", "high"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "muted", "accent", "accent-deep") for ground in ("paper", "wash")),
        ("ink", "chosen"),
        ("accent-deep", "chosen"),
        ("overdue", "paper"),
        ("on-accent", "accent"),
        ("on-accent", "accent-deep"),
        ("on-chrome", "chrome"),
        ("on-overdue", "overdue"),
        ("on-overdue", "danger"),
        ("on-soon", "soon"),
        ("on-done", "done"),
        ("on-paused", "paused"),
    ],
)
def test_text_stands_out_sevenfold(theme: str, text: str, ground: str) -> None:
    colours = _tokens(theme)
    assert contrast(colours[text], colours[ground]) >= 7


@pytest.mark.parametrize("theme", ["normal", "high"])
@pytest.mark.parametrize("mark", ["line", "accent", "danger", "chart-1", "chart-2"])
def test_controls_and_marks_stand_out_threefold(theme: str, mark: str) -> None:
    colours = _tokens(theme)
    assert contrast(colours[mark], colours["paper"]) >= 3


@pytest.mark.parametrize("theme", ["normal", "high"])
@pytest.mark.parametrize("ground", ["paper", "chrome", "accent"])
def test_focus_shows_on_every_ground(theme: str, ground: str) -> None:
    colours = _tokens(theme)
    assert max(contrast(colours[ring], colours[ground]) for ring in ("focus", "halo")) >= 3


def test_rating_page_has_the_colours_of_the_others() -> None:
    """The sheet inside the page names its colours itself; they must not drift apart."""
    named = re.findall(r"--([\w-]+): (#[0-9a-f]+)", (CSS / "rate.css").read_text())
    tokens = {name: {_luminance(_tokens(theme)[name]) for theme in ("normal", "high")} for name, _colour in named}
    assert all(_luminance(colour) in tokens[name] for name, colour in named)


# --- weight ------------------------------------------------------------------------------------------------------


def test_sheets_stay_small() -> None:
    weights = {sheet.name: len(gzip.compress(sheet.read_bytes())) for sheet in CSS.glob("*.css")}
    assert sum(weights.values()) <= 30_000, weights
    assert max(weights.values()) <= 6_000, weights


def test_sheet_inside_the_rating_page_stays_small() -> None:
    assert len(gzip.compress(squeezed_css("css/rate.css").encode())) <= 2_500
    assert "/*" not in squeezed_css("css/rate.css")


def test_unknown_sheet_is_named() -> None:
    with pytest.raises(LookupError, match="nowhere"):
        squeezed_css("css/nowhere.css")


# --- how a reader wants it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("display", [Display(), Display("elder"), Display("normal", "high"), Display("elder", "high")])
def test_display_survives_its_cookie(display: Display) -> None:
    assert read_display(display.cookie) == display


@pytest.mark.parametrize("cookie", ["", ".", "x.y", 'elder<script>.high"', "elder.high.more", "\x00"])
def test_unreadable_cookie_changes_nothing_it_should_not(cookie: str) -> None:
    display = read_display(cookie)
    assert display.text in {"normal", "elder"}
    assert display.contrast in {"normal", "high"}


def _post(**fields: str) -> HttpRequest:
    return RequestFactory().post("/display/", fields)


def test_choice_is_remembered_and_leads_back() -> None:
    request = _post(text="elder", next="/t/?n=1")
    request.COOKIES["portal_view"] = "normal.high"
    response = set_display(request)
    assert response.status_code == 302
    assert response["Location"] == "/t/?n=1"
    assert response.cookies["portal_view"].value == "elder.high"
    assert response.cookies["portal_view"]["httponly"]


@pytest.mark.parametrize("target", ["https://example.invalid/", "//example.invalid", "javascript:alert(1)", ""])
def test_choice_never_leads_away(target: str) -> None:
    assert set_display(_post(text="elder", next=target))["Location"] == "/"


def test_looking_at_the_address_changes_nothing() -> None:
    assert set_display(RequestFactory().get("/display/")).status_code == 405


# --- forms -------------------------------------------------------------------------------------------------------


class ReportForm(PortalForm):
    level = forms.ChoiceField(
        label="满意度", choices=[(5, "非常满意"), (4, "满意"), (1, "非常不满意")], widget=forms.RadioSelect
    )
    wrong = forms.CharField(label="错在哪里", help_text="写清事实", max_length=5, widget=forms.Textarea)
    day = forms.DateField(label="完成日期")
    at = forms.DateTimeField(label="联系时间", required=False)
    unit = forms.ChoiceField(label="协办单位", choices=[("", "请选择"), ("1", "市公安局")], required=False)
    ticks = forms.MultipleChoiceField(
        label="核对", choices=[("1", "事实清楚")], required=False, widget=forms.CheckboxSelectMultiple
    )
    clean_text = forms.BooleanField(label="已核对无个人信息")
    own = forms.CharField(label="依据", error_messages={"required": "请引用条文"})


def test_errors_are_instructions() -> None:
    errors = ReportForm({"wrong": "一二三四五六", "day": "某日", "level": "9"}).errors
    assert errors["wrong"] == ["最多 5 个字,现在是 6 个字"]
    assert errors["day"] == ["请写成 2026-11-27 这样的日期"]
    assert errors["level"] == ["这一项不能选,请从列出的选项里选"]
    assert errors["clean_text"] == ["请勾选“已核对无个人信息”"]
    assert errors["own"] == ["请引用条文"]
    assert ReportForm({}).errors["level"] == ["请选择“满意度”"]
    assert ReportForm({}).errors["wrong"] == ["请填写“错在哪里”"]


def test_native_pickers_bring_what_the_fields_read() -> None:
    form = ReportForm(
        {"level": "5", "wrong": "窗口", "day": "2026-11-27", "at": "2026-11-27T09:30", "clean_text": "on", "own": "条"}
    )
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"].isoformat() == "2026-11-27"
    assert 'value="2026-11-27T09:30"' in str(form["at"])


def test_error_is_tied_to_its_control() -> None:
    drawn = ReportForm({})["wrong"].as_field_group()
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_wrong_helptext id_wrong_error"' in drawn
    assert 'id="id_wrong_helptext"' in drawn
    assert 'id="id_wrong_error"' in drawn


def test_summary_leads_to_every_wrong_field() -> None:
    drawn = str(ReportForm({}))
    targets = re.findall(r'<a href="#([^"]+)"', drawn)
    assert targets
    assert all(f'id="{target}"' in drawn for target in targets)


# --- components --------------------------------------------------------------------------------------------------

CONTEXT = {
    "user": Sample(name="吴晓"),
    "notice_count": 3,
    "rail": [
        Sample(url="/desk/", label="差评件", count=7, current=True),
        Sample(url="#b", label="台账", count=None, current=False),
    ],
    "steps": [
        Sample(label="评价", when="11月23日", done=True, current=False),
        Sample(label="转办", when="", done=False, current=True),
        Sample(label="答复", when="", done=False, current=False),
    ],
    "dues": [
        Sample(state=state, label=label)
        for state, label in [
            ("overdue", "逾期 2小时"),
            ("soon", "今天 17:00"),
            ("open", "周四 17:00"),
            ("paused", "暂停"),
            ("done", "已完成"),
        ]
    ],
    "entries": [
        Sample(at=timezone.make_aware(datetime(2026, 11, 23, 10, 5)), title="转办", who="转办专人", text="请整改")
    ],
    "messages": [Message(25, "已签收")],
    "kept": [("满意度", "level", "不满意"), ("", "nonce", "abc")],
    "retry_after": 20,
}


def render(source: str, *, display: Display = PLAIN, bound: bool = False) -> str:
    """A page as a browser gets it, from a template's name or text; without a database."""
    request = RequestFactory().get("/sample/")
    engine = engines["django"]
    template = engine.from_string(source) if "{%" in source else engine.get_template(source)
    own = {
        "form": ReportForm({} if bound else None),
        "display": display,
        "portal_name": settings.PORTAL_NAME,
        "request": request,
        "csrf_token": "a" * 32,
    }
    return str(template.template.render(Context(CONTEXT | own)))


def _included(text: str) -> set[str]:
    return set(re.findall(r"components/(\w+\.html)", text))


def test_every_component_is_sampled() -> None:
    texts = [
        PUBLIC,
        DESK,
        *(page.read_text() for page in [*TEMPLATES.glob("*.html"), *TEMPLATES.glob("layouts/*.html")]),
    ]
    seen = {"form.html", "field.html"}.union(*map(_included, texts))
    for _depth in range(3):
        seen |= set().union(*(_included((COMPONENTS / name).read_text()) for name in seen))
    assert seen == {component.name for component in COMPONENTS.glob("*.html")}


@pytest.mark.parametrize("component", sorted(COMPONENTS.glob("[a-z]*.html")), ids=lambda component: component.stem)
def test_component_begins_by_naming_its_inputs(component: Path) -> None:
    assert re.match(r"\{% comment %\}.*?(Input|inputs)", component.read_text(), re.DOTALL)


@pytest.mark.parametrize("state", ["open", "soon", "overdue", "paused", "done"])
def test_due_chip_has_a_word_and_a_shape(state: str) -> None:
    chip = engines["django"].get_template("components/due_chip.html").template
    drawn = chip.render(Context({"due": Sample(state=state, label="周四 17:00")}))
    assert "周四 17:00" in drawn
    assert "<svg" in drawn


def test_faces_differ_only_in_the_mouth() -> None:
    face = engines["django"].get_template("components/face.html").template
    drawn = [face.render(Context({"level": level})).strip() for level in (5, 4, 3, 2, 1)]
    assert len(set(drawn)) == 5
    assert len({re.sub(r'"M[^"]*"', "", one) for one in drawn}) == 1


def test_zero_of_nothing_is_a_dash() -> None:
    stat = engines["django"].get_template("components/stat.html").template
    drawn = stat.render(Context({"label": "整改满意率", "value": None, "unit": "%", "n": 0}))
    assert "—" in drawn
    assert "%" not in drawn
    assert "n=0" in drawn


def test_no_page_carries_inline_script_or_style() -> None:
    for page in (render(PUBLIC), render(DESK, bound=True)):
        assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son\w+=|<style", page)


@pytest.mark.parametrize("name", sorted(page.name for page in TEMPLATES.glob("[45]*.html")))
def test_error_page_stands_by_itself(name: str) -> None:
    """Nothing given, as when everything else has failed: still words, the hotline and a way on."""
    page = engines["django"].get_template(name).template.render(Context())
    assert "<h1>" in page
    assert "tel:12345" in page


def test_unavailable_page_offers_the_answers_again() -> None:
    page = render("503.html")
    assert "不满意" in page
    assert '<input type="hidden" name="level" value="不满意">' in page
    assert '<input type="hidden" name="nonce" value="abc">' in page
    assert 'name="csrfmiddlewaretoken"' in page
    assert "20 秒" in page


def test_page_kept_too_long_shows_what_was_typed_but_no_secret() -> None:
    request = RequestFactory().post(
        "/x/", {"text": "要求多交一份证明", "password": "geheim", "csrfmiddlewaretoken": "q"}
    )
    page = engines["django"].get_template("403_csrf.html").template.render(Context({"request": request}))
    assert "要求多交一份证明" in page
    assert "geheim" not in page


# --- in a browser ------------------------------------------------------------------------------------------------


def _show(page: Page, source: str, chrome: str, **how: object) -> None:
    page.set_content(re.sub(r"<(link rel=\"stylesheet\"|script)[^>]*>(</script>)?", "", render(source, **how)))
    page.add_style_tag(content="".join((CSS / f"{sheet}.css").read_text() for sheet in SHEETS[chrome]))


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize(
    "display", [PLAIN, Display("elder"), Display("normal", "high")], ids=["plain", "elder", "high"]
)
@pytest.mark.parametrize(("source", "chrome"), [(PUBLIC, "public"), (DESK, "desk")], ids=["public", "desk"])
def test_page_is_accessible_and_never_scrolls_sideways(
    open_page: Callable[..., Page], source: str, chrome: str, display: Display, width: int
) -> None:
    page = open_page(width=width)
    _show(page, source, chrome, display=display, bound=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], [node["target"] for node in one["nodes"]]) for one in found]
    least = 60 if display.text == "elder" else {"public": 44, "desk": 32}[chrome]
    assert _too_small(page, least) == []


def _too_small(page: Page, least: int) -> list[str]:
    """Controls in sight that are lower than `least` pixels; the tick of a label counts with its label."""
    return page.evaluate(
        """least => [...document.querySelectorAll('a, button, select, summary, label.chip, label.face, input')]
        .filter(one => !['radio', 'checkbox', 'hidden'].includes(one.type) && !one.matches('.skip'))
        .filter(one => { const box = one.getBoundingClientRect(); return box.width && box.height < least - 0.5; })
        .map(one => one.outerHTML.slice(0, 80))""",
        least,
    )


@pytest.mark.browser
@pytest.mark.parametrize("javascript", [True, False])
def test_larger_text_with_and_without_script(open_page: Callable[..., Page], javascript: bool) -> None:
    """With script the page stays and keeps what was typed; without it the form posts."""
    page = open_page(width=360, javascript=javascript)
    posted: list[str] = []

    def portal(route: Route) -> None:
        address = route.request.url.removeprefix("http://portal.invalid")
        if address.startswith("/static/"):
            route.fulfill(path=Path(settings.BASE_DIR) / address.lstrip("/"))
        elif address == "/display/":
            posted.append(route.request.post_data or "")
            route.fulfill(status=200, body="back")
        else:
            route.fulfill(body=render(PUBLIC.replace("<h1>", "<textarea></textarea><h1>")), content_type="text/html")

    page.route("**/*", portal)
    page.goto("http://portal.invalid/sample/")
    page.fill("textarea", "已经写了很多")
    page.click("text=大字版")
    if javascript:
        assert page.get_attribute("html", "data-text") == "elder"
        assert page.input_value("textarea") == "已经写了很多"
    else:
        page.wait_for_url("**/display/")
    assert len(posted) == 1
    assert "elder" in posted[0]
