"""What every page must hold, in every mode. Returns complaints, so that all are seen at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SHOTS = Path(__file__).resolve().parents[2] / "var" / "pages"
PUBLIC_TARGET, STAFF_TARGET, ELDER_TARGET = 44, 24, 44
# Four fifths of the time of a look; what it finds depends on the display, hardly on language and width.
AXE = """colours => axe.run({resultTypes: ['violations'], rules: {'color-contrast': {enabled: colours}}})
  .then(found => found.violations)"""


@dataclass(frozen=True)
class Mode:
    """One way of looking at a page."""

    language: str = "zh-hans"
    width: int = 1280
    text: str = "normal"
    contrast: str = "normal"

    def __str__(self) -> str:
        return f"{self.language}-{self.width}-{self.text}-{self.contrast}"


ALL_MODES = [
    Mode(language, width, text, contrast)
    for language in ("zh-hans", "en")
    for width in (360, 1280)
    for text, contrast in (("normal", "normal"), ("elder", "normal"), ("normal", "high"))
]


def complaints(page: Page, mode: Mode, *, desk: bool, colours: bool = True) -> Iterator[str]:
    """Everything wrong with the page as it is shown now; without `colours` their contrast is not measured."""
    yield from _axe_complaints(page, colours=colours)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > mode.width:
        yield f"scrolls sideways: {width} px"
    least = STAFF_TARGET if desk else PUBLIC_TARGET
    for name, w, h in page.evaluate(SMALL_TARGETS, least):
        yield f"target too small: {name} {w}×{h}"
    wanted = {"zh-hans": "zh", "en": "en"}[mode.language]
    language = page.evaluate("document.documentElement.lang")
    if not language.startswith(wanted):
        yield f"lang is {language}"
    if mode.language == "en":
        yield from (f"Chinese in an English page: {text}" for text in page.evaluate(CHINESE_CHROME))


def _axe_complaints(page: Page, *, colours: bool) -> Iterator[str]:
    # Read here it takes a fifth of a second; who looks at many pages has every page begin with it.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for violation in page.evaluate(AXE, colours):
        places = ", ".join(str(node["target"][0]) for node in violation["nodes"][:3])
        yield f"axe {violation['id']}: {places}"


# Targets a finger or a mouse aims at; links inside running text are exempt (WCAG 2.5.8).
SMALL_TARGETS = """least => [...document.querySelectorAll('button, select, summary, input:not([type=hidden]), a')]
  .filter(e => e.offsetParent !== null && !(e.tagName === 'A' && getComputedStyle(e).display === 'inline'))
  .map(e => { const label = e.matches('input[type=radio], input[type=checkbox]') && e.closest('label');
              const box = (label || e).getBoundingClientRect();
              return [(e.innerText || e.name || e.id || e.tagName).trim().slice(0, 20),
                      Math.round(box.width), Math.round(box.height)]; })
  .filter(([name, w, h]) => w > 0 && h > 0 && (h < least - 0.5 || w < 23.5))"""

# Labels, buttons, headings of tables: what we wrote. What people wrote (names, texts) is marked lang="zh".
CHINESE_CHROME = r"""() => [...document.querySelectorAll('label, button, th, legend, nav a, h1, h2')]
  .filter(e => e.offsetParent !== null && !e.closest('[lang^=zh]') && !e.querySelector('[lang^=zh]')
               && /[\u3400-\u9fff]/.test(e.innerText))
  .map(e => e.innerText.trim().slice(0, 30))"""


def shoot(page: Page, name: str, mode: Mode) -> None:
    """Keeps a picture of the whole page."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(SHOTS / f"{name}-{mode}.png"), full_page=True)
