"""Lists of the desk: ratings behind a figure, and what somebody has entered or checked."""

from evaluations.lists.entries import Reach, check_reach, entry_reach, last_entered, own_checks
from evaluations.lists.ratings import Wanted, cases_open_to, rating_read_by, ratings_page, units_read_by

__all__ = [
    "Reach",
    "Wanted",
    "cases_open_to",
    "check_reach",
    "entry_reach",
    "last_entered",
    "own_checks",
    "rating_read_by",
    "ratings_page",
    "units_read_by",
]
