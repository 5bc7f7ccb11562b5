"""What is recognised by its own build: e-mail, social credit code, plate; numbers named by the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from identity.redaction.digits import is_id_card

_LOCAL, _WORD = r"[A-Za-z0-9._%+-]", r"[A-Za-z0-9]"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_STRUCTURES = [
    ("email", re.compile(rf"(?<!{_LOCAL}){_LOCAL}{{1,64}}@[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}){{1,5}}")),
    ("uscc", re.compile(rf"(?<!{_WORD})[0-9A-Ya-y]{{2}}\d{{6}}[0-9A-Ya-y]{{10}}(?!{_WORD})")),
    # GA 36: five places, new energy six; no I and O. The last may be 挂学警港澳.
    (
        "plate",
        re.compile(
            rf"[{_PROVINCES}使][A-HJ-Za-hj-z][ ·.-]?"
            rf"(?:[A-HJ-NP-Za-hj-np-z0-9]{{6}}(?!{_WORD})"
            rf"|[A-HJ-NP-Za-hj-np-z0-9]{{5}}(?!{_WORD})"
            rf"|[A-HJ-NP-Za-hj-np-z0-9]{{4}}[挂学警港澳])"
        ),
    ),
    (
        "project_number",
        re.compile(
            r"(?:办件编号|办件号|受理编号|受理号|业务编号|业务流水号|申请编号|工单号)[是为: ]{0,3}"
            r"(?P<find>[A-Za-z0-9-]{6,40})"
        ),
    ),
    (
        "account",
        re.compile(
            r"(?:微信号?|QQ号?|qq号?|VX|vx|V信|v信|抖音号)[是为: ]{0,3}"
            r"(?P<find>[A-Za-z][A-Za-z0-9_-]{5,19}|[1-9]\d{4,11})(?![A-Za-z0-9_-])"
        ),
    ),
]


def by_structure(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and rule of each find; `text` in normal form."""
    for rule, pattern in _STRUCTURES:
        for match in pattern.finditer(text):
            group = "find" if "find" in pattern.groupindex else 0
            if _STRUCTURE_CHECKS.get(rule, bool)(match[group]):
                yield *match.span(group), rule


def _is_uscc(text: str) -> bool:
    """GB 32100-2015: the weighted sum of the first 17 characters and the check character make a multiple of 31."""
    values = [_USCC_ALPHABET.find(character) for character in text.upper()]
    if -1 in values or is_id_card(text, named=False):
        return False
    return (sum(value * pow(3, place, 31) for place, value in enumerate(values[:17])) + values[17]) % 31 == 0


def _is_plate(text: str) -> bool:
    body = [character for character in text[2:] if character.isalnum()]
    new_energy = len(body) == 6 and body[-1] not in "挂学警港澳"
    digits = sum(character.isdigit() for character in body)
    if new_energy:
        return digits >= 4 and (body[0] in "ABCDEFGHJKabcdefghjk" or body[-1] in "ABCDEFGHJKabcdefghjk")
    return digits >= 2


_STRUCTURE_CHECKS = {"uscc": _is_uscc, "plate": _is_plate}
