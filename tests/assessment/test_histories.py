"""Whatever happens in whatever order, every tally of every grain equals the raw count once all is counted."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest

from assessment.queries import verify_tallies
from tests.assessment.histories import History, expected, kept
from tests.factories import Cast

RUNS, STEPS = int(os.environ.get("HISTORIES", "40")), int(os.environ.get("HISTORY_STEPS", "45"))

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


def test_every_tally_equals_the_raw_count_after_any_history(live_cast: Cast) -> None:
    done: Counter[str] = Counter()
    for seed in range(RUNS):
        history = History(live_cast, Random(seed))
        for _ in range(STEPS):
            history.step()
        history.settle()
        assert kept(history.units) == expected(history.units), f"seed {seed}"
        done += history.done
    print(dict(done))
    assert set(done) >= set(History.THINGS), f"never happened: {set(History.THINGS) - set(done)}"
    verified = verify_tallies()
    assert verified.difference is None
    assert verified.rows > RUNS * 20
