"""What identifies a person in a text, and the text without it.

Each rule can be explained to the person it concerns: a span names its rule. Pure, and linear in the length of the
text: every pattern below is bounded or runs over disjoint classes of characters.

The text is read in a normal form (NFKC, without invisible characters, so that "１３8-0000 ００００" is a telephone
number), while offsets always count in the original. Phone detectors that expect a space before the number fail in
Chinese, so digits are read as chains with boundaries of our own (`digits.chains`).

Nothing found here is published by itself: `Redacted.reasons` says why a person must look.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from identity.redaction.context import by_address, by_name
from identity.redaction.digits import by_digits, by_han_digits
from identity.redaction.structure import by_structure

LABELS = {
    "email": "邮箱",
    "uscc": "统一社会信用代码",
    "plate": "车牌号",
    "project_number": "办件编号",
    "account": "网络账号",
    "id_card": "身份证号",
    "bank_card": "银行卡号",
    "mobile": "手机号",
    "landline": "电话号码",
    "address": "地址",
    "name": "姓名",
}
# Found by context, not by structure: right often enough to hide, not often enough to trust.
UNSURE = frozenset({"address", "name", "account"})
_LONG_NUMBER = re.compile(r"\d{7,}")
_SENSITIVE = re.compile(
    "残疾|住院|手术|癌|艾滋|抑郁|精神病|怀孕|流产|患有|病历|化疗|透析|离婚|家暴|低保|孤儿|未成年|我家孩子|我儿子|我女儿"
    "|小孩|自杀|去世"
)


@dataclass(frozen=True, slots=True)
class Span:
    """One find: `text[start:end]` of the original text, and the rule (a key of `LABELS`) that found it."""

    start: int
    end: int
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with every find replaced by its label, and why a person must look at it before it is shown.

    reasons: "name", "address", "account" (found by context), "long_number" (a number of seven or more
        digits is left over), "sensitive" (health, family, minors are spoken of).
    """

    text: str
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]

    @property
    def needs_human(self) -> bool:
        """Whether somebody must look before disclosure."""
        return bool(self.reasons)


class _Reading:
    """The text in normal form, and where each of its characters stands in the original."""

    def __init__(self, original: str) -> None:
        characters: list[str] = []
        self.places: list[int] = []
        for place, character in enumerate(original):
            if character < "\x7f" or "\u4e00" <= character <= "\u9fff":
                normal = character
            elif unicodedata.category(character) in {"Cf", "Mn", "Me"}:
                continue
            else:
                normal = unicodedata.normalize("NFKC", character)
            characters.append(normal)
            self.places += [place] * len(normal)
        self.original = original
        self.text = "".join(characters)
        self.taken = bytearray(len(self.text))

    def span(self, start: int, end: int, rule: str) -> Span | None:
        """Claims a stretch of the normal form for a rule; None when part of it was claimed before."""
        if any(self.taken[start:end]):
            return None
        self.taken[start:end] = b"\1" * (end - start)
        first, last = self.places[start], self.places[end - 1] + 1
        return Span(first, last, rule, self.original[first:last])


def find_personal(text: str) -> list[Span]:
    """What identifies a person in `text`, in order, without overlaps; offsets count in `text` itself."""
    return _find(_Reading(text))


def redact(text: str) -> Redacted:
    """The text with every find replaced by its label in 〔〕."""
    reading = _Reading(text)
    spans = _find(reading)
    pieces, end = [], 0
    for span in spans:
        pieces += [text[end : span.start], f"〔{LABELS[span.rule]}〕"]
        end = span.end
    reasons = {span.rule for span in spans} & UNSURE
    if any(not any(reading.taken[match.start() : match.end()]) for match in _LONG_NUMBER.finditer(reading.text)):
        reasons.add("long_number")
    if _SENSITIVE.search(reading.text):
        reasons.add("sensitive")
    return Redacted("".join([*pieces, text[end:]]), tuple(spans), tuple(sorted(reasons)))


def _find(reading: _Reading) -> list[Span]:
    # In this order: what claims a stretch first keeps it, so the more certain rules come first.
    finders = (by_structure, by_digits, by_han_digits, by_address, by_name)
    spans = [
        span
        for finder in finders
        for start, end, rule in finder(reading.text)
        if (span := reading.span(start, end, rule))
    ]
    # One original character may stand for several ("㏎"); two finds inside it would share it.
    ordered = sorted(spans, key=lambda span: (span.start, span.end))
    return [span for before, span in zip([None, *ordered], ordered, strict=False) if not _shares(before, span)]


def _shares(before: Span | None, span: Span) -> bool:
    return before is not None and span.start < before.end
