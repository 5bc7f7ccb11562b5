"""What citizens fill in, and what staff hand in for them."""

from evaluations.forms.citizen import (
    CommentForm,
    FindServiceForm,
    FollowUpForm,
    HideForm,
    LineField,
    NonceField,
    PhoneField,
    PressureForm,
    RatingForm,
    ReopenForm,
    SearchForm,
    StatementForm,
    StoryField,
    TrackForm,
    WordsField,
    folded,
    storable,
)
from evaluations.forms.desk import CheckForm, EntryForm

__all__ = [
    "CheckForm",
    "CommentForm",
    "EntryForm",
    "FindServiceForm",
    "FollowUpForm",
    "HideForm",
    "LineField",
    "NonceField",
    "PhoneField",
    "PressureForm",
    "RatingForm",
    "ReopenForm",
    "SearchForm",
    "StatementForm",
    "StoryField",
    "TrackForm",
    "WordsField",
    "folded",
    "storable",
]
