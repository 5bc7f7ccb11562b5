"""Rows that waited: let in once their code has been mapped, or their service has come.

What a batch received never changes; a row only moves from waiting to stored, to duplicates, or to refused.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from common.actions import record_audit
from common.actors import Actor
from evaluations.actions.chunks import Chunk, judge_again
from evaluations.actions.running import parser_for
from evaluations.enums import BatchKind, CodeKind, FaultCode, LeftOutcome, Origin
from evaluations.keys import left_row_bound
from evaluations.models import Batch, CodeMapping, LeftRow, Source
from evaluations.profiles import CANONICAL
from identity.queries import vault
from organizations.models import ServiceItem, Staff, Unit, Window

STEP, MANY, PATIENCE = 500, 10_000, 20.0
# Held rows whose service has come since, whatever door it came through.
ARRIVED = """
SELECT w.id FROM evaluations_leftrow w JOIN evaluations_batch b ON b.id = w.batch_id
JOIN evaluations_servicekey k ON k.project_number = substr(w.waits_for, strpos(w.waits_for, '/') + 1)
    AND k.source = b.source AND k.assess_number = 0
    AND k.service_number = split_part(w.waits_for, '/', 1)::smallint
WHERE w.settled_at IS NULL AND w.waits_kind = 'service' AND w.id > %s ORDER BY w.id LIMIT %s
"""


@transaction.atomic
def map_code(
    source: str,
    kind: CodeKind,
    code: str,
    thing: Unit | ServiceItem | Window,
    *,
    by: Actor,
    staff: Staff,
    at: datetime,
) -> CodeMapping:
    """Says once what a source's code means; the rows that waited for it are let in by `release_mapped`."""
    mapping, _ = CodeMapping.objects.update_or_create(
        source=source,
        kind=kind,
        code=code,
        defaults={
            "unit": thing if isinstance(thing, Unit) else None,
            "item": thing if isinstance(thing, ServiceItem) else None,
            "window": thing if isinstance(thing, Window) else None,
            "by": staff,
            "at": at,
        },
    )
    after = {"source": source, "kind": kind, "code": code, "means": str(thing)}
    record_audit("code.map", ("code", f"{source} {kind} {code}"[:60]), by=by, at=at, after=after)
    return mapping


def release_mapped(*, at: datetime, seconds: float = PATIENCE) -> int:
    """Lets in what waited for codes that are mapped by now; returns how many rows were settled.

    Args:
        seconds: after this long the rest is left to the next sweep, so that no other one waits for it.
    """
    settled, end = 0, time.monotonic() + seconds
    for mapping in CodeMapping.objects.order_by("pk"):
        waiting = LeftRow.objects.filter(
            settled_at=None, waits_kind=mapping.kind, waits_for=mapping.code, batch__source=mapping.source
        )
        last = 0
        while found := list(waiting.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:STEP]):
            last = found[-1]
            settled += _release(found, at)
            if time.monotonic() > end:
                return settled
    return settled


def release_arrived(*, at: datetime, seconds: float = PATIENCE) -> int:
    """Lets in ratings whose service has been reported by now; returns how many rows were settled.

    Args:
        seconds: as for `release_mapped`.
    """
    settled, last, end = 0, 0, time.monotonic() + seconds
    while time.monotonic() <= end:
        with connection.cursor() as cursor:
            cursor.execute(ARRIVED, [last, STEP])
            found = [pk for (pk,) in cursor.fetchall()]
        if not found:
            break
        last = found[-1]
        settled += _release(found, at)
    return settled


@transaction.atomic
def refuse_waiting(
    source: str,
    kind: CodeKind,
    *,
    code: str = "",
    before: datetime | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> int:
    """不再等待: rows that waited for a code, or for their services, are refused for good; returns how many.

    Their batches still add up: what waited is refused now. What was kept of the rows is forgotten.

    Args:
        code: which code; "" for every row of this kind, as for ratings whose services never came.
        before: only those of batches opened before this moment.
        reason: shown in the report of every batch concerned.
    """
    waiting = LeftRow.objects.filter(settled_at=None, waits_kind=kind, batch__source=source)
    waiting = waiting.filter(waits_for=code) if code else waiting.exclude(waits_for="")
    waiting = waiting.filter(batch__created_at__lt=before) if before else waiting
    rows = dict(waiting.select_for_update(of=("self",)).order_by("pk").values_list("pk", "batch_id"))
    fault, pks = [["", FaultCode.GIVEN_UP.value, {"reason": reason}]], list(rows)
    for begin in range(0, len(pks), MANY):
        LeftRow.objects.filter(pk__in=pks[begin : begin + MANY]).update(
            outcome=LeftOutcome.REFUSED, faults=fault, settled_at=at, sealed=b"", waits_kind="", waits_for=""
        )
    waited = "held" if kind == CodeKind.SERVICE else "quarantined"
    for pk, count in sorted(Counter(rows.values()).items()):
        Batch.objects.filter(pk=pk).update(**{waited: F(waited) - count, "refused": F("refused") + count})
    after = {"source": source, "kind": kind, "code": code, "before": before, "rows": len(rows)}
    record_audit("rows.refuse", ("code", f"{source} {kind} {code}"[:60]), by=by, at=at, after=after, reason=reason)
    return len(rows)


@transaction.atomic
def _release(pks: Sequence[int], at: datetime) -> int:
    rows = LeftRow.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=pks, settled_at=None)
    by_batch: dict[int, list[LeftRow]] = defaultdict(list)
    for row in rows.order_by("pk"):
        by_batch[row.batch_id].append(row)
    return sum(_release_of(pk, waiting, at) for pk, waiting in sorted(by_batch.items()))


def _release_of(pk: int, waiting: Sequence[LeftRow], at: datetime) -> int:
    """The waiting rows of one batch, judged again with what is known now."""
    batch = Batch.objects.select_for_update(of=("self",)).defer("plan").get(pk=pk)
    names = CANONICAL["rating" if batch.kind == BatchKind.RATINGS else "service"]
    parse = parser_for(Source.objects.get(pk=batch.source), batch.kind, list(names), at=at)
    chunk = Chunk()
    for row in waiting:
        cells = json.loads(vault().decrypt(bytes(row.sealed), left_row_bound(batch.pk, row.line)))
        chunk.raw[row.line] = cells
        chunk.add(parse(row.line, [cells.get(name, "") for name in names]))
    return judge_again(batch, chunk, {row.line: row for row in waiting}, at=at, origin=Origin.IMPORTED)
