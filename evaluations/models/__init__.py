"""The rating and all that leads to one."""

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
    "ChangedDay",
    "CodeMapping",
    "Evaluation",
    "Exclusion",
    "FollowUp",
    "FollowUpLink",
    "LeftRow",
    "Partner",
    "RatingLink",
    "Reported",
    "Service",
    "ServiceKey",
    "Source",
    "SubmittedForm",
    "Tag",
    "UsedNonce",
]
