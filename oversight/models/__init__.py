"""The rows of oversight: the notice, and dossiers with their tasks."""

from oversight.models.campaigns import Campaign, CampaignEffect, RecurrenceCheck
from oversight.models.dossiers import (
    Dossier,
    DossierCase,
    DossierEvent,
    DossierPicture,
    DossierQuerySet,
    DossierUnit,
    Insider,
)
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
    "CampaignEffect",
    "CaseText",
    "Dossier",
    "DossierCase",
    "DossierEvent",
    "DossierPicture",
    "DossierQuerySet",
    "DossierUnit",
    "Extract",
    "ExtractQuerySet",
    "Insider",
    "NoticeEvent",
    "NoticeFile",
    "QuarterNotice",
    "QuarterNoticeQuerySet",
    "Receipt",
    "RecurrenceCheck",
    "Task",
    "TaskQuerySet",
]
