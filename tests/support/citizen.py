"""A citizen's browser without JavaScript, as a program: opens a form, keeps it, presses the button until it works."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser


class FormReader(HTMLParser):
    """The hidden fields of the first form that posts ratings."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.inside = False
        self.done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form" and not self.done:
            self.inside, self.fields = True, {}
        elif tag == "input" and self.inside:
            if values.get("type") == "hidden" and values.get("name"):
                self.fields[str(values["name"])] = values.get("value") or ""
            if values.get("name") == "level":
                self.done = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.inside:
            self.inside = False


@dataclass
class Answer:
    status: int
    body: str
    address: str = ""


@dataclass
class Citizen:
    """One browser with its cookies."""

    jar: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def open(self, address: str, data: dict[str, str] | None = None, timeout: float = 15) -> Answer:
        """GET, or POST with data. Refused and broken connections are status 0."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        request = urllib.request.Request(address, body, headers={"Referer": address})
        try:
            with self.opener.open(request, timeout=timeout) as answer:
                return Answer(answer.status, answer.read().decode("utf-8", "replace"), answer.geturl())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode("utf-8", "replace"), address)
        except (OSError, ValueError) as error:
            return Answer(0, str(error), address)

    def rating_form(self, address: str) -> dict[str, str] | None:
        """The hidden fields of a rating page; None when it could not be had."""
        answer = self.open(address)
        if answer.status != 200:
            return None
        reader = FormReader()
        reader.feed(answer.body)
        return reader.fields if reader.done else None
