"""The normal form in which the rules read a text, and the way back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Stands where something has been found; no rule reads across it.
TAKEN = "〓"


@dataclass(frozen=True, slots=True)
class Span:
    """One find: `text[start:end]` of the original text.

    kind: what it is, a key of `LABELS`. rule: how it was recognised.
    """

    start: int
    end: int
    kind: str
    rule: str
    text: str


@lru_cache(maxsize=4096)
def _normal(character: str) -> str:
    """NFKC, any digit as a plain one (❸, ٣, 3️⃣), and nothing for what is not seen."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc", "Co", "Cn"} and not character.isspace():
        return ""
    return unicodedata.normalize("NFKC", character)


class Reading:
    """A text in normal form; what is claimed for a rule is read by no rule after it.

    plain: the whole of it. text: what has been claimed is closed (`TAKEN`).
    """

    def __init__(self, original: str) -> None:
        self.original = original
        self.spans: list[Span] = []
        pieces, self._places = [], []
        for place, character in enumerate(original):
            if not (" " <= character <= "~" or "\u4e00" <= character <= "\u9fff"):
                character = _normal(character)
            pieces.append(character)
            self._places += [place] * len(character)
        self._characters = list("".join(pieces))
        self.text = self.plain = "".join(self._characters)

    def claim(self, finds: Iterable[tuple[int, int]], kind: str | None, rule: str) -> int:
        """Takes stretches of `text` as finds of a kind; of none (None), they are only closed to the rules after it.

        Returns:
            How many were still free. One original character may stand for several ("㏎"): it belongs to one find.
        """
        count = 0
        for start, end in finds:
            first, last = self._places[start], self._places[end - 1]
            while start and self._places[start - 1] == first:
                start -= 1
            while end < len(self._places) and self._places[end] == last:
                end += 1
            if TAKEN in self._characters[start:end]:
                continue
            self._characters[start:end] = TAKEN * (end - start)
            count += 1
            if kind:
                self.spans.append(Span(first, last + 1, kind, rule, self.original[first : last + 1]))
        if count:
            self.text = "".join(self._characters)
        return count

    def without(self, gaps: re.Pattern[str]) -> tuple[str, list[int]]:
        """The text without its gaps, and for each character of it the place in `text`."""
        kept: list[int] = []
        begin = 0
        for gap in gaps.finditer(self.text):
            kept += range(begin, gap.start())
            begin = gap.end()
        kept += range(begin, len(self.text))
        return gaps.sub("", self.text), kept
