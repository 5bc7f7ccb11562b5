"""Statements that the server plans once for each connection: those of every rating, and of every page at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
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
    """A prepared question for rows of a model, each with the row of another that it refers to, and so on.

    Args:
        name: of the statement.
        where: which rows, and in what order, with parameters as %(name)s; the model's table is called "first".
        types: of the parameters.
        of: the names of foreign keys that are never empty, each followed from the one before: "unit.region".
    """

    def __init__(self, model: type[Row], name: str, where: str, types: Mapping[str, str], *, of: str = "") -> None:
        self._model, self._name, self._where, self._types, self._of = model, name, where, types, of

    @cached_property
    def _chain(self) -> list[tuple[str, type[models.Model], list[str]]]:
        """The foreign keys that are followed: name, model and its attributes. Looked up once models are loaded."""
        found: list[tuple[str, type[models.Model], list[str]]] = []
        model: type[models.Model] = self._model
        for field in filter(None, self._of.split(".")):
            model = cast(type[models.Model], model._meta.get_field(field).related_model)
            found.append((field, model, _columns(model, field)[0]))
        return found

    @cached_property
    def _statement(self) -> Prepared:
        columns, tables, before = _columns(self._model, "first")[1], f"{self._model._meta.db_table} AS first", "first"
        for field, model, _names in self._chain:
            columns += _columns(model, field)[1]
            tables += f" JOIN {model._meta.db_table} AS {field} ON {field}.id = {before}.{field}_id"
            before = field
        question = f"SELECT {', '.join(columns)} FROM {tables} WHERE {self._where}"  # noqa: S608 - our own names
        return Prepared(self._name, question, self._types)

    @cached_property
    def _names(self) -> list[str]:
        return _columns(self._model, "first")[0]

    def first(self, **values: Any) -> Row | None:
        """The first row, if there is one."""
        found = self._statement.rows(values)
        return self._made(found[0]) if found else None

    def every(self, **values: Any) -> list[Row]:
        """All rows."""
        return [self._made(row) for row in self._statement.rows(values)]

    def _made(self, values: tuple[Any, ...]) -> Row:
        begin = len(self._names)
        row = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[:begin])
        holder: models.Model = row
        for field, model, names in self._chain:
            other = model.from_db(DEFAULT_DB_ALIAS, names, values[begin : begin + len(names)])
            setattr(holder, field, other)
            holder, begin = other, begin + len(names)
        return row


def _columns(model: type[models.Model], table: str) -> tuple[list[str], list[str]]:
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [f"{table}.{field.column}" for field in fields]
