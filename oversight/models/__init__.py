"""The rows of oversight: the notice, and dossiers with their tasks."""

from oversight.models.campaigns import Campaign, CampaignEffect, RecurrenceCheck
from oversight.models.clues import (
    Clue,
    CluePaper,
    Decision,
    Feedback,
    Handover,
    Hearing,
    SealedLook,
    Statement,
)
from oversight.models.dossiers import (
    Dossier,
    DossierCase,
    DossierEvent,
    DossierPicture,
    DossierQuerySet,
    DossierUnit,
    Insider,
)
from oversight.models.followups import FollowedQuarter, FollowUp, Rung, RungRecord
from oversight.models.inspections import Finding, Inspection, Inspector, Stop, Visit
from oversight.models.joint import EntryPicture, JointEntry, JointFile, JointTelling
from oversight.models.meetings import AgendaItem, Attendance, Meeting, MinutesCorrection, MinutesRead, Resolution
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
    "AgendaItem",
    "Attendance",
    "Campaign",
    "CampaignEffect",
    "CaseText",
    "Clue",
    "CluePaper",
    "Decision",
    "Dossier",
    "DossierCase",
    "DossierEvent",
    "DossierPicture",
    "DossierQuerySet",
    "DossierUnit",
    "EntryPicture",
    "Extract",
    "ExtractQuerySet",
    "Feedback",
    "Finding",
    "FollowUp",
    "FollowedQuarter",
    "Handover",
    "Hearing",
    "Insider",
    "Inspection",
    "Inspector",
    "JointEntry",
    "JointFile",
    "JointTelling",
    "Meeting",
    "MinutesCorrection",
    "MinutesRead",
    "NoticeEvent",
    "NoticeFile",
    "QuarterNotice",
    "QuarterNoticeQuerySet",
    "Receipt",
    "RecurrenceCheck",
    "Resolution",
    "Rung",
    "RungRecord",
    "SealedLook",
    "Statement",
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
