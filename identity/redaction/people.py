"""Names of people: of the unit's staff wherever they stand, of others by what the text makes likely (`clauses`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from identity.redaction.clauses import names_in
from identity.redaction.names import PARTS, PINYIN_SURNAMES, SURNAMES, TRANSLITERATED

Finds = Iterator[tuple[int, int]]

_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_RUN = re.compile(rf"{_HAN}+")


def staff(text: str, names: Collection[str]) -> Finds:
    """The given names, wherever they stand; also inside other words, for the staff of a unit is few."""
    by_first: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        if len(name) > 1:
            by_first.setdefault(name[0], []).append(name)
    place = 0
    while by_first and place < len(text):
        length = next((len(name) for name in by_first.get(text[place], ()) if text.startswith(name, place)), 0)
        if length:
            yield place, place + length
        place += length or 1


def people(text: str) -> Finds:
    """Names in running text, by the cheapest reading of each clause."""
    for run in _RUN.finditer(text):
        if not SURNAMES.keys().isdisjoint(run[0]):
            yield from names_in(text, *run.span())


# Signs between the characters of a name: 王 建 国, 赵-德-海.
PARTED = re.compile(rf"(?<={_HAN})[ \t\n\r.*/·_\-—~]{{1,2}}(?={_HAN})")
_DOTTED = re.compile(rf"{_HAN}{{1,10}}(?:[·・•‧∙.]{_HAN}{{1,10}}){{1,3}}")
_LATIN = re.compile(
    rf"(?<![A-Za-z])(?:{PINYIN_SURNAMES}) [A-Z](?:[hH]?[aeiouv]+(?:ng|n"
    rf"|r)?)(?:-?(?:[b-df-hj-np-tw-z]h?)?[aeiouv]+(?:ng|n|r)?)?(?![A-Za-z])"
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
