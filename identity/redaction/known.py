"""Names that are looked for in every text: the dictionary of staff, sorted once and asked in time linear in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from identity.redaction.reading import Reading


class Known:
    """A dictionary of names.

    A name of three or more characters is found wherever it stands, also inside other words. One of two characters (高峰,
    方向) may be a word or lie across two; it is only made likelier than any name is (`clauses`): see `pairs`.
    """

    def __init__(self, names: Iterable[str]) -> None:
        """Args: `names` as they are written; spaces and signs nobody sees do not count."""
        plain = {"".join(Reading(name).text.split()) for name in names}
        self.pairs = frozenset(name for name in plain if len(name) == 2)
        self._longer = frozenset(name for name in plain if len(name) > 2)
        self._first = frozenset(name[0] for name in self._longer)
        self._lengths = sorted({len(name) for name in self._longer}, reverse=True)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Where names of three or more characters stand in a text without spaces; the longest first."""
        place = 0
        while self._first and place < len(text):
            length = self._at(text, place) if text[place] in self._first else 0
            if length:
                yield place, place + length
            place += length or 1

    def _at(self, text: str, place: int) -> int:
        return next((length for length in self._lengths if text[place : place + length] in self._longer), 0)


NOBODY = Known(())
