"""Names in running text: the cheapest reading of a clause.

A clause is read as a row of words, each as costly as it is rare (`words.txt`). A name is one more word: as costly as
its surname and its characters are rare among names (`names`), and cheaper where the words around it speak of a person
(`cues`). It is a name where the cheapest reading of the clause holds it for one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from identity.redaction import cues
from identity.redaction.lexicon import LONGEST_WORD, words
from identity.redaction.names import (
    GIVEN,
    GIVEN_WORD,
    GIVEN_WORDS,
    HARDLY_COST,
    HARDLY_GIVEN,
    NEVER_COST,
    NEVER_GIVEN,
    NICKS,
    NO_GIVEN_AFTER_HOME,
    PLACE_ENDS,
    PREPOSITIONS,
    RARE_GIVEN,
    SURNAMES,
    TOWN_ENDS,
    is_measure,
)

# All costs are natural logarithms of one in so many. A character that is no word by itself:
_UNKNOWN = 14.5
# Any name; with one given character, with two; a surname by itself; 小王, 老李.
_NAME, _ONE, _TWO, _BARE, _NICK = 7.5, 1.2, 0.3, 1.0, 4.0
# What surname and given name of a name of two characters cost together, on average.
_TYPICAL = 10.0
# Surnames beyond _SELDOM need a cue, those beyond _EVERYDAY are words first. What mistrust adds:
_SELDOM, _EVERYDAY = 5.0, 7.0
_MISTRUST, _MISTRUST_GIVEN, _LIKE_A_PLACE, _LIKE_A_TOWN, _LIKE_A_WORD, _BOTH_RARE = 1.5, 1.0, 3.5, 9.0, 1.5, 2.0
_LIKE_A_WORD_MORE = 3.0
# What a name of the dictionary gains; one that is an everyday word, too.
_KNOWN, _KNOWN_WORD = 10.0, 6.0
MAY_BEGIN = NICKS | {surname[0] for surname in SURNAMES}
# The characters of 莎莎, 阿彪 and 小芳.
MAY_DOUBLE = frozenset(character for character, cost in GIVEN.items() if cost < 6.0) - NEVER_GIVEN
_COMPOUND = frozenset(surname[0] for surname in SURNAMES if len(surname) > 1)
_NO_NICK_BEFORE = frozenset("了的大拉块")


def names_in(text: str, begin: int, end: int, known: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """The names in the cheapest reading of `text[begin:end]`, a clause of Chinese characters; in order.

    known: names of two characters that are believed on less.
    """
    lexicon, size = words(), end - begin
    tails = [cues.after(text, place) for place in range(begin, end + 1)]
    costs = [0.0, *[float("inf")] * size]
    # Where the cheapest reading up to each place came from; ~ of it for a name.
    steps = [0] * (size + 1)
    for at in range(size):
        cost, place = costs[at], begin + at
        if costs[at + 1] > cost + _UNKNOWN:
            costs[at + 1], steps[at + 1] = cost + _UNKNOWN, at
        for stop in range(at + 1, min(at + LONGEST_WORD, size) + 1):
            word = lexicon.get(text[place : begin + stop])
            if word is not None and cost + word < costs[stop]:
                costs[stop], steps[stop] = cost + word, at
        if text[place] in MAY_BEGIN or text[place : place + 2] in known or _is_doubled(text, place):
            for length, name in _candidates(text, place, tails[at : at + 5], known):
                if cost + name < costs[at + length]:
                    costs[at + length], steps[at + length] = cost + name, ~at
    return reversed([(begin + before, begin + after) for before, after in _names_on_the_way(steps)])


def _names_on_the_way(steps: list[int]) -> Iterator[tuple[int, int]]:
    at = len(steps) - 1
    while at:
        step = steps[at]
        if step < 0:
            step = ~step
            yield step, at
        at = step


def _candidates(text: str, place: int, tails: list[cues.After], known: Collection[str]) -> Iterator[tuple[int, float]]:
    """How long the names are that may begin at a place, and what each costs.

    tails: what the words behind 0, 1, 2… characters say, as far as the clause goes.
    """
    before, lexicon = cues.before(text, place), words()
    believed = text[place] in NICKS or before.worth >= cues.FIELD.worth
    for length, cost in _names_at(text, place, before, tails):
        is_word = not believed and length > 1 and text[place : place + length] in lexicon
        yield length, cost + _LIKE_A_WORD if is_word else cost
    pair = text[place : place + 2]
    if pair in known and len(tails) > 2 and not is_measure(text, place):
        gain = _KNOWN_WORD if pair in lexicon else _KNOWN
        yield 2, _NAME + _TYPICAL - gain - before.worth - tails[2].full


def _is_doubled(text: str, place: int) -> bool:
    return text[place] in MAY_DOUBLE and text[place + 1 : place + 2] == text[place]


def _names_at(text: str, place: int, before: cues.Before, tails: list[cues.After]) -> Iterator[tuple[int, float]]:
    if len(tails) > 2 and (text[place] in NICKS or _is_doubled(text, place)):
        yield from _nicks(text[place : place + 2], text[place + 2 : place + 3], before.worth, tails[2].full)
    for length in (1, 2) if text[place] in _COMPOUND else (1,):
        surname = SURNAMES.get(text[place : place + length], 0.0)
        if surname and length < len(tails) and not is_measure(text, place):
            base = _NAME + surname + _mistrust(surname, before.worth) - before.worth
            bare = _bare(text, place, place + length, before, tails[length].bare)
            if bare is not None:
                yield length, base + _BARE - bare
            mistrust = 0.0 if before.worth >= cues.ASKED.worth else _MISTRUST_GIVEN
            yield from _given_at(text[place + length : place + length + 2], base, length, mistrust, tails)


def _nicks(pair: str, then: str, asked: float, full: float) -> Iterator[tuple[int, float]]:
    """小王, 老李; where a person is spoken of also 阿彪, 小芳 and 莎莎.

    asked, full: what the words before and behind it are worth.
    """
    worth = asked + full
    first, last = pair[0], pair[1]
    surname = SURNAMES.get(last, _EVERYDAY)
    if first in NICKS and surname < _EVERYDAY:
        doubt = _mistrust(surname, worth) + (_LIKE_A_WORD_MORE if then in _NO_NICK_BEFORE else 0.0)
        yield 2, _NAME + surname + _NICK + doubt - worth
    spoken_of = asked >= cues.ASKED.worth or full >= cues.SHORT_TITLE.full
    if spoken_of and last in MAY_DOUBLE and (first == last or first in "小阿") and pair not in words():
        yield 2, _NAME + GIVEN[last] + _NICK - worth


def _given_at(
    given: str, base: float, surname: int, mistrust: float, tails: list[cues.After]
) -> Iterator[tuple[int, float]]:
    """One given character or two behind a surname of so many."""
    beyond = len(tails) - surname
    if beyond > 1:
        first = _given(given[0], mistrust)
        if given[0] != "家":
            yield surname + 1, base + _ONE + first + _like_a_place(given[0]) - tails[surname + 1].full
        if beyond > 2 and not (given[0] == "家" and _is_home(given[1])):
            last = _given(given[1], mistrust) + _like_a_place(given[1])
            rare = _BOTH_RARE if mistrust and min(first, last) > RARE_GIVEN else 0.0
            both = min(first + last + rare, GIVEN_WORD if given in GIVEN_WORDS else NEVER_COST)
            yield surname + 2, base + _TWO + both - tails[surname + 2].full


def _is_home(last: str) -> bool:
    """Whether 家 and a character behind it are no given name (李家庄, 王家大院)."""
    return last in PLACE_ENDS or last in TOWN_ENDS or last in NO_GIVEN_AFTER_HOME or last not in GIVEN


def _bare(text: str, place: int, end: int, before: cues.Before, worth: float) -> float | None:
    """What a surname gains by itself; None where none may stand by itself."""
    if text[place] in PREPOSITIONS:
        return worth if worth and before.worth >= cues.MENTIONED.worth else None
    said = before.alone and (text[place - 1] == "姓" or not text[end : end + 1].isalnum())
    return worth if worth or said else None


def _mistrust(surname: float, worth: float) -> float:
    return _MISTRUST if surname > _SELDOM > worth else 0.0


def _like_a_place(last: str) -> float:
    if last in TOWN_ENDS:
        return _LIKE_A_TOWN
    return _LIKE_A_PLACE if last in PLACE_ENDS else 0.0


def _given(character: str, mistrust: float) -> float:
    """What a character costs in a given name; a rare one is believed where the text has announced a name."""
    if character in HARDLY_GIVEN:
        return HARDLY_COST
    return NEVER_COST if character in NEVER_GIVEN else GIVEN.get(character, RARE_GIVEN + mistrust)
