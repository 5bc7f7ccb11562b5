"""History: sealed in order, and whatever a superuser does to it afterwards is named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from common import actions
from common.actions import TAKE_ALONE, UNHURRIED, record_audit, seal_audit, take_each, take_tokens
from common.actors import SYSTEM
from common.models import AuditEntry, AuditSeal
from common.queries import verify_audit
from tests.support.database import set_truncate_triggers


def write(count: int = 5) -> list[int]:
    return [record_audit("test.act", ("thing", n), by=SYSTEM).pk for n in range(count)]


@pytest.fixture
def sealed(transactional_db: None) -> list[int]:
    rows = write(6)
    assert seal_audit(at=timezone.now()) is not None
    rows += write(4)
    assert seal_audit(at=timezone.now()) is not None
    return rows


def behind(statement: str, *values: object) -> None:
    """What a superuser could do: triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)


TAMPERINGS: dict[str, Callable[[list[int]], None]] = {
    "edit": lambda rows: behind("UPDATE common_auditentry SET reason = 'x' WHERE id = %s", rows[2]),
    "delete in the middle": lambda rows: behind("DELETE FROM common_auditentry WHERE id = %s", rows[2]),
    "back-date": lambda rows: behind("UPDATE common_auditentry SET at = at - interval '1 day' WHERE id = %s", rows[2]),
    "swap": lambda rows: behind(
        "UPDATE common_auditentry SET object_id = CASE id WHEN %s THEN '3' ELSE '2' END WHERE id IN (%s, %s)",
        rows[2],
        rows[2],
        rows[3],
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_first_bad_row_is_named(sealed: list[int], name: str) -> None:
    assert verify_audit().fault == ""
    TAMPERINGS[name](sealed)
    assert f"audit row {sealed[2]} was" in verify_audit().fault
    with pytest.raises(CommandError, match=f"audit row {sealed[2]}"):
        call_command("verify_audit")


def test_an_inserted_row_is_named(sealed: list[int]) -> None:
    behind(
        "INSERT INTO common_auditentry (actor_kind, actor_name, actor_unit, actor_role, at, action, object_type,"
        " object_id, success, before, after, reason, request_id, transaction_number)"
        " SELECT actor_kind, actor_name, actor_unit, actor_role, at, 'forged', object_type, object_id, success,"
        " before, after, reason, request_id, transaction_number FROM common_auditentry WHERE id = %s",
        sealed[2],
    )
    assert "was added after seal" in verify_audit().fault


def test_a_changed_or_missing_seal_is_named(sealed: list[int]) -> None:
    first = AuditSeal.objects.earliest("to_transaction")
    behind("UPDATE common_auditseal SET hash = repeat('a', 64) WHERE id = %s", first.pk)
    assert f"seal {first.pk}" in verify_audit().fault


def test_a_cut_tail_changes_the_head_that_was_written_down(sealed: list[int]) -> None:
    head = verify_audit().head
    last = AuditSeal.objects.latest("to_transaction")
    behind("DELETE FROM common_auditentry WHERE transaction_number >= %s", last.from_transaction)
    behind("DELETE FROM common_auditseal WHERE id = %s", last.pk)
    assert verify_audit().fault == ""
    assert verify_audit().head != head


def test_a_lower_id_that_commits_later_is_sealed_too(transactional_db: None) -> None:
    """The reason why seals cover transaction numbers and not ids."""
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record_audit("test.slow", ("thing", "slow"), by=SYSTEM)
            written.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert written.wait(10)
    write(3)
    seal_audit(at=timezone.now())
    go_on.set()
    thread.join()
    seal_audit(at=timezone.now())
    verdict = verify_audit()
    assert (verdict.fault, verdict.unsealed) == ("", 0)
    assert verdict.rows == AuditEntry.objects.count()


@pytest.mark.parametrize("before", [0, 1, 2, 5])
def test_a_transaction_larger_than_a_seal_is_sealed_as_a_whole(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(actions, "SEAL_BATCH", 3)
    write(before)
    with transaction.atomic():
        write(10)
    write(2)
    while seal_audit(at=timezone.now()) is not None:
        pass
    verdict = verify_audit()
    assert (verdict.fault, verdict.unsealed, verdict.rows) == ("", 0, before + 12)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE common_auditentry SET reason = ''", "DELETE FROM common_auditentry"])
def test_the_database_refuses_to_rewrite_history(statement: str) -> None:
    write(1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_database_refuses_to_empty_history() -> None:
    set_truncate_triggers("ENABLE")
    refused = pytest.raises(DatabaseError, match="history cannot be truncated")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE common_auditentry CASCADE")


@pytest.mark.django_db
def test_buckets_taken_from_together_keep_their_own_measure() -> None:
    at = timezone.now()
    buckets = {"small": (1, timedelta(hours=1)), "large": (3, timedelta(minutes=1))}
    assert take_each(buckets, at=at) == {"small", "large"}
    assert [take_each(buckets, at=at) for _again in range(3)] == [{"large"}, {"large"}, set()]
    assert take_each(buckets, at=at + timedelta(seconds=21)) == {"large"}
    assert take_each(buckets, at=at + timedelta(hours=1)) == {"small", "large"}
    assert take_each({}, at=at) == set()


def test_the_commit_of_an_act_is_never_hurried(transactional_db: None) -> None:
    """A bucket by itself need not wait for the disk; what is done together with it must, and so must what follows."""

    def commits() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW synchronous_commit")
            return str(cursor.fetchone()[0])

    usual, at = commits(), timezone.now()
    with transaction.atomic():
        assert take_tokens("inside", capacity=1, per=timedelta(hours=1), at=at)
        assert commits() == usual
    assert take_tokens("alone", capacity=1, per=timedelta(hours=1), at=at)
    assert commits() == usual
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE name = %s", [TAKE_ALONE.name])
        assert UNHURRIED in cursor.fetchone()[0]


def test_parallel_takers_get_exactly_what_there_is(transactional_db: None) -> None:
    at, won = timezone.now(), []

    def take() -> None:
        won.append(take_tokens("limit", capacity=10, per=timedelta(hours=1), at=at))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(won) == 10
