"""Statements that are planned once for a connection, and connections that are looked at before they are asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from common.prepared import Prepared, Reading
from evaluations.actions import make_rating_link
from evaluations.enums import LinkKind
from evaluations.models import RatingLink
from organizations.models import Membership, Staff, Unit
from tests.factories import Cast

SUM = Prepared("test_sum", "SELECT %(one)s + %(other)s, %(one)s", {"one": "int", "other": "int"})


def known() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [SUM.name])
        return int(cursor.fetchone()[0])


def gone() -> None:
    """The server ends this connection, as when it is started anew."""
    assert connection.connection is not None
    pid = connection.connection.info.backend_pid
    other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    with other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def test_a_statement_is_prepared_once_for_each_connection(transactional_db: None) -> None:
    connection.close()
    assert [SUM.rows({"one": 1, "other": number}) for number in range(3)] == [[(1, 1)], [(2, 1)], [(3, 1)]]
    assert known() == 1
    connection.close()
    assert known() == 0
    assert SUM.rows({"one": 1, "other": 1}) == [(2, 1)]
    assert known() == 1


def test_what_is_undone_does_not_undo_the_statement(transactional_db: None) -> None:
    connection.close()
    with transaction.atomic():
        SUM.rows({"one": 1, "other": 1})
        transaction.set_rollback(True)
    assert SUM.rows({"one": 2, "other": 1}) == [(3, 2)]
    with pytest.raises(DatabaseError), transaction.atomic():
        SUM.rows({"one": "no number", "other": 1})
    assert SUM.rows({"one": 2, "other": 2}) == [(4, 2)]


def test_a_connection_whose_server_has_gone_is_not_usable(transactional_db: None) -> None:
    assert SUM.rows({"one": 1, "other": 1})
    assert connection.is_usable()
    gone()
    assert not connection.is_usable()
    connection.close()
    assert SUM.rows({"one": 1, "other": 1}) == [(2, 1)]


def test_a_connection_with_something_to_say_is_asked(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("LISTEN portal_test")
    other = psycopg2.connect(**{**connection.get_connection_params(), "cursor_factory": None})
    with other, other.cursor() as cursor:
        cursor.execute("NOTIFY portal_test")
    other.close()
    assert connection.is_usable()
    connection.close()
    assert not connection.is_usable()


@pytest.mark.django_db
def test_rows_are_those_of_the_model(cast: Cast) -> None:
    at = timezone.now()
    service = cast.service(at=at)
    make_rating_link(service, kind=LinkKind.SLIP, at=at)
    link = RatingLink.objects.get()
    one = Reading(Unit, "test_unit", "first.id = %(id)s", {"id": "bigint"})
    assert one.first(id=cast.unit.pk) == cast.unit
    assert one.first(id=0) is None
    both = Reading(RatingLink, "test_link", "first.id = %(id)s", {"id": "bigint"}, of="service")
    found = both.first(id=link.pk)
    assert found is not None
    assert vars(found.service) | {"_state": 0} == vars(type(service).objects.get()) | {"_state": 0}
    assert found.expires_at - found.made_at > timedelta(days=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", None)
        assert found.service.project_number == service.project_number


@pytest.mark.django_db
def test_a_row_comes_with_those_it_refers_to_one_behind_the_other(cast: Cast, django_assert_num_queries: Any) -> None:
    chain = Reading(Membership, "test_duties", "first.staff_id = %(staff)s", {"staff": "bigint"}, of="unit.region")
    chain.first(staff=cast.wu.pk)
    with django_assert_num_queries(1):
        found = chain.first(staff=cast.wu.pk)
        assert found is not None
        assert (found.unit.code, found.unit.region.code) == ("370600-GAJ", cast.unit.region.code)
    assert chain.first(staff=0) is None


@pytest.mark.django_db
def test_duties_are_those_in_force(cast: Cast) -> None:
    today = timezone.localdate()
    for person in cast.everybody.values():
        wanted = person.memberships.in_force(today).select_related("unit__region")
        assert Staff.objects.get(pk=person.pk).duties == list(wanted)
    held = cast.wu.memberships.get()
    for begins, ends, count in (
        (today, today, 1),
        (today - timedelta(days=9), today - timedelta(days=1), 0),
        (today + timedelta(days=1), None, 0),
    ):
        Membership.objects.filter(pk=held.pk).update(valid_from=begins, valid_to=ends)
        assert len(Staff.objects.get(pk=cast.wu.pk).duties) == count
    Membership.objects.filter(pk=held.pk).update(valid_from=today, valid_to=None)
    Staff.objects.filter(pk=cast.wu.pk).update(is_active=False)
    assert Staff.objects.get(pk=cast.wu.pk).duties == []
