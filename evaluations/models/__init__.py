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
from evaluations.models.reviews import (
    Answer,
    AnswerSheet,
    Question,
    Questionnaire,
    ReviewInvitation,
    ReviewWave,
)
from evaluations.models.suggestions import Suggestion, SuggestionEvent, SuggestionQuerySet
from evaluations.models.surveys import CallAttempt, SampledCall, SampleStratum, SamplingPlan

__all__ = [
    "Answer",
    "AnswerSheet",
    "Batch",
    "CallAttempt",
    "ChangedDay",
    "CodeMapping",
    "Evaluation",
    "Exclusion",
    "FollowUp",
    "FollowUpLink",
    "LeftRow",
    "Partner",
    "Question",
    "Questionnaire",
    "RatingLink",
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
    "UsedNonce",
]
