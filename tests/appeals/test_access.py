"""Who may contest, and who may not sit: tables without a database."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from appeals.access import Candidate, Contested, barred, sides
from appeals.enums import Appellant, Recusal
from rectification.enums import Party

ABOUT = Contested(
    paths=frozenset({"/3/7/"}), rated_staff=10, handlers=frozenset({20, 21}), other_staff=11, earlier=frozenset({30})
)


@dataclass
class Rated:
    rated_staff_id: int | None = 10


@pytest.mark.parametrize(
    ("staff", "standing", "may"),
    [
        (20, {Party.HANDLER}, [Appellant.UNIT]),
        (21, {Party.UNIT_SUPERVISOR}, [Appellant.UNIT]),
        (10, set(), [Appellant.PERSON]),
        (22, {Party.CO_HANDLER}, []),
        (23, {Party.SUPERVISOR}, []),
        (24, {Party.DISPATCHER, Party.CALLBACK}, []),
        (25, set(), []),
    ],
)
def test_who_may_contest(staff: int, standing: set[Party], may: list[Appellant]) -> None:
    assert sides(staff, standing, Rated()) == may


def test_where_nobody_was_rated_nobody_contests_for_themselves() -> None:
    assert sides(10, set(), Rated(None)) == []


@pytest.mark.parametrize(
    ("candidate", "why"),
    [
        (Candidate(1, frozenset({"/3/8/"})), None),
        (Candidate(1, frozenset({"/3/70/"})), None),
        (Candidate(1, frozenset({"/3/7/"})), Recusal.OWN_UNIT),
        (Candidate(1, frozenset({"/3/7/4/"})), Recusal.OWN_UNIT),
        (Candidate(1, frozenset({"/3/"})), Recusal.OWN_UNIT),
        (Candidate(1, frozenset({"/3/8/", "/3/7/"})), Recusal.OWN_UNIT),
        (Candidate(10, frozenset({"/3/8/"})), Recusal.PERSON),
        (Candidate(20, frozenset({"/3/8/"})), Recusal.HANDLED),
        (Candidate(30, frozenset({"/3/8/"})), Recusal.HANDLED),
        (Candidate(1, frozenset({"/3/8/"}), related_paths=frozenset({"/3/7/"})), Recusal.RELATION),
        (Candidate(1, frozenset({"/3/8/"}), related_staff=frozenset({10})), Recusal.RELATION),
        (Candidate(1, frozenset({"/3/8/"}), related_staff=frozenset({21})), Recusal.RELATION),
        (Candidate(1, frozenset({"/3/8/"}), related_staff=frozenset({99})), None),
        (Candidate(1, frozenset({"/3/8/"}), listed=False), Recusal.OFF),
        (Candidate(1, frozenset({"/3/8/"}), of_city=False), None),
        (Candidate(11, frozenset({"/3/8/"})), Recusal.PERSON),
        (Candidate(1, frozenset({"/3/8/"}), related_staff=frozenset({11})), Recusal.RELATION),
    ],
)
def test_who_may_not_sit(candidate: Candidate, why: Recusal | None) -> None:
    assert barred(candidate, ABOUT) == why


def test_a_review_of_a_countys_case_is_the_citys() -> None:
    about = replace(ABOUT, next_level=True)
    assert barred(Candidate(1, frozenset({"/3/8/"}), of_city=False), about) == Recusal.LEVEL
    assert barred(Candidate(1, frozenset({"/3/8/"})), about) is None
