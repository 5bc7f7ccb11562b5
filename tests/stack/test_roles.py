"""Two real database roles, set up by the commands of docs/operations.md: the portal runs, history stays as it is."""

import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from common.management.commands.grant_runtime import HISTORY
from stack.processes import ROOT

pytestmark = pytest.mark.xdist_group("roles")

# The demo's stories play the acts of the workflow through the real actions; the clock's tasks follow.
EVERY_ACT = """
from django.core.management import call_command
from reviews_portal.demo import city
city.RATINGS, city.CLOSED = 60, city.CLOSED[:2]
call_command("seed_demo")
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


def server(name: str) -> str:
    """A database on this worker's own server: the seal waits for every transaction of a server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


@dataclass
class Installation:
    """A database of an owner, and the role the portal runs under."""

    name: str
    said: str = ""

    def __post_init__(self) -> None:
        self.secret = secrets.token_hex(8)
        self.owner, self.runtime = f"{self.name}_owner", f"{self.name}_app"

    def create(self) -> None:
        for role in (self.owner, self.runtime):
            as_superuser(f"CREATE ROLE {role} LOGIN PASSWORD '{self.secret}'")
        as_superuser(f"CREATE DATABASE {self.name} OWNER {self.owner}")

    def drop(self) -> None:
        as_superuser(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        for role in (self.owner, self.runtime):
            as_superuser(f"DROP ROLE IF EXISTS {role}")

    def url(self, role: str) -> str:
        parts = urlsplit(server(self.name))
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{role}:{self.secret}@{host}"))

    def manage(self, role: str, *command: str) -> str:
        """A management command under a role."""
        env = {**os.environ, "PORTAL_MODE": "test", "DATABASE_URL": self.url(role)}
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def ask(self, role: str, statement: str) -> list[tuple]:
        """Runs a statement under a role and takes it back."""
        with contextlib.closing(psycopg2.connect(self.url(role))) as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []


def as_superuser(statement: str) -> None:
    with contextlib.closing(psycopg2.connect(server("postgres"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


@pytest.fixture(scope="module")
def used() -> Iterator[Installation]:
    """Migrated and granted by the owner; then every act of the loop under the runtime role."""
    installation = Installation(f"roles_{secrets.token_hex(4)}")
    try:
        installation.create()
        installation.manage(installation.owner, "migrate", "--verbosity=0")
        installation.manage(installation.owner, "createcachetable")
        installation.manage(installation.owner, "grant_runtime", "--role", installation.runtime)
        installation.manage(installation.owner, "load_reference")
        installation.said = installation.manage(installation.runtime, "shell", "-v", "0", "-c", EVERY_ACT)
        yield installation
    finally:
        installation.drop()


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
    with contextlib.closing(psycopg2.connect(used.url(used.owner))) as connection, connection:
        connection.cursor().execute(f"GRANT UPDATE ON common_auditentry TO {used.runtime}")
    used.manage(used.owner, "grant_runtime", "--role", used.runtime)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        used.ask(used.runtime, "UPDATE common_auditentry SET id = id")
