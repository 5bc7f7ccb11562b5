"""Who may do what with ratings, tablets, slips and files. Each predicate once; everybody asks here."""

from evaluations.access.devices import MANAGES_DEVICES, looks_after, rates_own
from evaluations.access.intake import READS_INTAKE, RUNS_INTAKE
from evaluations.access.ratings import EXCLUDES, READS_RATINGS, excluder
from evaluations.access.slips import PRINTS_SLIPS, slip_duty, slip_units

__all__ = [
    "EXCLUDES",
    "MANAGES_DEVICES",
    "PRINTS_SLIPS",
    "READS_INTAKE",
    "READS_RATINGS",
    "RUNS_INTAKE",
    "excluder",
    "looks_after",
    "rates_own",
    "slip_duty",
    "slip_units",
]
