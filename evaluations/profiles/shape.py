"""A source profile: how one province's messages are read and answered, as data (domain.md §13). Pure.

Where provinces contradict one another (channel 6 and 7, assessNumber, promiseTime) each profile says what its own
province means; no code is guessed and none is shared.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

from evaluations.enums import BatchKind, Level, RatingChannel

Kind = Literal["rating", "service"]
KINDS: tuple[Kind, ...] = ("rating", "service")
KIND_OF: Mapping[str, Kind] = {BatchKind.RATINGS: "rating", BatchKind.SERVICES: "service"}
CANONICAL: Mapping[Kind, tuple[str, ...]] = {
    "rating": (
        "project_number",
        "service_number",
        "assess_number",
        "level",
        "tags",
        "text",
        "rated_at",
        "channel",
        "is_default",
        "unit_code",
        "item_code",
        "window_code",
        "staff_number",
        "phone",
        "name",
        "id_number",
        "source_rating_id",
    ),
    "service": (
        "project_number",
        "service_number",
        "service_name",
        "item_code",
        "unit_code",
        "window_code",
        "staff_number",
        "served_at",
        "applicant",
        "phone",
        "project_type",
        "user_property",
    ),
}
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "rating": ("project_number", "level", "rated_at"),
    "service": ("project_number", "served_at"),
}
# What a source's code may stand for; a field that is not named here carries no codes.
MEANINGS: Mapping[str, frozenset[str]] = {
    "channel": frozenset(RatingChannel.values),
    "level": frozenset(str(level) for level in Level.values),
    "assess_number": frozenset({"1", "2"}),
    "is_default": frozenset({"0", "1"}),
    "project_type": frozenset({"immediate", "promised"}),
    "user_property": frozenset(
        {"person", "legal_person", "enterprise", "institution", "association", "unincorporated", "agency", "other"}
    ),
}
# The values that a template of `result` or `response` may name.
RESULT_WORDS = frozenset(
    {
        "project_number",
        "service_number",
        "assess_number",
        "rating_id",
        "valid",
        "answered",
        "answer",
        "answered_at",
        "answer_days",
        "rectification",
        "data_source",
    }
)
RESPONSE_WORDS = frozenset({"success", "outcome", "code", "message", "service_code", "service_number", "services"})
_BYTE_ORDER_MARK = "\ufeff"
NAME_LENGTH_MAX = 100


class Name(NamedTuple):
    """What an accepted name stands for, and its rank among the names of its field: the first wins."""

    canonical: str
    rank: int


@dataclass(frozen=True)
class Crypto:
    """How the source's envelopes are made (`evaluations.envelopes`).

    `mode` "B" is our own default, "A" the source's legacy one, which needs `envelope` and `params_key`. `order` is
    that of SM2 ciphertexts; `encrypted_fields` are encrypted one by one besides; `headers` travel with what is sent.
    """

    mode: Literal["A", "B"] = "B"
    envelope: Literal["", "txn", "form"] = ""
    params_key: str = ""
    order: Literal["C1C3C2", "C1C2C3", "DER"] = "C1C3C2"
    encrypted_fields: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """The codes in which a source is told whether a rating is valid and whether it has been answered."""

    valid: str = "1"
    invalid: str = "0"
    answered: str = "1"
    unanswered: str = "0"


@dataclass(frozen=True)
class Profile:
    """One source's conventions.

    Attributes:
        evidence: where each convention is known from, and what is only our proposal.
        fields: canonical field → the names under which the source sends it, the first that is filled wins.
        headers: further names for the columns of a file.
        mandatory: names that must be filled; "a|b" means one of them.
        codes: field → the source's code → ours. A code that is not here is passed on as it is.
        silent_channels: channel codes that mean that nobody rated ("system default").
        project_prefix: what the source sometimes puts before a project number; see `project_candidates`.
        item_code_length: of a task code; two characters more are its handling item and are cut off. 0 = never.
        unit_code: "area_uscc" when a unit is "370600000000_113706…"; see `unit_parts`.
        time_formats: of strptime; what is sent to the source is written in the first.
        wrapper: the name of an object around each message, or "".
        data_source: the code by which the source knows us (数据来源), part of what is reported back.
        result: the message that reports back, response: the answer to an intake request; "$word" stands for a value.
    """

    code: str
    name: str
    version: str
    evidence: tuple[str, ...]
    fields: Mapping[Kind, Mapping[str, tuple[str, ...]]]
    time_formats: tuple[str, ...]
    result: Mapping[str, Any]
    response: Mapping[str, Any]
    headers: Mapping[Kind, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    mandatory: Mapping[Kind, tuple[str, ...]] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    silent_channels: tuple[str, ...] = ()
    project_prefix: str = ""
    item_code_length: int = 31
    unit_code: Literal["plain", "area_uscc"] = "plain"
    wrapper: str = ""
    data_source: str = ""
    answers: Answers = field(default_factory=Answers)
    crypto: Crypto = field(default_factory=Crypto)

    @cached_property
    def names(self) -> Mapping[Kind, Mapping[str, Name]]:
        """Folded name in a message → what it stands for."""
        return {kind: dict(_ranked(self.fields.get(kind, {}))) for kind in KINDS}

    @cached_property
    def column_names(self) -> Mapping[Kind, Mapping[str, Name]]:
        """As `names`, for the header of a file: also the further headers and the canonical names themselves."""
        return {
            kind: {
                **dict(_ranked({canonical: (canonical,) for canonical in CANONICAL[kind]}, first=1000)),
                **dict(_ranked(self.headers.get(kind, {}), first=100)),
                **self.names[kind],
            }
            for kind in KINDS
        }

    @cached_property
    def meanings(self) -> Mapping[str, Mapping[str, str]]:
        """Field → folded code → ours."""
        return {name: {fold(code): ours for code, ours in codes.items()} for name, codes in self.codes.items()}

    @cached_property
    def silence(self) -> frozenset[str]:
        """The folded channel codes that mean that nobody rated."""
        return frozenset(map(fold, self.silent_channels))

    @property
    def assess_number_means(self) -> str:
        """The canonical field that the source's assessNumber is: the rating's or (Shandong) the service's number."""
        found = self.names["rating"].get(fold("assessNumber"))
        return found.canonical if found else ""


def fold(name: str) -> str:
    """A name or code for comparing: full-width folded, without spaces, in one case. What is too long stays as it is."""
    return _folded(name) if len(name) <= NAME_LENGTH_MAX else name


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name.replace(_BYTE_ORDER_MARK, "")).split()).casefold()


def _ranked(names: Mapping[str, tuple[str, ...]], first: int = 0) -> Iterator[tuple[str, Name]]:
    for canonical, accepted in names.items():
        for rank, name in enumerate(accepted, first):
            yield fold(name), Name(canonical, rank)
