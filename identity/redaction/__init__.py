"""What identifies a person in a text, and the text without it.

Each find can be explained to the person it concerns: a span names its kind and the rule that found it
(docs/redaction.md lists them). Pure, and linear in the length of the text: every pattern is bounded or runs over
disjoint classes of characters.

The text is read in a normal form (NFKC, digits of every kind plain, nothing invisible, so that "１３8-0000 ⓪⓪⓪⓪" is a
telephone number), while offsets always count in the original.

Nothing is published by itself: `Redacted.reasons` says why a person must look more closely than at any text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from identity.redaction import digits, people, places, structure
from identity.redaction.circumstances import circumstances
from identity.redaction.clauses import Seen
from identity.redaction.known import NOBODY, Known
from identity.redaction.reading import Reading, Span

__all__ = ["LABELS", "NOBODY", "Known", "Names", "Redacted", "Span", "find_personal", "masked", "redact"]

# As they stand in a redacted text; `identity.enums.FindKind` names them to whoever works with it.
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
_LABELLED = re.compile(f"〔(?:{'|'.join(LABELS.values())})〕")
_LONG_NUMBER = re.compile(r"\d{7,}")
_HAN = re.compile("[\u3400-\u9fff]{2,}")
_SPACES = re.compile(r"\s+")
_ROUNDS = 6

Names = Known | Collection[str]
Finder = Callable[[str], Iterator[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Redacted:
    """The text with every find replaced by its label, and why a person must look at it before it is shown.

    reasons: "medical", "minor", "family", "single_person" (such circumstances are spoken of), "long_number" (a number
        of seven or more digits is left over), "perhaps_name" (what is left over may hold a name).
    """

    text: str
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]

    @property
    def needs_human(self) -> bool:
        """Whether somebody must look before disclosure."""
        return bool(self.reasons)


def find_personal(text: str, names: Names = NOBODY) -> list[Span]:
    """What identifies a person in `text`.

    Args:
        text: any text.
        names: of people who are looked for, such as staff; a `Known` where they are many.

    Returns:
        The finds in order, without overlaps; offsets count in `text` itself.
    """
    return sorted(_read(text, names)[0].spans, key=lambda span: span.start)


def redact(text: str, names: Names = NOBODY) -> Redacted:
    """The text with every find replaced by its label in 〔〕; redacting that again changes nothing.

    Args:
        text: any text.
        names: of people who are looked for, such as staff; a `Known` where they are many.
    """
    reading, perhaps = _read(text, names)
    spans = sorted(reading.spans, key=lambda span: span.start)
    reasons = circumstances(reading.plain)
    if _LONG_NUMBER.search(reading.text):
        reasons.append("long_number")
    if perhaps:
        reasons.append("perhaps_name")
    return Redacted(masked(text, spans), tuple(spans), tuple(reasons))


def masked(text: str, spans: Iterable[Span]) -> str:
    """The text with these finds replaced by their labels in 〔〕: those of `find_personal`, or as a person chose them.

    Args:
        spans: in order, without overlaps; offsets count in `text`.
    """
    pieces, end = [], 0
    for span in spans:
        pieces += [text[end : span.start], f"〔{LABELS[span.kind]}〕"]
        end = span.end
    return "".join([*pieces, text[end:]])


# How a rule reads: the text as it stands, or in every way of reading digits.
_PLAIN, _IN_DIGITS = False, True
# In this order: what claims a stretch first keeps it, so the more certain rules come first. None: stays readable.
_RULES: tuple[tuple[str | None, str, Finder, bool], ...] = (
    ("email", "email", structure.emails, _PLAIN),
    ("uscc", "uscc", structure.credit_codes, _PLAIN),
    ("project_number", "called", structure.called_numbers, _PLAIN),
    ("id_card", "id_card", digits.id_cards, _IN_DIGITS),
    (None, "public", structure.public, _PLAIN),
    ("bank_card", "bank_card", digits.bank_cards, _IN_DIGITS),
    ("plate", "plate", structure.plates, _PLAIN),
    ("plate", "plate", structure.plates, _IN_DIGITS),
    ("mobile", "mobile", digits.mobiles, _IN_DIGITS),
    ("landline", "area_code", digits.landlines, _IN_DIGITS),
    ("project_number", "built", structure.built_numbers, _PLAIN),
    ("id_card", "old_id_card", digits.old_id_cards, _IN_DIGITS),
    ("account", "account", structure.accounts, _PLAIN),
    ("landline", "local_line", digits.local_lines, _IN_DIGITS),
)
# Without one of these no rule of `_RULES` finds anything, but in a row of Chinese numerals.
_SIGN = re.compile("[0-9A-Za-z]")
_NAME_RULES: tuple[tuple[str, Finder], ...] = (
    ("minority", people.dotted),
    ("minority", people.foreign),
    ("minority", people.in_parts),
    ("latin", people.latin),
    ("surnamed", people.surnamed),
    ("greeted", people.greeted),
)


def _across(reading: Reading, gaps: re.Pattern[str], finder: Finder) -> list[tuple[int, int]]:
    """What a finder finds in a text without its gaps, as places of the text with them."""
    if not gaps.search(reading.text):
        return list(finder(reading.text)) if gaps is _SPACES else []
    close, kept = reading.without(gaps)
    return [(kept[start], kept[end - 1] + 1) for start, end in finder(close)]


def _read(text: str, names: Names) -> tuple[Reading, list[tuple[int, int]]]:
    """The text read by every rule until none finds more: what was found may have stood in another's way.

    Returns:
        The reading, and the places in its text of what may be a name, but is none by the rules.
    """
    reading = Reading(text)
    reading.claim((match.span() for match in _LABELLED.finditer(reading.text)), None, "label")
    known = names if isinstance(names, Known) else Known(names)
    readable = _across(reading, _SPACES, known.find_readable)
    public = frozenset(place for find in readable for place in range(*find))
    perhaps: list[tuple[int, int]] = []
    seen, settled = Seen(known.pairs), ""
    for _ in range(_ROUNDS):
        _claim_numbers(reading)
        reading.claim(_across(reading, _SPACES, known.find), "name", "known")
        reading.claim(_across(reading, _SPACES, places.addresses), "address", "address")
        if reading.text == settled:
            break
        perhaps = []
        if not _claim_names(reading, public, perhaps, seen):
            settled = reading.text
    return reading, [find for find in perhaps if public.isdisjoint(range(*find))]


def _claim_numbers(reading: Reading) -> None:
    """Takes what has the build of a number or of an address on the net."""
    text, views = "", []
    for kind, rule, finder, in_digits in _RULES:
        if reading.text != text:
            text = reading.text
            views = digits.readings(text)
            if not views and not _SIGN.search(text):
                return
        if finds := [find for view in (views if in_digits else [text]) for find in finder(view)]:
            reading.claim(finds, kind, rule)


def _claim_names(reading: Reading, public: frozenset[int], perhaps: list[tuple[int, int]], seen: Seen) -> int:
    """Takes what is probably a name, outside the places of `public`; what is one somewhere is believed elsewhere.

    perhaps: takes what may be a name, but is not. seen: what the clauses of this text have been read as.

    Returns:
        How many were found.
    """
    named = {
        span.text
        for span in reading.spans
        if span.kind == "name" and span.rule != "called" and _HAN.fullmatch(span.text)
    }
    seen.believe(name for name in named if len(name) == 2)
    parted = _across(reading, people.PARTED, partial(people.people, seen=seen))
    found = reading.claim((find for find in parted if people.is_parted(reading.text, *find)), "name", "parted")
    rules: tuple[tuple[str, Finder], ...] = (
        *_NAME_RULES,
        ("again", partial(people.again, named=frozenset(name for name in named if 2 < len(name) < 5))),
        ("called", people.called),
        ("clause", partial(people.people, seen=seen, perhaps=perhaps)),
        ("listed", people.listed),
        ("field", people.fielded),
    )
    for rule, finder in rules:
        if finds := [find for find in finder(reading.text) if public.isdisjoint(range(*find))]:
            found += reading.claim(finds, "name", rule)
    return found
