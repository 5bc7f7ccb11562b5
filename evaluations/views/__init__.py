"""The citizen's pages: the ways in, the rating page, the receipt, tracking, the follow-up; and the desk's printing."""

from evaluations.views.doors import rate_about, rate_find, rate_link, rate_service, rate_start, rate_window
from evaluations.views.follow_ups import follow_up
from evaluations.views.papers import signs, signs_hall, signs_window, slips
from evaluations.views.receipts import receipt
from evaluations.views.tracking import track, tracking

__all__ = [
    "follow_up",
    "rate_about",
    "rate_find",
    "rate_link",
    "rate_service",
    "rate_start",
    "rate_window",
    "receipt",
    "signs",
    "signs_hall",
    "signs_window",
    "slips",
    "track",
    "tracking",
]
