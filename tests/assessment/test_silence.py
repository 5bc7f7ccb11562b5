"""Checks on silence through real rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from assessment import actions
from assessment.enums import SignalCode
from assessment.models import CountedDay, Finding, PlaceDay
from tests.assessment.doubting import DAY, NIGHT, Doubting
from tests.factories import NOW, Cast


def test_negatives_that_are_missing(cast: Cast) -> None:
    place = Doubting(cast)
    for back in range(1, 120):
        PlaceDay.objects.create(
            day=DAY - timedelta(days=back), unit_id=cast.unit.pk, window_id=0, usual=40, n5=39, n1=1 if back > 29 else 0
        )
    place.crowd(5)
    found = place.look()[SignalCode.NO_NEGATIVES]
    assert (found.unit, found.observed, round(found.expected)) == (cast.unit, 0, 29)
    assert found.chance < 1e-10
    actions.count_day(DAY + timedelta(days=1))
    actions.look_at_day(DAY + timedelta(days=1), at=NIGHT + timedelta(days=1))
    assert Finding.objects.filter(signal=SignalCode.NO_NEGATIVES).count() == 1, "told once while it lasts"


def test_too_few_to_be_missed(cast: Cast) -> None:
    place = Doubting(cast)
    for back in range(1, 120):
        one = 1 if back > 29 and back % 10 == 0 else 0
        PlaceDay.objects.create(day=DAY - timedelta(days=back), unit_id=cast.unit.pk, window_id=0, usual=40, n1=one)
    place.crowd(5)
    assert SignalCode.NO_NEGATIVES not in place.look()


def test_a_source_that_is_silent_at_its_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.INTEGRITY, "missed_rows", 4)
    place = Doubting(cast)
    for week in range(1, 5):
        for n in range(9):
            place.rate(at=NOW - timedelta(days=7 * week, minutes=-n))
            place.rate(at=NOW + timedelta(hours=4) - timedelta(days=7 * week, minutes=-n))
    CountedDay.objects.exclude(day__in=[DAY - timedelta(days=7 * week) for week in range(1, 5)]).update(working=False)
    for n in range(5):
        place.rate(at=NOW + timedelta(hours=4, minutes=n))
    found = place.look()[SignalCode.HOLE]
    assert (found.subject, found.unit, found.evidence["hours"]) == ("portal", None, [10])
