"""Forms as a browser reads them: whatever a page asks is found on the page, never in a list kept by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

BUTTONS = frozenset({"submit", "button", "reset", "image"})


@dataclass
class Control:
    """One named thing of a form: its kind, what it offers, and what a browser would send if nobody touched it."""

    name: str
    kind: str
    offers: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)


@dataclass
class SeenForm:
    """A form of a page: where it goes, how, and its controls by name."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)

    @property
    def untouched(self) -> dict[str, list[str]]:
        """What is sent when nobody changes anything; files are left out."""
        return {control.name: control.sent for control in self.controls.values() if control.sent}

    @property
    def files(self) -> list[str]:
        return [control.name for control in self.controls.values() if control.kind == "file"]


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[SeenForm] = []
        self.open: SeenForm | None = None
        self.select: Control | None = None
        self.textarea: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = SeenForm(urljoin(self.address, given.get("action", "")), given.get("method", "get").lower())
            self.forms.append(self.open)
        elif self.open is not None:
            self._inside(self.open, tag, given)

    def _inside(self, form: SeenForm, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option" and self.select is not None:
            self.select.offers.append(given.get("value", ""))
            if "selected" in given:
                self.select.sent.append(given.get("value", ""))
        elif name and "disabled" not in given:
            if tag == "input":
                _input(form, name, given)
            elif tag == "button" and "value" in given:
                form.controls.setdefault(name, Control(name, "button")).offers.append(given["value"])
            elif tag == "select":
                self.select = form.controls.setdefault(name, Control(name, "select"))
            elif tag == "textarea":
                self.textarea = form.controls.setdefault(name, Control(name, "textarea", sent=[""]))

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea.sent[0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select" and self.select is not None:
            if not self.select.sent and self.select.offers:
                self.select.sent.append(self.select.offers[0])
            self.select = None


def _input(form: SeenForm, name: str, given: dict[str, str]) -> None:
    kind = given.get("type", "text").lower()
    control = form.controls.setdefault(name, Control(name, "button" if kind in BUTTONS else kind))
    value = given.get("value", "on" if kind == "checkbox" else "")
    if kind in ("radio", "checkbox"):
        control.offers.append(value)
        if "checked" in given:
            control.sent.append(value)
    elif kind not in BUTTONS and kind != "file":
        control.sent.append(value)


def forms_in(html: str, address: str = "") -> list[SeenForm]:
    """Every form of a page.

    Args:
        address: of the page, for forms that do not say where they go.
    """
    reader = _Reader(address)
    reader.feed(html)
    return reader.forms
