"""Chinese search without a dictionary: single characters and overlapping pairs as tokens, then a look at the words.

Pure. Most Chinese words are of two characters, which trigrams cannot find (docs/performance.md); pairs find every
substring. Letters and digits are treated alike, so a part of a number is found as well.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40
_APART = re.compile(r"[\W_]+")


def normal(text: str) -> str:
    """The text as it is searched: NFKC, small letters, everything between words one space."""
    return _APART.sub(" ", unicodedata.normalize("NFKC", text).lower()).strip()


def tokens(words: str) -> list[str]:
    """The single characters and pairs of a text in normal form, each once."""
    found: set[str] = set()
    for run in words.split():
        found.update(run)
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return sorted(found)


def asked(query: str) -> list[str]:
    """The words of a question, in normal form: every one of them must be there."""
    return normal(query[:LONGEST]).split()


def needed(words: list[str]) -> list[str]:
    """The tokens that a text must have to hold all these words: pairs, or the character of a word of one."""
    found = {word[at : at + 2] for word in words for at in range(max(1, len(word) - 1))}
    return sorted(found)


def certain(word: str) -> bool:
    """Whether the tokens alone show that a word is there, so that nobody need look at the text."""
    return len(word) <= 2
