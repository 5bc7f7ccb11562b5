"""Where ratings and services are written one by one: the row, its key and its changed day in one statement."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from django.db import DataError, connection, models
from django.utils import timezone
from psycopg2.errors import DivisionByZero

from common.prepared import Prepared
from evaluations.models import Evaluation, Service
from evaluations.presence import UNTRACED, Trace

# All or nothing by itself: with a form taken and a key free the statement fails, since the key is written by then.
RATING = """
WITH key AS (
    INSERT INTO evaluations_servicekey (project_number, source, service_number, assess_number, row)
    SELECT %(project_number)s, %(source)s, %(service_number)s, %(assess_number)s, %(id)s
    WHERE %(project_number)s <> '' ON CONFLICT DO NOTHING RETURNING 1
), form AS (
    INSERT INTO evaluations_submittedform (nonce, row)
    SELECT %(nonce)s, %(id)s WHERE %(nonce)s <> '' AND (%(project_number)s = '' OR EXISTS (SELECT FROM key))
    ON CONFLICT DO NOTHING RETURNING 1
), free AS (
    SELECT WHERE CASE
        WHEN %(project_number)s <> '' AND NOT EXISTS (SELECT FROM key) THEN false
        WHEN %(nonce)s = '' OR EXISTS (SELECT FROM form) THEN true
        WHEN %(project_number)s = '' THEN false
        ELSE 1 / (SELECT count(*) FROM form) = 1
    END
), changed AS (
    INSERT INTO evaluations_changedday (unit_id, day) SELECT %(unit_id)s, %(day)s FROM free
), traced AS (
    INSERT INTO evaluations_ratingtrace (evaluation_id, device, network, tablet_id, staff)
    SELECT %(id)s, %(device)s, %(network)s, %(tablet)s, %(as_staff)s FROM free WHERE %(traced)s
)
"""
TRACED = (
    ("device", "text"),
    ("network", "text"),
    ("tablet", "bigint"),
    ("as_staff", "boolean"),
    ("traced", "boolean"),
)
SERVICE = """
WITH free AS (
    INSERT INTO evaluations_servicekey (project_number, source, service_number, assess_number, row)
    VALUES (%(project_number)s, %(source)s, %(service_number)s, 0, %(id)s) ON CONFLICT DO NOTHING RETURNING 1
), changed AS (
    INSERT INTO evaluations_changedday (unit_id, day) SELECT %(unit_id)s, %(day)s FROM free
)
"""


def write_rating(evaluation: Evaluation, *, nonce: str = "", trace: Trace = UNTRACED) -> bool:
    """Writes a rating, its key, the nonce of its form and its changed day; by itself, or in the caller's transaction.

    Args:
        trace: from where it came, where that is known.

    Returns:
        False if the nonce or the key is taken: then nothing was written, and a transaction must be rolled back.
    """
    day = timezone.localdate(evaluation.rated_at)
    try:
        statement = _writing(Evaluation, RATING, ("nonce", "text"), *TRACED)
        return _write(statement, evaluation, nonce=nonce, day=day, **trace.columns)
    except DataError as error:
        if isinstance(error.__cause__, DivisionByZero):
            return False
        raise


def write_service(service: Service) -> bool:
    """Writes a service, its key and its changed day; False if the key is taken, then nothing was written."""
    return _write(_writing(Service, SERVICE), service, day=timezone.localdate(service.served_at))


def _write(statement: Prepared, row: models.Model, **more: Any) -> bool:
    values = {column: getattr(row, name) for column, name in _columns(type(row))}
    written = bool(statement.count({**values, **more}))
    row._state.adding, row._state.db = False, connection.alias
    return written


@cache
def _columns(model: type[models.Model]) -> list[tuple[str, str]]:
    return [(str(field.column), field.attname) for field in model._meta.concrete_fields]


@cache
def _writing(model: type[models.Model], claim: str, *more: tuple[str, str]) -> Prepared:
    """The statement that writes a row of a model, if what it claims is free."""
    types = {str(field.column): str(field.db_type(connection)) for field in model._meta.concrete_fields}
    names, places = ", ".join(types), ", ".join(f"%({column})s" for column in types)
    insert = f"INSERT INTO {model._meta.db_table} ({names}) SELECT {places} FROM free"  # noqa: S608  names of our own
    return Prepared(f"write_{model._meta.model_name}", claim + insert, {**types, "day": "date", **dict(more)})


def make_partitions(*, months: list[date]) -> list[str]:
    """Makes the monthly tables of services and ratings.

    Args:
        months: any day of each.

    Returns:
        What became of each table: "made", "exists", or "in default" when rows came before their table.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT evaluations_make_partition(parent, month) FROM unnest(%s) AS month,"
            " unnest(ARRAY['evaluations_service', 'evaluations_evaluation']) AS parent",
            [months],
        )
        return [row[0] for row in cursor.fetchall()]


def make_partitions_ahead(*, today: date, months: int = 3) -> list[str]:
    """Makes the tables of this month and of those ahead."""
    begin = today.year * 12 + today.month - 1
    return make_partitions(months=[date(n // 12, n % 12 + 1, 1) for n in range(begin, begin + months + 1)])
