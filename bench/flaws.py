"""A month's file as it comes from a source: good rows, then some that were sent twice and some that nobody can store.

What becomes of each is known beforehand, so that received = stored + duplicates + quarantined + held + refused can be
held against numbers of our own.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.rows import Ratings

SERVICE_HEADER = ("办件编号", "服务次数", "服务时间", "部门编码", "事项编码", "窗口编码")
UNKNOWN_UNIT = "YT-NOBODY"
# Places in `rows.HEADER`.
LEVEL, RATED_AT, UNIT, ITEM, WINDOW = 2, 5, 8, 9, 10


@dataclass(frozen=True)
class Flawed:
    """The rows of a file with a few at its end that are not stored.

    Attributes:
        each: how many there are of each kind.
    """

    ratings: Ratings

    @property
    def each(self) -> int:
        """One for so many good rows as there are for a negative one; never so many that a negative is among them."""
        return self.ratings.count // self.ratings.negatives

    @property
    def outcome(self) -> Counter[str]:
        """What must become of all rows."""
        good, each = self.ratings.count, self.each
        kinds = {"duplicates": each, "quarantined": each, "held": each, "refused": each}
        cases = self.ratings.negative_count
        return Counter({"received": good + 4 * each, "stored": good, "cases": cases, **kinds})

    def write(self, path: Path) -> Path:
        """Writes the file; returns its path."""
        with path.open("w", encoding="utf-8", newline="") as file:
            first = []
            for number, line in enumerate(self.ratings.lines()):
                if 0 < number <= self.each:
                    first.append(line)
                file.write(f"{line}\n")
            file.writelines(f"{line}\n" for line in first)
            written = csv.writer(file, lineterminator="\n")
            for cells in csv.reader(first):
                written.writerows(_unstorable(cells))
        return path

    def write_services(self, path: Path) -> Path:
        """Writes the services that were given before these ratings; returns the path."""
        with path.open("w", encoding="utf-8", newline="") as file:
            written = csv.writer(file, lineterminator="\n")
            written.writerow(SERVICE_HEADER)
            written.writerows(self._services())
        return path

    def _services(self) -> Iterator[list[str]]:
        for cells in csv.reader(islice(self.ratings.lines(), 1, None)):
            yield [cells[0], "1", cells[RATED_AT], cells[UNIT], cells[ITEM], cells[WINDOW]]


def _unstorable(cells: list[str]) -> Iterator[list[str]]:
    """Rows of new numbers: of a unit nobody knows, of nothing but a number without a service, and of no level."""
    for mark, changed in (
        ("Q", {UNIT: UNKNOWN_UNIT}),
        ("H", {UNIT: "", ITEM: "", WINDOW: ""}),
        ("R", {LEVEL: "9"}),
    ):
        yield [f"{cells[0]}{mark}", *[changed.get(place, cell) for place, cell in enumerate(cells[1:], 1)]]
