"""Names in running text: the cheapest reading of a clause.

A clause is read as a row of words, each as costly as it is rare (`words.txt`). A name is one more word: as costly as
its surname and its characters are rare among names (`names`), and cheaper where the words around it speak of a person
(`cues`). It is a name where the cheapest reading of the clause holds it for one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from identity.redaction import cues
from identity.redaction.lexicon import alike, longest_words, words
from identity.redaction.names import (
    AS_WORDS,
    COMMON,
    FIRST_OF_TWO,
    GIVEN,
    LAST_OF_TWO,
    NEVER_BARE,
    NEVER_GIVEN,
    NICKS,
    NO_GIVEN_AFTER_HOME,
    ONLY_ONE,
    PLACE_ENDS,
    PREPOSITIONS,
    RARE_GIVEN,
    RAREST,
    SURNAMES,
    TOWN_ENDS,
    is_measure,
)

# All costs are natural logarithms of one in so many. A character that is no word by itself:
_UNKNOWN = 14.5
# Any name; with one given character, with two; a surname by itself; 小王, 老李.
_NAME, _ONE, _TWO, _BARE, _NICK = 6.5, 1.0, 0.3, 1.0, 5.0
# What surname and given name of a name of two characters cost together, on average.
_TYPICAL = 10.0
# Surnames beyond _SELDOM need a cue, those beyond _EVERYDAY are words first. What mistrust adds:
_SELDOM, _EVERYDAY, _HARDLY_ONE = 5.0, 7.0, 9.5
_MISTRUST, _MISTRUST_GIVEN, _LIKE_A_PLACE, _LIKE_A_WORD, _BOTH_RARE = 1.0, 0.5, 3.5, 1.5, 2.0
_LIKE_A_WORD_MORE, _LIKE_A_WORD_SURELY, _AFTER_A_MEASURE = 3.0, 8.0, 7.0
# Words that cost less are the ones that a list of our own keeps from being names.
_GUARDED = 2.0
# What a word that is a name, too, and seldom the word (`alike.txt`), would cost at least.
_ALIKE = 15.0
# What a name of the dictionary gains, and one that was found elsewhere in the text; those that are everyday words, too.
_KNOWN, _AGAIN, _KNOWN_WORD, _AGAIN_WORD = 10.0, 10.0, 7.5, 5.0
_LONGEST_NAME = 4
_FIRST = frozenset(surname[0] for surname in SURNAMES)
MAY_BEGIN = NICKS | _FIRST
# The characters of 莎莎, 阿彪 and 小芳.
MAY_DOUBLE = (
    frozenset(character for character, cost in GIVEN.items() if cost < 6.0)
    - NEVER_GIVEN
    - set("一二三四五六七八九十大小")
)
_COMPOUND = frozenset(surname[0] for surname in SURNAMES if len(surname) > 1)
# How much cheaper a name may become before what is none counts as perhaps one (docs/redaction.md has the curve).
_EASE = 4.0
# How far before and behind a place anything is read that tells what names may begin there.
_BACK, _AHEAD = 8, 12
# For each place of a clause: how long what begins there may be, and what it costs.
Step = Sequence[tuple[int, float]]
_NO_NICK_BEFORE = frozenset("了的大拉块")


class Clause(NamedTuple):
    """The names of the cheapest reading of a clause; where it has none, what were one if names cost `_EASE` less."""

    names: Sequence[tuple[int, int]] = ()
    perhaps: Sequence[tuple[int, int]] = ()


class Seen:
    """What one text has been read as so far, by characters and what stands around them.

    Most of a text stands there again in the next round, and a long one repeats itself. It keeps what people wrote and
    is to go with the text.
    """

    def __init__(self, staff: Collection[str]) -> None:
        """staff: names of two characters of the dictionary."""
        self._staff = _gains_of_staff(frozenset(staff))
        self._found: dict[str, float] = {}
        self.clauses: dict[tuple[str, int, int, bool], Clause] = {}
        self.names: dict[tuple[str, int, int, float], Step] = {}
        self.pairs = bool(self._staff)

    def believe(self, found: Iterable[str]) -> None:
        """Takes names of two characters that were found elsewhere in the text: such are believed on less."""
        found = {name: _AGAIN_WORD if name in words() else _AGAIN for name in found}
        if found != self._found:
            self._found, self.pairs = found, True
            self.clauses.clear()

    def gain(self, pair: str) -> float:
        """How much less a name of two characters costs."""
        return self._staff.get(pair) or self._found.get(pair, 0.0)


@lru_cache(maxsize=2)
def _gains_of_staff(staff: frozenset[str]) -> dict[str, float]:
    return {name: _KNOWN_WORD if name in words() else _KNOWN for name in staff}


def read(text: str, begin: int, end: int, seen: Seen, *, eased: bool = False) -> Clause:
    """The cheapest reading of `text[begin:end]`, a clause of Chinese characters between others.

    seen: the names that are believed on less, and what has been read in the same text. eased: whether to tell, where
        there is no name, what may be one.
    """
    first = max(0, begin - _BACK)
    key = (text[first : end + _AHEAD], begin - first, end - begin, eased)
    clause = seen.clauses.get(key)
    if clause is None:
        clause = seen.clauses[key] = _read(text, begin, end, seen, eased)
    return Clause(*([(begin + start, begin + stop) for start, stop in found] for found in clause))


def _read(text: str, begin: int, end: int, seen: Seen, eased: bool) -> Clause:
    """The reading of a clause, in places of the clause."""
    names_at = _names(text, begin, end, seen)
    if not any(names_at):
        return Clause()
    words_at = _words(text[begin:end])
    names = _cheapest(words_at, names_at, 0.0)
    return Clause(names, _cheapest(words_at, names_at, _EASE) if eased and not names else ())


def _words(clause: str) -> list[Step]:
    """The words that begin at each place; any character may stand by itself."""
    lexicon, longest = words(), longest_words()
    steps: list[Step] = []
    for place, character in enumerate(clause):
        step = [(1, lexicon.get(character, _UNKNOWN)), (1, _UNKNOWN)]
        for length in range(2, longest.get(clause[place : place + 2], 1) + 1):
            cost = lexicon.get(clause[place : place + length])
            if cost is not None and place + length <= len(clause):
                step.append((length, cost))
        steps.append(step)
    return steps


def _names(text: str, begin: int, end: int, seen: Seen) -> list[Step]:
    """The names that may begin at each place."""
    steps: list[Step] = []
    tails: dict[int, cues.After] = {}
    for place in range(begin, end):
        gain = seen.gain(text[place : place + 2]) if seen.pairs else 0.0
        if not gain and not _may_begin(text, place):
            steps.append(())
            continue
        first = place - _BACK if place > _BACK else 0
        left = end - place if end < place + _LONGEST_NAME else _LONGEST_NAME
        key = (text[first : place + _AHEAD], place - first, left, gain)
        step = seen.names.get(key)
        if step is None:
            step = seen.names[key] = _names_from(text, place, end, gain, tails)
        steps.append(step)
    return steps


def _names_from(text: str, place: int, end: int, gain: float, tails: dict[int, cues.After]) -> Step:
    """The names that may begin at a place of a clause, with all that speaks for and against them.

    gain: what one of two characters costs less. tails: what the words at a place say of a name that ends there.
    """
    before, near = cues.before(text, place), []
    for stop in range(place, min(place + _LONGEST_NAME, end) + 1):
        if (tail := tails.get(stop)) is None:
            tail = tails[stop] = cues.after(text, stop)
        near.append(tail)
    return [
        (length, cost + _doubt(text[place : place + length], before, near[length]))
        for length, cost in _names_at(text, place, before, near, gain)
    ]


def _cheapest(words_at: list[Step], names_at: list[Step], ease: float) -> list[tuple[int, int]]:
    """The names on the cheapest way, if each of them costs less by `ease`; in order."""
    size = len(words_at)
    costs = [0.0, *[float("inf")] * size]
    # Where the cheapest reading up to each place came from; ~ of it for a name.
    steps = [0] * (size + 1)
    for at, (cost, ahead, names) in enumerate(zip(costs, words_at, names_at, strict=False)):
        for length, more in ahead:
            if cost + more < costs[at + length]:
                costs[at + length], steps[at + length] = cost + more, at
        for length, more in names:
            if cost + more - ease < costs[at + length]:
                costs[at + length], steps[at + length] = cost + more - ease, ~at
    return list(_names_on_the_way(steps))[::-1]


def _doubt(name: str, before: cues.Before, after: cues.After) -> float:
    """What a name costs more for being an everyday word, too, unless the words around it surely speak of a person."""
    if cues.AFTER.get(name[:2]) == cues.TITLE:
        return _LIKE_A_WORD_SURELY
    if len(name) < 2 or name[0] in NICKS or name in SURNAMES or name not in words():
        return 0.0
    hardly_one = SURNAMES.get(name[0], 0.0) > _HARDLY_ONE or words()[name] < _GUARDED
    if hardly_one and before.worth < cues.FIELD.worth:
        return _LIKE_A_WORD_SURELY
    if name in alike() and after.full != cues.SHORT_TITLE.full:
        return -max(0.0, _ALIKE - words()[name])
    role = before.worth >= cues.ROLE.worth and after.full < cues.TITLE.full and name not in cues.BEFORE
    return 0.0 if role or before.worth >= cues.FIELD.worth or after.full == cues.HUMAN.full else _LIKE_A_WORD


def _names_on_the_way(steps: list[int]) -> Iterator[tuple[int, int]]:
    at = len(steps) - 1
    while at:
        step = steps[at]
        if step < 0:
            step = ~step
            yield step, at
        at = step


def _may_begin(text: str, place: int) -> bool:
    """Whether a name may begin at a place: with a surname, or by being such a one as 小王 or 莎莎."""
    first = text[place]
    if first in _FIRST:
        return True
    then = text[place + 1 : place + 2]
    return (first in NICKS and (then in SURNAMES or then in MAY_DOUBLE)) or (then == first and first in MAY_DOUBLE)


def _names_at(
    text: str, place: int, before: cues.Before, tails: list[cues.After], gain: float
) -> list[tuple[int, float]]:
    """How long the names are that may begin at a place, and what each costs.

    tails: what the words behind 0, 1, 2… characters say, as far as the clause goes. gain: see `_names_from`.
    """
    found: list[tuple[int, float]] = []
    pair, measure = text[place : place + 2], is_measure(text, place)
    if len(tails) > 2 and gain and not measure:
        found.append((2, _NAME + _TYPICAL - gain - before.worth - tails[2].full))
    if len(tails) > 2 and (pair[0] in NICKS or pair[0] == pair[1]):
        found += _nicks(text[place : place + 3], before.worth, tails)
    # 换了张平: behind such a word a measure may be the surname of whom one has changed for, asked, found.
    whom = measure and text[place - 1] == "了"
    for length in (1, 2) if text[place] in _COMPOUND else (1,):
        surname = SURNAMES.get(text[place : place + length], 0.0)
        if not surname or length >= len(tails) or (measure and not whom):
            continue
        base = _NAME + surname + _mistrust(surname, before.worth) - before.worth
        bare = _bare(text, place, place + length, before, tails[length].bare)
        if bare is not None and (not whom or tails[length].full >= cues.TITLE.full):
            found.append((length, base + _BARE - bare))
        if not whom or before.worth >= cues.ASKED.worth:
            found += _full(text, place, length, base + _AFTER_A_MEASURE * whom, before, tails)
    return found


def _full(
    text: str, place: int, length: int, base: float, before: cues.Before, tails: list[cues.After]
) -> Iterator[tuple[int, float]]:
    """Names with a given name behind a surname of so many characters, which costs `base`."""
    asked = before.worth >= cues.ASKED.worth
    rare = RARE_GIVEN + (0.0 if asked else _MISTRUST_GIVEN)
    given = text[place + length : place + length + 2]
    yield from _given_at(given, base, length, rare, 0.0 if asked else _LIKE_A_PLACE, tails)
    if length == 1 and len(tails) > 4:
        yield from _of_both_parents(text[place : place + 4], base, tails[4])


def _of_both_parents(name: str, base: float, after: cues.After) -> Iterator[tuple[int, float]]:
    """陈李佳怡: two frequent surnames before two given characters that are often ones."""
    first, second = SURNAMES[name[0]], SURNAMES.get(name[1], _EVERYDAY)
    given = FIRST_OF_TWO.get(name[2], RAREST) + LAST_OF_TWO.get(name[3], RAREST)
    in_a_row = name[2] in SURNAMES and name[3] in SURNAMES
    if (
        max(first, second) < _SELDOM
        and not in_a_row
        and given < 2 * RARE_GIVEN
        and name[1:3] not in words()
        and name[2:] not in words()
    ):
        yield 4, base + second + given - after.full


def _nicks(word: str, asked: float, tails: list[cues.After]) -> Iterator[tuple[int, float]]:
    """小王, 老李, 老孙头, 小欧阳; where a person is spoken of also 阿彪, 小芳 and 莎莎.

    word: three characters. asked: what the words before it are worth. tails: what the words behind it say.
    """
    pair, then, last = word[:2], word[2:], word[1]
    worth = asked + tails[2].full
    surname = SURNAMES.get(last, _EVERYDAY)
    if pair[0] in NICKS and surname < _EVERYDAY:
        doubt = _mistrust(surname, worth) + _LIKE_A_WORD_MORE * (then in _NO_NICK_BEFORE) + _MISTRUST * 2 * (not asked)
        yield 2, _NAME + surname + _NICK + doubt - worth
        if pair[0] == "老" and then == "头":
            yield 3, _NAME + surname + _NICK - worth
    if pair[0] in NICKS and word[1:] in SURNAMES and len(tails) > 3:
        yield 3, _NAME + SURNAMES[word[1:]] + _NICK - asked - tails[3].full
    if last in MAY_DOUBLE and pair not in words() and (pair[0] == last or pair[0] in "小阿"):
        spoken_of = asked >= cues.ASKED.worth or tails[2].full >= cues.SHORT_TITLE.full
        common = asked > 0 and GIVEN[last] < COMMON and pair[0] != "阿" and last + then not in words()
        if spoken_of or common:
            yield 2, _NAME + GIVEN[last] + _NICK - worth


def _given_at(
    given: str, base: float, surname: int, rare: float, place_like: float, tails: list[cues.After]
) -> list[tuple[int, float]]:
    """One given character or two behind a surname of so many; rare: what an unknown character costs."""
    found: list[tuple[int, float]] = []
    beyond = len(tails) - surname
    if beyond > 1 and given[0] != "家":
        found.append(
            (
                surname + 1,
                base
                + _ONE
                + ONLY_ONE.get(given[0], rare)
                + place_like * (given[0] in PLACE_ENDS)
                - tails[surname + 1].full,
            )
        )
    if beyond > 2 and not (given[0] == "家" and _is_home(given[1])):
        both = FIRST_OF_TWO.get(given[0], rare) + LAST_OF_TWO.get(given[1], rare)
        if both >= 2 * rare > 2 * RARE_GIVEN:
            both += _BOTH_RARE
        both = min(both, AS_WORDS.get(given, both)) + place_like * (given[1] in PLACE_ENDS)
        found.append((surname + 2, base + _TWO + both - tails[surname + 2].full))
    return found


def _is_home(last: str) -> bool:
    """Whether 家 and a character behind it are no given name (李家庄, 王家大院)."""
    return last in PLACE_ENDS or last in TOWN_ENDS or last in NO_GIVEN_AFTER_HOME or last not in GIVEN


def _bare(text: str, place: int, end: int, before: cues.Before, worth: float) -> float | None:
    """What a surname gains by itself; None where none may stand by itself."""
    if text[place] in NEVER_BARE:
        return None
    if text[place] in PREPOSITIONS and before.worth < cues.MENTIONED.worth:
        return worth if worth and before != cues.NOTHING_BEFORE and cues.is_subject(text, place, end) else None
    if text[place] in PREPOSITIONS:
        return worth or None
    said = before.alone and (text[place - 1] == "姓" or not text[end : end + 1].isalnum())
    return worth if worth or said else None


def _mistrust(surname: float, worth: float) -> float:
    return _MISTRUST if surname > _SELDOM > worth else 0.0
