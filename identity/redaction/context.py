"""What is recognised by the words around it: house addresses and names of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PLACE_NUMBER = re.compile(
    r"(?:路|街|巷|弄|胡同|小区|花园|家园|公寓|新村|社区|苑|城|村|庄) ?\d{1,5} ?(?:号楼|号院|号(?!窗)|栋|幢)"
    r"(?: ?\d{1,4} ?(?:号楼|栋|幢|单元|室|户)){0,3}"
    r"|(?<![\dA-Za-z])\d{1,4} ?(?:号楼|栋|幢) ?\d{1,2} ?单元(?: ?\d{1,4} ?(?:室|户|号)?)?"
)
_PLACE_STOPS = frozenset("我你他她它们住在于到去是的了从往至址为与及或叫有找因")
_PLACE_REACH = 10


def by_address(text: str) -> Iterator[tuple[int, int, str]]:
    """A house: from its road or estate, as far back as the name may reach, to the room."""
    for match in _PLACE_NUMBER.finditer(text):
        start = match.start()
        for _ in range(_PLACE_REACH):
            if start == 0 or not _is_han(text[start - 1]) or text[start - 1] in _PLACE_STOPS:
                break
            start -= 1
        yield start, match.end(), "address"


_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘蔡蒋余于杜叶程魏苏吕丁任卢姚"
    "沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔"
    "曲宫迟初栾隋姬滕丛鞠慕辛"
)
_COMPOUND_SURNAME = re.compile("欧阳|司马|上官|诸葛|皇甫|东方|慕容|令狐|司徒|夏侯|尉迟|公孙|端木|长孙|宇文")
_INTRODUCTION = re.compile(
    r"(?:我叫|我名叫|名字叫|名字是|叫做|联系人|姓名|经办人|申请人|办理人|当事人|我是)[是为: ]{0,2}"
)
_TITLE = re.compile(
    "女士|先生|小姐|老师|师傅|科长|处长|局长|主任|经理|同志|大姐|大哥|大爷|大妈|阿姨|股长|所长|书记|医生|护士|警官|律师"
)
_AFTER_A_NAME = frozenset("来去办在是的了有说要想被已和到给从把今昨前我你他她不也就")
# Everyday words that begin like a name.
_NO_NAME = re.compile(
    "方便|高兴|安全|平时|时候|金额|成本|文件|明白|马上|任何|万一|全部|白天|包括|黄金|关于|由于|对于|于是|江苏|金融|严重|严格|何时|何必"
    "|程序|高新|石油|龙口|莱山|任职|白石|黄务|曲折|方案|方式|方面|高中|高校|马路|武警|史上|万元|石材|余额|叶子|田地|初步|初次|高龄|万能"
    "|孔雀|金牌|程度"
)


def by_name(text: str) -> Iterator[tuple[int, int, str]]:
    """A name after an introduction or before a title; start, end and rule."""
    for match in _INTRODUCTION.finditer(text):
        end = _name_end(text, match.end(), surely=match[0][:2] != "我是")
        if end:
            yield match.end(), end, "name"
    for match in _TITLE.finditer(text):
        start = _name_start(text, match.start())
        if start is not None:
            yield start, match.start(), "name"


def _surname_at(text: str, start: int) -> int:
    """The length of the surname at a place: 2, 1 or 0."""
    if _COMPOUND_SURNAME.match(text, start):
        return 2
    return int(text[start : start + 1] in _SURNAMES)


def _name_end(text: str, start: int, *, surely: bool) -> int | None:
    """Where a name that begins at `start` ends: a surname and one or two more characters.

    Unless the text surely names somebody ("我叫…"), the name must end where the clause does.
    """
    length = _surname_at(text, start)
    if length == 0 or _NO_NAME.match(text, start):
        return None
    end = start + length
    while end < min(len(text), start + length + 2) and _is_han(text[end]) and text[end] not in _AFTER_A_NAME:
        end += 1
    if end == start + length or (not surely and end < len(text) and _is_han(text[end])):
        return None
    return end


def _name_start(text: str, end: int) -> int | None:
    """Where the name before a title begins: 王|王伟|王建国 + 女士; the longest that begins with a surname."""
    if end >= 2 and _NO_NAME.match(text, end - 2, end):
        return None
    for length in (4, 3, 2, 1):
        start = end - length
        if start < 0 or not all(map(_is_han, text[start:end])) or _NO_NAME.match(text, start):
            continue
        surname = _surname_at(text, start)
        if surname and surname <= length <= surname + 2:
            return start
    return None


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or character >= "\U00020000"
