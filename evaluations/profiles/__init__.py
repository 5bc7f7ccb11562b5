"""Source profiles: every province's field names and codes as data, and messages read and written by them. Pure."""

from evaluations.profiles.canonical import (
    BadMessage,
    UnitParts,
    canonical_rating,
    canonical_row,
    canonical_service,
    missing_fields,
    project_candidates,
    read_time,
    unit_parts,
)
from evaluations.profiles.columns import columns_for
from evaluations.profiles.outgoing import outgoing_result, response_for
from evaluations.profiles.parsing import BadProfile, parse_profile
from evaluations.profiles.shape import CANONICAL, Answers, Crypto, Kind, Profile, fold
from evaluations.profiles.shipped import shipped_data, shipped_profiles

__all__ = [
    "CANONICAL",
    "Answers",
    "BadMessage",
    "BadProfile",
    "Crypto",
    "Kind",
    "Profile",
    "UnitParts",
    "canonical_rating",
    "canonical_row",
    "canonical_service",
    "columns_for",
    "fold",
    "missing_fields",
    "outgoing_result",
    "parse_profile",
    "project_candidates",
    "read_time",
    "response_for",
    "shipped_data",
    "shipped_profiles",
    "unit_parts",
]
