"""The acts of an appeal. Every one runs in one transaction with its history."""

from appeals.actions.filing import add_exhibit, begin_draft, file_appeal, withdraw_appeal
from appeals.actions.panel import ask_recusal, draw_panel, renew_panel
from appeals.actions.voting import cast_vote, settle_appeal

__all__ = [
    "add_exhibit",
    "ask_recusal",
    "begin_draft",
    "cast_vote",
    "draw_panel",
    "file_appeal",
    "renew_panel",
    "settle_appeal",
    "withdraw_appeal",
]
