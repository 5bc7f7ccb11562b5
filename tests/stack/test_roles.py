"""Two real database roles, set up by the commands of docs/operations.md: the portal runs, history stays as it is."""

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass

import psycopg2
import pytest

from common.management.commands.grant_runtime import HISTORY
from stack.services import OWNER, RUNTIME
from tests.support.portal import ROOT, database_url, demo_database

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("roles")]
NAME = "roles"

# The demo city was told under the runtime role, by the real actions; the clock's tasks follow.
CLOCK = """
from django.core.management import call_command
import assessment.tasks, common.tasks, evaluations.tasks, organizations.tasks, rectification.tasks
import reviews_portal.tasks as portal
for module, names in ((common.tasks, ("deliver_outbox", "seal_audit", "tidy")),
                      (rectification.tasks, ("sweep_deadlines", "sweep_callbacks")),
                      (organizations.tasks, ("run_exports", "check_audit", "forget_exports")),
                      (evaluations.tasks, ("invite_follow_ups", "invite_reviews", "draw_samples", "make_partitions")),
                      (assessment.tasks, ("refresh_tallies",)), (portal, ("send_digests",))):
    for name in names:
        getattr(module, name)()
call_command("verify_audit")
call_command("verify_tallies")
"""
PATH = ("precheck", "dispatch", "sign", "record_contact", "submit_report", "send_reply", "record_callback", "close")
BESIDES = ("refuse", "accept_refusal", "request_extension", "return_report", "record_verdict", "reopen")


@dataclass(frozen=True)
class Installation:
    """A database of an owner, and the role the portal runs under."""

    name: str
    said: str
    owner: str = OWNER
    runtime: str = RUNTIME

    def ask(self, role: str, statement: str) -> list[tuple]:
        """Runs a statement under a role and takes it back."""
        address = database_url(self.name, role)
        with contextlib.closing(psycopg2.connect(address)) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def manage(name: str, role: str, *command: str) -> str:
    """A management command under a role."""
    env = {**os.environ, "PORTAL_MODE": "test", "DATABASE_URL": database_url(name, role)}
    done = subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def used() -> Installation:
    """Migrated and granted by the owner; then every act of the loop and the clock under the runtime role."""
    demo_database(NAME)
    return Installation(NAME, manage(NAME, RUNTIME, "shell", "-v", "0", "-c", CLOCK))


def test_every_act_of_the_loop_works_under_the_runtime_role(used: Installation) -> None:
    done = {name for (name,) in used.ask(used.runtime, "SELECT DISTINCT action FROM rectification_caseevent")}
    assert not {*PATH, *BESIDES} - done
    [(rated, sealed)] = used.ask(
        used.runtime, "SELECT (SELECT count(*) FROM evaluations_evaluation), (SELECT count(*) FROM common_auditseal)"
    )
    assert rated > 60
    assert sealed
    assert used.said.count("complete: ") == 2
    assert used.ask(used.runtime, "SELECT sum(n1 + n2 + n3 + n4 + n5) FROM assessment_unityear") == [(rated,)]


def protected(used: Installation) -> list[str]:
    """The tables of history with all their partitions, as the database knows them."""
    names = ", ".join(f"'{name}'" for name in HISTORY)
    return [
        name
        for (name,) in used.ask(
            used.owner,
            "SELECT c.relname FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid"
            f" WHERE c.relkind IN ('r', 'p') AND (c.relname IN ({names}) OR i.inhparent::regclass::text IN ({names}))",
        )
    ]


def test_every_table_that_a_trigger_guards_is_withheld_from_the_runtime_role(used: Installation) -> None:
    guarded = used.ask(
        used.owner,
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
        " WHERE tgparentid = 0 AND tgname LIKE 'pgtrigger%no_update%'",
    )
    assert len(guarded) > 7
    assert {name for (name,) in guarded} <= set(HISTORY)
    assert len(protected(used)) > len(HISTORY)


@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_history_is_refused_to_the_runtime_role_by_privilege(used: Installation, act: str) -> None:
    for table in protected(used):
        [(column, *_)] = used.ask(
            used.owner, f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum = 1"
        )
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            used.ask(used.runtime, act.format(table, column))


@pytest.mark.parametrize("act", ["UPDATE {0} SET note = ''", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_history_is_refused_to_the_owner_by_triggers(used: Installation, act: str) -> None:
    with pytest.raises(psycopg2.errors.RaiseException):
        used.ask(used.owner, act.format("rectification_caseevent"))


def test_a_case_is_never_deleted(used: Installation) -> None:
    for role in (used.owner, used.runtime):
        with pytest.raises(psycopg2.errors.RaiseException):
            used.ask(role, "DELETE FROM rectification_case")


@pytest.mark.parametrize(
    "act",
    [
        "ALTER TABLE rectification_case ADD COLUMN mine int",
        "ALTER TABLE common_auditentry DISABLE TRIGGER ALL",
        "DROP TABLE common_auditseal",
        "CREATE TABLE mine (n int)",
        "CREATE OR REPLACE FUNCTION evaluations_make_partition(text, date) RETURNS void LANGUAGE sql AS ''",
        "SET ROLE {owner}",
        "SET session_replication_role = replica",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
        "SELECT setval(pg_get_serial_sequence('common_auditentry', 'id'), 1)",
    ],
)
def test_the_runtime_role_changes_no_rule(used: Installation, act: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        used.ask(used.runtime, act.format(owner=used.owner))


def test_granting_takes_back_what_somebody_gave_by_hand(used: Installation) -> None:
    with contextlib.closing(psycopg2.connect(database_url(NAME, OWNER))) as connection, connection:
        connection.cursor().execute(f"GRANT UPDATE ON common_auditentry TO {used.runtime}")
    manage(NAME, OWNER, "grant_runtime", "--role", RUNTIME)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        used.ask(used.runtime, "UPDATE common_auditentry SET id = id")
