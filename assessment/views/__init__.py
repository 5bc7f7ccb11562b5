"""Doors of figures and findings."""

from assessment.views.findings import decide, explain, finding, findings
from assessment.views.statistics import baseline, statistics

__all__ = ["baseline", "decide", "explain", "finding", "findings", "statistics"]
