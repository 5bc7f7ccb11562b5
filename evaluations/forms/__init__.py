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
from evaluations.forms.devices import DeviceForm, EnrolForm, TabletForm, TabletTextForm, WindowKeyForm
from evaluations.forms.papers import SignForm, SlipForm

__all__ = [
    "CheckForm",
    "CommentForm",
    "DeviceForm",
    "EnrolForm",
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
    "SignForm",
    "SlipForm",
    "StatementForm",
    "StoryField",
    "TabletForm",
    "TabletTextForm",
    "TrackForm",
    "WindowKeyForm",
    "WordsField",
    "folded",
    "storable",
]
