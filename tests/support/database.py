"""What a test database needs beyond migrations."""

from __future__ import annotations

from django.db import connection

from stack.services import OWNER


def own_like_the_original() -> None:
    """Gives the database to whom its tables belong: a copy is its maker's, and only an owner adds months."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.settings_dict['NAME']} OWNER TO {OWNER}")


def let_tests_flush() -> None:
    """Switches the no-truncate triggers off, since Django empties tables by TRUNCATE between transaction tests.

    The tests of the promise itself switch them on again inside their own transaction.
    """
    set_truncate_triggers("DISABLE")


def set_truncate_triggers(how: str) -> None:
    """`how` is ENABLE or DISABLE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger%no_truncate%'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} {how} TRIGGER "{trigger}"')
