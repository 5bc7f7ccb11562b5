"""A paper that was kept is the paper that was issued."""

from __future__ import annotations

import json

from hypothesis import given, settings

from oversight.paper import Paper, dump, load
from tests.oversight.sample import full, papers


@given(papers())
@settings(max_examples=60, deadline=None)
def test_what_was_kept_is_what_was_issued(made: Paper) -> None:
    kept = load(json.loads(json.dumps(dump(made))))
    assert kept == made
    assert [str(figure) for figure in kept.figures()] == [str(figure) for figure in made.figures()]


def test_a_paper_with_everything() -> None:
    assert load(json.loads(json.dumps(dump(full())))) == full()
