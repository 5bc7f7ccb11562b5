"""Questions about appeals: who may sit, what is still missing, who sees which votes, how often which unit is right."""

from appeals.queries.clock import dispatched_at, limit_of, working_days_after
from appeals.queries.figures import Figure, figures_by_ground, figures_by_unit, first_rounds, rulings_in_force
from appeals.queries.hearing import Withdrawal, fact_of, token_hash, was_pressed, withdrawal_of
from appeals.queries.panel import candidates, contested, deputies, sitting
from appeals.queries.proof import Download, Need, download_of, exhibits_shown, needs_of, new_evidence, proofs_of
from appeals.queries.votes import VoteSeen, VotesSeen, counted, dissents, reads_names, votes_seen_by

__all__ = [
    "Download",
    "Figure",
    "Need",
    "VoteSeen",
    "VotesSeen",
    "Withdrawal",
    "candidates",
    "contested",
    "counted",
    "deputies",
    "dispatched_at",
    "dissents",
    "download_of",
    "exhibits_shown",
    "fact_of",
    "figures_by_ground",
    "figures_by_unit",
    "first_rounds",
    "limit_of",
    "needs_of",
    "new_evidence",
    "proofs_of",
    "reads_names",
    "rulings_in_force",
    "sitting",
    "token_hash",
    "votes_seen_by",
    "was_pressed",
    "withdrawal_of",
    "working_days_after",
]
