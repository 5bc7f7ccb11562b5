"""Every act about a service and its rating, one verb each. All doors end here."""

from evaluations.actions.entries import Check, FormUsed, Slip, SlipRefused, enter_slip, record_check
from evaluations.actions.follow_ups import AlreadyFollowedUp, follow_up, invite_follow_ups
from evaluations.actions.inviting import invite_ratings, stop_invitations
from evaluations.actions.rating import AlreadyRated, Rated, Receipt, Words, receipt_of, submit_evaluation
from evaluations.actions.services import make_rating_link, record_service
from evaluations.actions.storage import make_partitions, make_partitions_ahead

__all__ = [
    "AlreadyFollowedUp",
    "AlreadyRated",
    "Check",
    "FormUsed",
    "Rated",
    "Receipt",
    "Slip",
    "SlipRefused",
    "Words",
    "enter_slip",
    "follow_up",
    "invite_follow_ups",
    "invite_ratings",
    "make_partitions",
    "make_partitions_ahead",
    "make_rating_link",
    "receipt_of",
    "record_check",
    "record_service",
    "stop_invitations",
    "submit_evaluation",
]
