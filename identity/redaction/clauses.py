"""Names in running text: the cheapest reading of a clause.

A clause is read as a row of words, each as costly as it is rare (`words.txt`). A name is one more word: as costly as
its surname and its characters are rare among names (`names`), and cheaper where the words around it speak of a person
(`cues`). It is a name where the cheapest reading of the clause holds it for one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from identity.redaction import cues
from identity.redaction.names import (
    GIVEN,
    NEVER_COST,
    NEVER_GIVEN,
    NICKS,
    PLACE_ENDS,
    PREPOSITIONS,
    RARE_GIVEN,
    SURNAMES,
    is_measure,
)

_LONGEST_WORD = 4
# All costs are natural logarithms of one in so many. A character that is no word by itself:
_UNKNOWN = 14.5
# Any name; with one given character, with two; a surname by itself; 小王, 老李.
_NAME, _ONE, _TWO, _BARE, _NICK = 8.0, 1.6, 0.3, 1.0, 4.0
# Surnames beyond _SELDOM need a cue, those beyond _EVERYDAY are words first. What mistrust adds:
_SELDOM, _EVERYDAY = 5.0, 7.0
_MISTRUST, _MISTRUST_GIVEN, _LIKE_A_PLACE, _LIKE_A_WORD = 1.5, 1.0, 3.5, 3.0
_MAY_BEGIN = NICKS | {surname[0] for surname in SURNAMES}
_NO_NICK_BEFORE = frozenset("了的大拉块")


@cache
def _words() -> dict[str, float]:
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split(" ") for line in lines if not line.startswith("#")]
    return {word: float(cost) for cost, *words in rows for word in words}


def names_in(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The names in the cheapest reading of `text[begin:end]`, a clause of Chinese characters; in order."""
    words, size = _words(), end - begin
    tails = [cues.after(text, place) for place in range(begin, end + 1)]
    costs = [0.0, *[float("inf")] * size]
    # Where the cheapest reading up to each place came from; ~ of it for a name.
    steps = [0] * (size + 1)
    for at in range(size):
        cost, place = costs[at], begin + at
        if costs[at + 1] > cost + _UNKNOWN:
            costs[at + 1], steps[at + 1] = cost + _UNKNOWN, at
        for stop in range(at + 1, min(at + _LONGEST_WORD, size) + 1):
            word = words.get(text[place : begin + stop])
            if word is not None and cost + word < costs[stop]:
                costs[stop], steps[stop] = cost + word, at
        if text[place] in _MAY_BEGIN:
            for length, name in _names_at(text, place, tails[at : at + 5]):
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


def _names_at(text: str, place: int, tails: list[cues.After]) -> Iterator[tuple[int, float]]:
    """How long the names are that may begin at a place, and what each costs.

    tails: what the words behind 0, 1, 2… characters say, as far as the clause goes.
    """
    before = cues.before(text, place)
    if text[place] in NICKS and len(tails) > 2 and (surname := SURNAMES.get(text[place + 1], _EVERYDAY)) < _EVERYDAY:
        worth = before.worth + tails[2].full
        doubt = _mistrust(surname, worth) + (_LIKE_A_WORD if text[place + 2 : place + 3] in _NO_NICK_BEFORE else 0.0)
        yield 2, _NAME + surname + _NICK + doubt - worth
    for length in (1, 2):
        surname = SURNAMES.get(text[place : place + length], 0.0)
        if surname and length < len(tails) and not is_measure(text, place):
            base = _NAME + surname + _mistrust(surname, before.worth) - before.worth
            bare = _bare(text, place, place + length, before, tails[length].bare)
            if bare is not None:
                yield length, base + _BARE - bare
            mistrust = 0.0 if before.worth >= cues.ASKED.worth else _MISTRUST_GIVEN
            yield from _given_at(text[place + length : place + length + 2], base, length, mistrust, tails)


def _given_at(
    given: str, base: float, surname: int, mistrust: float, tails: list[cues.After]
) -> Iterator[tuple[int, float]]:
    """One given character or two behind a surname of so many."""
    beyond = len(tails) - surname
    if beyond > 1:
        first = _given(given[0], mistrust)
        yield surname + 1, base + _ONE + first + _like_a_place(given[0]) - tails[surname + 1].full
        if beyond > 2 and given[0] != "家":
            last = _given(given[1], mistrust) + _like_a_place(given[1])
            yield surname + 2, base + _TWO + first + last - tails[surname + 2].full


def _bare(text: str, place: int, end: int, before: cues.Before, worth: float) -> float | None:
    """What a surname gains by itself; None where none may stand by itself."""
    if text[place] in PREPOSITIONS:
        return worth if worth and before.worth >= cues.MENTIONED.worth else None
    said = before.alone and (text[place - 1] == "姓" or not text[end : end + 1].isalnum())
    return worth if worth or said else None


def _mistrust(surname: float, worth: float) -> float:
    return _MISTRUST if surname > _SELDOM > worth else 0.0


def _like_a_place(last: str) -> float:
    return _LIKE_A_PLACE if last in PLACE_ENDS else 0.0


def _given(character: str, mistrust: float) -> float:
    """What a character costs in a given name; a rare one is believed where the text has announced a name."""
    return NEVER_COST if character in NEVER_GIVEN else GIVEN.get(character, RARE_GIVEN + mistrust)
