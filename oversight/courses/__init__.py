"""The way of every kind of dossier: act | from | to | who. Tables, obeyed by one function (docs/dossiers.md)."""

from __future__ import annotations

from django.utils.functional import Promise

from oversight.courses import campaigns, clues, followups, inspections, joint, meetings, walks
from oversight.courses.core import Course, NotAllowed, Step, Who, check, possible
from oversight.enums import DossierAct, Kind

COURSES: dict[str, Course] = {
    Kind.CAMPAIGN: campaigns.COURSE,
    Kind.JOINT: joint.COURSE,
    Kind.MEETING: meetings.COURSE,
    Kind.INSPECTION: inspections.COURSE,
    Kind.WALK: walks.COURSE,
    Kind.CLUE: clues.COURSE,
    Kind.FOLLOW_UP: followups.COURSE,
}


def label_of(kind: str, act: str) -> str | Promise:
    """An act in words: one that every kind knows, or one of this kind's own."""
    words = DossierAct if act in DossierAct.values else COURSES[kind].acts
    return words(act).label


def stage_label(kind: str, stage: str) -> str | Promise:
    """A stage in the words of its kind."""
    return COURSES[kind].stages(stage).label


__all__ = ["COURSES", "Course", "NotAllowed", "Step", "Who", "check", "label_of", "possible", "stage_label"]
