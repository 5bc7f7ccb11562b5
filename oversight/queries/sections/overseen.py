"""What oversight did in a quarter, for its notice: campaigns, meetings, accountability (ux.md §11.1)."""

from __future__ import annotations

from datetime import datetime

from assessment.periods import Period
from oversight.paper import Block
from oversight.queries.sections import campaigns


def overseen_in(period: Period, *, at: datetime) -> list[tuple[str, list[Block]]]:
    """Sections with their titles; one that has nothing to say is left out.

    Args:
        at: as known at this moment.
    """
    sections = [("专项整治成效", campaigns.blocks(period, at=at))]
    return [(title, blocks) for title, blocks in sections if blocks]
