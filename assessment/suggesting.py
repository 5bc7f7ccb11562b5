"""建议: which class a text is like, learned from what people corrected. Pure, and never applied by itself.

Naive Bayes over pairs of neighbouring characters, each counted once in a text, with one added to every count (Laplace).
It knows nothing but pairs: no word order, no denial, nothing of what the case was about (docs/analysis.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

_LABEL = re.compile(r"〔[^〔〕]{1,12}〕")
_RUN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffffa-z]+")
# Signs that only hold a sentence together; a pair with one of them says nothing.
_PARTICLES = frozenset(
    "的了是在我你他她它们这那也都就还又和与及或但而且把被让给对从到着过吗呢吧啊呀个一不没有很要会能说去来上下"
)
SPEAKING = 5


def runs_of(text: str) -> list[str]:
    """The stretches of letters of a text, without numbers and without the labels of what was hidden."""
    return _RUN.findall(unicodedata.normalize("NFKC", _LABEL.sub(" ", text)).casefold())


def pairs_in(text: str) -> list[str]:
    """The pairs of neighbouring letters in their order; those made of particles alone are left out."""
    return [
        run[place : place + 2]
        for run in runs_of(text)
        for place in range(len(run) - 1)
        if not _PARTICLES.issuperset(run[place : place + 2])
    ]


def joined(text: str, wanted: Iterable[str]) -> list[str]:
    """The stretches of a text that are made of these pairs, each once, in their order: 没人 and 人接 are 没人接."""
    known, found = frozenset(wanted), []
    for run in runs_of(text):
        begin = None
        for place in range(len(run)):
            here = run[place : place + 2] in known
            if here and begin is None:
                begin = place
            elif not here and begin is not None:
                found.append(run[begin : place + 1])
                begin = None
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Learned:
    """texts: how many of each class. pairs: in how many of them each pair stands."""

    texts: Mapping[str, int]
    pairs: Mapping[str, Counter[str]]
    known: frozenset[str]


@dataclass(frozen=True)
class Suggestion:
    """A class that a text is like. share: how much of the belief it has, of 1. words: that speak for it."""

    name: str
    share: float
    words: tuple[str, ...]
    learned: int


def learn(examples: Iterable[tuple[str, str]]) -> Learned:
    """What texts of known classes look like.

    Args:
        examples: text and class; what has no class or no pairs teaches nothing.
    """
    texts: Counter[str] = Counter()
    pairs: dict[str, Counter[str]] = {}
    for text, name in examples:
        own = set(pairs_in(text))
        if name and own:
            texts[name] += 1
            pairs.setdefault(name, Counter()).update(own)
    return Learned(texts, pairs, frozenset(pair for counts in pairs.values() for pair in counts))


def suggest(learned: Learned, text: str) -> Suggestion | None:
    """The likeliest class of a text; None where fewer than two classes are known, or nothing of the text is."""
    own = sorted(set(pairs_in(text)) & learned.known)
    if len(learned.texts) < 2 or not own:
        return None
    belief = {name: _belief(learned, name, own) for name in sorted(learned.texts)}
    best = max(belief, key=lambda name: belief[name])
    share = 1 / sum(exp(value - belief[best]) for value in belief.values())
    speaking = sorted(own, key=lambda pair: (-_speaks(learned, best, pair), pair))[:SPEAKING]
    words = joined(text, [pair for pair in speaking if _speaks(learned, best, pair) > 0])
    return Suggestion(best, share, tuple(words), sum(learned.texts.values()))


def _belief(learned: Learned, name: str, own: Sequence[str]) -> float:
    prior = log(learned.texts[name] / sum(learned.texts.values()))
    return prior + sum(log(_chance(learned, [name], pair)) for pair in own)


def _chance(learned: Learned, names: Sequence[str], pair: str) -> float:
    """Of a pair in the texts of these classes, with one added to each."""
    seen = sum(learned.pairs[name][pair] for name in names)
    return (seen + 1) / (sum(learned.pairs[name].total() for name in names) + len(learned.known))


def _speaks(learned: Learned, name: str, pair: str) -> float:
    """How much more often a pair stands in texts of a class than in those of all others, as a logarithm."""
    others = [other for other in learned.texts if other != name]
    return log(_chance(learned, [name], pair) / _chance(learned, others, pair))
