"""The targets of reliability.md §8.2 on simulated weeks: a small city always, large ones by `make integrity-report`."""

from __future__ import annotations

import os

import pytest

from evaluations.models import Evaluation
from tests.assessment.simulation.attacks import ATTACKS
from tests.assessment.simulation.measure import BUSY_FLAGGED, PRECISION, RECALL, Measured, Play, table
from tests.factories import Cast

ASKED = os.environ.get("INTEGRITY_SIZE", "")
BASE_DAYS = 20


def _measured(cast: Cast, seed: int, size: str, before: int = 28) -> Measured:
    """One simulation.

    Args:
        size: windows/days/attacks.
    """
    windows, days, attacks = map(int, size.split("/"))
    return Play(seed, windows, days, before, attacks, cast.rate(1).pk, cast.item.pk).run()


@pytest.mark.timeout(600)
def test_a_small_city_meets_the_targets(cast: Cast) -> None:
    """Some hundred window's days, each kind of attack; two busy days of honest people may be doubted in so few."""
    found = _measured(cast, 11, "60/7/33", BASE_DAYS)
    told = table(found)
    assert set(found.labels.values()) == set(ATTACKS)
    assert found.recall >= RECALL, told
    assert found.precision >= PRECISION, told
    busy = sum(mood != "ordinary" for mood in found.moods.values())
    assert found.busy_flagged * busy <= max(2, BUSY_FLAGGED * busy), told
    assert Evaluation.objects.count() == found.ratings + 1, "nothing is deleted"


@pytest.mark.integrity
@pytest.mark.timeout(6000)
@pytest.mark.skipif(not ASKED, reason="make integrity-report")
@pytest.mark.parametrize("seed", os.environ.get("INTEGRITY_SEEDS", "1").split(","))
def test_report(cast: Cast, seed: str) -> None:
    """Prints what was found of each kind and what was found wrongly; fails where a target is missed."""
    found = _measured(cast, int(seed), ASKED)
    print(f"\nseed {seed}\n{table(found)}")
    assert found.recall >= RECALL
    assert found.precision >= PRECISION
    assert found.busy_flagged <= BUSY_FLAGGED
