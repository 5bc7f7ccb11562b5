"""问题类别: which class of problem a case is of, by rules that are data, and why. Pure (docs/analysis.md).

What a person corrected comes first, then the rules in force on the day the case was received, then the class of the
tags the evaluator chose, then 未归类. What was known at a moment decides, so a past day's answer never changes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from assessment.enums import ClassSource

HEAVIEST, LEAST_WORD, LONGEST_NAME, MOST_RULES, MOST_WORDS = 100, 2, 30, 60, 60


@dataclass(frozen=True)
class Rule:
    """One rule: a case with one of the tags and one of the words is of a class.

    tags, words: codes and words of which one is enough; empty asks for nothing, but not both are empty.
    unless: words with which the rule does not hold. weight: the heaviest rule that holds wins, then the first.
    """

    name: str
    to: str
    weight: int
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    def hits(self, codes: Sequence[str], plain: str) -> tuple[str, ...] | None:
        """The words and tags by which the rule holds; None where it does not.

        Args:
            codes: of the tags that were chosen.
            plain: the text as `plain` makes it.
        """
        if not (self.tags or self.words) or any(plain_of(word) in plain for word in self.unless):
            return None
        words = tuple(word for word in self.words if plain_of(word) in plain)
        tags = tuple(code for code in codes if code in self.tags)
        missing = (self.words and not words) or (self.tags and not tags)
        return None if missing else words + tags


@dataclass(frozen=True)
class RuleSet:
    """A version of the rules: for cases received from a day on, once somebody has adopted it."""

    version: int
    valid_from: date
    adopted_at: datetime
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Said:
    """What a class is told from. tags: code and class ("" for praise), in the order in which they were chosen."""

    received: date
    text: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Corrected:
    """What a person said about the class of a case; an empty name takes earlier corrections back."""

    at: datetime
    name: str


@dataclass(frozen=True)
class Classed:
    """The class of a case and why.

    name: "" where there is none. rule, version, hits: by which rule, and the words and tags it found.
    others: further classes of its tags, where no rule and nobody has chosen among them.
    """

    name: str
    source: ClassSource
    rule: str = ""
    version: int = 0
    hits: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every class the case may repeat."""
        return frozenset({self.name, *self.others}) - {""}


UNCLASSED = Classed("", ClassSource.NONE)


def plain_of(text: str) -> str:
    """A text as rules read it: of one width and case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def by_rules(said: Said, rules: Sequence[Rule], version: int = 0) -> Classed:
    """The class by rules and tags alone.

    Args:
        rules: in their order; of those that hold the heaviest wins, and of equal ones the first.
    """
    plain, codes = plain_of(said.text), [code for code, _name in said.tags]
    for rule in sorted(rules, key=lambda one: -one.weight):
        hits = rule.hits(codes, plain)
        if hits is not None:
            return Classed(rule.to, ClassSource.RULE, rule.name, version, hits)
    names = list(dict.fromkeys(name for _code, name in said.tags if name))
    return Classed(names[0], ClassSource.TAG, others=tuple(names[1:])) if names else UNCLASSED


def in_force(sets: Iterable[RuleSet], day: date, at: datetime) -> RuleSet | None:
    """The version for a case received on a day, as known at a moment."""
    known = [one for one in sets if one.adopted_at <= at and one.valid_from <= day]
    return max(known, key=lambda one: (one.valid_from, one.version), default=None)


def effective(said: Said, sets: Iterable[RuleSet], corrections: Iterable[Corrected], at: datetime) -> Classed:
    """The class of a case as known at a moment.

    Args:
        corrections: of this case, in the order in which they were made.
    """
    last = next((one for one in reversed(list(corrections)) if one.at <= at), None)
    if last is not None and last.name:
        return Classed(last.name, ClassSource.CORRECTED)
    found = in_force(sets, said.received, at)
    return by_rules(said, found.rules if found else (), found.version if found else 0)


# --- rules as data ---------------------------------------------------------------------------------------------------


def read_rules(content: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules of a stored version.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    return tuple(
        Rule(
            str(one["name"]),
            str(one["class"]),
            int(one["weight"]),
            *(tuple(str(word) for word in one.get(part, ())) for part in ("tags", "words", "unless")),
        )
        for one in content["rules"]
    )


def written(rules: Iterable[Rule]) -> dict[str, Any]:
    """Rules as they are stored; `read_rules(written(rules)) == tuple(rules)`."""
    return {
        "rules": [
            {
                "name": one.name,
                "class": one.to,
                "weight": one.weight,
                "tags": list(one.tags),
                "words": list(one.words),
                "unless": list(one.unless),
            }
            for one in rules
        ]
    }


def problems_of(rules: Sequence[Rule]) -> list[str]:
    """What is not sound yet, in words; empty if it may be proposed."""
    found = [problem for rule in rules for problem in _problems(rule)]
    names = [rule.name for rule in rules]
    found += [_("规则“%(name)s”有两条") % {"name": name} for name in dict.fromkeys(names) if names.count(name) > 1]
    if not rules:
        found.append(_("至少要有一条规则"))
    if len(rules) > MOST_RULES:
        found.append(_("最多 %(most)s 条规则") % {"most": MOST_RULES})
    return found


def _problems(rule: Rule) -> list[str]:
    words = (*rule.words, *rule.unless)
    short = [word for word in words if len(plain_of(word)) < LEAST_WORD]
    checks = (
        (not rule.to.strip(), _("没有写问题类别")),
        (not (rule.tags or rule.words), _("标签和词语至少写一样")),
        (not 1 <= rule.weight <= HEAVIEST, _("权重应在 1 到 100 之间")),
        (max(len(rule.name), len(rule.to)) > LONGEST_NAME, _("名称最多 30 个字")),
        (len(words) > MOST_WORDS, _("词语最多 60 个")),
        (bool(short), _("词语至少两个字:%(words)s") % {"words": "、".join(short)}),
        (
            bool({*map(plain_of, rule.words)} & {*map(plain_of, rule.unless)}),
            _("同一个词语既要求有,又要求没有"),
        ),
    )
    return [f"{rule.name or _('没有名称')}:{words}" for wrong, words in checks if wrong]


# --- trial -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """So many cases that would go from one class to another; numbers: of those cases."""

    before: str
    after: str
    numbers: tuple[str, ...]


def moves(pairs: Iterable[tuple[str, Classed, Classed]]) -> list[Move]:
    """Which cases change their class, the most frequent move first.

    Args:
        pairs: number of the case, its class now, and by the rules on trial.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for number, now, then in pairs:
        if now.name != then.name:
            found.setdefault((now.name, then.name), []).append(number)
    ordered = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Move(*names, tuple(sorted(numbers))) for names, numbers in ordered]
