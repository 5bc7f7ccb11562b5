"""Names of people: of the unit's staff wherever they stand, of others by what the text makes likely (`clauses`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from identity.redaction import cues
from identity.redaction.clauses import MAY_BEGIN, MAY_DOUBLE, Seen, read
from identity.redaction.lexicon import words
from identity.redaction.names import CLANS, NEVER_GIVEN, PARTS, PINYIN_SURNAMES, SURNAMES, TRANSLITERATED, is_given_name

Finds = Iterator[tuple[int, int]]

_FREQUENT = {surname for surname, cost in SURNAMES.items() if cost < 6.0 and len(surname) == 1}
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_DOUBLED = re.compile(f"([{''.join(sorted(MAY_DOUBLE))}])\\1")
_RUN = re.compile(rf"{_HAN}+")


def people(text: str, seen: Seen, perhaps: list[tuple[int, int]] | None = None) -> Finds:
    """Names in running text, by the cheapest reading of each clause.

    seen: the names that are believed on less, and the clauses of the same text that have been read. perhaps: takes what
        may be a name where there is none.
    """
    for run in _RUN.finditer(text):
        if not MAY_BEGIN.isdisjoint(run[0]) or seen.pairs or _DOUBLED.search(run[0]):
            clause = read(text, *run.span(), seen, eased=perhaps is not None)
            yield from clause.names
            if perhaps is not None:
                perhaps += clause.perhaps


# Signs between the characters of a name: 王 建 国, 赵-德-海.
PARTED = re.compile(rf"(?<={_HAN})[ \t\n\r.*/·_\-—~]{{1,2}}(?={_HAN})")
_DOTTED = re.compile(rf"{_HAN}{{1,10}}(?:[·・•‧∙.]{_HAN}{{1,10}}){{1,3}}")
_LETTER = re.compile("[A-Za-z]")
_LATIN = re.compile(
    rf"(?<![A-Za-z])(?:{PINYIN_SURNAMES}|{PINYIN_SURNAMES.upper()}),? [A-Z](?:[hH]?[aeiouv]+(?:ng|n"
    rf"|r)?)(?:-?(?:[b-df-hj-np-tw-z]h?)?[aeiouv]+(?:ng|n|r)?)?(?![A-Za-z])"
    r"|(?<![A-Za-z])[A-Z][a-z]{2,}(?: [A-Z][a-z]+){0,2}(?= ?(?:女士|先生|小姐))"
    r"|(?<=Mr\. |Ms\. )[A-Z][a-z]+(?: [A-Z][a-z]+)?|(?<=Mrs\. )[A-Z][a-z]+(?: [A-Z][a-z]+)?"
)
# wang xiaoming, between Chinese characters.
_LONG_LATIN = 9
_CAPITALS = re.compile(
    rf"(?<![A-Za-z])(?:{PINYIN_SURNAMES.upper()}),? (?=[A-Z]{{2}})"
    r"(?:(?:[B-DF-HJ-NP-TW-Z]H?)?[AEIOUV]{1,3}(?:NG|N|R)?-?){1,3}(?![A-Za-z])"
)
_SPELT = re.compile(
    r"(?:姓名|名字|联系人|拼音|[我名]叫|护照名|[Nn]ame is|I'm|I am)[是为叫: ]{0,3}"
    rf"(?P<find>(?i:(?:{PINYIN_SURNAMES}) ?(?:(?:[b-df-hj-np-tw-z]h?)?[aeiouv]{{1,3}}(?:ng|n|r)?){{1,3}}))(?![A-Za-z])"
)
_LOWER = re.compile(
    rf"(?<![A-Za-z])(?:{PINYIN_SURNAMES.lower()}) ?"
    r"(?:(?:zh|ch|sh|[b-df-hj-np-tw-z])?[aeiouv]{1,3}(?:ng|n|r)?){1,2}(?![A-Za-z0-9@])"
)
_SURNAMED = re.compile(
    rf"(?<=姓)(?![名氏啥什谁甚]){_HAN}(?=的|\W|$)|(?<=\d\d号)[{''.join(sorted(_FREQUENT))}](?=[,。!]|$)"
)
# 过女士来访: a character by itself that is greeted so is a surname, be it ever so rare.
_GREETED = re.compile(rf"(?:(?<![^\s,。!?;:、(\"“‘])|^){_HAN}(?=女士|先生|小姐您|小姐,|同志)")
_GREETING = re.compile("女士|先生|小姐|同志")
_NOT_GREETED = frozenset("该此那这某各诸位本男女老小大好新两二三几众全请问找给对和与跟向叫让是有我你他她您人")
# 阳光这名字; 辛苦是我真名.
_ABOUT_A_NAME = re.compile(
    rf"(?:(?<![^\s,。!?;:、(\"“‘])|^)(?P<find>{_HAN}{{2,4}}|{_HAN} {_HAN}(?: {_HAN})?)"
    r"[\"”’]?(?:这个?名字|就?是我的?(?:真名|本名|大名|名字|真实姓名))"
)
_NEVER_LAST = frozenset("了的起取叫改用查写打念出换为是说看着登录像嫌这那")
_LISTED = re.compile(rf"〓[ \n,;、]{{0,2}}\d{{1,2}}[.、)] ?(?P<find>{_HAN}{{2,3}})(?=[\s,;、]|$)")
# 国庆哥, 秀兰阿姨, 静姐, 燕子姐: given names by themselves.
_KIN = "姐|哥(?!们)|叔|婶|嫂|姨(?!妈)|爷爷|奶奶|大?娘|大爷|大妈|大姐|大哥|大叔|大婶|阿姨|师傅|姑娘|妹(?!子)"
_ANY_KIN = re.compile("[姐哥叔婶嫂姨爷奶娘妈师姑妹]")
_CALLED = re.compile(rf"(?P<pair>{_HAN}{{2}})(?={_KIN})|(?P<one>{_HAN})(?=姐|哥(?!们)|叔(?!叔)|婶|嫂)")
_CLAN = re.compile(rf"(?:{CLANS})[·・•‧∙.]{_HAN}{{1,2}}")
_KNOWN_PARTS = frozenset(PARTS)
_MINORITY = re.compile("|".join(sorted(PARTS, key=len, reverse=True)))


def dotted(text: str) -> Finds:
    """Names of the minorities with their dot."""
    for match in _DOTTED.finditer(text):
        yield from _transliterated(text, *match.span())
    yield from (match.span() for match in _CLAN.finditer(text))


def in_parts(text: str) -> Finds:
    """Names of the minorities by their parts."""
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


_FOREIGN = re.compile(f"[{''.join(sorted(TRANSLITERATED))}]{{4,12}}")
_SURELY_FOREIGN = frozenset("艾买孜吐努娜姆扎珠卓措旦萨尔提古曼")


def foreign(text: str) -> Finds:
    """Names of the minorities without a dot: four or more of the characters that write sounds, and no word in them."""
    for match in _FOREIGN.finditer(text):
        run = match[0]
        in_words = any(run[at : at + 2] in words() or run[at : at + 3] in words() for at in range(len(run) - 1))
        if not in_words and sum(character in _SURELY_FOREIGN for character in run) >= 2:
            yield match.span()


def _transliterated(text: str, start: int, end: int) -> Finds:
    dot = next(place for place in range(start, end) if not text[place].isalpha())
    while start < dot and text[start] not in TRANSLITERATED:
        start += 1
    stop = end
    while stop > dot and text[stop - 1] not in TRANSLITERATED:
        stop -= 1
    start, stop = _whole_part(text, start, dot, stop, end)
    letters = [character for character in text[start:stop] if character.isalpha()]
    if len(letters) >= 4 and start < dot < stop - 1 and sum(c in TRANSLITERATED for c in letters) >= 0.8 * len(letters):
        yield start, stop


def _whole_part(text: str, start: int, dot: int, stop: int, end: int) -> tuple[int, int]:
    """With all of a part that is known (马哈提) around the bounds."""
    longest = 6
    first = next((at for at in range(max(0, dot - longest), start) if text[at:dot] in _KNOWN_PARTS), start)
    for at in range(min(end, dot + 1 + longest), stop, -1):
        if text[dot + 1 : at] in _KNOWN_PARTS:
            return first, at
    return first, stop


def surnamed(text: str) -> Finds:
    """Whatever stands after 姓 by itself, be the surname ever so rare; a frequent one after its number (027号郭)."""
    return (match.span() for match in _SURNAMED.finditer(text))


def greeted(text: str) -> Finds:
    """A character by itself before 女士, 先生 or 同志; what the text says is a name."""
    for match in _GREETED.finditer(text) if _GREETING.search(text) else ():
        if match[0] not in _NOT_GREETED:
            yield match.span()
    for match in _ABOUT_A_NAME.finditer(text) if "名" in text else ():
        name = match["find"]
        if name[-1] not in _NEVER_LAST and (name[0] in SURNAMES or name[:2] in SURNAMES):
            yield match.span("find")


def listed(text: str) -> Finds:
    """What stands behind its number beside a name in a list (1.丁一 2.关山)."""
    return (match.span("find") for match in _LISTED.finditer(text) if match["find"][0] in SURNAMES)


def called(text: str) -> Finds:
    """Given names by themselves before a kinship, where a person may be spoken of (国庆哥, 静姐)."""
    kin = _ANY_KIN.search(text)
    place = max(0, kin.start() - 2) if kin else len(text)
    while match := _CALLED.search(text, place):
        place = match.start() + 1
        if cues.before(text, match.start()).worth and is_given_name(match[0], text[match.end() :][:1]):
            yield match.span()
            place = match.end()


def latin(text: str) -> Finds:
    """Chinese names in Latin letters, and whoever follows Mr. or Ms."""
    if not _LETTER.search(text):
        return
    yield from (match.span() for match in _LATIN.finditer(text))
    yield from (match.span() for match in _CAPITALS.finditer(text))
    yield from (match.span("find") for match in _SPELT.finditer(text))
    for match in _LOWER.finditer(text):
        beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        alone = " " in match[0] and len(match[0]) > _LONG_LATIN and not beside.isascii() and " " not in beside
        if alone or cues.before(text, match.start()).worth >= cues.ASKED.worth:
            yield match.span()


def again(text: str, named: Collection[str]) -> Finds:
    """Names of three or four characters that were found elsewhere in the text."""
    for run in _RUN.finditer(text) if named else ():
        for start in range(run.start(), run.end() - 2):
            for length in (4, 3):
                if text[start : start + length] in named:
                    yield start, start + length


def is_parted(text: str, start: int, end: int) -> bool:
    """Whether a name is written in parts: signs stand between all its characters, or spaces somewhere.

    A space beside a whole word parts two fields rather than a name (审核:田野  复核:任远).
    """
    name = text[start:end]
    gaps = PARTED.findall(name)
    if len(gaps) == sum(map(str.isalpha, name)) - 1:
        return bool(gaps)
    first, last = PARTED.split(name)[:: max(1, len(gaps))][:2] if gaps else ("", "")
    beside_word = (len(first) > 1 and first in words()) or last + text[end : end + 1] in words()
    return any(gap.isspace() for gap in gaps) and not beside_word


def fielded(text: str) -> Finds:
    """What stands in the field of a name and is no word, be the surname ever so rare (制表:秋云)."""
    for run in _RUN.finditer(text):
        if len(run[0]) in (2, 3) and cues.before(text, run.start()).worth >= cues.FIELD.worth:
            is_word = any(run[0][start : start + 2] in words() for start in range(len(run[0]) - 1))
            if not is_word and NEVER_GIVEN.isdisjoint(run[0]):
                yield run.span()
