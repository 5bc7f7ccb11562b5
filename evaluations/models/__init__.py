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
)
from evaluations.models.inviting import Invitation, OptOut, Reminder
from evaluations.models.rating import (
    Evaluation,
    Exclusion,
    FollowUp,
    FollowUpLink,
    OverLimit,
    RatingLink,
    RatingTrace,
    Service,
    Tag,
)
from evaluations.models.reviews import Answer, AnswerSheet, Question, Questionnaire, ReviewInvitation, ReviewWave
from evaluations.models.suggestions import Suggestion, SuggestionEvent, SuggestionQuerySet
from evaluations.models.surveys import CallAttempt, SampledCall, SampleStratum, SamplingPlan

__all__ = [
    "Answer",
    "AnswerSheet",
    "Batch",
    "CallAttempt",
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
    "OverLimit",
    "Partner",
    "Question",
    "Questionnaire",
    "RatingLink",
    "RatingTrace",
    "Reminder",
    "Reported",
    "ReviewInvitation",
    "ReviewWave",
    "SampleStratum",
    "SampledCall",
    "SamplingPlan",
    "Service",
    "ServiceKey",
    "Source",
    "SubmittedForm",
    "Suggestion",
    "SuggestionEvent",
    "SuggestionQuerySet",
    "Tag",
    "WindowKey",
]
