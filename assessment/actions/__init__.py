"""Every act on figures. Tallies are counted again, never adjusted."""

from assessment.actions.baselines import set_baseline
from assessment.actions.probing import probe, watch_probes
from assessment.actions.refreshing import Refreshed, refresh

__all__ = ["Refreshed", "probe", "refresh", "set_baseline", "watch_probes"]
