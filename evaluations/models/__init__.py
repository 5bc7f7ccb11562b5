"""The rating and all that leads to one."""

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
from evaluations.models.inviting import Invitation, OptOut
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
    "Invitation",
    "LeftRow",
    "OptOut",
    "Partner",
    "RatingLink",
    "Service",
    "ServiceKey",
    "Source",
    "SubmittedForm",
    "Tag",
]
