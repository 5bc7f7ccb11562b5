"""Reading a profile, and refusing one that would misread its source. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from django.utils.translation import gettext as _

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
    """A profile that cannot be used: `path` says where in the data, `reason` why, in the reader's language."""

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
            yield path, _("应为一个对象")
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
            yield path, _("类型不对:%(error)s") % {"error": str(error).partition(" - at ")[0]}


def _misfits_of_object(value: Mapping[str, Any], shape: Any, path: str) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(shape)
    yield from ((f"{path}.{name}", _("没有这一项")) for name in value if name not in hints)
    for each in fields(shape):
        if each.name in value:
            yield from _misfits(value[each.name], hints[each.name], f"{path}.{each.name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            yield f"{path}.{each.name}", _("缺少这一项")


def _faults(profile: Profile) -> Iterator[tuple[str, str]]:
    if not _CODE.fullmatch(profile.code):
        yield "code", _("代码是 1 到 20 个小写字母、数字、短横线或下划线")
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
                yield path, _("没有这个字段")
            for name in accepted:
                owner = owners.setdefault(fold(name), canonical)
                if not fold(name) or owner != canonical:
                    taken = _("“%(value)s”已经是 %(other)s 的名称") % {"value": name, "other": owner}
                    yield path, taken if fold(name) else _("名称是空的")
    for canonical in NEEDED[kind]:
        if not profile.fields.get(kind, {}).get(canonical):
            yield f"fields.{kind}.{canonical}", _("必须写明来源方的名称")


def _faults_of_codes(profile: Profile) -> Iterator[tuple[str, str]]:
    for name, codes in profile.codes.items():
        seen: dict[str, str] = {}
        for code, ours in codes.items():
            if ours not in MEANINGS.get(name, ()) or not fold(code):
                strange = _("“%(value)s”不是我方 %(other)s 的值") % {"value": ours, "other": name}
                yield f"codes.{name}.{code}", strange if fold(code) else _("代码是空的")
            if seen.setdefault(fold(code), ours) != ours:
                yield f"codes.{name}.{code}", _("换一种写法时另有含义")
    for code in profile.silent_channels:
        if fold(code) in {"", *profile.meanings.get("channel", {})}:
            yield "silent_channels", _("“%(value)s”是空的,或者也是一个渠道") % {"value": code}


def _faults_of_times(profile: Profile) -> Iterator[tuple[str, str]]:
    sample = datetime(2026, 11, 25, 13, 45, tzinfo=UTC)
    if not profile.time_formats:
        yield "time_formats", _("至少要有一种")
    for form in profile.time_formats:
        try:
            kept = datetime.strptime(sample.strftime(form), form).replace(tzinfo=UTC) == sample
        except ValueError:
            kept = False
        if not kept:
            yield "time_formats", _("“%(value)s”会丢掉日期或分钟") % {"value": form}


def _faults_of_crypto(profile: Profile) -> Iterator[tuple[str, str]]:
    crypto = profile.crypto
    if crypto.mode == "A" and not (crypto.envelope and crypto.params_key):
        yield "crypto", _("方式 A 要有 envelope 和 params_key")
    known = {name for kind in KINDS for name in profile.names[kind]}
    for name in crypto.encrypted_fields:
        if fold(name) not in known:
            yield "crypto.encrypted_fields", _("“%(value)s”不是这个来源的字段") % {"value": name}


def _faults_of_template(part: Any, words: frozenset[str], path: str) -> Iterator[tuple[str, str]]:
    if isinstance(part, Mapping):
        for name, value in part.items():
            yield from _faults_of_template(value, words, f"{path}.{name}")
    elif not isinstance(part, str):
        yield path, _("既不是文字也不是对象")
    elif part.startswith("$") and part[1:] not in words:
        yield path, _("没有叫“%(value)s”的值") % {"value": part[1:]}
