"""Every act on the notice; nothing else writes it."""

from oversight.actions.drafting import (
    approve_notice,
    draft_frozen,
    draft_notice,
    drop_notice,
    return_notice,
    submit_notice,
    write_notice,
)
from oversight.actions.issuing import issue_notice
from oversight.actions.serving import acknowledge, remind_unread
from oversight.actions.telling import Told, hush_case, tell_case

__all__ = [
    "Told",
    "acknowledge",
    "approve_notice",
    "draft_frozen",
    "draft_notice",
    "drop_notice",
    "hush_case",
    "issue_notice",
    "remind_unread",
    "return_notice",
    "submit_notice",
    "tell_case",
    "write_notice",
]
