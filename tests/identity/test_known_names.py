"""The names a text is searched for: all staff, kept in memory until somebody is added or called otherwise."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from identity.queries import known_names
from identity.redaction import find_personal
from organizations.actions.people import change_staff, create_staff
from organizations.models import Staff, Unit
from tests.factories import NOW, Cast

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [span.text for span in find_personal(text, known_names())]


def test_all_staff_are_found_and_offices_are_not(cast: Cast) -> None:
    assert found(f"午后{cast.wu.name}亦在") == [cast.wu.name]
    unit = Unit.objects.order_by("pk").first()
    assert unit is not None
    assert found(f"感谢{unit.name}") == []


def test_somebody_new_is_found_at_once_and_under_a_new_name(cast: Cast) -> None:
    assert found("午后翾若筠亦在") == []
    person = create_staff(username="T900", name="翾若筠", by=cast.xu, at=NOW)
    assert found("午后翾若筠亦在") == ["翾若筠"]
    change_staff(person, by=cast.xu, at=NOW, name="翾若笙")
    assert found("午后翾若笙亦在") == ["翾若笙"]
    assert found("午后翾若筠亦在") == []


def test_the_names_are_asked_for_once(cast: Cast) -> None:
    known = known_names()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert known_names() is known
    assert not asked.captured_queries


def test_twenty_thousand_people_are_one_question(cast: Cast) -> None:
    Staff.objects.bulk_create([Staff(username=f"N{n:05}", name=f"测{n:05}") for n in range(20_000)])
    with CaptureQueriesContext(connection) as asked:
        assert found("午后测19999亦在") == ["测19999"]
    assert len(asked.captured_queries) <= 7
