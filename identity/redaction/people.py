"""Names of people: of the unit's staff wherever they stand, of others by what the text makes likely.

A clause is read as a row of words, each as costly as it is rare (`words.txt`). A name is one more word: as costly as
its surname and its characters are rare among names (`names`), and cheaper where the words around it speak of a person
("找…", "…科长", "联系人:…"). It is a name where the cheapest reading of the clause holds it for one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from identity.redaction.names import (
    GIVEN,
    NEVER_COST,
    NEVER_GIVEN,
    PARTS,
    PINYIN_SURNAMES,
    PREPOSITIONS,
    RARE_GIVEN,
    SURNAMES,
    TRANSLITERATED,
)

Finds = Iterator[tuple[int, int]]

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_RUN = re.compile(rf"{_HAN}+")
_P = {"role": 9.0, "slot": 12.0, "verb": 7.0, "weak": 4.0, "rare": 1.5, "title": 9.0, "short": 5.0, "btitle": 12.0, "bshort": 6.5, "nick": 4.0, "odd": 1.0, "start": 2.5, "end": 3.0, "pers": 1.5}
_LONGEST_WORD = 4
_UNKNOWN = 14.5
# One word in so many is a name; a name has one given character or two.
# From here on a surname is first of all an everyday word.
_RARE = 7.0
_NAME, _ONE, _TWO = 8.0, 1.6, 0.3
# Surname and title without a given name; 小王, 老李.
_BARE, _NICK = 1.0, 5.0


@cache
def _words() -> dict[str, float]:
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines if not line.startswith("#")]
    common = {word: float(cost) for cost, *words in rows for word in words}
    return common | {word: 7.0 for word in _MORE_WORDS.split()} | dict.fromkeys(_PERSONS.split(), 4.0)


# Whoever "is" one of these has not said a name.
_PERSONS = (
    "辛苦 凌晨 房东 房主 党员 商户 商人 司机 农民 管家 管理员 安保 师傅 师生 老师 华侨 华人 向导 常客 单身 武警 边民 白领 蓝领 路人 游客 顾客 宾客 包工头 全职 新人 毕业生 应届生 "
    "高中 高三 高二 高一 孙子 孙女 老公 经理 小孩 老人 师生 江苏人 山东人 石匠 牛人 农户 水电工 金融 计算机"
)
_MORE_WORDS = (
    "办事员 取号 叫号 网办 秒批 差评 好评 好差评 延时服务 一次办好 一窗受理 跨省通办 一网通办 自助机 小姐姐 丈母娘 老爷子 老师傅 导服 帮办 代办 "
    "容缺 大厅 过户 高新区 石材 金服 便民点 王府 小程序 公众号 微信 扫码 二维码 马路 安装 应该 万一 连个 连夜 "
    "任何 向来 向着 时不时 时段 方方面面 成天 成心 包办 管用 管事 解决 明明 明白 白跑 白等 白白 花钱 车管所 党组 卫健委 水电气 "
    "常年 强行 强制 华而不实 路牌 路口 边上 边界 麻烦 麻木 满意度 满意 高效 高铁 高龄 安检 安保 文旅 康养 游客 国网 国土 信访 官网 原件 查询 师傅 祝福 "
    "章程 盖章 管委会 房本 房管局 司法局 商务局 公安局 公积金 公示 公告 公交 公租房 车主 车牌 单位 单子 应收 祖传 充值 简直 支队 计生 都市 后台 后续 年检 年审 "
    "平房 花园 苑 连续 初审 初级 钟头 钱包 严查 余下 史上 武装 江边 路边 窗口 柜台 台账 整改 约谈 核实 回访 工号 领导 群众 市民 老百姓 负责人 当事人 张贴 "
    "家常 孙子 孙女 儿媳 侄女 老年 石家庄 秦皇岛 连云港 卫健 小班 小康 甘政 鲁政办 谢谢 老公 房东 房主 许可证 许可法 鲁政 鲁迅 雷锋 焦裕禄 白求恩 张裕 高峰 高超 高明 高雅 高强 高昂 高涨 高清 高价 高位 周一 周二 周三 周四 周五 周六 周日 周末 自闭症 截瘫 来函 避雷 仨月 鞠躬 "
    "小米 小白 小方 大江 小马 楼长 李沧 黄务 高疃 向阳 龙口 莱山 福山 牟平 芝罘 蓬莱 莱阳 莱州 招远 栖霞 海阳 烟台 史无前例 向阳 山东 高速 方便"
)

# Said right before a name. Whoever is named by a role or a kinship is almost surely a person…
_ROLES = (
    "姓名|名字|名叫|叫做|名叫作|名字叫|名字是|大名|本名|真名|我叫|叫|本人|我就是|自称|姓|尊敬的|@|实名|"
    "[\u4e00-\u9fff]员|[经承办理系络请收寄件款证表定诉报访信求价托责核发签诺复订租伤查执受负继转收付主]人|法人|户主|户名|房主|车主|机主|业主|业主代表|甲方代表|甲方|乙方|"
    "村民|居民|群众|用户|客户|顾客|患者|病人|学生|同学|同事|朋友|邻居|室友|战友|老乡|老师|班主任|教师|民警|辅警|交警|保安|保洁|会计|出纳|财务|法务|秘书|文员|司机|"
    "律师|法官|书记|干部|经理|主管|店长|老板|总监|干事|志愿者|清洁工|房东|租客|租户|中介|代办|帮办|导服|导办|主任|科长|局长|处长|所长|队长|站长|组长|镇长|村长|会长|"
    "老公|老婆|爱人|丈夫|妻子|对象|爸爸?|妈妈?|父亲|母亲|儿子|女儿|闺女|孙女|孙子|外孙女?|弟弟?|哥哥?|姐姐?|妹妹?|儿媳妇?|媳妇|老伴|舅妈|舅舅|姑姑|[他她我你俺][姑姨舅叔伯婶嫂]|姑父|姨妈|叔叔|婶子|"
    "大哥|大姐|大爷|大妈|大娘|大叔|小妹|小哥|侄子|侄女|外甥女?|女婿|岳父|岳母|同志|小姐姐|姑娘|小伙子?|领导|外号|化名|又名|曾用名"
)
_ROLE = re.compile(rf"(?:{_ROLES})[是为叫:\s\"“”‘(、,]{{0,2}}$|〓[、和及与跟\s]{{1,2}}(?:\d{{1,2}}[.、])?$")
# …whoever somebody asks, thanks or waits for may be one.
# A form's field: what follows up to the end of the clause is a name.
_SLOT = re.compile(r"(?:人|姓名|名字|员|主|承办|经办|复核|审核|签发|我叫|名叫|本名|真名|对象|代表|同志):\s?$|(?:我叫|名叫|叫做|本名|真名叫?)$")
_VERB = re.compile(
    r"(?:找|找到|问|跟|与|请|烦请|拟请|替|帮|帮我|感谢|谢谢|多亏|表扬|夸|夸一下|夸夸|举报|投诉|联系|转告|见到|碰到|见过|遇到|认识|据|经|不服|服从|那位|这位|[一有]位|请联系|通知|交给"
    r"|递给|打给|发给|又找|再找|牵头|委托|推荐|致|系|就差|抄送|[0-9一二三四五六七八九]楼|窗口|[号柜]台|号窗|大厅|值班|处理)$"
)
_SURE_VERB = re.compile(r"(?:我是|委托|打给|转告|见到|碰到|见过|遇到|认识|[那这一]位|交给|递给|发给|替|多亏|表扬|夸一下|夸夸|致|跟|推荐)$")
_WEAK_VERB = re.compile(
    r"(?:让|给|和|同|向|对|被|由|见|关于|位|那个|这个|不是|是|我是|还有|以及|及|连|因|的|说|都|了|等|像|有|听|附|我|咱|:\s?)$"
)
_TITLES = (
    "女士|先生|小姐|老师|师傅|副?科长|副?处长|副?局长|副?主任|总?经理|同志|大姐|大哥|大爷|大妈|大娘|大叔|大婶|大夫|阿姨|阿婆|股长|副?所长|书记|医生|护士|警官|律师|"
    "法官|校长|院长|站长|队长|组长|园长|会计|干事|姑娘|教授|工程师|副?镇长|副?区长|副?市长|村长|老板|社长|保安|奶奶|爷爷|叔叔|女娃子|小哥|小姐姐|小伙|美女|帅哥|总监|秘书|部长|老人|书记员"
)
_SHORT_TITLES = "姐哥叔姨婶嫂总工局处科所队老生爷奶"
_TITLE = re.compile(rf"(?:{_TITLES})|姓(?![名氏])|家(?:媳妇|老[大二三]|大[哥嫂]|儿子|闺女|孩子)")
_SHORT_TITLE = re.compile(rf"[{_SHORT_TITLES}](?![长作商厅室员级学程资时龄务人])")
_PERSONAL = re.compile(
    r"说|告诉|接待|态度|服务|业务|在|的|让|把|给|不|没|很|就|真|等[0-9一二两三四五六七八九十]|[二两三四五几俩仨0-9]位|[两俩]|帮|办|签|来|去|打|是|也|都|又|还|已|跑|人|反映|反应|答应|亲自|最|太|从|到"
    r"|对|能|会|要|有|同|值班|负责|牵头|主持|上门|协调|介绍|处理|加油|取得|审批|批示|陈述|列席|联名|代领|推荐|认证|前往|携带|录|主动|捡|捐|手机|家的|此"
)
_NO_NICK_AFTER = frozenset("了的大拉块")
_GREETED = re.compile(r"[你您]们?好|[二两三四五六七八九十几俩仨2-9]位")
_SEX = re.compile(r"[,、(\s]?[男女][,、)\s]")
_LISTED = re.compile(r"[、和及与,]〓")
# 李沧区, 高疃镇, 王家庄: places; 王某: nobody.
_NO_NAME_AFTER = re.compile(r"某|[区县镇乡市村路街巷屯港](?!长)|家(?:街道|[村庄镇沟屯寨疃])|街道|大街|公司|集团|专卖店|超市|饭店|酒店|饭馆|理发|书店|药店|大药房|博物馆|公园|大学|学校|大厦|广场|精神|奖|医院|小学|中学|家园|花园|小区")
_PLACE_END = frozenset("家庄镇乡县村店寨屯湾口沟疃河山路港")
# "一张卡", "这段路": these surnames are measures there.
_MEASURED = re.compile(r"[一二两三四五六七八九十百千几这那哪每半多整0-9了][张段包连路席卷单章项车层季卞支门全时年平双方成]$|[由对关基用属至鉴处等位利便源大小高低善勇乐急忙终过优忠限出适应归]于$")
_DAYS = tuple("一二三四五六日末")
_BOUNDARY = re.compile(r"[^\w]|$|[0-9A-Za-z]")


def staff(text: str, names: Collection[str]) -> Finds:
    """The given names, wherever they stand; also inside other words, for the staff of a unit is few."""
    by_first: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if len(name) > 1:
            by_first.setdefault(name[0], []).append(name)
    place = 0
    while place < len(text):
        name = next((name for name in by_first.get(text[place], ()) if text.startswith(name, place)), None)
        if name:
            yield place, place + len(name)
        place += len(name or " ")


def people(text: str) -> Finds:
    """Names by the cheapest reading of each clause."""
    for run in _RUN.finditer(text):
        if any(character in SURNAMES for character in run[0]):
            yield from _cheapest(text, run.start(), run.end())


def _cheapest(text: str, begin: int, end: int) -> Finds:
    """The names in the cheapest reading of `text[begin:end]`."""
    words = _words()
    costs = [0.0] + [1e9] * (end - begin)
    steps: list[tuple[int, bool]] = [(0, False)] * (end - begin + 1)
    for place in range(begin, end):
        at = place - begin
        cost = costs[at]
        if costs[at + 1] > cost + _UNKNOWN:
            costs[at + 1], steps[at + 1] = cost + _UNKNOWN, (at, False)
        for stop in range(place + 1, min(place + _LONGEST_WORD, end) + 1):
            word = words.get(text[place:stop])
            if word is not None and cost + word < costs[stop - begin]:
                costs[stop - begin], steps[stop - begin] = cost + word, (at, False)
        for stop, name in _names_at(text, place, end):
            if cost + name < costs[stop - begin]:
                costs[stop - begin], steps[stop - begin] = cost + name, (at, True)
    at = end - begin
    found = []
    while at:
        before, is_name = steps[at]
        if is_name:
            found.append((begin + before, begin + at))
        at = before
    yield from reversed(found)


def _names_at(text: str, place: int, end: int) -> Iterator[tuple[int, float]]:
    """Where names that begin here may stop, and what each costs."""
    nick = text[place] in "小老大阿" and place + 1 < end
    first = place + 1 if nick else place
    if _MEASURED.search(text, max(0, place - 1), place + 1) or (text[place] == "周" and text[place + 1 : place + 2] in _DAYS):
        return
    for length in (2, 1):
        surname = SURNAMES.get(text[first : first + length]) if first + length <= end else None
        if surname is None:
            continue
        before, called = _before(text, place)
        base = _NAME + surname - before + (_P["rare"] if surname > 5 and before < 5 else 0.0)
        after = first + length
        if nick:
            if surname < _RARE:
                yield after, base + _P["nick"] - _after(text, after) + (3.0 if text[after : after + 1] in _NO_NICK_AFTER else 0.0)
            continue
        alone = text[first] not in PREPOSITIONS or before >= _P["weak"]
        titled = _titled(text, after) if alone else 0.0
        if titled or (called and text[first] not in PREPOSITIONS and (text[place - 1] == "姓" or not text[after : after + 1].isalnum())):
            yield after, base + _BARE - titled
        if after < end:
            given = _given(text[after], before)
            place_like = 3.0 if text[after] in _PLACE_END else 0.0
            yield after + 1, base + _ONE + given + place_like - _after(text, after + 1)
            if after + 1 < end:
                place_like = 4.0 if text[after + 1] in _PLACE_END else 0.0
                if text[after] == "家":
                    continue
                yield after + 2, base + _TWO + given + _given(text[after + 1], before) + place_like - _after(text, after + 2)


def _given(character: str, before: float) -> float:
    """What a character costs in a given name; a rare one is believed where the text has announced a name."""
    if character in NEVER_GIVEN:
        return NEVER_COST
    return GIVEN.get(character, RARE_GIVEN + (0.0 if before >= _P["verb"] else _P["odd"]))


def _before(text: str, place: int) -> tuple[float, bool]:
    """What the words before a name make it cheaper, and whether a mere surname may stand there (姓王，复核人王，)."""
    before = text[max(0, place - 8) : place]
    if _SLOT.search(before):
        return _P["slot"], True
    if _ROLE.search(before):
        return _P["role"], True
    if _SURE_VERB.search(before):
        return _P["role"], False
    if _VERB.search(before):
        return _P["verb"], False
    if _WEAK_VERB.search(before):
        return _P["weak"], False
    return (_P["start"] if not before or not before[-1].isalpha() else 0.0), False


def _after(text: str, place: int) -> float:
    """What the words after a name make it cheaper, or dearer."""
    if _NO_NAME_AFTER.match(text, place):
        return -8.0
    if _SEX.match(text, place):
        return _P["slot"]
    if _TITLE.match(text, place) or _GREETED.match(text, place) or _LISTED.match(text, place):
        return _P["title"]
    if _SHORT_TITLE.match(text, place):
        return _P["short"]
    if _BOUNDARY.match(text, place):
        return _P["end"]
    return _P["pers"] if _PERSONAL.match(text, place) else 0.0


def _titled(text: str, place: int) -> float:
    """What a title after a bare surname makes it cheaper; 0 without a title."""
    if _TITLE.match(text, place):
        return _P["btitle"]
    return _P["bshort"] if _SHORT_TITLE.match(text, place) else 0.0


# Signs between the characters of a name: 王 建 国, 赵-德-海.
PARTED = re.compile(rf"(?<={_HAN})[ \t\n\r.*/·_\-—~]{{1,2}}(?={_HAN})")
_DOTTED = re.compile(rf"{_HAN}{{1,10}}(?:[·・•‧∙.]{_HAN}{{1,10}}){{1,3}}")
_LATIN = re.compile(
    rf"(?<![A-Za-z])(?:{PINYIN_SURNAMES}) [A-Z](?:[hH]?[aeiouv]+(?:ng|n|r)?)(?:-?(?:[b-df-hj-np-tw-z]h?)?[aeiouv]+(?:ng|n|r)?)?(?![A-Za-z])"
    r"|(?<=Mr\. |Ms\. )[A-Z][a-z]+(?: [A-Z][a-z]+)?|(?<=Mrs\. )[A-Z][a-z]+(?: [A-Z][a-z]+)?"
)
_SURNAMED = re.compile(rf"(?<=姓)(?![名氏啥什谁甚]){_HAN}(?=的|\W|$)")
_MINORITY = re.compile("|".join(sorted((part for part in PARTS if len(part) > 1), key=len, reverse=True)))


def dotted(text: str) -> Finds:
    """Names of the minorities, with their dot or by their parts."""
    for match in _DOTTED.finditer(text):
        yield from _transliterated(text, *match.span())
    last = None
    for match in _MINORITY.finditer(text):
        if last and last[1] == match.start():
            last = (last[0], match.end())
        else:
            if last and last[1] - last[0] >= 3:
                yield last
            last = match.span()
    if last and last[1] - last[0] >= 3:
        yield last


def _transliterated(text: str, start: int, end: int) -> Finds:
    dot = next(place for place in range(start, end) if not text[place].isalpha())
    while start < dot and text[start] not in TRANSLITERATED:
        start += 1
    stop = end
    while stop > dot and text[stop - 1] not in TRANSLITERATED:
        stop -= 1
    letters = [character for character in text[start:stop] if character.isalpha()]
    if len(letters) >= 4 and start < dot < stop - 1 and sum(c in TRANSLITERATED for c in letters) >= 0.8 * len(letters):
        yield start, stop


def surnamed(text: str) -> Finds:
    """Whatever stands after 姓 by itself, be the surname ever so rare."""
    return (match.span() for match in _SURNAMED.finditer(text))


def latin(text: str) -> Finds:
    """Chinese names in Latin letters, and whoever follows Mr. or Ms."""
    return (match.span() for match in _LATIN.finditer(text))


def is_parted(name: str) -> bool:
    """Whether signs stand between all characters of a name, or spaces somewhere."""
    gaps = PARTED.findall(name)
    return any(gap.isspace() for gap in gaps) or (bool(gaps) and len(gaps) == sum(map(str.isalpha, name)) - 1)
