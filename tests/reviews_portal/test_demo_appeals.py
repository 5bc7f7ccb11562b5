"""The stories of appeals come to where the demo says they are, through real acts."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from appeals.enums import Stage, Vote
from appeals.models import Appeal, Ballot, Ruling
from organizations.queries import working_calendar
from rectification.enums import PressureOutcome
from rectification.models import PressureReport
from reviews_portal.demo import city as demo
from reviews_portal.demo.city import City
from reviews_portal.demo.people import make_people
from reviews_portal.demo.pleading import FIRST, list_pool
from reviews_portal.demo.stories import APPEALS, CLOSED, OPEN
from reviews_portal.demo.teller import OfficeClock
from tests.factories import NOW


@pytest.fixture
def told(db: None, monday: None, monkeypatch: pytest.MonkeyPatch) -> City:
    """Only the stories in which somebody contests, or is pressed."""
    ours = {"appeal", "contest", "draft", "pressure", "hide"}
    for name, stories in (("OPEN", OPEN), ("CLOSED", CLOSED), ("APPEALS", APPEALS), ("SEED", [])):
        kept = [s for s in stories if ours & {word.partition(":")[0] for word in s.script.split()}]
        monkeypatch.setattr(demo, name, kept)
    today = timezone.localdate(NOW)
    clock = OfficeClock(working_calendar(today - timedelta(days=150), today + timedelta(days=60)))
    city = City(now=NOW, random=random.Random(1), clock=clock)
    demo._load(city)
    city.people = make_people(demo._staffed_units(city), at=NOW - timedelta(days=120))
    list_pool(city.people.pool[: FIRST + 1], city.people.by_account["qian"], at=NOW - timedelta(days=110))
    demo._tell_stories(city, lambda line: None)
    return city


def test_appeals_stand_in_every_stage(told: City) -> None:
    stages = Counter(Appeal.objects.values_list("stage", "round"))
    assert stages[Stage.DRAFT, 1] == 2
    assert stages[Stage.RULED, 1] == 4
    assert stages[Stage.VOTING, 1] == 4
    assert stages[Stage.VOTING, 2] == 1, "the review has its panel of others"
    outcomes = set(Ruling.objects.values_list("outcome", flat=True))
    assert {Vote.UPHOLD, Vote.PARTLY} < outcomes
    assert outcomes & {Vote.REJECT, Vote.UNPROVEN}
    voted = Counter(Ballot.objects.filter(place__appeal__stage=Stage.VOTING).values_list("place__appeal", flat=True))
    assert list(voted.values()) == [2], "two of three have voted"
    tang = told.people.by_account["tang"]
    assert Appeal.objects.filter(stage=Stage.VOTING, places__staff=tang, places__ballot=None).exists()


def test_reports_of_pressure_have_outcomes(told: City) -> None:
    found = Counter(PressureReport.objects.values_list("kind", "outcome"))
    assert found["reported", PressureOutcome.FOUND] == 1
    assert found["withdrawal", PressureOutcome.NOT_FOUND] == 1
    assert found["reported", ""] == 1
