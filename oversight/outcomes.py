"""Who of the citizens behind a joint file knows what it came to, and whether it may be closed. Pure.

A reply tells of the outcome if it was sent after there was one. Whose case was over before is told apart from it, and
that is written down. Nobody waits who left no number, or whose rating was found void (docs/joint.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from oversight.enums import Told


@dataclass(frozen=True)
class Concerned:
    """What is known of one joined case.

    reachable: its evaluator left a number. void: it was found invalid. replied_at: of its last reply.
    told_at: when its evaluator was last told apart from a reply.
    """

    reachable: bool
    void: bool = False
    replied_at: datetime | None = None
    told_at: datetime | None = None


def standing(one: Concerned, resolved_at: datetime | None) -> Told:
    """How the citizen of a case stands towards the outcome.

    Args:
        resolved_at: when there was one; None while there is none.
    """
    if one.void:
        return Told.VOID
    if _after(one.replied_at, resolved_at):
        return Told.REPLIED
    if _after(one.told_at, resolved_at):
        return Told.TOLD
    return Told.WAITING if one.reachable else Told.UNREACHABLE


def _after(moment: datetime | None, resolved_at: datetime | None) -> bool:
    return moment is not None and resolved_at is not None and moment >= resolved_at


def waiting(cases: Mapping[str, Concerned], resolved_at: datetime | None) -> list[str]:
    """The numbers of the cases whose citizens do not know yet; while there are some, the file is not closed."""
    return sorted(number for number, one in cases.items() if standing(one, resolved_at) == Told.WAITING)
