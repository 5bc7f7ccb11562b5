"""One cell at a time. Each reader gives the value, or says by name what is wrong with it."""

from __future__ import annotations

import re
import unicodedata

from evaluations.enums import FaultCode
from evaluations.faults import Fault
from evaluations.rows.results import COUNT_MAX
from identity.redaction.digits import is_id_card

EXCEL_ERRORS = frozenset(
    [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#DIV/0!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
        "#BLOCKED!",
    ]
)
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?[eE]\+?[0-9]{1,3}")
NUMERAL = re.compile(r"[0-9]{1,5}")
SEPARATORS = re.compile(r"[,、;]")
LONG_DIGITS = re.compile(r"[0-9]{7,}")
TRUE, FALSE = frozenset({"1", "TRUE", "是", "Y"}), frozenset({"0", "FALSE", "否", "N"})
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# A joiner between pictures is how families and flags are written.
INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200c\u2060-\u2064\ufeff]|\u200d(?![\u2600-\u27bf\U0001f000-\U0001faff])")
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
MOBILE = re.compile(r"1[0-9]{10}")
LANDLINE = re.compile(r"0[1-9][0-9]{8,10}")
ABROAD = re.compile(r"\+[0-9]{7,15}")
PHONE_MAX, SHOWN = 40, 40


def folded(value: str) -> str:
    """A code in plain width and without spaces around it."""
    return value.strip() if value.isascii() else unicodedata.normalize("NFKC", value).strip()


def shown(value: str) -> str:
    """A value as it may stand in a report of errors: short, without any number long enough to be somebody's."""
    # Cut before folding: one letter may fold to eighteen, and a megabyte of them is not worth reading.
    text = LONG_DIGITS.sub(lambda digits: digits[0][:3] + "…", folded(value[: SHOWN * 2]))
    text = text.encode(errors="replace").decode().replace("\0", "?")
    return text if len(text) <= SHOWN and len(value) <= SHOWN * 2 else text[:SHOWN] + "…"


def storable(column: str, value: str) -> Fault | None:
    """What no database holds: the character zero, and half of a pair."""
    if "\0" in value:
        return Fault(column, FaultCode.NUL)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return Fault(column, FaultCode.SURROGATE)
    return None


def read_key(column: str, value: str, most: int) -> str | Fault:
    """A number or code that identifies something: in plain width, exact, nothing unseen in it.

    Source: reliability.md §7.3 nos. 27, 38, 46: neither lost digits nor hidden characters may make a second key.
    """
    if fault := storable(column, value):
        return fault
    # Spaces around do not count, but nobody pads by hundreds.
    key = folded(value) if len(value) < 1000 else value
    if len(key) > most:
        return Fault(column, FaultCode.TOO_LONG, {"length": len(key), "most": most})
    if key in EXCEL_ERRORS:
        return Fault(column, FaultCode.EXCEL_ERROR, {"value": key})
    if SCIENTIFIC.fullmatch(key) and not key.isalnum():
        return Fault(column, FaultCode.KEY_SCIENTIFIC, {"value": key})
    if not key.isprintable() or " " in key:
        return Fault(column, FaultCode.HIDDEN_CHARACTERS)
    return key


def read_count(column: str, value: str) -> int | Fault:
    """A number of the service or of the rating, from 1; an empty cell is the first."""
    text = folded(value)
    if not text:
        return 1
    if NUMERAL.fullmatch(text) and 1 <= int(text) <= COUNT_MAX:
        return int(text)
    return Fault(column, FaultCode.NUMBER_WRONG, {"value": shown(value), "most": COUNT_MAX})


def read_level(column: str, value: str) -> int | Fault:
    """1 to 5, in any width; no word and no other number (domain.md §3.1)."""
    text = folded(value)
    if text in ("1", "2", "3", "4", "5"):
        return int(text)
    return Fault(column, FaultCode.LEVEL_WRONG, {"value": shown(value)})


def read_flag(column: str, value: str, *, required: bool) -> bool | Fault:
    """Whether a rating was made by the system's timer (domain.md §4.1). Nothing said counts as no only if it may."""
    text = folded(value).upper()
    if text in TRUE:
        return True
    if text in FALSE or (not text and not required):
        return False
    if not text:
        return Fault(column, FaultCode.FLAG_MISSING)
    return Fault(column, FaultCode.FLAG_WRONG, {"value": shown(value)})


def read_text(column: str, value: str, most: int, doubts: list[Fault]) -> str | Fault:
    """Somebody's own words, unchanged; a line break counts as one character. What hides in them is named."""
    if fault := storable(column, value):
        return fault
    if len(value) > most and (length := len(value.replace("\r\n", "\n"))) > most:
        return Fault(column, FaultCode.TOO_LONG, {"length": length, "most": most})
    if value.startswith("#") and value in EXCEL_ERRORS:
        return Fault(column, FaultCode.EXCEL_ERROR, {"value": value})
    if not value.isprintable():
        doubts += [Fault(column, FaultCode.TEXT_DIRECTION)] if DIRECTION.search(value) else []
        doubts += [Fault(column, FaultCode.TEXT_INVISIBLE)] if INVISIBLE.search(value) else []
    return value


def says_something(text: str) -> bool:
    """Whether anything can be seen of a text."""
    return bool(UNSEEN.sub("", text).strip())


def split_tags(value: str) -> list[str]:
    """The codes of a list of tags, each once, in the order given."""
    parts = (part.strip() for part in SEPARATORS.split(unicodedata.normalize("NFKC", value)))
    return [part for part in dict.fromkeys(parts) if part]


def read_phone(column: str, value: str, doubts: list[Fault]) -> str:
    """The digits of a number that can be called; any other is named and not kept (reliability.md §7.3 no. 41)."""
    typed = unicodedata.normalize("NFKC", value) if len(value) <= PHONE_MAX else ""
    number = "".join(sign for sign in typed if sign.isdigit() or sign == "+")
    plain = re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", number)
    if MOBILE.fullmatch(plain) or LANDLINE.fullmatch(plain) or ABROAD.fullmatch(plain):
        return plain
    if value.strip():
        doubts.append(Fault(column, FaultCode.PHONE_ODD, {"length": len(plain)}))
    return ""


def read_name(column: str, value: str, most: int, doubts: list[Fault]) -> str:
    """A name, or nothing and a doubt: who somebody is comes second to what was said."""
    name = value.strip()
    if len(name) <= most and name.isprintable():
        return name
    doubts.append(Fault(column, FaultCode.NAME_ODD))
    return ""


def check_id_number(column: str, value: str, doubts: list[Fault]) -> None:
    """Looks at the check digit (GB 11643) and forgets the number."""
    number = folded(value[: SHOWN * 2]).upper()
    if number and not (number.isascii() and is_id_card(number, named=False)):
        doubts.append(Fault(column, FaultCode.ID_CHECK))
