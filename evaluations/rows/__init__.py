"""Rows of files and messages: validated value by value, by name, and fast enough for a year at once. Pure.

`rating_parser` and `service_parser` build a function once a file; it takes one row after the other and gives a
`RatingRow`, a `ServiceRow`, or a `Problem` that names every fault of the row. What they look up comes in as `Lookups`.
"""

from evaluations.rows.rating import rating_parser
from evaluations.rows.results import (
    KEY_MAX,
    NAME_MAX,
    Limits,
    Lookups,
    Problem,
    RatingRow,
    ServiceRow,
    fingerprint,
)
from evaluations.rows.service import service_parser
from evaluations.rows.times import Clock

__all__ = [
    "KEY_MAX",
    "NAME_MAX",
    "Clock",
    "Limits",
    "Lookups",
    "Problem",
    "RatingRow",
    "ServiceRow",
    "fingerprint",
    "rating_parser",
    "service_parser",
]
