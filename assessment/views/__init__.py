"""Pages of figures, scores, schemes and quarters."""

from assessment.views.quarters import act as quarter_act
from assessment.views.quarters import answer, exempt, lift, quarter, quarters
from assessment.views.schemes import act as scheme_act
from assessment.views.schemes import add as scheme_add
from assessment.views.schemes import edit as scheme_edit
from assessment.views.schemes import scheme, schemes
from assessment.views.scores import export, object_to, score, scores, scores_of
from assessment.views.statistics import baseline, statistics

__all__ = [
    "answer",
    "baseline",
    "exempt",
    "export",
    "lift",
    "object_to",
    "quarter",
    "quarter_act",
    "quarters",
    "scheme",
    "scheme_act",
    "scheme_add",
    "scheme_edit",
    "schemes",
    "score",
    "scores",
    "scores_of",
    "statistics",
]
