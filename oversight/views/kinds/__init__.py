"""The pages of every kind of dossier; a kind is added here and nowhere else."""

from oversight.views.kinds import campaigns, clues, followups, inspections, joint, meetings, walks
from oversight.views.kinds.model import ActPage, KindPages

KINDS: tuple[KindPages, ...] = (
    campaigns.PAGES,
    joint.PAGES,
    walks.PAGES,
    inspections.PAGES,
    meetings.PAGES,
    followups.PAGES,
    clues.PAGES,
)
BY_SLUG = {pages.slug: pages for pages in KINDS}
BY_KIND = {str(pages.kind): pages for pages in KINDS}

__all__ = ["BY_KIND", "BY_SLUG", "KINDS", "ActPage", "KindPages"]
