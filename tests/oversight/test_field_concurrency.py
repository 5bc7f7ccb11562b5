"""Many hands at once: one form of a stop, one task of an obstacle, numbers of their own in the file."""

from __future__ import annotations

import pytest

from oversight import actions
from oversight.actions import Wanted
from oversight.models import Finding, Visit
from tests.appeals.test_concurrency import all_at_once, split
from tests.factories import NOW, Cast
from tests.oversight.fieldwork import inspection, visited, walk, warning

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_form_sent_many_times_at_once_is_stored_once(live_cast: Cast) -> None:
    row = inspection(live_cast)
    made, refused = split(all_at_once(lambda _n: visited(live_cast, row), 6))
    assert (len({visit.pk for visit in made}), len(made), refused) == (1, 6, [])
    assert (Visit.objects.count(), Finding.objects.count()) == (1, 3)


def test_an_obstacle_pressed_many_times_is_one_task(live_cast: Cast) -> None:
    row = walk(live_cast)
    step = row.walk.steps.get(number=2).pk
    asked = Wanted(live_cast.unit, "增设打印机", days=5)
    press = lambda _n: actions.assign_obstacles(row, [step], asked, by=live_cast.qian, at=NOW)  # noqa: E731
    made, refused = split(all_at_once(press, 4))
    assert (len(made), len(refused)) == (1, 3)
    assert row.tasks.count() == 1


def test_entries_drafted_at_once_have_numbers_of_their_own(live_cast: Cast) -> None:
    made, refused = split(all_at_once(lambda _n: warning(live_cast), 4))
    assert refused == []
    assert sorted(row.number for row in made) == [f"AL-2026-{n:03d}" for n in range(1, 5)]
