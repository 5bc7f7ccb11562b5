"""Reading a profile, and refusing one that would misread its source. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from evaluations.profiles.shape import (
    CANONICAL,
    KINDS,
    MEANINGS,
    NEEDED,
    RESPONSE_WORDS,
    RESULT_WORDS,
    Kind,
    Profile,
    fold,
)

_CODE = re.compile(r"[a-z0-9_-]{1,20}")


class BadProfile(ValueError):
    """A profile that cannot be used: `path` says where in the data, `reason` why."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def parse_profile(data: Mapping[str, Any]) -> Profile:
    """A profile from its JSON object (`evaluations/reference/profiles/`). Raises BadProfile."""
    for path, reason in _misfits(data, Profile, ""):
        raise BadProfile(path.lstrip(".") or "$", reason)
    profile = msgspec.convert(data, Profile)
    for path, reason in _faults(profile):
        raise BadProfile(path, reason)
    return profile


def _misfits(value: Any, hint: Any, path: str) -> Iterator[tuple[str, str]]:
    """Where a value has not the shape of a type, to the very name, which msgspec itself does not tell."""
    if is_dataclass(hint) or get_origin(hint) is Mapping:
        if not isinstance(value, Mapping):
            yield path, "not an object"
        elif is_dataclass(hint):
            yield from _misfits_of_object(value, hint, path)
        else:
            keys, values = get_args(hint)
            for name, each in value.items():
                yield from _misfits(name, keys, f"{path}.{name}")
                yield from _misfits(each, values, f"{path}.{name}")
    elif hint is not Any:
        try:
            msgspec.convert(value, hint)
        except msgspec.ValidationError as error:
            yield path, str(error).partition(" - at ")[0]


def _misfits_of_object(value: Mapping[str, Any], shape: Any, path: str) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(shape)
    yield from ((f"{path}.{name}", "unknown name") for name in value if name not in hints)
    for each in fields(shape):
        if each.name in value:
            yield from _misfits(value[each.name], hints[each.name], f"{path}.{each.name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            yield f"{path}.{each.name}", "missing"


def _faults(profile: Profile) -> Iterator[tuple[str, str]]:
    if not _CODE.fullmatch(profile.code):
        yield "code", "a code has 1 to 20 lower-case letters, digits, - or _"
    for kind in KINDS:
        yield from _faults_of_names(profile, kind)
    yield from _faults_of_codes(profile)
    yield from _faults_of_times(profile)
    yield from _faults_of_crypto(profile)
    yield from _faults_of_template(profile.result, RESULT_WORDS, "result")
    yield from _faults_of_template(profile.response, RESPONSE_WORDS, "response")


def _faults_of_names(profile: Profile, kind: Kind) -> Iterator[tuple[str, str]]:
    owners: dict[str, str] = {}
    for part, table in (("fields", profile.fields), ("headers", profile.headers)):
        for canonical, accepted in table.get(kind, {}).items():
            path = f"{part}.{kind}.{canonical}"
            if canonical not in CANONICAL[kind]:
                yield path, "no such field"
            for name in accepted:
                owner = owners.setdefault(fold(name), canonical)
                if not fold(name) or owner != canonical:
                    yield path, f"{name!r} already stands for {owner}" if fold(name) else "an empty name"
    for canonical in NEEDED[kind]:
        if not profile.fields.get(kind, {}).get(canonical):
            yield f"fields.{kind}.{canonical}", "must have a name in the source"


def _faults_of_codes(profile: Profile) -> Iterator[tuple[str, str]]:
    for name, codes in profile.codes.items():
        seen: dict[str, str] = {}
        for code, ours in codes.items():
            if ours not in MEANINGS.get(name, ()) or not fold(code):
                yield f"codes.{name}.{code}", f"{ours!r} is no {name} of ours" if fold(code) else "an empty code"
            if seen.setdefault(fold(code), ours) != ours:
                yield f"codes.{name}.{code}", "written in another way it means something else"
    for code in profile.silent_channels:
        if fold(code) in {"", *profile.meanings.get("channel", {})}:
            yield "silent_channels", f"{code!r} is also a channel, or none"


def _faults_of_times(profile: Profile) -> Iterator[tuple[str, str]]:
    sample = datetime(2026, 11, 25, 13, 45, tzinfo=UTC)
    if not profile.time_formats:
        yield "time_formats", "at least one"
    for form in profile.time_formats:
        try:
            kept = datetime.strptime(sample.strftime(form), form).replace(tzinfo=UTC) == sample
        except ValueError:
            kept = False
        if not kept:
            yield "time_formats", f"{form!r} loses the day or the minute"


def _faults_of_crypto(profile: Profile) -> Iterator[tuple[str, str]]:
    crypto = profile.crypto
    if crypto.mode == "A" and not (crypto.envelope and crypto.params_key):
        yield "crypto", "mode A needs envelope and params_key"
    known = {name for kind in KINDS for name in profile.names[kind]}
    for name in crypto.encrypted_fields:
        if fold(name) not in known:
            yield "crypto.encrypted_fields", f"{name!r} is no field of this source"


def _faults_of_template(part: Any, words: frozenset[str], path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            yield from _faults_of_template(value, words, f"{path}.{name}")
    elif not isinstance(part, str):
        yield path, "neither a text nor an object"
    elif part.startswith("$") and part[1:] not in words:
        yield path, f"no value is called {part[1:]!r}"
