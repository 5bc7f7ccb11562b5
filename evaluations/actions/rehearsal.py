"""试运行: everything is judged as it would be, and nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from evaluations.rows import RatingRow, ServiceRow

Row = RatingRow | ServiceRow


class Rehearsal:
    """Remembers the keys of the rows before, which in earnest would be in the database by now."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS rehearsed; CREATE TEMPORARY TABLE rehearsed (key text PRIMARY KEY)")

    def repeated(self, rows: Sequence[Row]) -> set[int]:
        """The lines whose key has come before in the file."""
        keys = {row.line: _key(row) for row in rows}
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO rehearsed SELECT DISTINCT unnest(%s) ON CONFLICT DO NOTHING RETURNING key",
                [list(keys.values())],
            )
            new = {key for (key,) in cursor.fetchall()}
        repeated = set()
        for line, key in keys.items():
            if key in new:
                new.discard(key)
            else:
                repeated.add(line)
        return repeated


def _key(row: Row) -> str:
    if isinstance(row, ServiceRow):
        return f"{row.project_number}/{row.service_number}"
    return f"{row.project_number}/{row.service_number}/{row.assess_number}/{row.source_rating_id}"
