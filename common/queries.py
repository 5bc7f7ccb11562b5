"""Questions about history, messages and the portal's own health."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q, Sum
from kombu.connection import Connection
from psycopg2.errors import QueryCanceled

from common import integrity
from common.enums import ChainFault, Channel, MessageState
from common.models import AuditEntry, AuditSeal, Notice, OutboxMessage

MOVED_ON = """
SELECT (SELECT max(id) FROM common_auditentry),
    (SELECT count(*) FROM common_notice WHERE staff_id = %s AND read_at IS NULL)
"""
LIMIT = "SELECT current_setting('statement_timeout'), set_config('statement_timeout', %s, true)"


class TooLong(Exception):
    """A question was ended because it took longer than anybody should wait for a page."""


@contextmanager
def patiently(seconds: float) -> Iterator[None]:
    """Ends each question to the database that takes longer than this; outside they have all the time they need.

    Raises:
        TooLong: one did. Nothing of what was asked before it inside is lost but the answers.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LIMIT, [f"{seconds * 1000:.0f}ms"])
            before, _now = cursor.fetchone()
            yield
            cursor.execute(LIMIT, [before])
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TooLong from error
        raise


def moved_on(staff: int) -> tuple[int, int]:
    """The newest line of the trail, and how many notices somebody has not read: one question.

    As long as both are the same, nobody has done anything, and nothing came.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVED_ON, [staff])
        last, unread = cursor.fetchone()
    return last or 0, unread


def waiting_notices(staff: int) -> int:
    """How many notices somebody has not read."""
    return Notice.objects.filter(staff=staff, read_at=None).count()


@dataclass(frozen=True)
class Verdict:
    """What a verification found, or how far it has come.

    fault: in words, empty as long as every seal holds; `kind`, `bad_seal` and `bad_entry` say the same as facts.
    position: the transaction number up to which seals were looked at; until: when the last of them was made.
    ended: False where somebody had enough before the last seal.
    """

    seals: int = 0
    rows: int = 0
    head: str = integrity.GENESIS
    unsealed: int = 0
    fault: str = ""
    kind: ChainFault | None = None
    bad_seal: int | None = None
    bad_entry: int | None = None
    position: int = 0
    until: datetime | None = None
    ended: bool = True


def verify_audit(known: Verdict = Verdict(), *, enough: Callable[[], bool] = lambda: False) -> Verdict:
    """Recomputes the chain and names the first row or seal that is not as it was sealed.

    A chain alone cannot show that its tail was cut: compare `head` with the one written down outside.

    Args:
        known: how far an earlier look came; from nothing, the whole chain is recomputed.
        enough: asked after each seal; once it says so the rest is left to the next look.
    """
    found = known
    seals = AuditSeal.objects.filter(to_transaction__gt=known.position).order_by("to_transaction")
    for seal in seals.iterator(50):
        fault = _check_seal(seal, found.head, found.position)
        if fault:
            return replace(found, ended=True, **fault)
        found = replace(
            found,
            seals=found.seals + 1,
            rows=found.rows + seal.row_count,
            head=seal.hash,
            position=seal.to_transaction,
            until=seal.sealed_at,
        )
        if enough():
            return replace(found, ended=False)
    unsealed = AuditEntry.objects.filter(transaction_number__gte=found.position).count()
    return replace(found, unsealed=unsealed, ended=True)


def _check_seal(seal: AuditSeal, head: str, start: int) -> dict[str, Any]:
    """The fields of a verdict that say what is wrong with a seal; none where it holds."""
    if seal.previous_hash != head or seal.from_transaction != start:
        return _fault(ChainFault.GAP, seal, f"seal {seal.pk} does not continue the one before it")
    entries = AuditEntry.objects.filter(
        transaction_number__gte=seal.from_transaction, transaction_number__lt=seal.to_transaction
    )
    found = integrity.fold(head, entries.order_by("transaction_number", "id").values().iterator(2000))
    if found.hash == seal.hash:
        return {}
    difference = integrity.first_difference(integrity.unpack(bytes(seal.row_marks)), found.marks)
    if difference is None:
        words = f"seal {seal.pk}: its own hash was changed, or its rows were put in another order"
        return _fault(ChainFault.SEAL, seal, words)
    row, what = difference
    words = f"audit row {row} was {what} after seal {seal.pk} of {seal.sealed_at:%Y-%m-%d %H:%M:%S}"
    return _fault(ChainFault(what), seal, words, row)


def _fault(kind: ChainFault, seal: AuditSeal, words: str, row: int | None = None) -> dict[str, Any]:
    return {"fault": words, "kind": kind, "bad_seal": seal.pk, "bad_entry": row}


def in_chain(hashes: Collection[str]) -> set[str]:
    """Which of these hashes, whole or their first 16 digits at least, are those of a seal."""
    known: set[str] = set()
    for one in hashes:
        if AuditSeal.objects.filter(hash__startswith=one).exists():
            known.add(one)
    return known


@dataclass(frozen=True)
class OutboxHealth:
    waiting: int
    dead: int
    oldest: datetime | None


def outbox_health(at: datetime) -> OutboxHealth:
    """How many messages wait longer than they should, and how many are dead."""
    late = OutboxMessage.objects.filter(state=MessageState.WAITING, next_attempt_at__lt=at - timedelta(minutes=1))
    return OutboxHealth(
        waiting=OutboxMessage.objects.filter(state=MessageState.WAITING).count(),
        dead=OutboxMessage.objects.dead().count(),
        oldest=late.aggregate(oldest=Min("created_at"))["oldest"],
    )


@dataclass(frozen=True)
class OfChannel:
    """How one channel of the outbox stands: what waits, since when it should have left, and what failed in a day.

    failed: attempts that a gateway did not take; dead: messages that wait for an administrator.
    """

    channel: Channel
    waiting: int
    oldest: datetime | None
    dead: int
    failed: int


def outbox_by_channel(at: datetime) -> list[OfChannel]:
    """Every channel of the outbox, those without a message too. What failed is counted over the last day."""
    day, late = at - timedelta(days=1), at - timedelta(minutes=1)
    waiting, dead = Q(state=MessageState.WAITING), Q(state=MessageState.DEAD)
    # Of a dead message its last attempt is known by the lease that it took; one that waits was tried within the hour.
    counted = OutboxMessage.objects.filter(waiting | dead).values("channel")
    open_ = {
        row["channel"]: row
        for row in counted.annotate(
            waiting=Count("pk", filter=waiting),
            oldest=Min("created_at", filter=waiting & Q(next_attempt_at__lt=late)),
            dead=Count("pk", filter=dead),
            dead_now=Sum("attempts", filter=dead & Q(next_attempt_at__gte=day), default=0),
            tried=Sum("attempts", filter=waiting & ~Q(last_error=""), default=0),
        )
    }
    sent = OutboxMessage.objects.filter(state=MessageState.SENT, attempts__gt=1, sent_at__gte=day).values("channel")
    retried = dict(sent.annotate(count=Sum("attempts") - Count("pk")).values_list("channel", "count"))
    nothing: dict[str, Any] = {"waiting": 0, "oldest": None, "dead": 0, "dead_now": 0, "tried": 0}
    found = []
    for channel in Channel:
        row = open_.get(channel, nothing)
        failed = row["dead_now"] + row["tried"] + retried.get(channel, 0)
        found.append(OfChannel(channel, row["waiting"], row["oldest"], row["dead"], failed))
    return found


@dataclass(frozen=True)
class Storage:
    """Bytes: of the database, of what uploads and files of ours may still take, and of the whole disk they lie on."""

    database: int
    free: int
    disk: int
    server: str

    @property
    def tight(self) -> bool:
        """Whether less than a tenth of the disk is left."""
        return self.free * 10 < self.disk


def storage() -> Storage:
    """How much room there is, and which server keeps the rows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
        size, server = cursor.fetchone()
    folder = Path(settings.MEDIA_ROOT)
    disk = shutil.disk_usage(next(one for one in (folder, *folder.parents) if one.exists()))
    return Storage(int(size), disk.free, disk.total, server)


@dataclass(frozen=True)
class Copy:
    """What a restored database holds of the trail, and whether its last seal is one of ours."""

    rows: int
    until: datetime | None
    matches: bool


def look_into_copy(address: str) -> Copy:
    """Asks a restored database how far it goes.

    Args:
        address: of the copy, as in DATABASE_URL.

    Raises:
        psycopg2.Error: it does not answer, or holds no trail.
    """
    with closing(psycopg2.connect(address, connect_timeout=10)) as copy, copy.cursor() as cursor:
        cursor.execute("SELECT count(*), max(at) FROM common_auditentry")
        rows, until = cursor.fetchone()
        cursor.execute("SELECT to_transaction, hash FROM common_auditseal ORDER BY to_transaction DESC LIMIT 1")
        last = cursor.fetchone()
    matches = bool(last) and AuditSeal.objects.filter(to_transaction=last[0], hash=last[1]).exists()
    return Copy(rows, until, matches)


@functools.lru_cache(maxsize=1)
def schema_is_current() -> bool:
    """Whether every migration is applied; asked of the database until it is true once.

    Raises:
        LookupError: it is not (an exception, so that a negative answer is not remembered).
    """
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("unapplied migrations")
    return True


def database_answers() -> bool:
    """Whether the database takes a question now; raises the driver's error if not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def broker_answers() -> bool:
    """Whether the broker takes a connection within a second."""
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options={"socket_connect_timeout": 1}) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
        return True
    except Exception:
        return False
