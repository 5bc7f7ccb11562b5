"""A metric stands in a paper as it stands on its page, to the last digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.metrics import METRICS, Measured, Metric
from assessment.words import number_words
from oversight.queries.sections.figures import figure


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
@given(part=st.integers(0, 40_000), whole=st.integers(1, 40_000))
def test_paper_and_page_write_the_same_number(metric: Metric, part: int, whole: int) -> None:
    value = part / whole * (100_000 if metric.kind == "rate" else 1)
    found = Measured(part, whole, value, None, True)
    assert str(figure(metric, found)).replace(",", "") == number_words(metric, value)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.code)
def test_of_nothing_both_write_a_dash(metric: Metric) -> None:
    assert str(figure(metric, Measured(0, 0, None, None, False))) == number_words(metric, None)
