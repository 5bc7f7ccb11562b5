"""What citizens fill in, and what staff hand in."""

from evaluations.forms.citizen import (
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

__all__ = [
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
