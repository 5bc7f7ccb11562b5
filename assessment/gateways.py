"""The public door, as the portal goes through it itself: the page of a window's sign, answered as a browser would."""

from __future__ import annotations

from html.parser import HTMLParser
from time import monotonic
from typing import NamedTuple

import requests
from django.conf import settings
from django.urls import reverse

from common.gateways import GatewayError
from organizations.models import Window

TIMEOUT = 20
WORDS = "系统自检"


class Taken(NamedTuple):
    """The nonce under which a rating was taken, and the seconds from the press to the receipt."""

    nonce: str
    seconds: float


class _Form(HTMLParser):
    """The fields of a page's forms, by name; of those that are there more than once, the values in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "input" and (name := told.get("name")):
            self.values.setdefault(name, []).append(told.get("value") or "")


def rate_badly(window: Window) -> Taken:
    """Gives a window the worst level through its sign's page, with a reason, as anybody could.

    Raises:
        GatewayError: no page, no form, or no receipt; says which.
    """
    address = f"{settings.PROBE_URL}{reverse('rate-window', args=[window.sign_code])}?matter=none"
    with requests.Session() as browser:
        fields = _Form(_page(browser.get(address, timeout=TIMEOUT))).values
        reasons = [code for code in fields.get("tags", []) if code.startswith("1")]
        if not reasons or "nonce" not in fields:
            raise GatewayError("no form on the page")
        said = {
            "csrfmiddlewaretoken": fields["csrfmiddlewaretoken"][0],
            "nonce": fields["nonce"][0],
            "level": "1",
            "tags": reasons[0],
            "text": WORDS,
        }
        begun = monotonic()
        answer = browser.post(address, said, headers={"Referer": address}, timeout=TIMEOUT)
        _page(answer)
        if not answer.history:
            raise GatewayError("no receipt")
        return Taken(said["nonce"], monotonic() - begun)


def _page(answer: requests.Response) -> str:
    if answer.status_code != 200:
        raise GatewayError(f"HTTP {answer.status_code}")
    return answer.text
