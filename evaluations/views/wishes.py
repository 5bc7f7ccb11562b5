"""How one person wants the tablet's screens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from common.display import Display

SPOKEN = {"zh": "zh-hans", "en": "en"}
PLAIN = Display()


@dataclass(frozen=True)
class Wish:
    """How one person wants the screens, in the address of each, so that the next person begins anew in Chinese."""

    language: str = "zh"
    display: Display = PLAIN

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wish:
        """What an address asks for; whatever makes no sense is as for everybody."""
        language = asked.get("lang", "")
        return cls(language if language in SPOKEN else "zh", Display().changed(asked))

    def turned(self, turn: str) -> Wish:
        """This wish after one of `turns` was pressed."""
        name, _sign, value = turn.partition("=")
        return Wish.of({**self.asked, name: value})

    @property
    def code(self) -> str:
        """The language as Django calls it."""
        return SPOKEN[self.language]

    @property
    def asked(self) -> dict[str, str]:
        return {"lang": self.language, "text": self.display.text, "contrast": self.display.contrast}

    @property
    def query(self) -> str:
        """Behind the question mark of an address, after an `&`; empty for what is as for everybody."""
        plain = FOR_EVERYBODY.asked
        return urlencode({name: value for name, value in self.asked.items() if value != plain[name]})

    @property
    def turns(self) -> list[tuple[str, Promise | str, Wish]]:
        """What can be changed: the value of the button, its words, and how it would be then."""
        pairs: list[tuple[str, Promise | str]] = [
            ("lang=zh", "中文") if self.language == "en" else ("lang=en", "English"),
            ("text=normal", _("标准字号")) if self.display.text == "elder" else ("text=elder", _("大字版")),
            ("contrast=normal", _("标准颜色")) if self.display.contrast == "high" else ("contrast=high", _("高对比")),
        ]
        return [(value, words, self.turned(value)) for value, words in pairs]


FOR_EVERYBODY = Wish()
