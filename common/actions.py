"""The only writer of history, messages, notices and buckets. Called inside the act's own transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from common import integrity
from common.actors import Actor
from common.context import surroundings
from common.enums import Channel, Drill, MessageState
from common.models import AuditEntry, AuditSeal, DrillRun, Notice, OutboxMessage
from common.prepared import Prepared

SEAL_BATCH = 20_000
# Beside a statement that is a transaction of its own: whoever waits for its answer does not wait for the disk. Only for
# what a dying server may forget; the transactions of acts, and whatever comes after, are as durable as ever.
UNHURRIED = "(SELECT set_config('synchronous_commit', 'off', true)) AS unhurried"
DURABLE = "(SELECT 1) AS durable"
# What a bucket holds by now: what it held, and what has come back. EXCLUDED carries what a full one would have left.
LEFT = """LEAST(EXCLUDED.tokens + 1, bucket.tokens + GREATEST(0, EXTRACT(EPOCH FROM %(at)s - bucket.updated_at))
    * (EXCLUDED.tokens + 1) / (SELECT seconds FROM asked WHERE asked.key = EXCLUDED.key))"""
TAKE = f"""
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(keys)s, %(full)s, %(seconds)s) AS asked (key, full_, seconds)
)
INSERT INTO common_tokenbucket AS bucket (key, tokens, updated_at)
SELECT key, full_ - 1, %(at)s FROM asked, {{commit}} ORDER BY key
ON CONFLICT (key) DO UPDATE SET tokens = {LEFT} - 1, updated_at = GREATEST(bucket.updated_at, %(at)s)
WHERE {LEFT} >= 1
RETURNING key
"""  # noqa: S608 - two texts of ours
ENDED = f"""
INSERT INTO common_taskrun AS run (name, first_at, began_at, ended_at, error)
SELECT %s, %s, %s, %s, '' FROM {UNHURRIED}
ON CONFLICT (name) DO UPDATE SET began_at = EXCLUDED.began_at, ended_at = EXCLUDED.ended_at
WHERE run.ended_at IS NULL OR run.ended_at < EXCLUDED.ended_at
"""  # noqa: S608 - two texts of ours
FAILED = f"""
INSERT INTO common_taskrun (name, first_at, failed_at, error) SELECT %s, %s, %s, %s FROM {UNHURRIED}
ON CONFLICT (name) DO UPDATE SET failed_at = EXCLUDED.failed_at, error = EXCLUDED.error
"""  # noqa: S608 - as above
_TYPES = {"keys": "text[]", "full": "float8[]", "seconds": "float8[]", "at": "timestamptz"}
# Inside an act nothing is changed of how it is committed.
TAKE_ALONE = Prepared("take_tokens_alone", TAKE.replace("{commit}", UNHURRIED), _TYPES)
TAKE_INSIDE = Prepared("take_tokens_inside", TAKE.replace("{commit}", DURABLE), _TYPES)


def record_audit(
    action: str,
    subject: tuple[str, object],
    *,
    by: Actor,
    at: datetime | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    success: bool = True,
) -> AuditEntry:
    """Writes one audit row in the current transaction: if this fails, the act does not happen.

    Args:
        action: what was done, as a word of an Action enum or "app.verb".
        subject: type and identifier of the object, e.g. ("case", "7KQ4-2M9X").
        by: who did it.
        before, after: the fields that changed, never an identity.
        reason: what the person gave as reason.
        success: False for a refused attempt.
    """
    kind, identifier = subject
    around = surroundings()
    return AuditEntry.objects.create(
        at=at or timezone.now(),
        action=action,
        object_type=kind,
        object_id=str(identifier),
        before=_plain(before or {}),
        after=_plain(after or {}),
        reason=reason,
        success=success,
        address=around.address,
        request_id=around.request_id,
        **by.columns(),
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return plain


def post_message(
    key: str,
    *,
    channel: Channel,
    kind: str,
    address: tuple[str, object],
    body: str,
    at: datetime,
    subject: str = "",
    about: str = "",
    not_before: datetime | None = None,
) -> None:
    """Puts a message into the outbox. The same key is posted once, however often this is called.

    Args:
        key: names the due this message belongs to; the receiver knows the message by it too.
        address: kind ("staff", "evaluator") and id, resolved at the moment of sending.
        about: the case number, for the limit of messages per case.
        not_before: earliest moment of sending.
    """
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                key=key,
                channel=channel,
                kind=kind,
                address_kind=address[0],
                address_id=str(address[1]),
                subject=subject,
                body=body,
                about=about,
                created_at=at,
                next_attempt_at=not_before or at,
            )
        ],
        ignore_conflicts=True,
    )


def withdraw_messages(kinds: Collection[str], address: str, ids: Iterable[object], *, reason: str) -> int:
    """What has not left yet does not leave, and no administrator can send it either.

    Args:
        address: kind of the addresses, as in `post_message`; `ids` are theirs.
        reason: for whoever looks at the outbox.

    Returns:
        How many messages there were.
    """
    unsent = OutboxMessage.objects.filter(state__in=[MessageState.WAITING, MessageState.DEAD], kind__in=kinds)
    theirs = unsent.filter(address_kind=address, address_id__in=[str(one) for one in ids])
    return theirs.update(state=MessageState.DROPPED, last_error=reason, body="")


@dataclass(frozen=True)
class NoticeText:
    """What a notice is about. `kind` is turned into words in the reader's language when it is shown."""

    key: str
    kind: str
    text: str
    url: str = ""
    due_at: datetime | None = None


def notify(staff_ids: Iterable[int], notice: NoticeText, *, at: datetime) -> None:
    """Puts an in-app notice before each person, once per key."""
    Notice.objects.bulk_create(
        [
            Notice(
                staff_id=staff_id,
                key=notice.key,
                kind=notice.kind,
                text=notice.text[:300],
                url=notice.url,
                due_at=notice.due_at,
                created_at=at,
            )
            for staff_id in sorted(set(staff_ids))
        ],
        ignore_conflicts=True,
    )


def read_notices(staff_id: int, *, at: datetime, ids: Iterable[int] | None = None) -> int:
    """Marks a person's notices as read (all of them without `ids`); returns how many were unread."""
    unread = Notice.objects.filter(staff_id=staff_id, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=at)


def withdraw_notices(staff_id: int, *, url: str) -> int:
    """Takes back what a person was told about something that they may not know of any more; returns how many lines."""
    return Notice.objects.filter(staff_id=staff_id, url=url).delete()[0]


def resend_message(message: OutboxMessage, *, by: Actor, at: datetime) -> None:
    """Gives a dead message another life; the receiver still knows it by its key."""
    with transaction.atomic():
        changed = OutboxMessage.objects.filter(pk=message.pk, state=MessageState.DEAD).update(
            state=MessageState.WAITING, attempts=0, next_attempt_at=at
        )
        if changed:
            record_audit("outbox.resend", ("message", message.key), by=by, at=at)


def take_tokens(key: str, *, capacity: int, per: timedelta, at: datetime) -> bool:
    """Takes one token from a bucket that refills evenly; False when it is empty.

    Args:
        key: what is limited.
        capacity: tokens when full.
        per: time in which an empty bucket fills up.
    """
    return bool(take_each({key: (capacity, per)}, at=at))


def take_each(buckets: Mapping[str, tuple[int, timedelta]], *, at: datetime) -> set[str]:
    """Takes one token from each of some buckets that refill evenly.

    One statement, so parallel takers are counted one after the other; in the order of the keys, so none waits for
    another that waits for it.

    Args:
        buckets: what is limited, with the tokens when full and the time in which an empty bucket fills up.

    Returns:
        The keys of those that had a token.
    """
    keys = {key[:120]: key for key in sorted(buckets)}
    asked = [buckets[key] for key in keys.values()]
    values: dict[str, Any] = {
        "keys": list(keys),
        "full": [float(capacity) for capacity, _per in asked],
        "seconds": [per.total_seconds() for _capacity, per in asked],
        "at": at,
    }
    take = TAKE_INSIDE if connection.in_atomic_block else TAKE_ALONE
    return {keys[key] for (key,) in take.rows(values)}


def give_back(key: str) -> None:
    """Fills a bucket again: what it was taken for has not come about."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM common_tokenbucket WHERE key = %s", [key[:120]])


def seal_audit(*, at: datetime) -> AuditSeal | None:
    """Seals audit rows of finished transactions into the hash chain; returns the new seal, or None.

    Rows become visible out of order, so a range of ids could still gain a row. A range of transaction numbers
    below the oldest running one cannot: that is what a seal covers. Source: docs/reliability.md §10.2.

    Raises:
        RuntimeError: transaction numbers went backwards (the database was restored into a new cluster).
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('audit seal'))")
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon: int = cursor.fetchone()[0]
        last = AuditSeal.objects.order_by("-to_transaction").first()
        start = last.to_transaction if last else 0
        if horizon < start:
            raise RuntimeError("transaction numbers went backwards: see docs/operations.md, restoring a dump")
        numbers = list(
            AuditEntry.objects.filter(transaction_number__gte=start, transaction_number__lt=horizon)
            .order_by("transaction_number", "id")
            .values_list("transaction_number", flat=True)[: SEAL_BATCH + 1]
        )
        if not numbers:
            return None
        # A seal ends between two transactions: one that is larger than a seal is sealed as a whole.
        end = horizon if len(numbers) <= SEAL_BATCH else max(numbers[-1], numbers[0] + 1)
        rows = AuditEntry.objects.filter(transaction_number__gte=start, transaction_number__lt=end)
        previous = last.hash if last else integrity.GENESIS
        chain = integrity.fold(previous, rows.order_by("transaction_number", "id").values().iterator(2000))
        return AuditSeal.objects.create(
            from_transaction=start,
            to_transaction=end,
            row_count=len(chain.marks),
            last_entry=max(mark.id for mark in chain.marks),
            row_marks=integrity.pack(chain.marks),
            previous_hash=previous,
            hash=chain.hash,
            sealed_at=at,
        )


def record_task_end(name: str, *, began_at: datetime, at: datetime, error: str = "") -> None:
    """Notes that a task of the clock has ended, over what stood there before.

    Args:
        name: of the task, "app.tasks.function".
        error: what kind of error it ended with; empty for one that went well.
    """
    with connection.cursor() as cursor:
        if error:
            cursor.execute(FAILED, [name, began_at, at, error[:100]])
        else:
            cursor.execute(ENDED, [name, began_at, began_at, at])


@transaction.atomic
def record_drill(
    kind: Drill,
    *,
    succeeded: bool,
    by: Actor,
    at: datetime,
    data_until: datetime | None = None,
    seconds: int | None = None,
    size: int | None = None,
    rows: int | None = None,
    note: str = "",
) -> DrillRun:
    """Keeps what came of a backup or of a restore drill, for the page of the system administrator.

    Args:
        data_until: up to when what was saved, or found again, goes.
        seconds, size: how long it took, and how many bytes it has.
        rows: of the audit trail that were found again.
    """
    run = DrillRun.objects.create(
        kind=kind,
        at=at,
        succeeded=succeeded,
        data_until=data_until,
        seconds=seconds,
        size=size,
        rows=rows,
        note=note[:300],
    )
    told = {"data_until": data_until, "rows": rows}
    record_audit(f"drill.{kind}", ("drill", run.pk), by=by, at=at, after=told, reason=note, success=succeeded)
    return run


def tidy(*, at: datetime) -> None:
    """Removes what has no further use: full buckets, and notices read 90 days ago."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM common_tokenbucket WHERE updated_at < %s", [at - timedelta(days=1)])
    Notice.objects.filter(read_at__lt=at - timedelta(days=90)).delete()


def quiet_until(at: datetime) -> datetime:
    """The first moment from `at` on when a citizen may be sent a message (never between 21:00 and 8:00)."""
    begin, end = settings.SMS_QUIET_HOURS
    local = timezone.localtime(at)
    if end <= local.time() < begin:
        return at
    morning = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return morning if local.time() < end else morning + timedelta(days=1)
