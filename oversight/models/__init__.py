"""The rows of oversight: the notice, and dossiers with their tasks."""

from oversight.models.campaigns import Campaign, RecurrenceCheck
from oversight.models.dossiers import (
    Dossier,
    DossierCase,
    DossierEvent,
    DossierPicture,
    DossierQuerySet,
    DossierUnit,
    Insider,
)
from oversight.models.inspections import Finding, Inspection, Inspector, Stop, Visit
from oversight.models.notices import (
    CaseText,
    Extract,
    ExtractQuerySet,
    NoticeEvent,
    NoticeFile,
    QuarterNotice,
    QuarterNoticeQuerySet,
    Receipt,
)
from oversight.models.tasks import Task, TaskQuerySet
from oversight.models.walks import Walk, WalkStep
from oversight.models.warnings import WarningCase, WarningCaseQuerySet, WarningEvent

__all__ = [
    "Campaign",
    "CaseText",
    "Dossier",
    "DossierCase",
    "DossierEvent",
    "DossierPicture",
    "DossierQuerySet",
    "DossierUnit",
    "Extract",
    "ExtractQuerySet",
    "Finding",
    "Insider",
    "Inspection",
    "Inspector",
    "NoticeEvent",
    "NoticeFile",
    "QuarterNotice",
    "QuarterNoticeQuerySet",
    "Receipt",
    "RecurrenceCheck",
    "Stop",
    "Task",
    "TaskQuerySet",
    "Visit",
    "Walk",
    "WalkStep",
    "WarningCase",
    "WarningCaseQuerySet",
    "WarningEvent",
]
