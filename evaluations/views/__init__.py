"""The citizen's pages: the ways in, the rating page, the receipt, tracking and follow-up; and the desk's ways in."""

from evaluations.views.checks import add_check, checks
from evaluations.views.comments import rate_comment
from evaluations.views.doors import rate_about, rate_find, rate_link, rate_service, rate_start, rate_window
from evaluations.views.entry import entry
from evaluations.views.follow_ups import follow_up
from evaluations.views.inviting import stop_invitations
from evaluations.views.receipts import receipt
from evaluations.views.tracking import track, tracking

__all__ = [
    "add_check",
    "checks",
    "entry",
    "follow_up",
    "rate_about",
    "rate_comment",
    "rate_find",
    "rate_link",
    "rate_service",
    "rate_start",
    "rate_window",
    "receipt",
    "stop_invitations",
    "track",
    "tracking",
]
