"""The rating and all that leads to one."""

from evaluations.models.devices import CalledService, Device, DevicePulse, WindowKey
from evaluations.models.intake import (
    Batch,
    ChangedDay,
    CodeMapping,
    LeftRow,
    Partner,
    Reported,
    ServiceKey,
    Source,
    SubmittedForm,
    UsedNonce,
)
from evaluations.models.inviting import Invitation, OptOut
from evaluations.models.rating import Evaluation, Exclusion, FollowUp, FollowUpLink, RatingLink, Service, Tag

__all__ = [
    "Batch",
    "CalledService",
    "ChangedDay",
    "CodeMapping",
    "Device",
    "DevicePulse",
    "Evaluation",
    "Exclusion",
    "FollowUp",
    "FollowUpLink",
    "Invitation",
    "LeftRow",
    "OptOut",
    "Partner",
    "RatingLink",
    "Reported",
    "Service",
    "ServiceKey",
    "Source",
    "SubmittedForm",
    "Tag",
    "UsedNonce",
    "WindowKey",
]
