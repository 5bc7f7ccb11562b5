"""How a reader wants pages to look: remembered in one cookie, the same pages with other tokens (ux.md §1.8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

COOKIE = "portal_view"
COOKIE_SECONDS = 365 * 24 * 3600
TEXTS = ("normal", "elder")
CONTRASTS = ("normal", "high")


@dataclass(frozen=True)
class Display:
    """text: normal or elder (22 px, 60 px targets). contrast: normal or high (yellow and white on black)."""

    text: str = "normal"
    contrast: str = "normal"

    @property
    def cookie(self) -> str:
        """The value kept in the cookie; `read_display` is its inverse."""
        return f"{self.text}.{self.contrast}"

    def changed(self, wishes: Mapping[str, str]) -> Display:
        """This display with the wishes that make sense; unknown names and values change nothing."""
        text, contrast = wishes.get("text", ""), wishes.get("contrast", "")
        return replace(
            self,
            text=text if text in TEXTS else self.text,
            contrast=contrast if contrast in CONTRASTS else self.contrast,
        )


def read_display(cookie: str) -> Display:
    """The display a cookie asks for; anything unreadable is the normal one."""
    text, _dot, contrast = cookie.partition(".")
    return Display().changed({"text": text, "contrast": contrast})
