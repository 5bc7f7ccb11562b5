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
from evaluations.profiles.columns import KEYS, columns_for, is_negative_by, lacking, names_of, phones_among_codes
from evaluations.profiles.masking import shown_cell
from evaluations.profiles.outgoing import outgoing_result, response_for
from evaluations.profiles.parsing import BadProfile, parse_profile
from evaluations.profiles.shape import CANONICAL, KIND_OF, Answers, Crypto, Kind, Profile, fold
from evaluations.profiles.shipped import shipped_data, shipped_profiles

__all__ = [
    "CANONICAL",
    "KEYS",
    "KIND_OF",
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
    "is_negative_by",
    "lacking",
    "missing_fields",
    "names_of",
    "outgoing_result",
    "parse_profile",
    "phones_among_codes",
    "project_candidates",
    "read_time",
    "response_for",
    "shipped_data",
    "shipped_profiles",
    "shown_cell",
    "unit_parts",
]
