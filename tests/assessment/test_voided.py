"""The three counts after appeals: public, unit and person apart, each with received, invalid and effective."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from appeals.enums import Effect, Vote
from assessment.actions import refresh
from assessment.periods import Period, period_of
from assessment.queries import after_appeals, overall
from assessment.queries.voided import AfterAppeals, Negatives
from evaluations.actions import exclude_rating
from evaluations.enums import ExclusionReason
from evaluations.models import Evaluation
from organizations.models import Unit
from rectification.actions import dispatch_case
from rectification.enums import State
from rectification.models import Case
from tests.appeals.court import Court
from tests.factories import NOW, Cast

E = Effect
NOVEMBER = period_of(NOW.date(), "month")
U, P, R = Vote.UPHOLD, Vote.PARTLY, Vote.REJECT


@pytest.fixture
def court(cast: Cast) -> Iterator[Court]:
    with time_machine.travel(NOW):
        yield Court(cast)


def counted(units: str = "", period: Period = NOVEMBER) -> AfterAppeals:
    while not refresh(at=NOW).complete:
        pass
    return after_appeals(period, Unit.objects.filter(code=units) if units else None)


def numbers(one: Negatives) -> tuple[int, int, int]:
    return one.received, one.invalid, one.effective


@pytest.mark.parametrize(
    ("code", "votes", "public", "unit", "staff", "weighed"),
    [
        ("W1", [U], (2, 1, 1), (2, 1, 1), (2, 1, 1), "1"),
        ("W5", [U], (2, 1, 1), (2, 1, 1), (2, 1, 1), "1"),
        ("W6", [U], (2, 0, 2), (2, 1, 1), (2, 1, 1), "1"),
        ("W6", [P], (2, 0, 2), (2, 0, 2), (2, 1, 1), "1.5"),
        ("W7", [U], (2, 1, 1), (2, 1, 1), (2, 1, 1), "1"),
        ("W8", [U], (2, 0, 2), (2, 0, 2), (2, 1, 1), "1.5"),
        ("W9", [U], (2, 0, 2), (2, 0, 2), (2, 1, 1), "1.5"),
        ("W8", [R], (2, 0, 2), (2, 0, 2), (2, 0, 2), "2"),
    ],
)
def test_each_count_has_its_three_numbers(
    court: Court,
    code: str,
    votes: list[Vote],
    public: tuple[int, int, int],
    unit: tuple[int, int, int],
    staff: tuple[int, int, int],
    weighed: str,
) -> None:
    court.case()
    court.ruled(code, *votes)
    found = counted()
    assert (numbers(found.public), numbers(found.unit_score), numbers(found.staff_score)) == (public, unit, staff)
    assert found.unit_score.weighed == Decimal(weighed)
    assert [(one.code, one.upheld) for one in found.grounds] == ([] if votes == [R] else [(code, 1)])


def test_what_was_found_untrue_is_marked_and_what_was_bad_faith_stands_apart(court: Court) -> None:
    court.ruled("W6", U)
    court.ruled("W7", U)
    found = counted()
    assert found.public.effects == {E.MARK: 1, E.APART: 1}
    assert [(one.code, dict(one.public), dict(one.unit_score)) for one in found.grounds] == [
        ("W6", {E.MARK: 1}, {E.EXCLUDE: 1}),
        ("W7", {E.APART: 1}, {E.EXCLUDE: 1}),
    ]


def test_what_lay_with_the_wrong_unit_counts_where_it_belongs(court: Court) -> None:
    appeal = court.ruled("W4", U)
    here, there = court.cast.unit.code, court.cast.other_unit.code
    assert numbers(counted(here).public) == (1, 0, 0)
    dispatch_case(Case.objects.get(pk=appeal.case_id), by=court.cast.lin, at=NOW, unit=court.cast.other_unit)
    away, arrived = counted(here), counted(there)
    assert (numbers(away.public), numbers(away.unit_score)) == ((1, 0, 0), (1, 0, 0)), "never void"
    assert (numbers(arrived.public), numbers(arrived.unit_score)) == ((0, 0, 1), (0, 0, 1))
    both = after_appeals(NOVEMBER, Unit.objects.filter(code__in=[here, there]))
    assert numbers(both.public) == (1, 0, 1), "moved within"
    city = counted()
    assert city.public.of(E.MOVE) == 1
    assert numbers(city.public) == (1, 0, 1), "in the whole city it stays one 差评"


def test_a_review_that_reverses_is_followed(court: Court) -> None:
    first = court.ruled("W5", U)
    assert counted().unit_score.invalid == 1
    court.decide(court.review(first, court.cast.qian), R)
    found = counted()
    assert numbers(found.unit_score) == (1, 0, 1)
    assert found.grounds == []


def test_of_two_rulings_on_one_rating_the_stronger_effect_counts_once(court: Court) -> None:
    case = court.case()
    court.ruled("W8", U, case=case)
    court.ruled("W5", U, case=Case.objects.get(pk=case.pk))
    found = counted()
    assert numbers(found.unit_score) == (1, 1, 0)
    assert [(one.code, one.upheld) for one in found.grounds] == [("W5", 1), ("W8", 1)], "each ground tells its own"


def test_the_tallies_call_invalid_what_does_not_count_against_the_unit(court: Court) -> None:
    court.ruled("W6", U)
    court.ruled("W8", U)
    found, together = counted(), overall(NOVEMBER).together
    assert together.invalid == found.unit_score.invalid == 1
    assert found.public.invalid == 0, "the public count is decided apart"


def test_other_months_and_what_counts_nowhere_are_left_out(court: Court) -> None:
    appeal = court.ruled("W6", U)
    assert counted(period=period_of(NOW.date().replace(month=10), "month")).grounds == []
    rating = Evaluation.objects.get(case=appeal.case)
    exclude_rating(rating, reason=ExclusionReason.TEST, note="联调", by=court.cast.qian, at=NOW)
    found = counted()
    assert (found.grounds, numbers(found.public)) == ([], (0, 0, 0))


def test_nothing_is_counted_before_there_is_a_ruling(court: Court) -> None:
    court.file("W8")
    court.case(State.SIGNED)
    assert numbers(counted().staff_score) == (2, 0, 2)
