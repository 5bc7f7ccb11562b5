"""考核计分: what a scheme says, what facts come to under it, and who stands where. Pure.

Numbers are exact fractions until they become points. One rounding rule: every line is rounded to hundredths of a
point, halves away from zero, and a total is the sum of its lines (docs/scoring.md).
"""

from assessment.scoring.points import Event, Facts, Line, Ratio, Score, score
from assessment.scoring.scheme import (
    Band,
    Item,
    Loss,
    Mark,
    Problem,
    Scheme,
    Volume,
    problems_of,
    read_scheme,
    written,
)
from assessment.scoring.standing import Candidate, Place, standings

__all__ = [
    "Band",
    "Candidate",
    "Event",
    "Facts",
    "Item",
    "Line",
    "Loss",
    "Mark",
    "Place",
    "Problem",
    "Ratio",
    "Scheme",
    "Score",
    "Volume",
    "problems_of",
    "read_scheme",
    "score",
    "standings",
    "written",
]
