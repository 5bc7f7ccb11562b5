"""Reference data of the city: divisions, departments, items, halls, windows and the working days."""

from __future__ import annotations

import csv
from pathlib import Path


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of `<folder>/<name>.csv` by column name; every value is text.

    Raises FileNotFoundError when there is no such table.
    """
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
