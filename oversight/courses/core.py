"""What a course is made of, and the one function that obeys it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from oversight.enums.dossiers import Words


class Who(StrEnum):
    """In what capacity an act is done.

    LEADS: the managing body of the dossier's division. CONCERNED: the unit the dossier is about. EITHER: one of both.
    SENT: who was sent to inspect, or leads.
    TOLD: who was let into a sealed one, and leads what lies in its division.
    """

    LEADS = "leads"
    CONCERNED = "concerned"
    EITHER = "either"
    SENT = "sent"
    TOLD = "told"


@dataclass(frozen=True)
class Step:
    """A row: an act, from where it may be done, where it leads (None: it stays where it is), and who may."""

    act: str
    froms: frozenset[str]
    to: str | None = None
    who: Who = Who.LEADS


@dataclass(frozen=True)
class Course:
    """The way of one kind of dossier.

    Attributes:
        prefix: of its numbers.
        stages: their words. acts: the words of what its kind alone does.
        first: where it begins.
        tasking: in which stages tasks are given.
        who: in what capacity its tasks are given and signed off.
    """

    prefix: str
    stages: Words
    acts: Words
    first: str
    steps: tuple[Step, ...]
    tasking: frozenset[str]
    who: Who = Who.LEADS

    def step(self, act: str) -> Step:
        """The row of an act.

        Raises:
            KeyError: this kind does no such thing.
        """
        for step in self.steps:
            if step.act == act:
                return step
        raise KeyError(act)


class NotAllowed(Exception):
    """An act that the course does not allow now; the message is for the user."""


def check(course: Course, act: str, stage: str, label: str | Promise) -> Step:
    """The row of an act that may be done now.

    Args:
        label: the act in words.

    Raises:
        NotAllowed: the dossier stands elsewhere.
    """
    step = course.step(act)
    if stage not in step.froms:
        values = {"stage": course.stages(stage).label, "act": label}
        raise NotAllowed(_("现在是“%(stage)s”,不能%(act)s。") % values)
    return step


def possible(course: Course, stage: str, acts: Iterable[str] | None = None) -> list[str]:
    """The acts that may be done in a stage, in the order of the course."""
    wanted = None if acts is None else set(acts)
    return [step.act for step in course.steps if stage in step.froms and (wanted is None or step.act in wanted)]
