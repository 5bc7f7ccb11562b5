"""Names every text is searched for, and names that stay readable: sorted once, asked in linear time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from identity.redaction.reading import Reading

Finds = Iterator[tuple[int, int]]


class Known:
    """The names of staff, who are hidden, and those of offices, halls and matters, who are not.

    A name of three or more characters is found wherever it stands, also inside other words. One of two characters
    (高峰, 方向) may be a word or lie across two; it is only made likelier than any name is (`clauses`): see `pairs`.
    """

    def __init__(self, names: Iterable[str], readable: Iterable[str] = ()) -> None:
        """Args: how people are called, and what stays readable; spaces and signs nobody sees do not count."""
        plain = set(map(_plain, names))
        self.pairs = frozenset(name for name in plain if len(name) == 2)
        self._names, self._readable = _Phrases(plain), _Phrases(map(_plain, readable))

    def find(self, text: str) -> Finds:
        """Where names of three or more characters stand in a text without spaces; the longest first."""
        return self._names.find(text)

    def find_readable(self, text: str) -> Finds:
        """Where the name of an office, a hall or a matter stands."""
        return self._readable.find(text)


def _plain(name: str) -> str:
    return "".join(Reading(name).text.split())


class _Phrases:
    """Phrases of three or more characters."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = frozenset(phrase for phrase in phrases if len(phrase) > 2)
        self._beginnings = frozenset(phrase[:2] for phrase in self._phrases)
        self._lengths = sorted({len(phrase) for phrase in self._phrases}, reverse=True)

    def find(self, text: str) -> Finds:
        place = 0
        while self._phrases and place < len(text):
            length = self._at(text, place) if text[place : place + 2] in self._beginnings else 0
            if length:
                yield place, place + length
            place += length or 1

    def _at(self, text: str, place: int) -> int:
        return next((length for length in self._lengths if text[place : place + length] in self._phrases), 0)


NOBODY = Known(())
