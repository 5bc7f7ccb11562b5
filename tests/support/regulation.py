"""The expected workflow, read from tests/rectification/workflow_table.csv.

The file says by state what docs/domain.md §5-§6 let whom do there, and in which states the case may be afterwards;
`rectification.workflow` says the same by act. Whatever is not in the file is refused.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from rectification.enums import Action, Party, State

FILE = Path(__file__).resolve().parents[1] / "rectification" / "workflow_table.csv"


def _rows() -> Iterator[tuple[State, Action, frozenset[Party], frozenset[State]]]:
    with FILE.open(newline="") as lines:
        for row in csv.DictReader(lines):
            yield (
                State(row["state"]),
                Action(row["action"]),
                frozenset(map(Party, row["party"].split())),
                frozenset(map(State, row["outcome"].split())),
            )


ROWS = list(_rows())
WHO: dict[tuple[State, Action], frozenset[Party]] = {(state, action): who for state, action, who, _ in ROWS}
AFTER: dict[tuple[State, Action], frozenset[State]] = {(state, action): after for state, action, _, after in ROWS}
