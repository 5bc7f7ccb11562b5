from rectification.models.case import Case, CaseEvent, CaseQuerySet, ChangedCase, CoHandling, Dwell
from rectification.models.deadline import Deadline, DutyRule, Timed
from rectification.models.work import (
    Attachment,
    CallbackRecord,
    ContactAttempt,
    Draft,
    Export,
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
    "Export",
    "JointRecord",
    "Presence",
    "PressureReport",
    "Report",
    "Request",
    "Supervision",
    "Timed",
]
