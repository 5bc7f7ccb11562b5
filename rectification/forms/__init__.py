"""What staff fill in, one form per act. Its cleaned fields are the act's arguments."""

from rectification.forms.base import ActForm, EmptyForm, NoteForm, RequiredNoteForm
from rectification.forms.closing import CallbackForm, OnFileForm, SuperviseForm, TypicalForm
from rectification.forms.dispatching import AssignForm, DispatchForm, PrecheckForm, RefuseForm
from rectification.forms.reports import PicturesForm, QualityForm, ReportForm
from rectification.forms.working import (
    AnswerForm,
    CoHandlerForm,
    ContactForm,
    DecisionForm,
    ExtensionForm,
    JointWorkForm,
    ReasonForm,
)

__all__ = [
    "ActForm",
    "AnswerForm",
    "AssignForm",
    "CallbackForm",
    "CoHandlerForm",
    "ContactForm",
    "DecisionForm",
    "DispatchForm",
    "EmptyForm",
    "ExtensionForm",
    "JointWorkForm",
    "NoteForm",
    "OnFileForm",
    "PicturesForm",
    "PrecheckForm",
    "QualityForm",
    "ReasonForm",
    "RefuseForm",
    "ReportForm",
    "RequiredNoteForm",
    "SuperviseForm",
    "TypicalForm",
]
