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
from typing import Any

from django.db import connection, transaction
from psycopg2.errors import UniqueViolation

from evaluations.actions.copying import Lines

PIECE = 1 << 22
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
# Which lines have a key that another row has, and whether that says the same. Read by index: the tables hold years.
COMPARE_RATINGS = """
SELECT s.line, e.level = s.level AND e.tags = s.tags AND e.text = s.text
FROM staged_evaluation s JOIN evaluations_servicekey k ON k.project_number = s.project_number AND k.source = s.source
    AND k.service_number = s.service_number AND k.assess_number = s.assess_number
JOIN evaluations_evaluation e ON e.id = k.row WHERE k.row <> s.id AND NOT s.line = ANY(%(known)s)
"""
COMPARE_SERVICES = """
SELECT s.line, e.unit_id = s.unit_id AND e.item_id = s.item_id
FROM staged_service s JOIN evaluations_servicekey k ON k.project_number = s.project_number AND k.source = s.source
    AND k.service_number = s.service_number AND k.assess_number = 0
JOIN evaluations_service e ON e.id = k.row WHERE k.row <> s.id AND NOT s.line = ANY(%(known)s)
"""
SORT_OUT = """
WITH won AS (
    INSERT INTO evaluations_servicekey ({keys})
    SELECT project_number, source, service_number, {assess}, id FROM {stage} WHERE NOT line = ANY(%(known)s)
    ORDER BY project_number, source, service_number, line
    ON CONFLICT DO NOTHING RETURNING row
)
INSERT INTO {table} ({columns}) SELECT {columns} FROM {stage} JOIN won ON won.row = {stage}.id
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
        days = "".join(f"{unit}\t{day}\n" for unit, day in lines.days)
        with connection.cursor() as cursor:
            _copy(cursor, "evaluations_changedday", "unit_id, day", days)
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
    """Most rows are known, or some are twice in the chunk: first what is known already, then what is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {table.stage} (LIKE {table.name}, line bigint) ON COMMIT DELETE ROWS"
        )
        cursor.execute(f"DELETE FROM {table.stage}")  # noqa: S608  names of our own
        _copy(cursor, table.stage, f"{table.columns}, line", lines.staged)
        found, new = _compared(cursor, table, []), 0
        known = [line for line, _alike in found]
        count -= len(known)
        if count:
            names = {"keys": KEY_COLUMNS, "assess": table.assess, "stage": table.stage, "table": table.name}
            cursor.execute(SORT_OUT.format(columns=table.columns, **names), {"known": known})
            new = cursor.rowcount
        if new < count:
            found += _compared(cursor, table, known)
    same = [line for line, alike in found if alike]
    return Stored(new, same, [line for line, alike in found if not alike])


def _compared(cursor: Any, table: Table, known: list[int]) -> list[tuple[int, bool]]:
    """The staged lines whose key somebody else's row has, without those of `known`, and whether it says the same."""
    cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
    cursor.execute(table.compare, {"known": known})
    found: list[tuple[int, bool]] = cursor.fetchall()
    cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")
    return found


def _copy(cursor: Any, table: str, columns: str, lines: str) -> None:
    # In one piece: the driver asks for each with Python's lock in hand, which the reading thread seldom lets go.
    cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.BytesIO(lines.encode()), PIECE)
