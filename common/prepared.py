"""Statements that the server plans once for each connection: those that every rating goes through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.utils import CursorWrapper

from common.postgresql.base import DatabaseWrapper

Row = TypeVar("Row", bound=models.Model)


class Prepared:
    """A statement with its parameters by name. Sessions of the database must last: no pool may swap them.

    Args:
        name: in the session; two statements never share one.
        text: with parameters as %(name)s.
        types: of the parameters, as the database names them.
    """

    def __init__(self, name: str, text: str, types: Mapping[str, str]) -> None:
        self.name = name
        places = {parameter: f"${number}" for number, parameter in enumerate(types, 1)}
        self._prepare = f"PREPARE {name} ({', '.join(types.values())}) AS {text % places}"
        self._execute = f"EXECUTE {name} ({', '.join(f'%({parameter})s' for parameter in types)})"

    def rows(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Runs a statement that gives rows."""
        with _database().cursor() as cursor:
            self._run(cursor, values)
            return cursor.fetchall()

    def count(self, values: Mapping[str, Any]) -> int:
        """Runs a statement that gives none; how many rows it has written."""
        with _database().cursor() as cursor:
            self._run(cursor, values)
            return int(cursor.rowcount)

    def _run(self, cursor: CursorWrapper, values: Mapping[str, Any]) -> None:
        prepared = cursor.db.prepared
        if self.name not in prepared:
            cursor.execute(self._prepare)
            prepared.add(self.name)
        cursor.execute(self._execute, values)


def _database() -> DatabaseWrapper:
    return cast(DatabaseWrapper, connections[DEFAULT_DB_ALIAS])


class Reading(Generic[Row]):
    """A prepared question for rows of a model, each with the one row of another that it refers to.

    Args:
        name: of the statement.
        where: which rows, and in what order, with parameters as %(name)s; the model's table is called "first".
        types: of the parameters.
        of: the name of a foreign key that is never empty, to be followed.
    """

    def __init__(self, model: type[Row], name: str, where: str, types: Mapping[str, str], *, of: str = "") -> None:
        self._model, self._of, self._names, columns = model, of, *_columns(model, "first")
        tables = f"{model._meta.db_table} AS first"
        if of:
            self._other = cast(type[models.Model], model._meta.get_field(of).related_model)
            self._other_names, more = _columns(self._other, "other")
            columns += more
            tables += f" JOIN {self._other._meta.db_table} AS other ON other.id = first.{of}_id"
        question = f"SELECT {', '.join(columns)} FROM {tables} WHERE {where}"  # noqa: S608 - our own names
        self._statement = Prepared(name, question, types)

    def first(self, **values: Any) -> Row | None:
        """The first row, if there is one."""
        found = self._statement.rows(values)
        return self._made(found[0]) if found else None

    def every(self, **values: Any) -> list[Row]:
        """All rows."""
        return [self._made(row) for row in self._statement.rows(values)]

    def _made(self, values: tuple[Any, ...]) -> Row:
        width = len(self._names)
        row = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[:width])
        if self._of:
            setattr(row, self._of, self._other.from_db(DEFAULT_DB_ALIAS, self._other_names, values[width:]))
        return row


def _columns(model: type[models.Model], table: str) -> tuple[list[str], list[str]]:
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [f"{table}.{field.column}" for field in fields]
