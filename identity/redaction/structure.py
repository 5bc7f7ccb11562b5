"""What is recognised by its own build or by the words before it: e-mail, social credit code, plate, numbers of cases
and accounts. And what looks like them but is everybody's: hotlines, document numbers, dates, amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import mul

from identity.redaction.digits import GAP, is_day, is_id_card

Finds = Iterator[tuple[int, int]]

_MAILERS = (
    "qq|163|126|139|189|yeah|sina|sohu|gmail|outlook|hotmail|foxmail|aliyun|icloud|live|msn|yahoo|tom|21cn|wo|188|263"
)
_DOT = r"(?: ?[.。] ?| ?点 ?| dot | ?[\[(]dot[\])] ?)"
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}"
    rf"(?:\s{{0,2}}@\s{{0,2}}| ?[\[({{] ?(?:at|AT|艾特) ?[\])}}] ?| (?:at|AT) | ?艾特 ?|(?: ?# "
    rf"?(?=(?:{_MAILERS}){_DOT})))"
    rf"[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{1,63}}){{1,5}}(?![A-Za-z0-9])"
)


def emails(text: str) -> Finds:
    """Addresses of e-mail, also with a word for @ ("at", 艾特) or for the point."""
    return (match.span() for match in _EMAIL.finditer(text))


_USCC_VALUES = {character: value for value, character in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_USCC_WEIGHTS = [*(pow(3, place, 31) for place in range(17)), 1]
_USCC = re.compile(
    rf"(?<![A-Za-z0-9])[1-9ANYany](?:{GAP}[0-9A-Za-z])(?:{GAP}[0-9OoIl]){{6}}(?:{GAP}[0-9A-Za-z]){{10}}(?![A-Za-z0-9])"
)
_USCC_CUE = re.compile(r"(?:信用代码|税号|识别号|执照号)[是为:\s]{0,3}$")
_LIKE_DIGITS = str.maketrans("OIZS", "0125")


def credit_codes(text: str) -> Finds:
    """Unified social credit codes of GB 32100-2015."""
    place = 0
    while match := _USCC.search(text, place):
        code = "".join(filter(str.isalnum, match[0])).upper()
        named = bool(_USCC_CUE.search(text[max(0, match.start() - 10) : match.start()]))
        if _is_credit_code(code.translate(_LIKE_DIGITS)) or (named and code[2:8].isdigit()):
            yield match.span()
            place = match.end()
        else:
            place = match.start() + 1


def _is_credit_code(code: str) -> bool:
    """GB 32100-2015: the weighted sum of the first 17 characters and the check character make a multiple of 31."""
    values = [_USCC_VALUES.get(character, -1000) for character in code]
    return sum(map(mul, values, _USCC_WEIGHTS)) % 31 == 0 and min(values) >= 0 and not is_id_card(code, named=False)


_PART = r"[ ·.\-_\n~*/()]?"
_BODY = "[A-HJ-NP-Za-hj-np-z0-9OoIl]"
_NEW_ENERGY = "[A-HJKa-hjk]"
# GA 36: a letter and five places, new energy six; no I and O. The last may be 挂学警港澳.
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使]"
    rf"[ ·.\-_\n]?[A-HJ-Za-hj-z](?:\. |[ ·.\-_\n(*/~]{{0,2}})"
    rf"(?:{_BODY}(?:{_PART}{_BODY}){{4,5}}(?![A-Za-z0-9])|{_BODY}(?:{_PART}{_BODY}){{3}}{_PART}[挂学警港澳])\)?"
)


def plates(text: str) -> Finds:
    """Number plates of GA 36, also of new energy, of trailers and of learners."""
    for match in _PLATE.finditer(text):
        body = [character for character in match[0][2:] if character.isalnum()]
        if _is_plate(body):
            yield match.start(), match.end() - (match[0].endswith(")") and "(" not in match[0])


def _is_plate(body: list[str]) -> bool:
    digits = sum(character.isdigit() for character in body)
    if len(body) == 6:
        return digits >= 4 and bool(re.match(_NEW_ENERGY, body[0]) or re.match(_NEW_ENERGY, body[-1]))
    return digits >= 2


_NUMBERED = (
    "办件|受理|业务|申请|申报|投诉|诉求|案件|案|事项|评价|差评|查|服务|回执|督办|转办|交办|来件|办理|流水"
    "|登记|信访|来信|工单|预约"
    "|预审|收件|件"
)
_SPACED = "|".join(r"\s?".join(word) for word in _NUMBERED.split("|"))
_NUMBER_CUE = re.compile(
    rf"(?:(?<![证文邮稿])(?:{_SPACED})(?:\s?件)?\s?(?:受\s?理)?\s?(?:编\s?[号码]|号\s?码?|单\s?号?"
    rf"|流\s?水\s?号?)|(?:评价|差评|投诉)件|工\s?单|事项流水"
    r"|(?<![证件准品备志文])编\s?号|(?<!EMS)(?<![递运订M])单\s?号|流\s?水\s?号?)"
    r"(?:[是为:#\s\"“(的]|就是){0,4}"
)
_IN_ONE = r"[A-Za-z0-9](?:[-–—−_/]?[A-Za-z0-9]){5,39}"
_IN_PIECES = r"[A-Za-z0-9]{1,4}(?:[ \n][A-Za-z0-9]{1,4}){1,15}(?![A-Za-z0-9])"
_NUMBER = re.compile(rf"{_IN_PIECES}|{_IN_ONE}")
# Our own case numbers: eight of the readable letters (common.ids.READABLE).
_READABLE = "[2-9A-HJKMNP-TV-Z]"
_OWN = re.compile(rf"(?<![\w-]){_READABLE}{{4}}-{_READABLE}{{4}}(?![\w-])", re.ASCII)
_OWN_CALLED = re.compile(rf"{_READABLE}{{4}}[-–—−_ ]?{_READABLE}{{4}}(?![A-Za-z0-9])", re.IGNORECASE)
# Division, day and number in the day; or letters, day and number.
_BUILT = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:37)?(?P<division>[1-6]\d{5})(?P<day>20[2-4]\d[01]\d[0-3]\d)\d{3,8}"
    r"|[1-6]\d{5}[2-3]\d[01]\d[0-3]\d\d{3}"
    r"|[0-9A-Z]{6,20}-20[2-4]\d[01]\d[0-3]\d-\d{3,8}"
    r"|[A-Za-z]{2,8}-?20[2-4]\d[01]\d[0-3]\d-?\d{3,10})(?![A-Za-z0-9])"
)


def called_numbers(text: str) -> Finds:
    """Numbers of services and cases that the text calls so (办件编号, 受理号, 工单号, …)."""
    for cue in _NUMBER_CUE.finditer(text):
        match = _OWN_CALLED.match(text, cue.end()) or _NUMBER.match(text, cue.end())
        if match and (match.re is _OWN_CALLED or sum(map(str.isdigit, match[0])) >= 5):
            yield match.span()


def built_numbers(text: str) -> Finds:
    """Numbers of services and cases by their build alone: ours (7KQ4-2M9X), division + day + number, letters + day."""
    for match in _OWN.finditer(text):
        if any(map(str.isdigit, match[0])) and any(map(str.isalpha, match[0])):
            yield match.span()
    for match in _BUILT.finditer(text):
        if match["day"] is None or is_day(match["day"]):
            yield match.span()


_WECHAT = (
    "微 ?信|微心|薇信?|威信|威xin|徽信|维信|卫星|绿泡泡|[vV][xX]|[wW] ?[xX]|[vV]信|[vV]❤|薇❤|[加+➕] ?[vV]"
    "|[wW]ei[xX]in|[wW]e[cC]hat"
)
_QQ = "[qQ] ?[qQ]|扣 ?扣|抠抠|企鹅|球球|🐧"
_OTHERS = (
    "抖 ?[音Yy]|[dD][yY]|快 ?手|小红书|微博|围脖|支付宝|[zZ][fF][bB]|钉钉|闲鱼|淘宝|旺旺|陌陌|贴吧|知乎|头条"
    "|视频号|[bB]站|飞书|飞信"
    "|[tT]elegram|[wW]hats[aA]pp|[sS]kype|网名|昵称|账号|帐号|微"
)
_ACCOUNT = re.compile(
    rf"(?<![A-Za-z])(?P<cue>{_WECHAT}|{_QQ}|{_OTHERS})"
    r"(?P<said>(?:账号|帐号|账户|帐户|号码|号|[iI][dD]|联系|加我?|搜索?|名|叫|就是|是|为|关注我?"
    r"|[:=\s\"“,(+@#】)\]」-]){0,6})"
    r"(?P<find>@[\w-]{2,20}|[A-Za-z0-9][A-Za-z0-9_.-]{4,29}(?<![.-])|\d(?: ?\d){4,12})(?![A-Za-z0-9])"
)
_HOTLINE = re.compile(r"1[12]\d|12[1-9]\d\d|100\d\d|9[56]\d{3,4}")
_SAYS_ACCOUNT = re.compile("号|账|帐|[iI][dD]|[:=@]|搜|加|是|叫|名")


def accounts(text: str) -> Finds:
    """Accounts of WeChat, QQ, Douyin, Alipay and others: what stands after their name and is no word."""
    for match in _ACCOUNT.finditer(text):
        find = match["find"]
        if _HOTLINE.fullmatch(find):
            continue
        if not find.isalpha() or _SAYS_ACCOUNT.search(match["said"]) or "加" in match["cue"]:
            yield match.span("find")


_PUBLIC = [
    # 400 and 800 numbers.
    re.compile(r"(?<![\d-])[48]00(?:[ \-]?\d){7}(?!\d)"),
    # 鲁政发〔2024〕5号
    re.compile(r"[〔\[(【](?:19|20)\d\d[〕\])】] ?第? ?\d{1,5} ?号?"),
    re.compile(
        r"(?<!\d)20[0-4]\d[-./年] ?(?:1[0-2]|0?[1-9])[-./月] ?(?:3[01]|[12]\d|0?[1-9])日?(?![\d])(?: "
        r"?\d{1,2}:\d\d(?::\d\d)?)?"
    ),
    re.compile(r"(?<![\dA-Za-z-])20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![\dA-Za-z-])"),
    re.compile(r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)"),
    # Amounts and measures.
    re.compile(r"(?:[¥$]|人民币) ?\d[\d,]*(?:\.\d+)?|(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"),
    re.compile(r"(?<![\d.])\d{1,10}(?:\.\d+)?(?:[万亿千百]?[元块]|[万亿]|平方米|公里|平米|㎡|%|公顷|亩)"),
]


def public(text: str) -> Finds:
    """What is everybody's: hotlines, document numbers, dates, times, amounts. It stays, and no rule reads across it."""
    for pattern in _PUBLIC:
        yield from (match.span() for match in pattern.finditer(text))
