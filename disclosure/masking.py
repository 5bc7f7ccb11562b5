"""Which stretches of a text are hidden, and the text without them. Pure.

Rules find (`identity.redaction`), a person decides: what was found by mistake is kept readable, what was missed is
named as a phrase, and hidden wherever it stands. So the decision can be read, repeated and explained (docs/domain.md
§9), and does not hang on a mouse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from identity.redaction import LABELS

BY_HAND = "by_hand"
HAND_LABEL = "隐去"


@dataclass(frozen=True, slots=True, order=True)
class Hidden:
    """A stretch `text[start:end]` and why it is hidden: a kind of `identity.redaction`, or `BY_HAND`."""

    start: int
    end: int
    rule: str

    @property
    def label(self) -> str:
        return LABELS.get(self.rule, HAND_LABEL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text as a page draws it; `hidden` is None where it stays readable."""

    text: str
    hidden: Hidden | None = None


def occurrences(text: str, phrases: Iterable[str]) -> list[Hidden]:
    """Every place where one of the phrases stands; empty ones are nowhere."""
    found = []
    for phrase in {phrase for phrase in phrases if phrase}:
        start = text.find(phrase)
        while start >= 0:
            found.append(Hidden(start, start + len(phrase), BY_HAND))
            start = text.find(phrase, start + 1)
    return found


def decided(
    text: str, finds: Iterable[Hidden], *, kept: Collection[Hidden] = (), phrases: Iterable[str] = ()
) -> list[Hidden]:
    """What is hidden in the end, in order and without overlaps: the finds but those kept, and the phrases.

    Whatever overlaps becomes one stretch, named after the find in it, so that nothing hidden shows at its edge.
    """
    chosen = sorted([*(find for find in finds if find not in kept), *occurrences(text, phrases)])
    merged: list[Hidden] = []
    for one in chosen:
        if merged and one.start < merged[-1].end:
            last = merged.pop()
            rule = last.rule if last.rule != BY_HAND else one.rule
            one = Hidden(last.start, max(last.end, one.end), rule)
        merged.append(one)
    return merged


def pieces(text: str, hidden: Iterable[Hidden]) -> list[Piece]:
    """The text cut at what is hidden.

    Args:
        hidden: in order, without overlaps.
    """
    found, end = [], 0
    for one in hidden:
        found += [Piece(text[end : one.start]), Piece(text[one.start : one.end], one)]
        end = one.end
    return [piece for piece in [*found, Piece(text[end:])] if piece.text]


def masked(text: str, hidden: Iterable[Hidden]) -> str:
    """The text as it goes out: every hidden stretch is a word in 〔〕 that says of what kind it was."""
    return "".join(f"〔{piece.hidden.label}〕" if piece.hidden else piece.text for piece in pieces(text, hidden))


def to_json(hidden: Iterable[Hidden]) -> list[list[int | str]]:
    return [[one.start, one.end, one.rule] for one in hidden]


def from_json(rows: Iterable[Iterable[int | str]]) -> list[Hidden]:
    return [Hidden(int(start), int(end), str(rule)) for start, end, rule in rows]


def finds_of(stored: Mapping[str, list[list[int | str]]], part: str) -> list[Hidden]:
    """The finds of one part of a draft."""
    return from_json(stored.get(part, ()))
