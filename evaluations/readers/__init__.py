"""Files for intake, read with certainty: proved readable to their end first, and then read again row by row. Pure.

    inspection = inspect(path, name, required=["办件编号"], level="满意度", is_negative=lambda cell: cell in ("1", "2"))
    for part in inspection.parts:                     # a zip holds several files, any other file is its own part
        for line, cells in rows(path, part, start=0):
            ...

What can be read in two ways is refused as a whole (`Unreadable`); nothing is guessed, skipped or cut. Rows that are
too short or too long come out as they are, for the validator to name. Memory does not grow with the file; only the
shared texts of a workbook are held.
"""

from evaluations.readers.header import normalised
from evaluations.readers.inspecting import inspect, picked, rows
from evaluations.readers.results import Inspection, ReadLimits, Row, Unreadable

__all__ = ["Inspection", "ReadLimits", "Row", "Unreadable", "inspect", "normalised", "picked", "rows"]
