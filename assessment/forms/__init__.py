"""What people choose and type about figures and scores."""

from assessment.forms.classing import ClassRulesForm, CorrectionForm, VersionForm
from assessment.forms.findings import DecisionForm, ExplanationForm
from assessment.forms.quarters import AnswerForm, ExemptionForm, NoteForm, ObjectionForm, TotalForm
from assessment.forms.schemes import NewSchemeForm, SchemeForm, SureForm
from assessment.forms.statistics import BaselineForm, MetricsForm, RowsForm, StatisticsForm, periods_to_choose

__all__ = [
    "AnswerForm",
    "BaselineForm",
    "ClassRulesForm",
    "CorrectionForm",
    "DecisionForm",
    "ExemptionForm",
    "ExplanationForm",
    "MetricsForm",
    "NewSchemeForm",
    "NoteForm",
    "ObjectionForm",
    "RowsForm",
    "SchemeForm",
    "StatisticsForm",
    "SureForm",
    "TotalForm",
    "VersionForm",
    "periods_to_choose",
]
