"""The citizen's pages, the window's tablet, and the desk's pages about ratings."""

from evaluations.views.checks import add_check, checks
from evaluations.views.comments import rate_comment
from evaluations.views.doors import rate_about, rate_find, rate_link, rate_phone, rate_service, rate_start, rate_window
from evaluations.views.entry import entry
from evaluations.views.follow_ups import follow_up
from evaluations.views.inviting import stop_invitations
from evaluations.views.kiosk import kiosk, kiosk_done, kiosk_pulse, kiosk_rate
from evaluations.views.papers import signs, signs_hall, signs_window, slips
from evaluations.views.ratings import exclude, ratings
from evaluations.views.receipts import receipt
from evaluations.views.tracking import track, tracking

__all__ = [
    "add_check",
    "checks",
    "entry",
    "exclude",
    "follow_up",
    "kiosk",
    "kiosk_done",
    "kiosk_pulse",
    "kiosk_rate",
    "rate_about",
    "rate_comment",
    "rate_find",
    "rate_link",
    "rate_phone",
    "rate_service",
    "rate_start",
    "rate_window",
    "ratings",
    "receipt",
    "signs",
    "signs_hall",
    "signs_window",
    "slips",
    "stop_invitations",
    "track",
    "tracking",
]
