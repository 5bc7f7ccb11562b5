"""Who of the citizens behind a joint file knows what it came to: every combination that matters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from oversight.enums import Told
from oversight.outcomes import Concerned, standing, waiting
from tests.factories import NOW

BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Concerned(reachable=True), Told.WAITING),
        (Concerned(reachable=True, replied_at=BEFORE), Told.WAITING),
        (Concerned(reachable=True, replied_at=NOW), Told.REPLIED),
        (Concerned(reachable=True, replied_at=AFTER), Told.REPLIED),
        (Concerned(reachable=True, told_at=BEFORE), Told.WAITING),
        (Concerned(reachable=True, replied_at=BEFORE, told_at=AFTER), Told.TOLD),
        (Concerned(reachable=False), Told.UNREACHABLE),
        (Concerned(reachable=False, replied_at=BEFORE), Told.UNREACHABLE),
        (Concerned(reachable=False, replied_at=AFTER), Told.REPLIED),
        (Concerned(reachable=True, void=True), Told.VOID),
        (Concerned(reachable=True, void=True, replied_at=AFTER), Told.VOID),
    ],
)
def test_a_reply_tells_of_the_outcome_if_it_came_after_it(one: Concerned, told: Told) -> None:
    assert standing(one, NOW) == told


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Concerned(reachable=True, replied_at=AFTER), Told.WAITING),
        (Concerned(reachable=True, told_at=AFTER), Told.WAITING),
        (Concerned(reachable=False, replied_at=AFTER), Told.UNREACHABLE),
        (Concerned(reachable=True, void=True), Told.VOID),
    ],
)
def test_while_there_is_no_outcome_nobody_knows_it(one: Concerned, told: Told) -> None:
    assert standing(one, None) == told


def test_only_who_can_be_reached_and_does_not_know_is_waited_for() -> None:
    cases = {
        "B": Concerned(reachable=True),
        "A": Concerned(reachable=True, replied_at=BEFORE),
        "C": Concerned(reachable=True, replied_at=AFTER),
        "D": Concerned(reachable=False),
        "E": Concerned(reachable=True, void=True),
        "F": Concerned(reachable=True, told_at=AFTER),
    }
    assert waiting(cases, NOW) == ["A", "B"]
    assert waiting(cases, None) == ["A", "B", "C", "F"]
    assert waiting({}, NOW) == []
