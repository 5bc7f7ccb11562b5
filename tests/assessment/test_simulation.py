"""The targets of reliability.md §8.2 on a small simulated city; the large one is `make integrity-report`."""

from __future__ import annotations

import os

import pytest

from tests.assessment.simulation.measure import Play, table
from tests.factories import Cast


@pytest.mark.integrity
@pytest.mark.timeout(3000)
def test_report(cast: Cast) -> None:
    """Prints the tables of all seeds asked for (INTEGRITY_SEEDS, INTEGRITY_SIZE)."""
    windows, days, attacks = map(int, os.environ.get("INTEGRITY_SIZE", "400/50/200").split("/"))
    for seed in os.environ.get("INTEGRITY_SEEDS", "1").split(","):
        case = cast.rate(1)
        found = Play(int(seed), windows, days, 28, attacks, case.pk, cast.item.pk).run()
        print(f"\nseed {seed}\n{table(found)}")
