"""What oversight did in a quarter, for its notice: campaigns, meetings, walks, accountability (ux.md §11.1)."""

from __future__ import annotations

from datetime import datetime

from assessment.periods import Period
from oversight.paper import Block
from oversight.queries.sections import accountability, campaigns, inspections, joint, meetings, walks


def overseen_in(period: Period, *, at: datetime) -> list[tuple[str, list[Block]]]:
    """Sections with their titles; one that has nothing to say is left out.

    Args:
        at: as known at this moment.
    """
    sections = [
        ("专项整治成效", campaigns.blocks(period, at=at)),
        ("联席会议和联动化解", [*meetings.blocks(period, at=at), *joint.blocks(period, at=at)]),
        ("走流程和暗访巡查", [*walks.blocks(period), *inspections.blocks(period)]),
        ("问责与督办", accountability.blocks(period, at=at)),
    ]
    return [(title, blocks) for title, blocks in sections if blocks]
