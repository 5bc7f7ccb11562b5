"""What the clock does for appeals. Every sweep may be repeated, and may be killed: each appeal is an act of its own."""

from __future__ import annotations

from datetime import datetime

from appeals.actions.panel import draw_panel, renew_panel
from appeals.actions.voting import settle_appeal
from appeals.enums import Stage
from appeals.models import Appeal


def draw_waiting(*, at: datetime) -> int:
    """Tries again to fill the panels that lack people; returns how many are full now."""
    waiting = Appeal.objects.filter(stage=Stage.DRAWING).order_by("pk")
    return sum(draw_panel(appeal, at=at).stage == Stage.VOTING for appeal in waiting)


def settle_due(*, at: datetime) -> int:
    """Settles appeals whose time is up with a quorum; returns how many."""
    due = Appeal.objects.filter(stage=Stage.VOTING, due_at__lte=at).order_by("pk")
    return sum(settle_appeal(appeal, at=at).stage == Stage.RULED for appeal in due)


def renew_panels(*, at: datetime) -> int:
    """Asks of every panel who may still sit, and replaces who may not or was silent; returns how many it asked."""
    voting = list(Appeal.objects.filter(stage=Stage.VOTING).order_by("pk"))
    for appeal in voting:
        renew_panel(appeal, at=at)
    return len(voting)
