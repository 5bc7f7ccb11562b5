"""A source's message in our own field names. Only renames and maps codes; what it says is judged elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from evaluations.profiles.shape import Kind, Name, Profile, fold

# Two values for one of these are two meanings; for the others the first filled name wins.
KEY_FIELDS = frozenset({"project_number", "service_number", "assess_number", "level", "is_default"})
BEIJING_TIME = timezone(timedelta(hours=8))
_HANDLING_ITEM_EXTRA = 2
_AREA_LENGTH, _USCC_LENGTH = 12, 18
_DIGITS_MAX = 100


class BadMessage(ValueError):
    """A message that cannot be put into our names: `code` (docs/intake.md), `field` in the source's name, `text`."""

    def __init__(self, code: str, field: str, text: str) -> None:
        super().__init__(f"{code}: {field}")
        self.code = code
        self.field = field
        self.text = text


class UnitParts(NamedTuple):
    """A unit code taken apart: division (12 digits, or "") and unified social credit code, or the code as it is."""

    area: str
    code: str


def canonical_rating(profile: Profile, message: Mapping[str, Any]) -> dict[str, str]:
    """A rating message in canonical fields (`CANONICAL["rating"]`); fields that are absent or null are left out.

    A channel code that means silence gives `is_default` "1" and an empty channel: nobody used one.

    Raises BadMessage for a value that is no single text or whole number, and for two values of one key field.
    """
    return _canonical(profile, "rating", message)


def canonical_service(profile: Profile, message: Mapping[str, Any]) -> dict[str, str]:
    """A service message in canonical fields (`CANONICAL["service"]`), otherwise as `canonical_rating`."""
    return _canonical(profile, "service", message)


def canonical_row(profile: Profile, kind: Kind, columns: Sequence[str | None], cells: Sequence[Any]) -> dict[str, str]:
    """A row of a file in canonical fields, its columns named by `columns_for` or by hand. Raises BadMessage."""
    named = zip(columns, cells, strict=False)
    return _gathered(profile, ((Name(column, 0), column, cell) for column, cell in named if column), kind)


def missing_fields(profile: Profile, kind: Kind, message: Mapping[str, Any]) -> list[str]:
    """The mandatory names of the profile that a message leaves empty; "a|b" when neither is filled."""
    filled = {fold(name) for name, value in _inner(profile, message).items() if value not in (None, "")}
    return [
        choice for choice in profile.mandatory.get(kind, ()) if not filled & {fold(name) for name in choice.split("|")}
    ]


def project_candidates(profile: Profile, project_number: str) -> tuple[str, ...]:
    """The numbers under which a project may be known, in the order in which to look: the first that is found counts.

    As given, with the source's prefix, without it. Numbers are stored as given: a number that begins like the prefix
    may simply begin so (3706… is also a division).
    """
    prefix = profile.project_prefix
    if not prefix or not project_number:
        return (project_number,)
    bare = project_number.removeprefix(prefix)
    return (project_number, prefix + project_number, *([bare] if bare and bare != project_number else []))


def unit_parts(profile: Profile, unit_code: str) -> UnitParts:
    """Division and credit code of a unit code such as "370600000000_11370600MB28449441" (domain.md §13.2)."""
    area, mark, code = unit_code.partition("_")
    joined = profile.unit_code == "area_uscc" and mark and len(area) == _AREA_LENGTH and len(code) == _USCC_LENGTH
    return UnitParts(area, code) if joined and area.isdigit() else UnitParts("", unit_code)


def read_time(profile: Profile, text: str) -> datetime:
    """The moment a source means, in Beijing time where it names no zone. Raises BadMessage, never guesses."""
    for form in profile.time_formats:
        try:
            moment = datetime.strptime(text.strip(), form)  # noqa: DTZ007  few sources name a zone
        except ValueError:
            continue
        # Without separators strptime also reads shorter texts, and reads them as it likes.
        if "%m%d" not in form or moment.strftime(form) == text.strip():
            return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING_TIME)
    raise BadMessage("bad_time", "", _("时间写法不对,应为如 2026-03-02 10:05:00"))


def _canonical(profile: Profile, kind: Kind, message: Mapping[str, Any]) -> dict[str, str]:
    names = profile.names[kind]
    inner = _inner(profile, message)
    return _gathered(profile, ((names.get(fold(key)), key, value) for key, value in inner.items()), kind)


def _inner(profile: Profile, message: Any) -> Mapping[str, Any]:
    if not isinstance(message, Mapping):
        raise BadMessage("not_object", "", _("报文不是一个对象"))
    wrapped = [value for key, value in message.items() if profile.wrapper and fold(key) == fold(profile.wrapper)]
    return _inner_of(wrapped[0], profile.wrapper) if wrapped else message


def _inner_of(value: Any, wrapper: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadMessage("not_object", wrapper, _("报文不是一个对象"))
    return value


def _gathered(profile: Profile, given: Iterable[tuple[Name | None, str, Any]], kind: Kind) -> dict[str, str]:
    found: dict[str, tuple[int, str]] = {}
    for name, key, value in given:
        if name is None or value is None:
            continue
        text = _ours(profile, name.canonical, _text(key, value))
        known = found.get(name.canonical)
        if known and name.canonical in KEY_FIELDS and text.strip() and known[1].strip() and text != known[1]:
            raise BadMessage("conflict", key, _("同一内容有两个不同的值"))
        rank = name.rank if text.strip() else name.rank + 10_000
        if known is None or rank < known[0]:
            found[name.canonical] = rank, text
    fields = {canonical: text for canonical, (_rank, text) in found.items()}
    return _silence_told(profile, fields) if kind == "rating" else fields


def _silence_told(profile: Profile, fields: dict[str, str]) -> dict[str, str]:
    """Silence that travels as a channel becomes what it is; a message that also denies it contradicts itself."""
    if fold(fields.get("channel", "")) not in profile.silence:
        return fields
    if fields.get("is_default", "").strip() not in ("", "1"):
        raise BadMessage("conflict", "is_default", _("渠道说是系统默认评价,默认评价标志却说不是"))
    return {**fields, "channel": "", "is_default": "1"}


def _ours(profile: Profile, canonical: str, text: str) -> str:
    codes = profile.meanings.get(canonical)
    if codes:
        return codes.get(fold(text), text)
    length = profile.item_code_length
    if canonical == "item_code" and length and len(text) == length + _HANDLING_ITEM_EXTRA:
        return text[:length]
    return text


def _text(key: str, value: Any) -> str:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise BadMessage("not_text", key, _("含有不能保存的字符"))
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() <= _DIGITS_MAX * 3:
        return str(value)
    if isinstance(value, int | float):
        raise BadMessage("inexact", key, _("数字不能准确保存,请以文本发送"))
    raise BadMessage("nested", key, _("应为一个值,不能是列表或对象"))
