"""Every act on figures. Tallies are counted again, never adjusted."""

from assessment.actions.baselines import set_baseline
from assessment.actions.finding import (
    Looked,
    count_day,
    days_to_look,
    decide_finding,
    explain_finding,
    look_at_day,
    uncounted_base,
)
from assessment.actions.probing import probe, watch_probes
from assessment.actions.refreshing import Refreshed, refresh

__all__ = [
    "Looked",
    "Refreshed",
    "count_day",
    "days_to_look",
    "decide_finding",
    "explain_finding",
    "look_at_day",
    "probe",
    "refresh",
    "set_baseline",
    "uncounted_base",
    "watch_probes",
]
