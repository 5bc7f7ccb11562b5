"""The rating and all that leads to one."""

from evaluations.models.devices import CalledService, Device, DevicePulse, WindowKey
from evaluations.models.intake import (
    Batch,
    ChangedDay,
    CodeMapping,
    LeftRow,
    Partner,
    ServiceKey,
    Source,
    SubmittedForm,
)
from evaluations.models.rating import (
    Evaluation,
    Exclusion,
    FollowUp,
    FollowUpLink,
    RatingLink,
    Service,
    Tag,
)

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
    "LeftRow",
    "Partner",
    "RatingLink",
    "Service",
    "ServiceKey",
    "Source",
    "SubmittedForm",
    "Tag",
    "WindowKey",
]
