"""The hours at which people rate at windows, counted with the places of a day and again when the day changes."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from assessment.models import PlaceDay
from assessment.periods import Days
from assessment.queries import window_hours
from organizations.models import Unit
from tests.assessment.doubting import DAY, Doubting
from tests.factories import NOW, Cast

ALL = Days(DAY, DAY + timedelta(days=1))


def counted_again() -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT extract(hour FROM rated_at AT TIME ZONE 'Asia/Shanghai')::int, count(*)
            FROM evaluations_evaluation WHERE window_id IS NOT NULL AND origin NOT IN ('default', 'test') GROUP BY 1
            """
        )
        return dict(cursor.fetchall())


def test_hours_are_those_of_the_rows(cast: Cast, monday: object) -> None:
    doubting = Doubting(cast)
    for hours, count in ((-2, 3), (0, 5), (6, 2), (-9, 1), (9, 1)):
        for _number in range(count):
            doubting.rate(at=NOW + timedelta(hours=hours))
    assert sum(window_hours(ALL).values()) == 0, "nobody has looked yet"
    doubting.look()
    found = {hour: count for hour, count in window_hours(ALL).items() if count}
    assert found == counted_again() == {8: 3, 10: 5, 16: 2, 1: 1, 19: 1}
    doubting.rate(at=NOW)
    doubting.look()
    assert window_hours(ALL)[10] == 6
    assert window_hours(ALL, Unit.objects.filter(pk=cast.unit.pk))[10] == 6
    assert sum(window_hours(ALL, Unit.objects.filter(pk=cast.other_unit.pk)).values()) == 0
    assert sum(window_hours(Days(DAY - timedelta(days=9), DAY)).values()) == 0


def test_places_counted_before_there_were_hours_say_nothing(cast: Cast, monday: object) -> None:
    PlaceDay.objects.create(day=DAY, unit_id=cast.unit.pk, window_id=cast.window.pk, ratings=7)
    PlaceDay.objects.create(day=DAY, unit_id=cast.unit.pk, window_id=0, ratings=7, hours=[7] * 24)
    assert set(window_hours(ALL).values()) == {0}
