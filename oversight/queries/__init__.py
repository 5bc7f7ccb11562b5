"""Questions of the notice: what it says, to whom it goes, what waits for somebody."""

from oversight.queries.cases import typical_cases
from oversight.queries.content import paper_from, paper_of, proposed_of
from oversight.queries.extracts import extract_of, extracts_of, material_of, subjects_of
from oversight.queries.facts import facts_of
from oversight.queries.service import addressed_units, readers_in, receipts_of

__all__ = [
    "addressed_units",
    "extract_of",
    "extracts_of",
    "facts_of",
    "material_of",
    "paper_from",
    "paper_of",
    "proposed_of",
    "readers_in",
    "receipts_of",
    "subjects_of",
    "typical_cases",
]
