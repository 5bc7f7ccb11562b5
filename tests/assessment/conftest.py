"""A told city that a whole module reads, and the same working Monday and browsers as the tests of cases."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import transaction

from evaluations.models import ChangedDay, Evaluation
from organizations.models import Unit
from tests.assessment.histories import History
from tests.factories import NOW, Cast
from tests.rectification.conftest import monday, sign_in

__all__ = ["monday", "sign_in"]
# What happens where nobody else has a connection.
ALONE = [thing for thing in History.THINGS if "elsewhere" not in thing and "commits" not in thing and thing != "move"]


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[History]:
    """Three units below the bureau, its county office, and the bureau itself, with all that may happen to ratings."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast = Cast()
        history = History(cast, Random(7), top=cast.unit)
        history.units += [Unit.objects.select_related("region").get(code="370602-GAJ"), cast.unit]
        for _ in range(170):
            getattr(history, f"_{history.draw.choice(ALONE)}")()
        crowd = [history._evaluation(cast.unit, NOW, origin="active", channel="slip") for _ in range(60)]
        Evaluation.objects.bulk_create(crowd)
        ChangedDay.objects.create(unit=cast.unit, day=NOW.date())
        history.settle()
        yield history
        transaction.set_rollback(True)


@pytest.fixture
def story(told: History, db: None) -> History:
    """The told city; what a test changes is taken back after it."""
    mine = copy.copy(told)
    mine.units = [copy.copy(unit) for unit in told.units]
    return mine
