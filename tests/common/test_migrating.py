"""Operations taken together leave what they would leave alone: state, models and tables, forwards and back."""

from __future__ import annotations

from typing import Any

import pgtrigger.compiler
import pytest
from django.db import connection, migrations, models
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from common.migrating import Together, together

NEEDS = models.CheckConstraint(condition=models.Q(("n__gte", 1)), name="together_some")
LIST = models.Index(fields=["n"], name="together_list")


def operations() -> list[Any]:
    """Two tables of which the first one made refers to nothing and the second to the first, and what hangs on them."""
    key = ("id", models.BigAutoField(primary_key=True))
    guard = pgtrigger.compiler.UpsertTriggerSql(
        func="RAISE EXCEPTION 'kept';",
        hash="0" * 40,
        operation="DELETE",
        pgid="pgtrigger_together_guard_1",
        table="common_togetherleaf",
        when="BEFORE",
    )
    return [
        migrations.CreateModel("TogetherRoot", [key, ("n", models.IntegerField())]),
        migrations.CreateModel(
            "TogetherLeaf", [key, ("root", models.ForeignKey("common.TogetherRoot", models.CASCADE))]
        ),
        migrations.AddConstraint("togetherroot", NEEDS),
        migrations.AddIndex("togetherroot", LIST),
        AddTrigger("togetherleaf", pgtrigger.compiler.Trigger(name="together_guard", sql=guard)),
        migrations.AddField("togetherleaf", "m", models.IntegerField(null=True)),
    ]


def migration(given: list[Any]) -> Migration:
    made = Migration("0099_together", "common")
    made.operations = given
    return made


def drawn_up() -> ProjectState:
    """A state whose models are there already, as they are from the first migration that runs."""
    state = ProjectState()
    assert state.apps
    return state


def test_operations_of_one_kind_that_follow_one_another_are_one() -> None:
    made = together(operations())
    assert [type(each) for each in made] == [Together, Together, migrations.AddField]
    flat = [one for each in made for one in getattr(each, "operations", [each])]
    assert [one.describe() for one in flat] == [one.describe() for one in operations()]


def test_state_and_models_are_those_of_the_operations_alone() -> None:
    alone, at_once = drawn_up(), drawn_up()
    # Without the last one, which alone would draw everything up.
    migration(operations()[:-1]).mutate_state(alone, preserve=False)
    migration(together(operations()[:-1])).mutate_state(at_once, preserve=False)
    assert at_once.models == alone.models
    root, leaf = (at_once.apps.get_model("common", name) for name in ("togetherroot", "togetherleaf"))
    assert [one.name for one in root._meta.constraints] == ["together_some"]
    assert [one.name for one in root._meta.indexes] == ["together_list"]
    assert leaf._meta.get_field("root").related_model is root
    assert {field.name for field in leaf._meta.get_fields()} == {"id", "root"}


def there() -> set[str]:
    """The tables, constraints, indexes and triggers of these two models."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname ~ '^(common_)?together' AND relkind IN ('r', 'i')"
            " UNION SELECT conname FROM pg_constraint WHERE conname ~ '^together'"
            " UNION SELECT tgname FROM pg_trigger WHERE tgname ~ '^pgtrigger_together'"
        )
        return {name for (name,) in cursor.fetchall() if not name.endswith(("_pkey", "_root_id_idx"))}


@pytest.mark.django_db(transaction=True)
def test_everything_is_made_and_taken_back() -> None:
    made = migration(together(operations()))
    with connection.schema_editor() as editor:
        made.apply(drawn_up(), editor)
    try:
        tables = {"common_togetherroot", "common_togetherleaf"}
        named = {"together_some", "together_list", "pgtrigger_together_guard_1"}
        assert tables | named <= there()
    finally:
        with connection.schema_editor() as editor:
            made.unapply(drawn_up(), editor)
    assert there() == set()
