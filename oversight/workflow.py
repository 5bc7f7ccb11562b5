"""The way of a notice: act | from | to | who. A table, and one function that obeys it. Pure (docs/notice.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from oversight.enums import Act, Stage


class Step(NamedTuple):
    """An act, from where it may be done, and where it leads.

    other: it may not be done by whoever answers for its words, for four eyes see more than two.
    """

    act: Act
    froms: frozenset[Stage]
    to: Stage
    other: bool = False


STEPS = (
    Step(Act.WRITE, frozenset({Stage.DRAFT}), Stage.DRAFT),
    Step(Act.SUBMIT, frozenset({Stage.DRAFT}), Stage.REVIEW),
    Step(Act.APPROVE, frozenset({Stage.REVIEW}), Stage.SIGNING, other=True),
    Step(Act.RETURN, frozenset({Stage.REVIEW, Stage.SIGNING}), Stage.DRAFT, other=True),
    Step(Act.ISSUE, frozenset({Stage.SIGNING}), Stage.ISSUED, other=True),
    Step(Act.SUPERSEDE, frozenset({Stage.ISSUED}), Stage.SUPERSEDED),
    Step(Act.DROP, frozenset({Stage.DRAFT, Stage.REVIEW, Stage.SIGNING}), Stage.DROPPED),
)
BY_ACT = {step.act: step for step in STEPS}


class NotAllowed(Exception):
    """An act that the table does not allow now; the message is for the user."""


def check(act: Act, stage: str, *, authors: Collection[int], by: int | None) -> Step:
    """The row of an act.

    Args:
        stage: where the notice stands.
        authors: who answers for its words: who drafted it, and who wrote in it last (or sent it to review as it was).
        by: who acts; None is the portal.

    Raises:
        NotAllowed: it stands elsewhere, or the same person would see it twice.
    """
    step = BY_ACT[act]
    if stage not in step.froms:
        raise NotAllowed(_("通报现在是“%(stage)s”,不能%(act)s。") % {"stage": Stage(stage).label, "act": act.label})
    if step.other and by in authors:
        raise NotAllowed(_("起草人不能自己审核或签发,最后修改的人也不能,请另一位同事来做。"))
    return step


def possible(acts: Iterable[Act], stage: str, *, authors: Collection[int], by: int | None) -> list[Act]:
    """Those of these acts that the table allows now."""
    found = []
    for act in acts:
        try:
            check(act, stage, authors=authors, by=by)
        except NotAllowed:
            continue
        found.append(act)
    return found
