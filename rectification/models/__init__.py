from rectification.models.case import Case, CaseEvent, CaseQuerySet, ChangedCase, CoHandling, Dwell
from rectification.models.deadline import Deadline, DutyRule, Timed
from rectification.models.work import (
    Attachment,
    CallbackRecord,
    ContactAttempt,
    Draft,
    JointRecord,
    Presence,
    PressureReport,
    Report,
    Request,
    Supervision,
)

__all__ = [
    "Attachment",
    "CallbackRecord",
    "Case",
    "CaseEvent",
    "CaseQuerySet",
    "ChangedCase",
    "CoHandling",
    "ContactAttempt",
    "Deadline",
    "Draft",
    "DutyRule",
    "Dwell",
    "JointRecord",
    "Presence",
    "PressureReport",
    "Report",
    "Request",
    "Supervision",
    "Timed",
]
