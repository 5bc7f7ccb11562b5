"""Lots: everybody has the same chance, whoever knows the seed draws the same, and nobody is drawn twice."""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.sampling import TooSmall, allocate, order_key

strata = st.dictionaries(st.integers(1, 200), st.integers(0, 5000), min_size=1, max_size=25)


def drawn(seed: int, rows: list[uuid.UUID], size: int) -> list[uuid.UUID]:
    return sorted(rows, key=lambda row: order_key(seed, row))[:size]


def test_everybody_is_drawn_equally_often() -> None:
    """60 rows whose ids are neighbours in time, 3000 seeds, 12 drawn: the counts are those of fair lots."""
    rows = [uuid.UUID(int=(0x019A << 112) + number) for number in range(60)]
    seeds, size = 3000, 12
    counts = Counter(row for seed in range(seeds) for row in drawn(seed, rows, size))
    share = size / len(rows)
    # Drawn without putting back: the statistic is that of 59 degrees of freedom, shortened by (N-1)/N.
    spread = seeds * share * (1 - share) * len(rows) / (len(rows) - 1)
    statistic = sum((counts[row] - seeds * share) ** 2 for row in rows) / spread
    freedom = len(rows) - 1
    # Wilson-Hilferty: within 1 in 10 000 of either side.
    z = ((statistic / freedom) ** (1 / 3) - 1 + 2 / (9 * freedom)) / (2 / (9 * freedom)) ** 0.5
    assert abs(z) < NormalDist().inv_cdf(0.9999), statistic


def test_pairs_are_drawn_together_no_more_than_by_chance() -> None:
    """Neighbours in time are not neighbours in the draw."""
    rows = [uuid.UUID(int=(0x019A << 112) + number) for number in range(40)]
    seeds, size = 4000, 10
    together = 0
    for seed in range(seeds):
        chosen = set(drawn(seed, rows, size))
        together += sum(a in chosen and b in chosen for a, b in itertools.pairwise(rows))
    expected = seeds * 39 * size * (size - 1) / (40 * 39)
    assert abs(together - expected) < 5 * expected**0.5


@given(st.integers(0, 2**63 - 1), st.integers(1, 50), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_same_seed_draws_the_same_in_whatever_order_rows_come(seed: int, size: int, shuffle: Random) -> None:
    rows = [uuid.UUID(int=number) for number in range(80)]
    first = drawn(seed, rows, size)
    shuffle.shuffle(rows)
    assert drawn(seed, rows, size) == first
    assert drawn(seed + 1, rows, 80) != drawn(seed, rows, 80)


@given(strata, st.integers(1, 20_000), st.integers(0, 40))
@settings(max_examples=300, deadline=None)
def test_allocation(populations: dict[int, int], size: int, minimum: int) -> None:
    needed = sum(min(there, minimum) for there in populations.values())
    if needed > min(size, sum(populations.values())):
        with pytest.raises(TooSmall, match=rf"^{needed}$"):
            allocate(populations, size, minimum)
        return
    found = allocate(populations, size, minimum)
    assert set(found) == set(populations)
    assert sum(found.values()) == min(size, sum(populations.values()))
    for key, there in populations.items():
        assert min(there, minimum) <= found[key] <= there
    assert allocate(dict(reversed(populations.items())), size, minimum) == found
    for a, b in itertools.pairwise(populations):
        if populations[a] > populations[b]:
            assert found[a] >= found[b], "a larger stratum never has fewer"


@given(strata, st.integers(1, 20_000))
@settings(max_examples=200, deadline=None)
def test_without_a_minimum_nobody_is_further_from_proportion_than_rounding(
    populations: dict[int, int], size: int
) -> None:
    whole = sum(populations.values())
    found = allocate(populations, size)
    for key, there in populations.items():
        assert abs(found[key] - there * min(size, whole) / whole if whole else found[key]) < 1


def test_a_sample_too_small_for_its_minimum_says_what_would_do() -> None:
    with pytest.raises(TooSmall) as refused:
        allocate({1: 100, 2: 100, 3: 3}, 20, 10)
    assert refused.value.needed == 23


def test_a_minimum_takes_from_the_large() -> None:
    assert allocate({1: 9000, 2: 900, 3: 100, 4: 4}, 100, 10) == {1: 76, 2: 10, 3: 10, 4: 4}
