"""The demo's walks and inspections: 21 departments and 21 problems where a year is told (domain.md §1 row 13)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from disclosure.models import PublicWalk
from organizations.models import Unit
from organizations.queries import working_calendar
from oversight.models import Dossier, WarningCase
from oversight.queries.walks import summary_of
from reviews_portal.demo.field import Scene, Walks, inspect_and_warn
from reviews_portal.demo.people import People, make_people
from reviews_portal.demo.teller import OfficeClock
from tests.factories import NOW
from tests.rectification.conftest import monday

__all__ = ["monday"]
FIRST = date(2025, 10, 1)


@pytest.fixture
def people(db: None, monday: object) -> People:
    units = [*Unit.objects.filter(level="city").select_related("region").order_by("code")]
    return make_people(units, at=NOW - timedelta(days=400))


def tell(people: People, count: int, unsolved: int) -> Walks:
    """As the city tells it: those of a quarter before its notice, the rest and the inspections at the end."""
    units = {unit.code: unit for unit in Unit.objects.select_related("region", "parent")}
    clock = OfficeClock(working_calendar(FIRST - timedelta(days=60), NOW.date() + timedelta(days=60)))
    scene = Scene(people, units, clock)
    walks = Walks(scene, FIRST, timezone.localdate(NOW), count, unsolved)
    walks.upto(FIRST + timedelta(days=92))
    assert 0 < walks.told < count
    assert not Dossier.objects.filter(closed_at__date__gte=FIRST + timedelta(days=92)).exists()
    walks.rest(NOW)
    inspect_and_warn(scene, NOW)
    return walks


def test_a_year_is_twenty_one_departments_and_problems(people: People) -> None:
    assert tell(people, 21, 0).told == 21
    found = summary_of(Dossier.objects.all(), FIRST, timezone.localdate(NOW) + timedelta(days=1))
    assert (found.units_walked, len(found.walked)) == (21, 21)
    assert (len(found.problems), found.count("solved")) == (21, 21)
    assert PublicWalk.objects.filter(shown=True).count() == 20
    names = {person.name for person in people.by_account.values()}
    page = Client().get("/walks/").content.decode()
    assert not [name for name in names if name in page]


def test_a_few_leave_something_to_do(people: People) -> None:
    tell(people, 6, 1)
    walks = Dossier.objects.filter(kind="walk")
    assert sorted(walks.values_list("stage", flat=True)) == ["closed"] * 5 + ["fixing", "planned"]
    inspections = Dossier.objects.filter(kind="inspection")
    assert sorted(inspections.values_list("stage", flat=True)) == ["closed", "planned"]
    assert sorted(WarningCase.objects.values_list("stage", flat=True)) == ["approved", "draft"]
    assert (
        not Dossier.objects.visible_to(people.by_account["zheng"]).filter(kind="inspection", stage="planned").exists()
    )
    assert not Dossier.objects.filter(closed_at__gt=NOW).exists()
