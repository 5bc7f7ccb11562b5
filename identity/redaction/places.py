"""Where somebody lives: what is more exact than the street. Districts, towns and streets by themselves stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

Finds = Iterator[tuple[int, int]]

_N = r"(?:\d{1,5}|[一二三四五六七八九十百零〇两]{1,5})"
_SIDE = "[东西南北中]"
_STREET = "大街|大道|(?<!街)(?<!频)道|路|街(?!道)|巷|弄|胡同"
# What may follow the number of a house or the name of an estate, down to the room.
_TAIL = (
    rf"(?:[,、/]?(?:(?:内|附|付|后|第)?{_N}(?:-{_N}){{0,2}}(?:号楼|号院|号|栋|幢|座|#楼?|单元|层|楼|室|户|房|门"
    rf"|排|组|院|家|区|期)(?!窗)"
    rf"|[A-Za-z]{_N}?(?:座|栋|幢|区|单元|室)|{_SIDE}(?:单元|户|头|侧|边|厢|门|首|区)|[内附付]{_N}号?|院?内|平房|商铺|宿舍"
    rf"|(?<=[元楼座栋幢号庭城苑区期园层院#])(?:\d{{1,4}}(?:-\d{{1,4}}){{0,3}}(?![\d年月日号])"
    rf"|[一二三四五六七八九零〇]{{3,4}}))){{0,9}}"
)
_HOUSE = re.compile(
    rf"(?:{_STREET})(?:{_SIDE}段|{_SIDE}首|{_SIDE}侧)?{_N}(?:-{_N}){{0,2}}(?:号楼?(?!窗|线|公交|文|令|公告|台)"
    rf"|弄|#){_TAIL}"
    rf"|(?:{_STREET})(?:\d{{1,3}}-\d{{1,3}}-\d{{2,4}}|\d{{1,4}}号?楼{_TAIL})"
)
_BUILDING = re.compile(
    rf"(?:{_N}(?:号楼|栋|幢|#楼?(?=\d|[A-Z]|{_SIDE}))|[A-Za-z]\d?(?:座|栋|幢)|\d{{1,3}}号(?:院"
    rf"|(?=\d{{1,3}}号楼))){_TAIL}"
    rf"|\d{{1,3}}-\d{{1,2}}-\d{{2,4}}(?![-\d])|{_N}单元{_TAIL}|(?:(?<=大厦)|(?<=广场)|(?<=公寓)"
    rf"|(?<=商城))(?:\d{{3,4}}室?|{_N}[楼层](?=\d|{_SIDE}户)){_TAIL}"
)
_SURELY_A_HOME = re.compile(rf"{_N}(?:号楼|栋|幢){_N}单元|{_N}单元|{_N}室|[A-Za-z]\d?座\d|{_SIDE}户")
_VILLAGE = re.compile(
    rf"(?:[村屯寨庄疃夼泊](?![村镇])|新村|社区)"
    rf"(?:[^\W\d了有给的到是在让没说委]{{0,10}}?(?:{_N}(?:号|组|队|排|巷|条)(?!窗|线)|第{_N}[家户])"
    rf"|{_SIDE}[头街边]){_TAIL}"
)
_TOWN_VILLAGE = re.compile(
    rf"(?<=[镇乡道])[\u4e00-\u9fff]{{1,5}}[村屯寨](?!委|民委|支|党|两委|干部|书记|里|村通|卫生|小学|便民){_TAIL}"
)
_HOME = re.compile(
    r"(?:家住|我住|住在|住址|地址|家在|租住|现住|居住地|户口在|户籍地|老家|坐落|(?:爸|妈|家|奶|爷|姥姥|姥爷"
    r"|老人|父母)住)(?:在|是|为|于|:)?"
    r"(?P<find>[\u4e00-\u9fff]{2,12}?(?:小区|花园|家园|公寓|新村|新城|花苑|山庄|庄园|[苑村屯寨庄疃夼]))(?!镇"
    r"|[\u4e00-\u9fff]{0,2}(?:委|政府|大厅|中心|服务))"
)
_STOPS = "我你他她它们住在于到去是的了从往至址为与及或叫有找因和离给把被送寄搬,看查交让向过"
_STOP_WORDS = "地址|位于|坐落|门店|仓库|单位|公司|老家|房子|户籍地?|取件|收件|附近|对面|旁边|隔壁|小区是|家属"
_REACH = 14
# The last of: a character no name has, the end of a district or town, a word before an address; then the name.
_NAME_BEFORE = re.compile(
    r"(?:.*(?:[^\u4e00-\u9fff0-9A-G]|(?<![小社A-Z东西南北中一二三四五])区|(?<!城)市(?!场)|县|镇|乡|街道"
    rf"|[{_STOPS}]|{_STOP_WORDS})|^)(?P<name>[\u4e00-\u9fff0-9A-G]*)$",
    re.DOTALL,
)
# An office may be named with its house.
_OFFICE = re.compile(
    r"(?:大厅|中心|政府|[局厅委办院馆所站校部]|医院|银行|大学|学校|法院|派出所|服务站|窗口)(?:的?(?:地址|位于"
    r"|设在|迁至|搬到|搬迁至|迁址|在))?(?:是|为|:|\()?$"
)


def addresses(text: str) -> Finds:
    """Houses, flats and homes in villages, from the name of the street or estate to the room."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_parts(text)):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    yield from merged


def _parts(text: str) -> Finds:
    """Street and house, estate and building, village, home: an address may consist of several."""
    for pattern in (_HOUSE, _VILLAGE):
        for match in pattern.finditer(text):
            start = _name_start(text, match.start())
            if not _is_office(text, start, match[0]):
                yield start, match.end()
    yield from (match.span() for match in _TOWN_VILLAGE.finditer(text))
    for match in _BUILDING.finditer(text):
        start = _name_start(text, match.start())
        home = _SURELY_A_HOME.search(match[0])
        if match.start() - start < 2:
            start = match.start()
        if home or (start < match.start() and not _is_office(text, match.start(), match[0])):
            yield start, match.end()
    for match in _HOME.finditer(text):
        yield match.span("find")


def _name_start(text: str, end: int) -> int:
    """Where the name before a street, an estate or a number begins."""
    match = _NAME_BEFORE.match(text[max(0, end - _REACH) : end])
    return end - len(match["name"]) if match else end


def _is_office(text: str, start: int, address: str) -> bool:
    return not _SURELY_A_HOME.search(address) and bool(_OFFICE.search(text[max(0, start - 10) : start]))
