"""What people choose and type about figures and scores."""

from assessment.forms.quarters import AnswerForm, ExemptionForm, NoteForm, ObjectionForm, TotalForm
from assessment.forms.schemes import NewSchemeForm, SchemeForm, SureForm
from assessment.forms.statistics import BaselineForm, StatisticsForm, periods_to_choose

__all__ = [
    "AnswerForm",
    "BaselineForm",
    "ExemptionForm",
    "NewSchemeForm",
    "NoteForm",
    "ObjectionForm",
    "SchemeForm",
    "StatisticsForm",
    "SureForm",
    "TotalForm",
    "periods_to_choose",
]
