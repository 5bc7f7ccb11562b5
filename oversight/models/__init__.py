"""The rows of oversight: the notice, and dossiers with their tasks."""

from oversight.models.campaigns import Campaign, RecurrenceCheck
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

__all__ = [
    "Campaign",
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
    "Extract",
    "ExtractQuerySet",
    "Feedback",
    "FollowUp",
    "FollowedQuarter",
    "Handover",
    "Hearing",
    "Insider",
    "NoticeEvent",
    "NoticeFile",
    "QuarterNotice",
    "QuarterNoticeQuerySet",
    "Receipt",
    "RecurrenceCheck",
    "Rung",
    "RungRecord",
    "SealedLook",
    "Statement",
    "Task",
    "TaskQuerySet",
]
