"""典型案例: which cases of a quarter are offered to whoever writes its notice, on which side, and why. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from oversight.enums import Why

# A moment by which somebody could be found again, down to the day; months and years stay.
NUMERALS = "〇零一二三四五六七八九十两"
NUMBER = rf"(?:\d{{1,4}}|[{NUMERALS}]{{1,4}})"
HOUR = (
    rf"(?:上午|下午|早上|早晨|晚上|中午|凌晨){NUMBER}[点时]|\d{{1,2}}[点时]|[{NUMERALS}]{{2,3}}点"
    rf"|{NUMBER}点(?=钟|整|多|半|{NUMBER}[分刻])"
)
MOMENTS = re.compile(
    rf"(?:{NUMBER}年)?{NUMBER}月{NUMBER}[日号]"
    r"|(?<!\d)(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
    rf"|(?:{HOUR})(?!间|候|限|效)(?:钟|整|多|半|{NUMBER}分|{NUMBER}刻)?"
    r"|(?<!\d)[0-2]?\d[:\uff1a][0-5]\d(?:[:\uff1a][0-5]\d)?(?!\d)"
)
MOMENT = "〔时间〕"


@dataclass(frozen=True)
class Traits:
    """What is known of a case.

    solved: the evaluator said in a callback that it is. satisfied: and was 满意 with it. days: working days from the
    rating to the reply; None without one. prevented: it was said how it will not happen again. unhappy: said so once.
    """

    solved: bool = False
    satisfied: bool = False
    days: int | None = None
    prevented: bool = False
    marked: bool = False
    overdue: bool = False
    reworked: bool = False
    reopened: bool = False
    unhappy: bool = False


@dataclass(frozen=True)
class Offer:
    """A case on one side, with every reason."""

    good: bool
    why: tuple[Why, ...]


def offer(traits: Traits, *, quick: int) -> Offer | None:
    """On which side a case is offered; None for an ordinary one.

    Good: solved, content, quick, and it was said how it will not happen again; nothing bad about it. Bad: overdue,
    sent back for a second round, reopened, or the evaluator was not content (domain.md §12; docs/notice.md).

    Args:
        quick: within how many working days a reply is quick.
    """
    bad = tuple(
        why
        for why, holds in (
            (Why.OVERDUE, traits.overdue),
            (Why.REWORKED, traits.reworked),
            (Why.REOPENED, traits.reopened),
            (Why.UNHAPPY, traits.unhappy),
        )
        if holds
    )
    if bad:
        return Offer(False, bad)
    fast = traits.days is not None and traits.days <= quick
    if not (traits.solved and traits.satisfied and fast and traits.prevented):
        return None
    marked = (Why.MARKED,) if traits.marked else ()
    return Offer(True, (Why.SOLVED, Why.SATISFIED, Why.QUICK, Why.PREVENTED, *marked))


def ordered(offers: Iterable[tuple[str, Offer]], most: int) -> list[tuple[str, Offer]]:
    """Good ones first, then bad ones, those with more reasons first; so many of each side.

    Args:
        offers: with the public number of the case.
    """
    known = sorted(offers, key=lambda one: (not one[1].good, -len(one[1].why), one[0]))
    sides = ([one for one in known if one[1].good is good][:most] for good in (True, False))
    return [one for side in sides for one in side]


def without_moments(text: str) -> str:
    """A text in which days and times of day are hidden."""
    return MOMENTS.sub(MOMENT, text)
