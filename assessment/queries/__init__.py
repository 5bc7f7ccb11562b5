"""Questions about figures. What pages show is read from tallies alone; only the verification reads raw rows."""

from assessment.queries.classes import class_names, classes_of
from assessment.queries.facts import facts_of, rules_now, services_behind
from assessment.queries.flagged import Doubt, Flagged, doubted, flagged
from assessment.queries.hours import window_hours
from assessment.queries.loop import loop_of, moments_of, stories_of
from assessment.queries.past import months_known, past_states
from assessment.queries.probes import is_counted, last_probe
from assessment.queries.reads import (
    Compared,
    ItemRow,
    Standing,
    against_baseline,
    as_of,
    by_channel,
    by_head,
    by_unit,
    channel_days,
    known_months,
    overall,
    ranking,
    ratings_of_items,
    said_days,
    top_items,
)
from assessment.queries.suggestions import suggestion_for
from assessment.queries.tables import Head, UnitRow, head_rows, heads, unit_rows
from assessment.queries.verification import Difference, Verified, pending_days, verify_tallies
from assessment.queries.voided import AfterAppeals, Negatives, Voided, after_appeals

__all__ = [
    "AfterAppeals",
    "Compared",
    "Difference",
    "Doubt",
    "Flagged",
    "Head",
    "ItemRow",
    "Negatives",
    "Standing",
    "UnitRow",
    "Verified",
    "Voided",
    "after_appeals",
    "against_baseline",
    "as_of",
    "by_channel",
    "by_head",
    "by_unit",
    "channel_days",
    "class_names",
    "classes_of",
    "doubted",
    "facts_of",
    "flagged",
    "head_rows",
    "heads",
    "is_counted",
    "known_months",
    "last_probe",
    "loop_of",
    "moments_of",
    "months_known",
    "overall",
    "past_states",
    "pending_days",
    "ranking",
    "ratings_of_items",
    "rules_now",
    "said_days",
    "services_behind",
    "stories_of",
    "suggestion_for",
    "top_items",
    "unit_rows",
    "verify_tallies",
    "window_hours",
]
