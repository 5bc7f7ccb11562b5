"""Every act about a service and its rating, one verb each. All doors end here."""

from evaluations.actions.asking import stop_invitations
from evaluations.actions.called import (
    Called,
    ServedElsewhere,
    add_window_key,
    call_service,
    note_key_use,
    revoke_window_key,
)
from evaluations.actions.devices import (
    add_device,
    change_device,
    enrol_device,
    issue_code,
    note_pulse,
    report_stray,
    revoke_device,
    watch_devices,
)
from evaluations.actions.entries import Check, FormUsed, Slip, SlipRefused, enter_slip, record_check
from evaluations.actions.exclusions import exclude_rating
from evaluations.actions.follow_ups import AlreadyFollowedUp, follow_up, invite_follow_ups
from evaluations.actions.inviting import invite_ratings, remind_ratings
from evaluations.actions.rating import AlreadyRated, Rated, Receipt, Words, receipt_of, refuse_own, submit_evaluation
from evaluations.actions.services import issue_slips, make_rating_link, record_service
from evaluations.actions.storage import make_partitions, make_partitions_ahead

__all__ = [
    "AlreadyFollowedUp",
    "AlreadyRated",
    "Called",
    "Check",
    "FormUsed",
    "Rated",
    "Receipt",
    "ServedElsewhere",
    "Slip",
    "SlipRefused",
    "Words",
    "add_device",
    "add_window_key",
    "call_service",
    "change_device",
    "enrol_device",
    "enter_slip",
    "exclude_rating",
    "follow_up",
    "invite_follow_ups",
    "invite_ratings",
    "issue_code",
    "issue_slips",
    "make_partitions",
    "make_partitions_ahead",
    "make_rating_link",
    "note_key_use",
    "note_pulse",
    "receipt_of",
    "record_check",
    "record_service",
    "refuse_own",
    "remind_ratings",
    "report_stray",
    "revoke_device",
    "revoke_window_key",
    "stop_invitations",
    "submit_evaluation",
    "watch_devices",
]
