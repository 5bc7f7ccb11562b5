"""The acts of an appeal. Every one runs in one transaction with its history."""

from appeals.actions.citizen import answer_facts
from appeals.actions.exhibits import Piece, add_exhibit, drop_exhibit
from appeals.actions.filing import begin_draft, file_appeal, revise_draft, withdraw_appeal
from appeals.actions.panel import ask_recusal, draw_panel, renew_panel
from appeals.actions.pool import declare_relation, end_relation, list_member
from appeals.actions.review import begin_review, file_review
from appeals.actions.screening import screen_exhibits
from appeals.actions.serving import serve_late, serve_ruling
from appeals.actions.sweeps import draw_waiting, renew_panels, settle_due
from appeals.actions.voting import cast_vote, settle_appeal

__all__ = [
    "Piece",
    "add_exhibit",
    "answer_facts",
    "ask_recusal",
    "begin_draft",
    "begin_review",
    "cast_vote",
    "declare_relation",
    "draw_panel",
    "draw_waiting",
    "drop_exhibit",
    "end_relation",
    "file_appeal",
    "file_review",
    "list_member",
    "renew_panel",
    "renew_panels",
    "revise_draft",
    "screen_exhibits",
    "serve_late",
    "serve_ruling",
    "settle_appeal",
    "settle_due",
    "withdraw_appeal",
]
