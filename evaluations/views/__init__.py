"""The citizen's pages: the ways in, the rating page, the receipt, tracking, the follow-up; and ratings at the desk."""

from evaluations.views.doors import rate_about, rate_find, rate_link, rate_service, rate_start, rate_window
from evaluations.views.follow_ups import follow_up
from evaluations.views.ratings import exclude, ratings
from evaluations.views.receipts import receipt
from evaluations.views.tracking import track, tracking

__all__ = [
    "exclude",
    "follow_up",
    "rate_about",
    "rate_find",
    "rate_link",
    "rate_service",
    "rate_start",
    "rate_window",
    "ratings",
    "receipt",
    "track",
    "tracking",
]
