"""What is recognised by its digits: identity and bank cards, telephone numbers.

Digits are read as chains of groups. A group is never split ("1380000000012" is no telephone number); groups may be
joined ("138 0000 0000" is one), except one that is whole by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

# Digits with at most two separators between; the x of an identity card may end it.
_CHAIN = re.compile(r"\d(?:[ \-._*/()~‐-―·]{0,2}\d)*(?:[ \-]?[xX](?![A-Za-z0-9]))?")
_MOBILE = re.compile(r"(?:0|86|0086)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8}")
_LOCAL_LINE = re.compile(r"[2-8]\d{6,7}")
_PHONE_CUE = re.compile(r"(?:电话|座机|固话|拨打|致电|号码|[Tt][Ee][Ll])[是为:打. ]{0,3}$")
_ID_CUE = re.compile(r"(?:身份证|证件)(?:号码|号)?[是为: ]{0,3}$")
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_CUE_LENGTH = 12
_LONGEST = 19


def by_digits(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and rule of each find; `text` in normal form."""
    for groups in chains(text):
        yield from _in_chain(text, groups)


def chains(text: str) -> Iterator[list[tuple[int, int]]]:
    """Chains of digit groups that only separators part, each group by its start and end."""
    for match in _CHAIN.finditer(text):
        yield [
            (match.start() + group.start(), match.start() + group.end())
            for group in re.finditer(r"\d+[xX]?|[xX]", match[0])
        ]


def _in_chain(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
    first = 0
    while first < len(groups):
        found = _longest_from(text, groups, first)
        if found is None:
            first += 1
        else:
            last, rule = found
            yield groups[first][0], groups[last][1], rule
            first = last + 1


def _longest_from(text: str, groups: list[tuple[int, int]], first: int) -> tuple[int, str] | None:
    found, digits = None, ""
    start = groups[first][0]
    for last in range(first, len(groups)):
        group = text[slice(*groups[last])]
        # What is whole by itself is not a part of something longer.
        if last > first and _MOBILE.fullmatch(group.rstrip("xX")):
            break
        digits += group.upper()
        if len(digits) > _LONGEST:
            break
        sizes = [end - begin for begin, end in groups[first : last + 1]]
        rule = _rule_of(digits, sizes, text[max(0, start - _CUE_LENGTH) : start])
        if rule:
            found = (last, rule)
    return found


def _rule_of(digits: str, sizes: list[int], before: str) -> str | None:
    if is_id_card(digits, named=bool(_ID_CUE.search(before))):
        return "id_card"
    digits = digits.removesuffix("X")
    if _is_bank_card(digits, sizes):
        return "bank_card"
    if _MOBILE.fullmatch(digits):
        return "mobile"
    if _LANDLINE.fullmatch(digits):
        return "landline"
    if _LOCAL_LINE.fullmatch(digits) and not _is_day(digits) and _PHONE_CUE.search(before):
        return "landline"
    return None


def is_id_card(digits: str, *, named: bool) -> bool:
    """Whether a number is that of an identity card.

    GB 11643: province, date of birth, check character; 15 digits are the old form without it.

    A number of the right build with a wrong check character counts when the text calls it an identity card.
    """
    if not _PROVINCE.match(digits) or len(digits) not in (15, 18):
        return False
    if len(digits) == 15:
        return digits.isdigit() and _is_day("19" + digits[6:12])
    if not digits[:17].isdigit() or not _is_day(digits[6:14]):
        return False
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(digits[:17]))
    return named or "10X98765432"[total % 11] == digits[17]


def _is_bank_card(digits: str, sizes: list[int]) -> bool:
    """16 to 19 digits with a Luhn check digit, in one piece, in fours or digit by digit, or 6 + 13."""
    evenly = len(set(sizes[:-1])) <= 1 and sizes[-1] <= max(sizes[0], 4)
    if not 16 <= len(digits) <= 19 or not digits.isdigit() or digits[0] not in "3456":
        return False
    if len(sizes) > 1 and not evenly and sizes != [6, 13]:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2099


_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")


def by_han_digits(text: str) -> Iterator[tuple[int, int, str]]:
    """Telephone numbers written out: 幺三八零零零零零零零零, or mixed with figures."""
    written = text.translate(_HAN_DIGITS)
    for groups in chains(written):
        for start, end, rule in _in_chain(written, groups):
            if rule == "mobile":
                yield start, end, rule
