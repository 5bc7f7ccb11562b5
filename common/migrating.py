"""Migrations that begin a portal in seconds: the historical models are drawn up once for many operations.

Django draws up anew, after each operation, every model that hangs together with the one it was about; here all of them
do. Operations of one kind need nothing from one another but names, so that the models after the last one serve all.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

ADDED = (AddConstraint, AddIndex, AddTrigger)


class Together(Operation):
    """Operations one after the other, as they would run alone, with the models drawn up once.

    Args:
        operations: all of them create models, or all of them add to models that are there.
    """

    def __init__(self, operations: Iterable[Any]) -> None:
        self.operations = list(operations)
        self.creates = isinstance(self.operations[0], CreateModel)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.operations], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        drawn_up = state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if drawn_up is not None:
            state.apps = drawn_up
            names = {operation.name if self.creates else operation.model_name for operation in self.operations}
            state.reload_models([(app_label, name.lower()) for name in names], delay=not self.creates)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(operation.describe() for operation in self.operations)


def together(operations: Iterable[Any]) -> list[Any]:
    """A migration's operations, those of one kind that follow one another as one.

    Args:
        operations: as makemigrations has written them; their order stays.
    """
    runs = [(kind, list(run)) for kind, run in groupby(operations, key=_kind)]
    return [each for kind, run in runs for each in ([Together(run)] if kind and len(run) > 1 else run)]


def _kind(operation: Operation) -> str:
    if isinstance(operation, CreateModel):
        return "created"
    return "added" if isinstance(operation, ADDED) else ""
