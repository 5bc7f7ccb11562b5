"""Every act on figures. Tallies are counted again, never adjusted."""

from assessment.actions.baselines import set_baseline
from assessment.actions.refreshing import Refreshed, refresh

__all__ = ["Refreshed", "refresh", "set_baseline"]
