"""Every act on the notice; nothing else writes it."""

from oversight.actions.drafting import (
    approve_notice,
    draft_notice,
    drop_notice,
    return_notice,
    submit_notice,
    write_notice,
)
from oversight.actions.issuing import issue_notice
from oversight.actions.serving import acknowledge, remind_unread

__all__ = [
    "acknowledge",
    "approve_notice",
    "draft_notice",
    "drop_notice",
    "issue_notice",
    "remind_unread",
    "return_notice",
    "submit_notice",
    "write_notice",
]
