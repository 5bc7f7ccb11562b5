"""Whole appeals: filed, heard, decided, served; and what becomes of the case, of clocks and of the three effects."""

from __future__ import annotations

import pytest

from appeals.enums import Effect, Stage, Vote
from common.models import OutboxMessage
from rectification.enums import Duty, Outcome, State
from tests.appeals.court import Court

U, P, R, N = Vote.UPHOLD, Vote.PARTLY, Vote.REJECT, Vote.UNPROVEN
E = Effect


@pytest.mark.parametrize(
    ("code", "votes", "state", "effects"),
    [
        ("W1", [U], State.INVALID, (E.EXCLUDE, E.EXCLUDE, E.EXCLUDE)),
        ("W2", [U], State.INVALID, (E.EXCLUDE, E.EXCLUDE, E.EXCLUDE)),
        ("W3", [U], State.INVALID, (E.EXCLUDE, E.EXCLUDE, E.EXCLUDE)),
        ("W4", [U], State.PRECHECKED, (E.MOVE, E.MOVE, E.MOVE)),
        ("W4", [P], State.PRECHECKED, (E.MOVE, E.MOVE, E.MOVE)),
        ("W5", [U], State.INVALID, (E.EXCLUDE, E.EXCLUDE, E.EXCLUDE)),
        ("W6", [U], State.INVALID, (E.MARK, E.EXCLUDE, E.EXCLUDE)),
        ("W6", [P, U, R], State.RECTIFYING, (E.KEEP, E.HALF, E.EXCLUDE)),
        ("W6", [R], State.RECTIFYING, (E.KEEP, E.KEEP, E.KEEP)),
        ("W6", [N], State.RECTIFYING, (E.KEEP, E.KEEP, E.KEEP)),
        ("W7", [U, U, R], State.INVALID, (E.APART, E.EXCLUDE, E.EXCLUDE)),
        ("W8", [U], State.RECTIFYING, (E.KEEP, E.HALF, E.EXCLUDE)),
        ("W9", [U], State.RECTIFYING, (E.KEEP, E.HALF, E.EXCLUDE)),
    ],
)
def test_what_each_ground_comes_to(
    court: Court, code: str, votes: list[Vote], state: State, effects: tuple[Effect, ...]
) -> None:
    appeal = court.ruled(code, *votes)
    case = appeal.case
    case.refresh_from_db()
    ruling = appeal.ruling
    assert (ruling.public, ruling.unit_score, ruling.staff_score) == effects
    assert (case.state, appeal.stage) == (state, Stage.RULED)
    assert (case.outcome == Outcome.INVALID) == (state == State.INVALID) == ruling.ends_case
    assert not case.deadlines.unmet().filter(duty=Duty.APPEAL).exists()
    assert OutboxMessage.objects.filter(key=f"appeal-ruling:{appeal.number}").count() == 1
