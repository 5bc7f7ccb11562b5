"""试运行: everything is judged as it would be, and nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

from django.db import connection

from evaluations.actions.staging import Stored
from evaluations.rows import RatingRow, ServiceRow

Row = RatingRow | ServiceRow
REMEMBER = """
INSERT INTO rehearsed SELECT DISTINCT ON (key) key, said FROM unnest(%s::text[], %s::text[])
    WITH ORDINALITY AS asked (key, said, place) ORDER BY key, place
ON CONFLICT DO NOTHING RETURNING key
"""


class Rehearsal:
    """Remembers the keys of the rows before, which in earnest would be in the database by now, and what they said."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS rehearsed")
            cursor.execute("CREATE TEMPORARY TABLE rehearsed (key text PRIMARY KEY, said text)")

    def seen_before(self, rows: Sequence[Row]) -> Stored:
        """The lines whose key has come before in the file: with the same words, or with others. None is stored.

        Args:
            rows: in the order in which they would be stored.
        """
        keys = [_key(row) for row in rows]
        said = [_said(row) for row in rows]
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER, [keys, said])
            new = {key for (key,) in cursor.fetchall()}
            again = [key for key, count in Counter(keys).items() if count > 1 or key not in new]
            cursor.execute("SELECT key, said FROM rehearsed WHERE key = ANY(%s)", [again])
            first = dict(cursor.fetchall())
        duplicates: list[int] = []
        contradicting: list[int] = []
        for row, key, words in zip(rows, keys, said, strict=True):
            if key in new:
                new.discard(key)
            else:
                (duplicates if first[key] == words else contradicting).append(row.line)
        return Stored(0, duplicates, contradicting)


def _key(row: Row) -> str:
    if isinstance(row, ServiceRow):
        return f"{row.project_number}/{row.service_number}"
    if row.project_number:
        return f"{row.project_number}/{row.service_number}/{row.assess_number}"
    return f"#{row.source_rating_id}/0/{row.assess_number}"


def _said(row: Row) -> str:
    """What the database compares where a key is taken (`actions/staging.py`), in a few letters."""
    words = (row.unit, row.item) if isinstance(row, ServiceRow) else (row.level, row.tags, row.text)
    return blake2b(repr(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
