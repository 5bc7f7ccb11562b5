"""Ratings and services by the thousand, written as fast as the database takes them.

The caller holds the transaction: a chunk is stored whole or not at all. Rows are copied straight into their tables
first, in a savepoint; where a key of the chunk is taken already, the copy fails at the first such row and the chunk
goes through a temporary table instead, which sorts out what is new. Negative ratings do not come this way: each needs
its case, and goes through `submit_evaluation` as from every other door.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from psycopg2.errors import UniqueViolation

from evaluations.actions.copying import Lines
from evaluations.models import ChangedDay

KEY_COLUMNS = "project_number, source, service_number, assess_number, row"
RATING_COLUMNS = (
    "id, rated_at, received_at, level, tags, text, channel, origin, is_default, target, topic, source, project_number,"
    " service_number, assess_number, unit_id, item_id, hall_id, window_id, staff_id, batch_id, negative,"
    " consent_version"
)
SERVICE_COLUMNS = (
    "id, served_at, received_at, service_name, source, project_number, service_number, unit_id, item_id, window_id,"
    " staff_id, applicant_index, contact_id, batch_id"
)
SORT_OUT = """
WITH won AS (
    INSERT INTO evaluations_servicekey ({keys})
    SELECT project_number, source, service_number, {assess}, id FROM {stage}
    ORDER BY project_number, source, service_number, line
    ON CONFLICT DO NOTHING RETURNING row
)
INSERT INTO {table} ({columns}) SELECT {columns} FROM {stage} JOIN won ON won.row = {stage}.id
RETURNING id
"""
# Whether what lost its key says the same as what has it. Read by index: the tables hold years.
COMPARE_RATINGS = """
SELECT s.line, e.level = s.level AND e.tags = s.tags AND e.text = s.text
FROM staged_evaluation s JOIN evaluations_servicekey k ON k.project_number = s.project_number AND k.source = s.source
    AND k.service_number = s.service_number AND k.assess_number = s.assess_number
JOIN evaluations_evaluation e ON e.id = k.row WHERE k.row <> s.id
"""
COMPARE_SERVICES = """
SELECT s.line, e.unit_id = s.unit_id AND e.item_id = s.item_id
FROM staged_service s JOIN evaluations_servicekey k ON k.project_number = s.project_number AND k.source = s.source
    AND k.service_number = s.service_number AND k.assess_number = 0
JOIN evaluations_service e ON e.id = k.row WHERE k.row <> s.id
"""


@dataclass(frozen=True)
class Table:
    """One of the two tables that take rows by the thousand."""

    name: str
    stage: str
    columns: str
    assess: str
    compare: str


RATINGS = Table("evaluations_evaluation", "staged_evaluation", RATING_COLUMNS, "assess_number", COMPARE_RATINGS)
SERVICES = Table("evaluations_service", "staged_service", SERVICE_COLUMNS, "0", COMPARE_SERVICES)


@dataclass(frozen=True)
class Stored:
    """What became of the rows handed in: how many are new, and the lines of those that are not.

    duplicates: say the same as what is stored under their key; contradicting: say something else.
    """

    count: int = 0
    duplicates: Sequence[int] = field(default=())
    contradicting: Sequence[int] = field(default=())


def store_ratings(lines: Lines, *, fresh: bool = True) -> Stored:
    """Stores good ratings. Inside the caller's transaction.

    Args:
        lines: of `copying.rating_lines`.
        fresh: whether most keys are expected to be new; with False the direct copy is not even tried.
    """
    return _store(RATINGS, lines, fresh)


def store_services(lines: Lines, *, fresh: bool = True) -> Stored:
    """Stores services. Inside the caller's transaction.

    Args:
        lines: of `copying.service_lines`.
        fresh: as for ratings.
    """
    return _store(SERVICES, lines, fresh)


def _store(table: Table, lines: Lines, fresh: bool) -> Stored:
    count = len(lines.rows)
    if not count:
        return Stored()
    stored = Stored(count) if fresh and _copied(table, lines) else _sorted_out(table, lines, count)
    if stored.count:
        ChangedDay.objects.bulk_create([ChangedDay(unit_id=unit, day=day) for unit, day in lines.days])
    return stored


def _copied(table: Table, lines: Lines) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _copy(cursor, "evaluations_servicekey", KEY_COLUMNS, lines.keys)
            _copy(cursor, table.name, table.columns, lines.direct)
    except Exception as error:
        if isinstance(error.__cause__ or error, UniqueViolation):
            return False
        raise
    return True


def _sorted_out(table: Table, lines: Lines, count: int) -> Stored:
    names = {"keys": KEY_COLUMNS, "assess": table.assess, "stage": table.stage, "table": table.name}
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {table.stage} (LIKE {table.name}, line bigint) ON COMMIT DELETE ROWS"
        )
        cursor.execute(f"DELETE FROM {table.stage}")  # noqa: S608  names of our own
        _copy(cursor, table.stage, f"{table.columns}, line", lines.staged)
        cursor.execute(SORT_OUT.format(columns=table.columns, **names))
        new = cursor.rowcount
        if new == count:
            return Stored(new)
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        cursor.execute(table.compare)
        found = cursor.fetchall()
        cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")
    same = [line for line, alike in found if alike]
    return Stored(new, same, [line for line, alike in found if not alike])


def _copy(cursor: object, table: str, columns: str, lines: str) -> None:
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(lines))  # type: ignore[attr-defined]
