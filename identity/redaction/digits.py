"""What is recognised by its digits: identity and bank cards, telephone numbers.

Telephone detectors that expect a space before the number fail in Chinese, so the boundaries are ours: a run of digits
is never split ("1380000000012" is no telephone number), and runs are joined over signs that are no letters, if the
pieces are such as people write ("138 0000 0000", "1-3-8-…").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

Finds = Iterator[tuple[int, int]]

# Between two digits of one number: up to four signs, spaces or line breaks.
GAP = r"[^\w〓]{0,4}"
_LOOSE = frozenset(" \t\n\r-.·•*/\\~()‐‑‒–—―−")
_GROUPS = re.compile(r"[0-9Xx]+")
_ONES, _SHORTEST_CARD = 9, 16
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def _digits(count: int) -> str:
    return rf"(?:{GAP}\d){{{count}}}"


_NOT_BEFORE, _NOT_AFTER = r"(?<!\d)", r"(?!\d)"
_DAY = rf"{GAP}[01]{GAP}\d{GAP}[0-3]{GAP}\d"
_ID18 = re.compile(
    rf"{_NOT_BEFORE}[1-8]{_digits(5)}{GAP}[12]{GAP}[09]{_digits(2)}{_DAY}{_digits(3)}{GAP}[\dXx](?![\dA-Za-z])"
)
_ID15 = re.compile(rf"{_NOT_BEFORE}[1-8]{_digits(7)}{_DAY}{_digits(3)}{_NOT_AFTER}")
_CARD = re.compile(rf"{_NOT_BEFORE}[3-69]{_digits(15)}(?:{GAP}\d){{0,3}}{_NOT_AFTER}")
_MOBILE = re.compile(rf"{_NOT_BEFORE}(?:(?:0{GAP}0{GAP})?8{GAP}6{GAP}|0{GAP})?1{GAP}[3-9]{_digits(9)}{_NOT_AFTER}")
_LANDLINES = [re.compile(rf"{_NOT_BEFORE}0{GAP}[1-9]{_digits(length - 2)}{_NOT_AFTER}") for length in (12, 11)]
_ABROAD_LINE = re.compile(rf"{_NOT_BEFORE}(?<=\+)86{GAP}[1-9]{_digits(9)}(?:{GAP}\d)?{_NOT_AFTER}")
_LOCAL_LINE = re.compile(rf"{_NOT_BEFORE}[2-8]{_digits(6)}(?:{GAP}\d)?{_NOT_AFTER}")
_ID_CUE = re.compile(r"(?:身份证|证件|公民身份|居民身份|证)(?:件?号码?|号)?[是为:\s]{0,3}$")
_LINE_CUE = re.compile(
    r"(?:电话|座机|固话|传真|热线|专线|总机|小灵通|拨打|致电|来电|拨|打|号码|联系方式|[Tt][Ee][Ll]"
    r"|[Ff][Aa][Xx])号?码?[是为了:.\s(]{0,3}$"
)
_CARD_CUE = re.compile(
    r"(?:银行卡|储蓄卡|工资卡|社保卡|信用卡|存折|账户|帐户|账号|帐号|卡|[工农中建交邮][行商]|银联)(?:号码?"
    r"|账号)?[是为:\s(]{0,3}$"
)
_CUE_LENGTH = 14
_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
# Area codes of the national numbering plan: two places for Beijing and the great cities, three for all others.
_AREA = re.compile(
    r"0(?:10|2[0-57-9])\d{8}"
    r"|0(?:3(?:1\d|35|49|[57]\d|9[1-8])|4(?:1[1-9]|2[179]|3\d|[57]\d|6[4789]|8[23])|5(?:[1-357]\d|4[36]|6[1-6]|80|9\d)"
    r"|6(?:3[1-5]|6[0238]|9[12])|7(?:01|[1357-9]\d|2[248]|4[3-6]|6[0236-9])|8(?:1[236-8]|2[5-7]|[37]\d|5[4-9]"
    r"|8[13678]|9[1-8])"
    r"|9(?:0[1-369]|1[1-9]|[37]\d|4[13]|5[1-5]|9\d))[2-8]\d{6,7}"
)
# How people part eleven digits where a sign such as a comma might also part two numbers.
_PHONE_SHAPES = frozenset([(3, 4, 4), (3, 3, 5), (3, 8), (7, 4), (4, 4, 3), (5, 6), (6, 5), (3, 4), (4, 3), (4, 4)])


def id_cards(text: str) -> Finds:
    """Numbers of identity cards, GB 11643; those of 15 digits have no check character and ask for a tidy writing."""
    yield from _each(_ID18, text, lambda digits, match: is_id_card(digits, named=_follows(_ID_CUE, match)))


def old_id_cards(text: str) -> Finds:
    """Numbers of the first generation: 15 digits, of people born before 1999."""
    yield from _each(_ID15, text, _is_old_id)


def bank_cards(text: str) -> Finds:
    """Cards by ISO/IEC 7812: 16 to 19 digits with a Luhn check digit, or called an account by the text."""
    place = 0
    while match := _CARD.search(text, place):
        place = match.start() + 1
        groups = list(_GROUPS.finditer(match[0]))
        while groups and groups[-1].end() >= _SHORTEST_CARD:
            if _is_bank_card([group[0] for group in groups], match):
                place = match.start() + groups[-1].end()
                yield match.start(), place
                break
            groups.pop()


def mobiles(text: str) -> Finds:
    """Mobile numbers, eleven digits from 13 to 19."""
    yield from _each(_MOBILE, text, lambda digits, match: _is_tidy(match))


def landlines(text: str) -> Finds:
    """Fixed lines with their area code."""
    for pattern in _LANDLINES:
        yield from _each(pattern, text, lambda digits, match: bool(_AREA.fullmatch(digits)) and _is_tidy(match))
    yield from _each(_ABROAD_LINE, text, lambda digits, match: bool(_AREA.fullmatch("0" + digits[2:])))


def local_lines(text: str) -> Finds:
    """Fixed lines without area code, where the text speaks of a telephone."""
    yield from _each(_LOCAL_LINE, text, _is_local_line)


def _each(pattern: re.Pattern[str], text: str, accept: Callable[[str, re.Match[str]], bool]) -> Finds:
    place = 0
    while match := pattern.search(text, place):
        if accept("".join(_GROUPS.findall(match[0])).upper(), match):
            yield match.span()
            place = match.end()
        else:
            place = match.start() + 1


def _follows(cue: re.Pattern[str], match: re.Match[str]) -> bool:
    start = match.start()
    return bool(cue.search(match.string[max(0, start - _CUE_LENGTH) : start]))


def _sizes(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(map(len, _GROUPS.findall(match[0])))


def _is_tidy(match: re.Match[str]) -> bool:
    """Whether the pieces are such as people write: in one, one by one, or a few; fewer shapes over odd signs."""
    sizes = _sizes(match)
    if len(sizes) >= _ONES and set(sizes) == {1}:
        digits = _GROUPS.findall(match[0])
        return digits != sorted(digits)
    if sizes[0] in (2, 4) and match[0].startswith(("86", "0086")):
        sizes = sizes[1:]
    return (
        (len(sizes) <= 5 and _LOOSE.issuperset(_GROUPS.sub("", match[0]))) or len(sizes) == 1 or sizes in _PHONE_SHAPES
    )


def is_id_card(digits: str, *, named: bool) -> bool:
    """Whether a number is that of an identity card.

    GB 11643: province, date of birth, check character; 15 digits are the old form without it.

    A number of the right build with a wrong check character counts when the text calls it an identity card.
    """
    if not _PROVINCE.match(digits) or len(digits) not in (15, 18):
        return False
    if len(digits) == 15:
        return digits.isdigit() and is_day("19" + digits[6:12])
    if not digits[:17].isdigit() or not is_day(digits[6:14]):
        return False
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(digits[:17]))
    return named or "10X98765432"[total % 11] == digits[17]


def _is_old_id(digits: str, match: re.Match[str]) -> bool:
    # "370602 260302 001" is a service of 2026 rather than somebody born in 1926.
    named = _follows(_ID_CUE, match)
    sizes = _sizes(match)
    tidy = len(sizes) <= 4 or set(sizes) == {1}
    return tidy and is_id_card(digits, named=False) and (named or not "20" <= digits[6:8] <= "35")


def _is_bank_card(groups: list[str], match: re.Match[str]) -> bool:
    digits = "".join(groups)
    if not _SHORTEST_CARD <= len(digits) <= 19:
        return False
    named = not (_is_issued(digits) and is_luhn(digits))
    if named and not _follows(_CARD_CUE, match):
        return False
    sizes = [len(group) for group in groups]
    evenly = len(set(sizes[:-1])) <= 1 and sizes[-1] <= max(sizes[0], 4)
    return evenly or sizes == [6, 13] or (len(sizes) <= 5 and _follows(_CARD_CUE, match))


def _is_issued(digits: str) -> bool:
    """Whether a card may begin so: UnionPay 6, old cards 9558, Visa 4, Mastercard 5, JCB 35."""
    return digits[0] == "6" or digits.startswith("9558") or (len(digits) == 16 and digits.startswith(("4", "5", "35")))


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit (ISO/IEC 7812-1) of those before it."""
    return (sum(map(int, digits[::-1][::2])) + sum(map(_DOUBLED.__getitem__, map(int, digits[::-1][1::2])))) % 10 == 0


def _is_local_line(digits: str, match: re.Match[str]) -> bool:
    return _follows(_LINE_CUE, match) and not is_day(digits) and len(_sizes(match)) <= 3


def is_day(digits: str) -> bool:
    """Whether eight digits are a day of 1900 to 2099."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2099


_UNDERSCORE = str.maketrans("_×ХхΧχ", " XXXXX")
_LETTERS = str.maketrans("OoQlI|", "000111")
_LIKE_LETTERS = frozenset("OoQlI|")
_HAN = str.maketrans("零〇洞一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两拐勾杠横", "000123456789112345678927" + "9--")
_ANY_NUMBER = re.compile(rf"\d{_digits(4)}")
_LIKE_DIGITS = re.compile(r"(?<![A-Za-z0-9|])[OoQlI|0-9]+(?:(?![A-Za-z0-9|])|(?=[Xx](?![A-Za-z0-9])))")
_HAN_DIGITS = frozenset(map(chr, _HAN))
_IN_HAN = re.compile(r"(?:[零〇洞一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两拐勾\d][^\w〓]{0,4}[杠横]?){7}")


def readings(text: str) -> list[str]:
    """The ways of reading digits that make a difference in a text, the plainest first; offsets stay.

    Plain (an underscore is a gap, a multiplication sign the X of a card); with O, l and I among digits as 0 and 1;
    with Chinese numerals, also among digits (幺三八零零…, 一三八-0000). None where no number can be.
    """
    plain = text.translate(_UNDERSCORE)
    views = [plain] if _ANY_NUMBER.search(plain) else []
    lettered = plain
    if not _LIKE_LETTERS.isdisjoint(plain):
        lettered = _LIKE_DIGITS.sub(lambda run: run[0].translate(_LETTERS), plain)
        views.append(lettered)
    if not _HAN_DIGITS.isdisjoint(lettered) and _IN_HAN.search(lettered):
        views.append(lettered.translate(_HAN))
    return views
