"""How often whom the panel upholds, with counts; and when somebody should look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from appeals import actions
from appeals.enums import Vote
from appeals.models import Appeal
from appeals.queries import Figure, figures_by_ground, figures_by_unit
from rectification.models import Case
from rectification.queries import Share
from tests.appeals.court import Court
from tests.factories import NOW

U, R = Vote.UPHOLD, Vote.REJECT


def test_filed_ruled_and_upheld_by_unit_and_ground(court: Court) -> None:
    court.ruled("W8", U)
    court.ruled("W8", R)
    court.ruled("W5", U)
    court.file("W9")
    court.draft("W3")
    actions.withdraw_appeal(court.file("W2"), by=court.cast.zheng, at=NOW)
    everything = Appeal.objects.visible_to(court.cast.qian)
    (unit,) = figures_by_unit(everything)
    assert (unit.name, unit.filed, unit.upheld) == (court.cast.unit.name, 5, Share(2, 3))
    assert (unit.rejected, unit.days) == (1, 0.0)
    grounds = {figure.key: (figure.filed, figure.upheld) for figure in figures_by_ground(everything)}
    assert grounds == {
        "W2": (1, Share(0, 0)),
        "W5": (1, Share(1, 1)),
        "W8": (2, Share(1, 2)),
        "W9": (1, Share(0, 0)),
    }


def test_a_reviewed_appeal_counts_once_with_what_it_came_to(court: Court) -> None:
    first = court.ruled("W8", R)
    review = court.review(first, court.cast.zheng)
    assert figures_by_unit(Appeal.objects.all())[0].upheld == Share(0, 1), "until then the first ruling holds"
    court.decide(review, U)
    (unit,) = figures_by_unit(Appeal.objects.all())
    assert (unit.filed, unit.upheld) == (1, Share(1, 1))


@pytest.mark.parametrize(
    ("upheld", "ruled", "alarm"),
    [(3, 5, True), (5, 5, True), (2, 5, False), (3, 6, False), (4, 4, False), (0, 0, False)],
)
def test_alarm_over_half_of_five_at_least(upheld: int, ruled: int, alarm: bool, settings: Any) -> None:
    figure = Figure("370600-GAJ", "公安局", ruled, Share(upheld, ruled))
    assert figure.alarm is alarm
    settings.APPEAL_ALARM_SHARE = 100
    assert figure.alarm is False


def test_how_many_of_its_cases_a_unit_contests(court: Court, settings: Any) -> None:
    for _ in range(3):
        court.case()
    twice = court.case()
    court.ruled("W8", R, case=twice)
    court.ruled("W9", R, case=twice)
    court.file("W8")
    court.draft("W8")
    everything = Appeal.objects.visible_to(court.cast.qian)
    cases = Case.objects.visible_to(court.cast.qian)
    (unit,) = figures_by_unit(everything, cases)
    assert unit.contested == Share(2, 6), "a case counts once, a draft not at all"
    assert not unit.contests_much
    settings.APPEAL_FILED_SHARE = 33
    assert unit.contests_much
    settings.APPEAL_ALARM_MIN = 7
    assert not unit.contests_much


def test_days_from_filing_to_ruling(court: Court) -> None:
    court.decide(court.file("W8"), R, at=NOW + timedelta(days=3))
    court.decide(court.file("W9"), R, at=NOW + timedelta(days=4))
    assert figures_by_unit(Appeal.objects.all())[0].days == 3.5
