"""Every act about a service and its rating, one verb each. All doors end here."""

from evaluations.actions.exclusions import exclude_rating
from evaluations.actions.follow_ups import AlreadyFollowedUp, follow_up, invite_follow_ups
from evaluations.actions.rating import AlreadyRated, Rated, Receipt, Words, receipt_of, submit_evaluation
from evaluations.actions.services import make_rating_link, record_service
from evaluations.actions.storage import make_partitions, make_partitions_ahead

__all__ = [
    "AlreadyFollowedUp",
    "AlreadyRated",
    "Rated",
    "Receipt",
    "Words",
    "exclude_rating",
    "follow_up",
    "invite_follow_ups",
    "make_partitions",
    "make_partitions_ahead",
    "make_rating_link",
    "receipt_of",
    "record_service",
    "submit_evaluation",
]
